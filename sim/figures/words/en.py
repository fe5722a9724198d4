"""English."""

from sim.figures.words.catalogue import Captions, Labels, Words

ENGLISH = Words(
    labels=Labels(
        interval="{percent} % credible interval ({kind})",
        median="median",
        mean="mean",
        lower_end="lower end of interval",
        upper_end="upper end of interval",
        published="published",
        shaded="shaded: {interval}",
        median_and_interval="median and {interval}",
        density="Density",
        density_per_e="Density per factor of e",
        density_along="Density along the axis",
        probability_of_value="Probability of a single value",
        prior="Prior",
        posterior="Posterior",
        observed="Observed",
        any_by_weight="any, by weight",
        survey="survey",
        at_quantile="At its {percent} % quantile",
        share_of_variance="Share of\nvariance,\n{scale} scale",
        first_order="First order",
        total_order="Total order",
        index="Sobol' index, {scale} scale",
        log_scale="log",
        raw_scale="raw",
        log_axis="a log axis",
        linear_axis="a linear axis",
        symmetric_axis="a symmetric log axis, linear within ±{within}",
        dimensionless="dimensionless",
        unsettled="† Rank not settled",
        threshold="{outcome}, threshold t",
        probability_above="P({outcome} > t)",
        two_errors="± 2 Monte Carlo errors",
        grey_band="grey band: ± 2 Monte Carlo errors",
        chance_above="P({outcome} > {threshold})",
        n_draws="Number of draws",
        all_draws="Value at all draws",
        tolerance="Tolerance asked for",
        median_of="{outcome}: median",
        mean_log="mean of ln({outcome})",
        ratio_of_draws="{outcome}:\nratio to {baseline}, draw by draw",
        difference_of_draws="{outcome}:\nless that of {baseline}, draw by draw",
        at_threshold="t = {threshold}",
    ),
    captions=Captions(
        thresholds=("Dotted lines: thresholds {thresholds}."),
        run="{n_draws} draws, seed {seed}.",
        distribution=(
            "{outcome} ({unit}): {density}, on {scale}. Solid line: median "
            "({median}); shaded: {interval}, {low} to {high}."
        ),
        distribution_single=(
            "{outcome} ({unit}), on {scale}. Solid line: median ({median}); {interval}: {low} to {high}."
        ),
        atoms="Stems: single values with the probability of each, {atoms}.",
        other_atoms="{n} others",
        density_of_rest="The density is of the remaining {rest} of draws.",
        beyond="{share} of draws lie beyond the ends of the bins.",
        published="Dashed line: published value {value} ({source}).",
        by_choice=("{outcome} ({unit}) by alternative, on {scale}. Dots and bars: median and {interval}."),
        by_choice_published="Open diamonds: published values ({source}).",
        prior_posterior=(
            "{outcome} ({unit}) before (dashed line) and after (shaded) it is conditioned on the observed "
            "values (ticks); {density}, on {scale}."
        ),
        tornado=(
            "{outcome} ({unit}). Left: one source of uncertainty moved from its {low} % quantile "
            "(light, hatched) to its {high} % quantile (dark), the others at their medians and "
            "averaged over open choices by weight, on {scale}; line: all at their medians ({centre}). "
            "Right: Shapley share of the variance on the {variance_scale} scale; error bars: 95 % "
            "confidence interval from the Monte Carlo error."
        ),
        sobol=(
            "{outcome} ({unit}): Sobol' indices of first order (dark) and total order (light, "
            "hatched), on the {scales} scale. Error bars: 95 % confidence interval from the Monte "
            "Carlo error."
        ),
        sobol_unsettled="A dagger (†) marks an index whose rank the Monte Carlo error does not settle.",
        acceptability=(
            "{outcome} ({unit}): probability of exceeding a threshold t, over t on {scale}. Grey band: "
            "2 Monte Carlo errors on either side."
        ),
        threshold_map=(
            "{outcome} ({unit}): probability of exceeding {threshold} with {x} ({x_unit}; {x_scale}) "
            "and {y} ({y_unit}; {y_scale}) held at the values on the axes. Thick lines: probability "
            "0.05 (dotted), 0.5 (solid) and 0.95 (dashed); labelled thin lines: median of the outcome."
        ),
        convergence=(
            "{outcome} ({unit}): median, mean and both ends of the {interval} by number of draws (log "
            "axis). Band: 2 Monte Carlo errors on either side; dashed line: value at all draws."
        ),
        drivers=(
            "{outcome} ({unit}) against each of its {n_drivers} drivers, {n_points} draws thinned from "
            "all; axes are logarithmic where all values are positive and span a factor of {factor} or more."
        ),
        alternatives="{choice}: {alternatives}.",
    ),
    suffixes={"K": "K", "M": "M", "B": "B", "T": "T"},
    listed="and",
)
