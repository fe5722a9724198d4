"""What drives the outcome, and what would change it: sentences and tables."""

import math
from collections.abc import Iterator

import numpy as np

from sim.digits import rounded, stated_number
from sim.figures.subject import Subject, titles_of
from sim.report.page.answer import chance, percent
from sim.run_record import Run
from sim.run_tables import round_values
from sim.scenario.titles import SURVEY, raised, title_of
from sim.tables.table import Cell, Column, Section, Table, table_of

SURVEYED = "What the survey counted, with its sampling error"
SHOWN = 0.9
MOST_NAMED = 4
KINDS = {
    "judgement": "from judgements, which better evidence could narrow",
    "data": "from counts and measurements, which more of them would narrow",
    "choice": "from choices between methods that can all be argued for",
    "mixed": "from inputs of several kinds that are tied together",
}
N_DIGITS = 3

TURNING = ("parameter", "title", "unit", "threshold", "value", "percentile", "verdict")
TURNING_HEADS = (
    Column("Source of uncertainty"),
    Column("Value it turns at", "number"),
    Column("Unit", "unit"),
    Column("Of its distribution lie below", "number"),
)
REACHED = (0.025, 0.975)
"""Probabilities between which a value is called within reach."""


def driver_sentences(run: Run) -> tuple[str, ...]:
    """Return what the uncertainty comes from, in words; nothing where the run has no such tables."""
    return (*_groups(run), *_kinds(run))


def driver_table(run: Run) -> Table | None:
    """Return each source of uncertainty with its share, and the outcome at both ends of its range."""
    columns = ("group", "kind", "level_low", "level_high", "at_low", "at_high", "share", "share_error")
    table = table_of(run.tables, "tornado", columns)
    if table is None:
        return None
    rows = [
        (
            Cell(_title_in_figures(run, str(row["group"])), below=SURVEYED if row["group"] == SURVEY else ""),
            str(row["kind"]),
            percent(float(row["share"]), float(row["share_error"])),
            _rounded(row["at_low"]),
            _rounded(row["at_high"]),
        )
        for row in table.to_dict("records")
    ]
    low, high = (f"{100 * float(table[name].max()):g} %" for name in ("level_low", "level_high"))
    return Table(
        "drivers",
        f"Each source of uncertainty: its share of the spread, and “{run.title}” with it alone moved",
        (
            Column("Source of uncertainty"),
            Column("Kind"),
            Column("Share of spread", "number"),
            Column(f"Result at its {low} point", "number"),
            Column(f"Result at its {high} point", "number"),
        ),
        (Section("", tuple(rows)),),
        notes=(
            f"Share: Shapley effect on the variance{_of_log(run)}. At its {low} and {high} points: the "
            "source takes the value that so much of its distribution lies below, and all others stay at "
            "their medians. The survey moves as a whole, a choice from one of its alternatives to another.",
        ),
    )


def chance_table(run: Run) -> Table:
    """Return the probability that the outcome exceeds round values over its range."""
    values = round_values(run.variable(run.outcome))
    rows = [(stated_number(value), _chance_above(run, value)) for value in values]
    unit = f", {run.unit}" if run.unit else ""
    return Table(
        "chances",
        f"Chance that “{run.title}” is above a value",
        (Column(f"More than{unit}", "number"), Column("Chance", "number")),
        (Section("", tuple(rows)),),
    )


def _chance_above(run: Run, value: float) -> str:
    """Return the chance as the answer has it, of all draws, or else among the draws kept."""
    if value in run.scenario.report.thresholds:
        row = run.statistics.find(run.outcome, "p_above", at=value)
        return chance(row.value, row.mc_error)
    found = run.exceedance(value)
    return chance(found.value, found.error)


def _title_in_figures(run: Run, group: str) -> str:
    """Return the title of a parameter, choice, correlated block or the survey, as the figures label it."""
    return Subject(run.title, names=titles_of(run.scenario)).label(group)


def _groups(run: Run) -> Iterator[str]:
    table = table_of(run.tables, "sensitivity_indices", ("scale", "group", "index", "value", "error"))
    if table is None:
        return
    scale = "log" if (table["scale"] == "log").any() else "raw"
    rows = table[(table["scale"] == scale) & (table["index"] == "shapley")]
    rows = rows.dropna(subset="value").sort_values("value", ascending=False, kind="stable")
    if rows.empty:  # a note in the tables says why
        return
    named: list[str] = []
    total = 0.0
    numbers = rows[["value", "error"]].astype(float).to_numpy()
    for group, (value, error) in zip(rows["group"], numbers, strict=True):
        if named and (total >= SHOWN or len(named) == MOST_NAMED):
            break
        named.append(f"{percent(value, error)} comes from “{_title_in_figures(run, str(group))}”")
        total += value
    listed = " and ".join([", ".join(named[:-1]), named[-1]] if named[1:] else named)
    yield f"Of the spread in the result, {listed}."


def _kinds(run: Run) -> Iterator[str]:
    table = table_of(run.tables, "variance_by_kind", ("scale", "kind", "shapley"))
    if table is None:
        return
    scale = "log" if (table["scale"] == "log").any() else "raw"
    rows = table[table["scale"] == scale].dropna(subset="shapley")
    if rows.empty:
        return
    rows = rows.sort_values("shapley", ascending=False, kind="stable")
    parts = [
        f"{percent(float(value), 0.002)} comes {KINDS.get(str(kind), str(kind))}"
        for kind, value in zip(rows["kind"], rows["shapley"], strict=True)
    ]
    yield f"By kind: {'; '.join(parts)}."


def _of_log(run: Run) -> str:
    table = run.tables.get("sensitivity_indices")
    return " of the logarithm" if table is not None and (table["scale"] == "log").any() else ""


def _rounded(value: object) -> str:
    number = float(str(value))
    return "" if np.isnan(number) else rounded(number, N_DIGITS)


def switching_table(run: Run) -> Table | None:
    """Return the switching values of a run, the nearest first; nothing where it has no such table."""
    table = table_of(run.tables, "switching_values", TURNING)
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
        TURNING_HEADS,
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
