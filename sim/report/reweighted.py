"""The tables of ``sim reweight``."""

import math
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from sim.analysis.decision.tipping import TippingPoint
from sim.analysis.reweighting.reweight import Reweighting, StatisticChange
from sim.digits import rounded
from sim.summary.estimate import Estimate
from sim.summary.row import quoted
from sim.tables.table import Table, plain_table


def reweighting_table(found: Reweighting) -> Table:
    """Return a run under other priors beside what it was."""
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
    about = {"n_draws": found.n_draws, "n_effective": found.n_effective, "pareto_k": found.pareto_k}
    table = plain_table("", heads, map(_beside, found.rows), n_whole=len(heads))
    return replace(table, numbers=frame, notes=(f"note: {_trust(found)}",), about=about)


def tipping_table(points: Sequence[TippingPoint], outcome: str) -> Table:
    """Return how far each prior must move before P(outcome > threshold) passes one half.

    Parameters
    ----------
    points, outcome
        One for each prior and threshold; name of the reported outcome.

    Returns
    -------
    Table
        ``numbers`` has a row for each point; its notes say what the columns are.
    """
    columns = (
        "parameter", "unit", "scale", "threshold", "p_above", "turns", "shift", "shift_error", "factor",
        "difference", "median_before", "median_after", "percentile", "note",
    )  # fmt: skip
    frame = pd.DataFrame({name: getattr(point, name) for name in columns} for point in points)
    heads = ("", f"P({outcome} > t)", "t", "median now", "must become", "moved by", "percentile now")
    notes = (
        f"note: where P({outcome} > t) passes one half if this prior alone is moved, its shape kept; "
        "exact: evaluated anew at the moved draws",
    )
    table = plain_table("", heads, map(_tipping, points), n_whole=len(heads))
    return replace(table, numbers=frame, notes=notes, about={"outcome": outcome})


def _beside(row: StatisticChange) -> tuple[str, ...]:
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


def _trust(found: Reweighting) -> str:
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
