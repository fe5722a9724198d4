"""Densities of several scenarios over each other, told apart in grey by their lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.figures.axes import readable
from sim.figures.distribution import atoms_and_bins
from sim.figures.legends import shown_in_legend

LINES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1, 1)), (0, (6, 1.5, 1, 1.5)), (0, (3, 1, 1, 1, 1, 1)))
WIDTHS = (1.4, 1.1, 0.8)


@dataclass(frozen=True)
class Overlaid:
    """Words and marks of the figure.

    Parameters
    ----------
    x_label, y_label
        Of the axes, with units.
    marks
        Values to draw a thin line at.
    within
        Width within which the horizontal axis is linear: 0 for a log axis.
    suffixes
        What stands for K, M, B and T behind a number.
    order
        Names that take the first, second, ... line style, so that figures agree.
    """

    x_label: str
    y_label: str
    marks: Sequence[float]
    within: float
    suffixes: Mapping[str, str]
    order: Sequence[str] = ()


def overlaid(table: pd.DataFrame, words: Overlaid, ax: Axes) -> Axes:
    """Draw one outline for each scenario.

    Parameters
    ----------
    table
        ``scenario``, and the columns of :func:`sim.summary.density.density`. A single value is an upright
        line as high as its probability, at the top for a constant.
    words
        Words and marks.
    ax
        Axes to draw on.
    """
    names = list(dict.fromkeys(table["scenario"]))
    densities = atoms_and_bins(table)[1]["density"]
    top = float(densities.max()) if len(densities) else 1.0
    order = list(dict.fromkeys([*words.order, *names]))
    readable(ax.xaxis, words.suffixes, words.within)
    handles: list[Line2D] = []
    for name in names:
        place = order.index(name)
        single, bins = atoms_and_bins(table[table["scenario"] == name])
        line = {
            "color": f"C{place % 8}",
            "linestyle": LINES[place % len(LINES)],
            "linewidth": WIDTHS[(place // len(LINES)) % len(WIDTHS)],
        }
        handles.append(Line2D([], [], **line))
        for value, mass in zip(single["low"], single["mass"], strict=True):
            ax.plot([value, value], [0.0, 1.05 * top * mass], **line)
        if len(bins):
            edges = [*bins["low"], bins["high"].iloc[-1]]
            ax.stairs(bins["density"], edges, baseline=None, **line)
    for mark in words.marks:
        ax.axvline(mark, color="0.45", linewidth=0.6, zorder=0)
    ax.set_ylim(0, 1.1 * top)
    ax.set_xlabel(words.x_label)
    ax.set_ylabel(words.y_label)
    ax.figure.legend(
        handles,
        [shown_in_legend(name) for name in names],
        loc="outside upper center",
        ncols=min(len(names), 3),
    )
    return ax
