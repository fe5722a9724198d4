"""The distribution of an outcome on a log axis, with its interval and thresholds."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from sim.figures.axes import readable_log_axis


@dataclass(frozen=True)
class Marks:
    """What is marked on a distribution.

    Parameters
    ----------
    median, low, high
        Of the outcome, in its unit.
    interval
        Words for the interval, such as ``95 % credible interval (eti)``.
    thresholds
        Values to draw a thin line at.
    published
        A value from elsewhere, or ``None``.
    """

    median: float
    low: float
    high: float
    interval: str
    thresholds: Sequence[float] = ()
    published: float | None = None


def distribution(table: pd.DataFrame, marks: Marks, label: str, ax: Axes) -> Axes:
    """Draw a density per factor of e, shaded inside the interval.

    Parameters
    ----------
    table
        ``low``, ``high``, ``density``, from :func:`sim.summary.density.log_density`.
    marks
        What to mark.
    label
        Of the horizontal axis, with unit.
    ax
        Axes to draw on.
    """
    edges = [*table["low"], table["high"].iloc[-1]]
    ax.stairs(table["density"], edges, color="C0", linewidth=0.8)
    inside = (table["high"] > marks.low) & (table["low"] < marks.high)
    ax.stairs(table["density"].where(inside, 0.0), edges, fill=True, color="C0", alpha=0.25)
    readable_log_axis(ax)
    top = float(table["density"].max())
    _mark(ax, marks.median, 1.05 * top, f"median {marks.median:.3g}", color="C0", linewidth=1.2)
    if marks.published is not None:
        _mark(ax, marks.published, 1.16 * top, f"published {marks.published:.3g}", color="C1", linestyle="--")
    for threshold in marks.thresholds:
        if threshold != marks.published:
            _mark(ax, threshold, 1.16 * top, f"{threshold:g}", color="0.35", linewidth=0.7, linestyle=":")
    ax.set_ylim(0, 1.28 * top)
    ax.set_xlabel(f"{label}\nshaded: {marks.interval}")
    ax.set_ylabel("density per factor of e")
    return ax


def _mark(ax: Axes, value: float, height: float, words: str, **line: Any) -> None:
    """Draw a vertical line with its words beside it, on the side that has room."""
    ax.axvline(value, **line)
    low, high = ax.get_xlim()
    leftward = value > math.sqrt(low * high) and not words.startswith("median")
    ax.annotate(
        words,
        (value, height),
        (-3 if leftward else 3, 0),
        textcoords="offset points",
        color=line["color"],
        fontsize="small",
        ha="right" if leftward else "left",
    )
