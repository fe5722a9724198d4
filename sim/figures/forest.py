"""Median and interval of an outcome for each alternative of a choice, with published values beside them."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.figures.about import About, sentence_case
from sim.figures.axes import best_within, readable
from sim.figures.legends import legend_above, shown_in_legend
from sim.figures.style import BLUE, VERMILION

SHOWN = ("low", "median", "high")
ANY_BY_WEIGHT = "any, by weight"
"""The row of a table that stands for the whole choice."""


def forest_within(table: pd.DataFrame) -> float:
    """Return the width within which the axis of a table of intervals is linear: 0 for a log axis."""
    columns = [name for name in (*SHOWN, "published") if name in table]
    return best_within(table[columns].to_numpy(dtype=float).ravel())


def forest(table: pd.DataFrame, about: About, ax: Axes) -> Axes:
    """Draw one line for each row, first row on top.

    Parameters
    ----------
    table
        ``label``, ``low``, ``median``, ``high`` and ``published`` (NaN where there is none), in one unit.
    about
        Outcome, interval, source of published values.
    ax
        Axes to draw on; a log axis where all values are positive.
    """
    words = about.words.labels
    places = np.arange(len(table))[::-1]
    ends = [(table["median"] - table["low"]).clip(0.0), (table["high"] - table["median"]).clip(0.0)]
    readable(ax.xaxis, about.words.suffixes, forest_within(table))
    ax.errorbar(table["median"], places, xerr=ends, fmt="o", color=BLUE, capsize=2)
    if table["published"].notna().any():
        ax.plot(
            table["published"],
            places,
            "D",
            color=VERMILION,
            fillstyle="none",
            label=shown_in_legend(about.source),
        )
        legend_above(ax)
    names = [words.any_by_weight if name == ANY_BY_WEIGHT else name for name in table["label"]]
    ax.set_yticks(places, [sentence_case(name) for name in names])
    ax.set_ylim(-0.6, len(table) - 0.4)
    label = f"{about.axis}\n{words.median_and_interval.format(interval=about.interval)}"
    ax.figure.supxlabel(label, fontsize="medium")
    return ax
