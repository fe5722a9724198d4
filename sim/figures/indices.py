"""Sobol' indices of first and total order, one panel for each scale."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.figures.about import About
from sim.figures.axes import readable
from sim.figures.legends import legend_above
from sim.figures.style import BLACK, DARK, HATCH, LIGHT, thick

BAR = 0.36
ORDERS = ("first", "total")
SCALES = ("log", "raw")
DAGGER = "†"


def scales_of(table: pd.DataFrame) -> tuple[str, ...]:
    """Return the scales on which a table of indices holds any first or total order, log before raw."""
    known = table.loc[table["index"].isin(ORDERS) & table["value"].notna(), "scale"]
    return tuple(scale for scale in SCALES if (known == scale).any())


def indices(table: pd.DataFrame, about: About, panels: Sequence[Axes]) -> None:
    """Draw first and total order as bars with their intervals; an unsettled rank gets a dagger.

    Rows stand by total order on the first scale, largest on top; all panels have the same rows.

    Parameters
    ----------
    table
        ``scale``, ``group``, ``index`` (``first``, ``total``; others are left out), ``value``, ``low``,
        ``high``, ``settled``.
    about
        Names of groups.
    panels
        Axes, one for each of :func:`scales_of`.
    """
    words = about.words.labels
    scales = scales_of(table)
    orders = table[table["index"].isin(ORDERS)]
    leading = orders[(orders["scale"] == scales[0]) & (orders["index"] == ORDERS[1])]
    groups = list(leading.sort_values("value", ascending=False, kind="stable")["group"])
    for scale, ax in zip(scales, panels, strict=True):
        _panel(orders[orders["scale"] == scale], groups, about, ax)
        names = {"log": words.log_scale, "raw": words.raw_scale}
        ax.set_xlabel(words.index.format(scale=names[scale]).replace(", ", ",\n", len(scales) - 1))
        ax.set_yticks(range(len(groups)), about.short_labels(groups)[::-1] if ax is panels[0] else [])
        ax.set_ylim(-0.6, len(groups) - 0.4)
        ax.tick_params(axis="y", length=0)
    unsettled = [] if orders["settled"].all() else [(panels[0].plot([], [], " ")[0], words.unsettled)]
    legend_above(panels[0], unsettled)


def _panel(rows: pd.DataFrame, groups: list[str], about: About, ax: Axes) -> None:
    words = about.words.labels
    places = np.arange(len(groups))[::-1]
    for order, offset, colour, hatch, label in (
        (ORDERS[0], BAR / 2, DARK, "", words.first_order),
        (ORDERS[1], -BAR / 2, LIGHT, HATCH, words.total_order),
    ):
        found = rows[rows["index"] == order].set_index("group").reindex(groups)
        heights = places + offset
        value = found["value"].to_numpy()
        ends = [value - found["low"].to_numpy(), found["high"].to_numpy() - value]
        ax.barh(
            heights, value, BAR, color=colour, hatch=hatch, edgecolor=BLACK, linewidth=thick(0.5), label=label
        )
        ax.errorbar(value, heights, xerr=ends, fmt="none", ecolor=BLACK, capsize=1.5, elinewidth=thick(0.8))
        for height, end, settled in zip(heights, found["high"], found["settled"], strict=True):
            if settled is False or settled == 0:
                ax.annotate(
                    DAGGER,
                    (max(float(end), 0.0), height),
                    (2.0, 0.0),
                    textcoords="offset points",
                    verticalalignment="center",
                    fontsize="small",
                )
    ax.axvline(0.0, color=BLACK, linewidth=thick(0.6))
    ax.margins(x=0.12)
    readable(ax.xaxis, about.words.suffixes)
