"""The tables of ``sim reweight``: for the terminal, as CSV and as JSON."""

import json
import math
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from sim.decision.tipping import TippingPoint, tipping_points
from sim.report.opened import SCENARIO, Opened
from sim.reweighting.reweight import Beside, Reweighted, reweight
from sim.scenario.load import load
from sim.summary.digits import rounded
from sim.summary.estimate import Estimate
from sim.summary.row import quoted


@dataclass(frozen=True)
class Table:
    """A table with what stands above and below it.

    Parameters
    ----------
    heads, lines
        Heads of the columns and cells as printed.
    frame
        The unrounded numbers.
    about
        Single numbers that belong to the table, by name.
    notes
        Printed below.
    """

    heads: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    frame: pd.DataFrame
    about: dict[str, float | int | str]
    notes: tuple[str, ...]


def reweighted(opened: Opened, settings: Sequence[str]) -> Table:
    """Return a run under other priors beside what it was.

    Parameters
    ----------
    opened
        The run.
    settings
        Statements ``key.path=value`` laid over its scenario.

    Raises
    ------
    InvalidInputError
        If a statement is not valid, weights cannot express it, or they cannot be trusted.
    """
    file = opened.folder / SCENARIO
    new = load(file, settings)
    stated = " ".join(f"--set {shlex.quote(setting)}" for setting in settings)
    found = reweight(opened.scenario, new, opened.results, f"sim run {shlex.quote(str(file))} {stated}")
    frame = pd.DataFrame(
        {
            "quantity": row.quantity,
            "statistic": row.statistic,
            "at": row.at,
            "before": row.before.value,
            "before_mc_error": row.before.error,
            "after": row.after.value,
            "after_mc_error": row.after.error,
            "unit": row.unit,
            "note": row.after.note or row.before.note,
        }
        for row in found.rows
    )
    heads = ("", "as run", "reweighted", "Monte Carlo error")
    about: dict[str, float | int | str] = {
        "n_draws": found.n_draws,
        "n_effective": found.n_effective,
        "pareto_k": found.pareto_k,
    }
    return Table(heads, tuple(_beside(row) for row in found.rows), frame, about, (_trust(found),))


def find_tipping(opened: Opened) -> Table:
    """Return how far each prior must move before P(outcome > threshold) passes one half.

    Raises
    ------
    InvalidInputError
        If there is no threshold, or no prior that can be moved.
    """
    points = tipping_points(opened.scenario, opened.results)
    outcome = opened.scenario.report.outcome
    columns = (
        "parameter", "unit", "scale", "threshold", "p_above", "turns", "shift", "shift_error", "factor",
        "difference", "median_before", "median_after", "percentile", "note",
    )  # fmt: skip
    frame = pd.DataFrame({name: getattr(point, name) for name in columns} for point in points)
    heads = ("", f"P({outcome} > t)", "t", "median now", "must become", "moved by", "percentile now")
    notes = (
        f"where P({outcome} > t) passes one half if this prior alone is moved, its shape kept; "
        "exact: evaluated anew at the moved draws",
    )
    about: dict[str, float | int | str] = {"outcome": outcome}
    return Table(heads, tuple(_tipping(point) for point in points), frame, about, notes)


def as_csv(table: Table) -> str:
    """Return the unrounded numbers as CSV."""
    return str(table.frame.to_csv(index=False, lineterminator="\n"))


def as_json_text(table: Table) -> str:
    """Return the unrounded numbers as JSON; what is not a number is null."""
    rows = [
        {str(name): _plain(value) for name, value in row.items()}
        for row in table.frame.astype(object).to_dict("records")
    ]
    about = {name: _plain(value) for name, value in table.about.items()}
    return json.dumps({**about, "rows": rows}, indent=1, ensure_ascii=False) + "\n"


def as_lines(table: Table) -> list[str]:
    """Return the table as lines of text, the first column to the left and the others to the right."""
    rows = [table.heads, *table.lines]
    widths = [max(len(row[place]) for row in rows) for place in range(len(table.heads))]
    lines = [
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return [*lines, *(f"note: {note}" for note in table.notes)]


def _beside(row: Beside) -> tuple[str, ...]:
    unit = "" if row.unit == "1" else f", {row.unit}"
    what = (
        f"P({row.quantity} > {row.at:g})"
        if row.statistic == "p_above"
        else f"{row.quantity}, {row.statistic}"
    )
    errors = f"{rounded(row.before.error, 1)}, {rounded(row.after.error, 1)}"
    return what + unit * (row.statistic != "p_above"), _cut(row.before), _cut(row.after), errors


def _cut(found: Estimate) -> str:
    return quoted(found.value, found.error, found.note)


def _trust(found: Reweighted) -> str:
    tail = "none (bounded weights)" if found.pareto_k == -math.inf else f"{found.pareto_k:.2f}"
    effective = f"{found.n_effective:,.0f} effective of {found.n_draws:,} draws"
    return f"{effective}; Pareto k of the weights' tail: {tail}"


def _tipping(point: TippingPoint) -> tuple[str, ...]:
    now = rounded(point.median_before, 3)
    head = (point.parameter, f"{point.p_above:.3g}", f"{point.threshold:g}", now)
    if not point.turns:
        return (*head, point.note, "", "")
    how = "" if point.note == "turns" else f" ({point.note})"
    return (*head, rounded(point.median_after, 3), _moved_by(point), f"{point.percentile:.3g} %{how}")


def _moved_by(point: TippingPoint) -> str:
    if point.scale == "log":
        return f"times {point.factor:.3g}"
    if point.scale == "logit":
        return f"{100 * point.difference:+.3g} points"
    return f"{point.difference:+.3g}"


def _plain(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    return value
