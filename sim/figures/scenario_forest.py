"""Median and interval of an outcome under each scenario, one line each."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.figures.axes import intervals_within, scale_axis
from sim.figures.look import Look
from sim.figures.style import new_panels

ROW_CM = 0.75


def scenario_forest_figure(table: pd.DataFrame, label: str, look: Look) -> Figure:
    """Draw one line for each row, first row on top; the baseline's median goes down the figure.

    Parameters
    ----------
    table
        ``label``, ``low``, ``median``, ``high``, in one unit, and ``baseline`` (true in one row).
    label, look
        Of the horizontal axis, with unit and interval, a log axis where all values are positive; width and
        style.

    Returns
    -------
    Figure
        As high as its rows need.
    """
    figure, ((ax,),) = new_panels(look, 2.2 + ROW_CM * len(table))
    places = np.arange(len(table))[::-1]
    low, median, high = (table[key].to_numpy(dtype=float) for key in ("low", "median", "high"))
    is_baseline = table["baseline"].to_numpy(dtype=bool)
    scale_axis(ax.xaxis, intervals_within(table))
    for which, marker, colour in ((~is_baseline, "o", "C0"), (is_baseline, "D", "C1")):
        ends = np.stack([median - low, high - median]).clip(0.0)[:, which]
        ax.errorbar(
            median[which], places[which], xerr=ends, fmt=marker, color=colour, markersize=3.5, capsize=2
        )
    for middle in median[is_baseline]:
        ax.axvline(float(middle), color="C1", linewidth=0.6, linestyle=":", zorder=0)
    ax.set_yticks(places, list(table["label"]))
    ax.set_ylim(-0.6, len(table) - 0.4)
    ax.set_xlabel(label)
    return figure
