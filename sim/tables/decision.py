"""The decision table: switching values, break-even, value of information, more periods."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields

import pandas as pd

from sim.digits import SUFFIX_NOTE, at_most, cut, interval, stated_number, without_error
from sim.scenario.schema import Scenario
from sim.scenario.titles import title_of
from sim.tables.results import interval_words
from sim.tables.table import Column, Table, Tables, records_of, sections_of

NAN = float("nan")
TURNS = "turns"
"""Verdict of a switching value of which no more need be said."""
SWITCHING, BREAK_EVEN = "Switching values", "Break-even over all draws"
TOO_FEW = "too few draws decide otherwise"
INFORMATION, PERIODS = "Value of information", "More sampled periods per repository"


@dataclass(frozen=True)
class _DecisionRow:
    """One row, unrounded; NaN where there is no number.

    `name` is the parameter, group or quantity; the verdict turns where the reported outcome is at
    `threshold`; `error` is the Monte Carlo error of `value`, that of `low` and `high` is not known.
    """

    section: str
    name: str
    title: str
    threshold: float = NAN
    value: float = NAN
    error: float = 0.0
    low: float = NAN
    high: float = NAN
    unit: str = ""
    remark: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the row as text."""
        threshold = "" if pd.isna(self.threshold) else stated_number(self.threshold)
        value = cut(self.value, self.error) if self.error > 0 else without_error(self.value)
        ends = interval(without_error(self.low), without_error(self.high))
        return (self.title, threshold, value, ends, self.unit, self.remark)


def decision_table(scenario: Scenario, tables: Tables) -> Table | None:
    """Return the decision table, or None where the run has no table to make it from.

    Parameters
    ----------
    scenario
        The scenario of the run.
    tables
        Its tables by name: ``switching_values``, ``break_even``, ``information``, ``more_periods``; any may
        be missing.

    Returns
    -------
    Table
        The table; ``numbers`` has a record a row, from section to remark, as printed but unrounded.

    Raises
    ------
    InvalidInput
        If a table lacks a column.
    """
    rows = [
        *_switching(scenario, tables),
        *_break_even(tables),
        *_information(scenario, tables),
        *_more_periods(scenario, tables),
    ]
    if not rows:
        return None
    titles = {row.section for row in rows}
    outcome = title_of(scenario, scenario.report.outcome)
    knowing = ", and what knowing more is worth" if INFORMATION in titles else ""
    return Table(
        name="decision",
        caption=f"What would change the verdict on “{outcome}”{knowing}.",
        columns=(
            Column("Quantity", width=0.25),
            Column("Threshold", "number"),
            Column("Value", "number"),
            Column("Interval", "number"),
            Column("Unit", "unit", width=0.12),
            Column("Remark", width=0.22),
        ),
        sections=sections_of((row.section, row.cells) for row in rows),
        numbers=pd.DataFrame(
            [asdict(row) for row in rows], columns=[field.name for field in fields(_DecisionRow)]
        ),
        notes=_notes(scenario, titles),
    )


def _switching(scenario: Scenario, tables: Tables) -> Iterator[_DecisionRow]:
    names = ("parameter", "title", "unit", "threshold", "value", "percentile", "verdict")
    for row in records_of(tables, "switching_values", names):
        title, remark = row["title"], str(row["verdict"])
        if not (isinstance(title, str) and title):
            title = title_of(scenario, row["parameter"])
        if not pd.isna(row["percentile"]):
            how = "" if remark == TURNS else f"; {remark}"
            remark = f"{_percent(row['percentile'])} of its distribution lie below{how}"
        numbers = {key: row[key] for key in ("threshold", "value", "unit")}
        yield _DecisionRow(SWITCHING, row["parameter"], title, remark=remark, **numbers)


def _break_even(tables: Tables) -> Iterator[_DecisionRow]:
    names = (
        "parameter", "title", "unit", "threshold", "low", "median", "high", "probability", "share_without",
        "verdict",
    )  # fmt: skip
    for row in records_of(tables, "break_even", names):
        remark = f"{100 * row['probability']:g} % interval; {row['verdict']}"
        numbers = {key: row[key] for key in ("threshold", "low", "high", "unit")} | {"value": row["median"]}
        yield _DecisionRow(BREAK_EVEN, row["parameter"], str(row["title"]), remark=remark, **numbers)


def _information(scenario: Scenario, tables: Tables) -> Iterator[_DecisionRow]:
    names = ("quantity", "group", "threshold", "value", "error", "unit", "decision", "upper", "note")
    rows = records_of(tables, "information", names)
    for row in rows:
        group = "" if pd.isna(row["group"]) else str(row["group"])
        about = f": {title_of(scenario, group)}" if group and group != "all" else ""
        few, note = not pd.isna(row["upper"]), row["note"]
        remarks = [f"now: {row['decision']}", *([f"{at_most(row['upper'])}, {TOO_FEW}"] if few else [])]
        remarks += [note] if isinstance(note, str) and note else []
        numbers = {key: row[key] for key in ("threshold", "error", "unit")}
        numbers |= {"value": NAN if few else row["value"], "remark": "; ".join(remarks)}
        name = f"{row['quantity']} {group}".strip()
        yield _DecisionRow(INFORMATION, name, f"{row['quantity']}{about}", **numbers)


def _more_periods(scenario: Scenario, tables: Tables) -> Iterator[_DecisionRow]:
    names = ("extra", "n_periods", "low", "median", "high", "width_ratio", "survey_share")
    unit = scenario.outcomes[scenario.report.outcome].unit
    for row in records_of(tables, "more_periods", names):
        extra, share = int(row["extra"]), _percent(row["survey_share"])
        remark = f"log interval {row['width_ratio']:.3f} as wide; survey's share of the log variance {share}"
        numbers = {"value": row["median"], "low": row["low"], "high": row["high"], "unit": unit}
        title = f"{extra} more" if extra else "As sampled"
        yield _DecisionRow(PERIODS, f"extra {extra}", title, remark=remark, **numbers)


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"


def _notes(scenario: Scenario, titles: set[str]) -> tuple[str, ...]:
    words = {
        SWITCHING: "Switching value: where the median of the outcome meets the threshold.",
        BREAK_EVEN: "Break-even: the value that brings a draw to the threshold, over draws.",
        INFORMATION: "EVPI, EVPPI, EVSI: expected value of perfect information on everything, on the group"
        " alone, and of more survey data, for the decision to fund at the threshold.",
        PERIODS: f"More periods: median and {interval_words(scenario)} of the outcome.",
    }
    return (" ".join([*(text for title, text in words.items() if title in titles), SUFFIX_NOTE]),)
