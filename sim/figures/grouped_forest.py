"""Medians and intervals by method, in groups of one quantity each."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.figures.axes import readable
from sim.figures.forest import forest_within

ROOM = 0.8
"""Part of a group's height that its lines fill."""


def grouped_forest(table: pd.DataFrame, label: str, ax: Axes) -> Axes:
    """Draw a group of lines for each label, one line for each method, first group on top.

    Parameters
    ----------
    table
        ``label``, ``method``, ``low``, ``median``, ``high``, in one unit.
    label
        Of the horizontal axis, with unit and interval.
    ax
        Axes to draw on; a log axis where all values are positive.
    """
    labels = list(dict.fromkeys(table["label"]))
    methods = list(dict.fromkeys(table["method"]))
    markers = "osD^vPX"
    readable(ax.xaxis, within=forest_within(table))
    for place, method in enumerate(methods):
        rows = table[table["method"] == method].set_index("label").loc[labels]
        offset = (place - (len(methods) - 1) / 2) * ROOM / len(methods)
        heights = np.arange(len(labels))[::-1] - offset
        ends = [(rows["median"] - rows["low"]).clip(0.0), (rows["high"] - rows["median"]).clip(0.0)]
        ax.errorbar(
            rows["median"], heights, xerr=ends, fmt=markers[place], markersize=3, capsize=1.5, label=method
        )
    ax.set_yticks(range(len(labels)), labels[::-1])
    ax.set_ylim(-0.6, len(labels) - 0.4)
    ax.set_xlabel(label)
    return ax
