"""The figures of a comparison, each with the table it is drawn from."""

from pathlib import Path

import pandas as pd

from sim.compare.comparison import Comparison
from sim.compare.densities import contrast_densities, outcome_densities
from sim.figures.axes import LOG
from sim.figures.distribution import density_label
from sim.figures.overlaid import Overlaid, overlaid
from sim.figures.scenario_forest import scenario_forest
from sim.figures.style import DOUBLE_COLUMN_CM, Look, new_panels, save
from sim.figures.waterfall import waterfall_steps
from sim.figures.words import Words
from sim.report.compare_tables import with_unit

ROW_CM = 0.75


def write_compare_figures(comparison: Comparison, figures: Path, tables: Path, words: Words) -> None:
    """Draw every figure of a comparison as PDF and PNG, and write the tables behind them as CSV."""
    for table, name in (
        (_outlines(comparison, words, figures), "densities"),
        (_ratios(comparison, words, figures), "ratio_of_draws"),
        (_forest(comparison, words, figures), "forest"),
    ):
        table.to_csv(tables / f"{name}.csv", index=False, lineterminator="\n")
    for other in comparison.others:
        _waterfall(comparison, other.name, words, figures)


def _title(comparison: Comparison) -> tuple[str, str]:
    """Return the reported outcome and its words for an axis."""
    scenario = comparison.baseline.scenario
    outcome = scenario.outcomes[scenario.report.outcome]
    return scenario.report.outcome, with_unit(outcome.title or scenario.report.outcome, outcome.unit)


def _order(comparison: Comparison) -> list[str]:
    return [source.name for source in comparison.sources]


def _outlines(comparison: Comparison, words: Words, folder: Path) -> pd.DataFrame:
    outcome, title = _title(comparison)
    found = outcome_densities(comparison, outcome)
    thresholds = comparison.baseline.scenario.report.thresholds
    shown = Overlaid(
        title,
        density_label(found.within, words.labels),
        thresholds,
        found.within,
        words.suffixes,
        _order(comparison),
    )
    if len(found.table):
        figure, ((ax,),) = new_panels(Look(), 6.5)
        overlaid(found.table, shown, ax)
        save(figure, folder, "densities")
    return found.table


def _ratios(comparison: Comparison, words: Words, folder: Path) -> pd.DataFrame:
    outcome, title = _title(comparison)
    found = contrast_densities(comparison, outcome)
    baseline = comparison.baseline.name
    template = words.labels.ratio_of_draws if found.within == LOG else words.labels.difference_of_draws
    label = template.format(outcome=title, baseline=baseline)
    none = 1.0 if found.within == LOG else 0.0
    shown = Overlaid(
        label,
        density_label(found.within, words.labels),
        (none,),
        found.within,
        words.suffixes,
        _order(comparison),
    )
    if len(found.table):
        figure, ((ax,),) = new_panels(Look(), 6.5)
        overlaid(found.table, shown, ax)
        save(figure, folder, "ratio_of_draws")
    return found.table


def _forest(comparison: Comparison, words: Words, folder: Path) -> pd.DataFrame:
    outcome, title = _title(comparison)
    rows = comparison.outcomes[comparison.outcomes["outcome"] == outcome]
    wide = rows[rows["statistic"].isin(["low", "median", "high"])].pivot_table(
        index="scenario", columns="statistic", values="value", sort=False
    )
    table = wide.rename_axis(None, axis="columns").rename_axis("label").reset_index()
    table = table.sort_values("median", ascending=False, kind="stable", ignore_index=True)
    table = table[["label", "low", "median", "high"]].assign(
        baseline=table["label"] == comparison.baseline.name
    )
    stated = comparison.baseline.scenario.report.interval
    interval = words.interval(stated.probability, stated.kind)
    label = f"{title}\n{words.labels.median_and_interval.format(interval=interval)}"
    figure, ((ax,),) = new_panels(Look(), 2.2 + ROW_CM * len(table))
    scenario_forest(table, label, ax, words.suffixes)
    save(figure, folder, "forest")
    return table


def _waterfall(comparison: Comparison, name: str, words: Words, folder: Path) -> None:
    outcome, title = _title(comparison)
    table = comparison.waterfalls
    rows = table[(table["scenario"] == name) & (table["outcome"] == outcome) & (table["role"] != "change")]
    labels = {
        "median": words.labels.median_of.format(outcome=title),
        "mean_log": words.labels.mean_log.format(outcome=outcome),
    }
    shown = [statistic for statistic in labels if (rows["statistic"] == statistic).any()]
    if not shown:
        return
    n_rows = max(sum(rows["statistic"] == statistic) for statistic in shown)
    height = 2.0 + ROW_CM * 1.2 * n_rows
    figure, panels = new_panels(Look(DOUBLE_COLUMN_CM), height, 1, len(shown))
    for statistic, ax in zip(shown, panels[0], strict=True):
        part = rows[rows["statistic"] == statistic]
        steps = pd.DataFrame(
            {
                "label": [_label(comparison, name, row.role, row.entry) for row in part.itertuples()],
                "role": part["role"],
                "value": part["value"],
                "error": part["mc_error"],
            }
        )
        waterfall_steps(steps, labels[statistic], ax, words.suffixes)
    same_order = len({tuple(rows.loc[rows["statistic"] == each, "entry"]) for each in shown}) == 1
    for ax in panels[0][1:]:
        if same_order:
            ax.set_yticklabels([])
    save(figure, folder, f"waterfall_{name}")


def _label(comparison: Comparison, name: str, role: object, entry: object) -> str:
    if role == "part":
        short = [
            path.removeprefix("parameters.").removeprefix("choices.") for path in str(entry).split(" + ")
        ]
        return "\n+ ".join(short)
    return comparison.baseline.name if role == "baseline" else name
