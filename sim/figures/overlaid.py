"""Densities of several scenarios over each other, told apart in grey by their lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from sim.figures.axes import readable, readable_log_axis

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
    log
        Horizontal axis.
    suffixes
        What stands for K, M, B and T behind a number.
    order
        Names that take the first, second, ... line style, so that figures agree.
    """

    x_label: str
    y_label: str
    marks: Sequence[float]
    log: bool
    suffixes: Mapping[str, str]
    order: Sequence[str] = ()


def overlaid(table: pd.DataFrame, words: Overlaid, ax: Axes) -> Axes:
    """Draw one outline for each scenario.

    Parameters
    ----------
    table
        ``scenario``, ``low``, ``high``, ``density``; the bins of a scenario follow each other. A scenario of
        one bin is a constant, and drawn as an upright line.
    words
        Words and marks.
    ax
        Axes to draw on.
    """
    names = list(dict.fromkeys(table["scenario"]))
    spread = table.groupby("scenario", sort=False)["density"].transform("size") > 1
    top = float(table.loc[spread, "density"].max()) if spread.any() else 1.0
    order = list(dict.fromkeys([*words.order, *names]))
    for name in names:
        place = order.index(name)
        rows = table[table["scenario"] == name]
        line = {
            "color": f"C{place % 8}",
            "linestyle": LINES[place % len(LINES)],
            "linewidth": WIDTHS[(place // len(LINES)) % len(WIDTHS)],
            "label": name,
        }
        if len(rows) == 1:
            middle = float((rows["low"] * rows["high"]).iloc[0] ** 0.5 if words.log else rows["low"].iloc[0])
            ax.plot([middle, middle], [0.0, 1.05 * top], **line)
        else:
            edges = [*rows["low"], rows["high"].iloc[-1]]
            ax.stairs(rows["density"], edges, baseline=None, **line)
    for mark in words.marks:
        ax.axvline(mark, color="0.45", linewidth=0.6, zorder=0)
    if words.log:
        readable_log_axis(ax, words.suffixes)
    else:
        readable(ax.xaxis, words.suffixes)
    ax.set_ylim(0, 1.1 * top)
    ax.set_xlabel(words.x_label)
    ax.set_ylabel(words.y_label)
    ax.figure.legend(loc="outside upper center", ncols=min(len(names), 3))
    return ax
