"""Switching values: how far one source of uncertainty must lie off for the verdict to turn."""

import math

from sim.digits import rounded, stated_number
from sim.report.page.answer import chance
from sim.run_record import Run
from sim.scenario.titles import raised, title_of
from sim.tables.analyses import table_of
from sim.tables.table import Cell, Column, Section, Table

NAME = "switching_values"
COLUMNS = ("parameter", "title", "unit", "threshold", "value", "percentile", "verdict")
HEADS = (
    Column("Source of uncertainty"),
    Column("Value it turns at", "number"),
    Column("Unit", "unit"),
    Column("Of its distribution lie below", "number"),
)
N_DIGITS = 3
REACHED = (0.025, 0.975)
"""Probabilities between which a value is called within reach."""


def switching_table(run: Run) -> Table | None:
    """Return the switching values of a run, the nearest first; nothing where it has no such table."""
    table = table_of(run.tables, NAME, COLUMNS)
    if table is None:
        return None
    turning = table[table["value"].notna()]
    turning = turning.assign(off=(turning["percentile"].astype(float) - 0.5).abs())
    sections = []
    for threshold in dict.fromkeys(turning["threshold"]):
        rows = turning[turning["threshold"] == threshold].sort_values("off", kind="stable")
        title = f"For the middle estimate to be {run.with_unit(stated_number(float(threshold)))}"
        sections.append(Section(title, tuple(_row(run, row) for row in rows.to_dict("records"))))
    if not sections:
        return None
    return Table(
        "switching",
        "What one source of uncertainty alone would have to be to turn the verdict",
        HEADS,
        tuple(sections),
        notes=(
            "All else stays as uncertain as it is. A value with nearly all or nearly nothing of its "
            "distribution below it is out of reach. A source that is not listed brings the middle estimate "
            "to no such bar, whatever its value.",
        ),
    )


def _row(run: Run, row: dict[object, object]) -> tuple[str, ...]:
    value, percentile = float(str(row["value"])), float(str(row["percentile"]))
    title = row["title"] if isinstance(row["title"], str) else ""
    title = raised(title or title_of(run.scenario, str(row["parameter"])))
    low, high = REACHED
    below = "" if math.isnan(percentile) else chance(percentile, 0.0005)
    reach = ["within reach"] if low <= percentile <= high else []
    how = [] if row["verdict"] == "turns" else [str(row["verdict"])]
    where = ", ".join([*reach, *how])
    unit = "" if row["unit"] == "1" else str(row["unit"]).replace("/", "/\u200b")
    return (Cell(title, below=where), rounded(value, N_DIGITS), unit, below)
