"""The folder of a comparison of evidence methods: its table and its figure."""

from pathlib import Path

import pandas as pd

from sim.figures.grouped_forest import grouped_forest
from sim.figures.style import DOUBLE_COLUMN_CM, Look, new_panels, save
from sim.folder import complete_or_absent
from sim.scenario.schema import Scenario


def write_methods(scenario: Scenario, table: pd.DataFrame, out: Path) -> Path:
    """Write ``methods.csv`` and the figure ``methods``; the folder appears complete or not at all.

    Returns
    -------
    Path
        ``<out>/<scenario>-methods``.

    Raises
    ------
    InvalidInputError
        If the folder cannot be written.
    """
    folder = out / f"{scenario.name}-methods"
    with complete_or_absent(folder) as part:
        table.to_csv(part / "methods.csv", index=False, lineterminator="\n")
        _draw(scenario, table, part)
    return folder


def _draw(scenario: Scenario, table: pd.DataFrame, folder: Path) -> None:
    interval = scenario.report.interval
    words = f"median and {100 * interval.probability:g} % interval ({interval.kind})"
    quantities = list(dict.fromkeys(table["quantity"]))
    figure, panels = new_panels(Look(DOUBLE_COLUMN_CM), 11.0, 1, len(quantities))
    for quantity, ax in zip(quantities, panels[0], strict=True):
        rows = table[table["quantity"] == quantity]
        names = rows["alternative"].str.partition("=")[2].str.replace("_", " ")
        labelled = rows.assign(label=names.where(names != "", "any, by weight"))
        outcome = scenario.outcomes[quantity]
        unit = "" if outcome.unit == "1" else f", {outcome.unit}"
        grouped_forest(labelled, f"{outcome.title or quantity}{unit}\n{words}", ax)
    handles, labels = panels[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=len(labels))
    save(figure, folder, "methods")
