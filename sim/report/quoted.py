"""The numbers of a run that may be quoted, each with its place on the terminal."""

from collections.abc import Iterator, Mapping
from math import isnan
from typing import Literal

from sim.replication.lock import LockedNumber
from sim.report.lines import Line, table_lines
from sim.scenario.schema import Scenario
from sim.summary.lookup import Summary
from sim.summary.rows import Row

FIRST_LINE = 4
"""Above the table stand the title, the run, and the heads of the columns."""

Column = Literal["estimate", "low end of the interval", "high end of the interval", "beside"]
Label = tuple[str, str]
"""What a line is of: its words; below an outcome, the outcome and the alternative."""

ENDS: dict[str, Column] = {
    "median": "estimate",
    "low": "low end of the interval",
    "high": "high end of the interval",
}


def quoted_numbers(scenario: Scenario, summary: Summary, n_notes: int) -> tuple[LockedNumber, ...]:
    """Return every row of the summary that is of an outcome, or of the difference behind the ratio.

    Parameters
    ----------
    scenario, summary
        The run.
    n_notes
        Notes the terminal shows below the table, which decide how many lines the table has.
    """
    lines = dict(_labelled(table_lines(scenario, summary, n_notes)))
    inputs = {row.quantity for row in summary.rows if row.statistic == "quantile"}
    return tuple(
        LockedNumber(
            quantity=row.quantity,
            alternative=row.alternative,
            statistic=row.statistic,
            at=None if isnan(row.at) else row.at,
            value=row.value,
            mc_error=row.mc_error,
            unit=row.unit,
            printed=_printed(row),
            place=_place(scenario, row, lines),
        )
        for row in summary.rows
        if row.quantity not in inputs
    )


def _labelled(lines: list[Line]) -> Iterator[tuple[Label, tuple[int, Line]]]:
    above = ""
    for number, line in enumerate(lines, FIRST_LINE):
        if line.what.startswith("  "):
            yield (above, line.what.strip()), (number, line)
        else:
            above = line.what.partition(",")[0]
            yield (line.what, ""), (number, line)


def _printed(row: Row) -> str:
    if row.statistic == "top_share" and not row.status:
        return f"{100 * row.value:.0f} %"
    return row.text


def _place(scenario: Scenario, row: Row, lines: Mapping[Label, tuple[int, Line]]) -> str | None:
    for label, column in _candidates(scenario, row):
        if label in lines:
            number, line = lines[label]
            if _printed(row) in _cell(line, column):
                return f"line {number}, {column}"
    return None


def _cell(line: Line, column: Column) -> str:
    match column:
        case "estimate":
            return line.estimate
        case "beside":
            return line.beside
        case _:
            return line.interval


def _candidates(scenario: Scenario, row: Row) -> Iterator[tuple[Label, Column]]:
    """Yield where a row may stand."""
    if row.alternative:
        yield from _of_alternative(scenario, row)
        return
    name, unit = row.quantity, "" if row.unit == "1" else f", {row.unit}"
    if row.statistic in ENDS:
        yield (f"{name}, median{unit}", ""), ENDS[row.statistic]
    elif row.statistic == "p_above":
        yield (f"P({name} > {row.at:g})", ""), "estimate"
    elif row.statistic == "top_share":
        yield (f"{name}, mean", ""), "beside"
    else:
        yield (f"{name}, {row.statistic.replace('_', ' ')}", ""), "estimate"
        if row.statistic == "mean":
            yield (f"{name}, median{unit}", ""), "beside"


def _of_alternative(scenario: Scenario, row: Row) -> Iterator[tuple[Label, Column]]:
    choice, _, alternative = row.alternative.partition("=")
    if row.statistic in ENDS:
        yield (row.quantity, alternative), ENDS[row.statistic]
    if row.statistic == "median" and row.quantity == scenario.report.outcome:
        for outcome, stated in scenario.outcomes.items():
            if stated.by == choice:
                yield (outcome, alternative), "beside"
