"""German."""

from sim.figures.words.catalogue import Captions, Labels, Words

GERMAN = Words(
    labels=Labels(
        interval="{percent} %-Kredibilitätsintervall ({kind})",
        median="Median",
        mean="Mittelwert",
        lower_end="untere Intervallgrenze",
        upper_end="obere Intervallgrenze",
        published="publiziert",
        shaded="gefüllt: {interval}",
        median_and_interval="Median und {interval}",
        density="Dichte",
        density_per_e="Dichte je Faktor e",
        density_along="Dichte entlang der Achse",
        probability_of_value="Wahrscheinlichkeit eines Werts",
        prior="Prior",
        posterior="Posterior",
        observed="Beobachtet",
        any_by_weight="alle, gewichtet",
        survey="Erhebung",
        at_quantile="Beim {percent} %-Quantil",
        share_of_variance="Varianzanteil,\n{scale}",
        first_order="Erste Ordnung",
        total_order="Gesamte Ordnung",
        index="Sobol'-Index, {scale}",
        log_scale="logarithmisch",
        raw_scale="linear",
        log_axis="logarithmische Achse",
        linear_axis="lineare Achse",
        symmetric_axis="symmetrisch-logarithmische Achse, linear bis ±{within}",
        dimensionless="dimensionslos",
        unsettled="† Rang nicht gesichert",
        threshold="{outcome}, Schwelle t",
        probability_above="P({outcome} > t)",
        two_errors="± 2 Monte-Carlo-Fehler",
        grey_band="graues Band: ± 2 Monte-Carlo-Fehler",
        chance_above="P({outcome} > {threshold})",
        n_draws="Anzahl der Ziehungen",
        all_draws="Wert bei allen Ziehungen",
        tolerance="Verlangte Toleranz",
        median_of="{outcome}: Median",
        mean_log="Mittelwert von ln({outcome})",
        ratio_of_draws="{outcome}:\nVerhältnis zu {baseline}, je Ziehung",
        difference_of_draws="{outcome}:\nDifferenz zu {baseline}, je Ziehung",
        at_threshold="t = {threshold}",
    ),
    captions=Captions(
        thresholds=("Gepunktet: Schwellen {thresholds}."),
        run="{n_draws} Ziehungen, Startwert {seed}.",
        distribution=(
            "{outcome} ({unit}): {density}; {scale}. Durchgezogen: Median "
            "({median}); gefüllt: {interval}, {low} bis {high}."
        ),
        distribution_single=(
            "{outcome} ({unit}); {scale}. Durchgezogen: Median ({median}); {interval}: {low} bis {high}."
        ),
        atoms="Stäbe: einzelne Werte mit ihrer Wahrscheinlichkeit, {atoms}.",
        other_atoms="{n} weitere",
        density_of_rest="Die Dichte gehört zu den übrigen {rest} der Ziehungen.",
        beyond="{share} der Ziehungen liegen jenseits der Klassen.",
        published="Gestrichelt: publizierter Wert {value} ({source}).",
        by_choice=("{outcome} ({unit}) je Alternative; {scale}. Punkte und Balken: Median und {interval}."),
        by_choice_published="Offene Rauten: publizierte Werte ({source}).",
        prior_posterior=(
            "{outcome} ({unit}) vor (gestrichelt) und nach (gefüllt) der Bedingung auf die beobachteten "
            "Werte (Striche); {density}; {scale}."
        ),
        tornado=(
            "{outcome} ({unit}). Links: eine Quelle der Unsicherheit vom {low} %-Quantil (hell, "
            "schraffiert) zum {high} %-Quantil (dunkel) bewegt, die anderen beim Median und über "
            "offene Wahlen gewichtet gemittelt ({scale}); Linie: alle beim Median ({centre}). Rechts: "
            "Shapley-Anteil an der Varianz ({variance_scale}); Fehlerbalken: 95 %-Konfidenzintervall "
            "aus dem Monte-Carlo-Fehler."
        ),
        sobol=(
            "{outcome} ({unit}): Sobol'-Indizes erster Ordnung (dunkel) und gesamter Ordnung (hell, "
            "schraffiert); Skala: {scales}. Fehlerbalken: 95 %-Konfidenzintervall aus dem "
            "Monte-Carlo-Fehler."
        ),
        sobol_unsettled="Ein Kreuz (†) steht, wo der Monte-Carlo-Fehler den Rang nicht sichert.",
        acceptability=(
            "{outcome} ({unit}): Wahrscheinlichkeit, eine Schwelle t zu übersteigen ({scale}). Graues "
            "Band: 2 Monte-Carlo-Fehler auf beiden Seiten."
        ),
        threshold_map=(
            "{outcome} ({unit}): Wahrscheinlichkeit, {threshold} zu übersteigen, wenn {x} ({x_unit}; "
            "{x_scale}) und {y} ({y_unit}; {y_scale}) die Werte der Achsen haben. Dicke Linien: "
            "Wahrscheinlichkeit 0.05 (gepunktet), 0.5 (durchgezogen) und 0.95 (gestrichelt); "
            "beschriftete dünne Linien: Median der Zielgröße."
        ),
        convergence=(
            "{outcome} ({unit}): Median, Mittelwert und beide Grenzen des Intervalls ({interval}) nach "
            "Anzahl der Ziehungen (logarithmische Achse). Band: 2 Monte-Carlo-Fehler auf beiden Seiten; "
            "gestrichelt: Wert bei allen Ziehungen."
        ),
        drivers=(
            "{outcome} ({unit}) gegen jeden der {n_drivers} Treiber, {n_points} aus allen ausgedünnte "
            "Ziehungen; Achsen sind logarithmisch, wo alle Werte positiv sind und mindestens den Faktor "
            "{factor} umspannen."
        ),
        alternatives="{choice}: {alternatives}.",
    ),
    suffixes={"K": "Tsd.", "M": "Mio.", "B": "Mrd.", "T": "Bio."},
    listed="und",
)
