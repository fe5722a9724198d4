"""Median and interval of an outcome for each alternative of a choice, with published values beside them."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.figures.axes import readable_log_axis


def forest(table: pd.DataFrame, label: str, published: str, ax: Axes) -> Axes:
    """Draw one line for each row, first row on top.

    Parameters
    ----------
    table
        ``label``, ``low``, ``median``, ``high`` and ``published`` (NaN where there is none), in one unit.
    label
        Of the horizontal axis, with unit and interval.
    published
        Words for the published values, where there are any.
    ax
        Axes to draw on; a log axis where all values are positive.
    """
    places = np.arange(len(table))[::-1]
    ends = [table["median"] - table["low"], table["high"] - table["median"]]
    ax.errorbar(table["median"], places, xerr=ends, fmt="o", color="C0", markersize=3.5, capsize=2)
    if table["published"].notna().any():
        ax.plot(
            table["published"], places, "D", color="C1", markersize=4.5, fillstyle="none", label=published
        )
        ax.figure.legend(loc="outside upper center")
    if (table["low"] > 0).all():
        readable_log_axis(ax)
    ax.set_yticks(places, list(table["label"]))
    ax.set_ylim(-0.6, len(table) - 0.4)
    ax.set_xlabel(label)
    return ax
