"""Surveys drawn anew from each candidate model against the real one, and its sampling at a glance."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator
from xarray import DataTree

from sim.figures.axes import LOG as LOG_AXIS
from sim.figures.axes import scale_axis
from sim.figures.look import DOUBLE_COLUMN_CM, Look
from sim.figures.style import BLACK, BLUE, VERMILION, apply, new_panels

NAME = "model-checks"
STATISTICS = {
    "maximum": "largest count",
    "top_share": "share of the top 1 %",
    "spread": "spread between\nperiods",
    "share_empty": "share of empty\nperiods",
}
LOG = "maximum"
WIDE = 50.0
"""Ratio of the ends of a log axis above which a panel has room for powers of ten only."""


def model_checks_figure(predictive: pd.DataFrame) -> Figure:
    """Return a figure with a row for each unit and a column for each statistic.

    The table is from :class:`sim.evidence.hierarchical.checks.ModelChecks`.
    """
    units = list(dict.fromkeys(predictive["unit"]))
    figure, rows = new_panels(Look(DOUBLE_COLUMN_CM), 3.6 * len(units), len(units), len(STATISTICS))
    for unit, row in zip(units, rows, strict=True):
        for statistic, ax in zip(STATISTICS, row, strict=True):
            table = predictive[(predictive["unit"] == unit) & (predictive["statistic"] == statistic)]
            if table.empty:
                ax.set_axis_off()
                continue
            draw_model_checks(table, ax)
            ax.set_xlabel(STATISTICS[statistic])
            if ax is not row[0]:
                ax.set_yticklabels([])
        row[0].set_title(unit, loc="left", fontweight="bold")
    return figure


def draw_model_checks(table: pd.DataFrame, ax: Axes) -> None:
    """Draw each model's 95 % interval of one statistic over surveys drawn anew, and the real one.

    An interval that misses the line is drawn in another colour.

    Parameters
    ----------
    table, ax
        (model): ``model``, ``observed``, ``low``, ``median``, ``high`` of one unit and statistic; axes.
    """
    places = np.arange(len(table))[::-1]
    inside = table["observed"].between(table["low"], table["high"])
    colours = np.where(inside, BLUE, VERMILION).tolist()
    ax.hlines(places, table["low"], table["high"], colors=colours)
    ax.scatter(table["median"], places, s=9, c=colours)
    ax.axvline(float(table["observed"].iloc[0]), color=BLACK, linewidth=0.7, linestyle="--")
    if (table["statistic"] == LOG).all():
        scale_axis(ax.xaxis, within=LOG_AXIS)
        low, high = ax.get_xlim()
        if high > WIDE * low:
            ax.xaxis.set_major_locator(LogLocator(numticks=4))
    ax.set_yticks(places, list(table["model"]))
    ax.set_ylim(-0.6, len(table) - 0.4)


def sampling_figures(estimands: DataTree, contributors: DataTree) -> dict[str, Figure]:
    """Return ArviZ's own figures of a fit.

    Ranks of the chains' draws and a forest of their intervals, 50 and 95 % (eti), one line for each chain and
    estimand; counts of contributors as observed against surveys drawn anew (rootogram).

    Parameters
    ----------
    estimands, contributors
        Group ``posterior``: (chain, draw) by estimand, on one scale; the fitted unit, with its posterior
        predictive draws.

    Returns
    -------
    dict of str to Figure
        ``ranks``, ``forest`` and ``predictive``.
    """
    import arviz_plots

    apply()
    drawn = {
        "ranks": arviz_plots.plot_rank(estimands, backend="matplotlib"),
        "forest": arviz_plots.plot_forest(
            estimands, combined=False, ci_kind="eti", ci_probs=(0.5, 0.95), backend="matplotlib"
        ),
        "predictive": arviz_plots.plot_ppc_rootogram(contributors, ci_prob=0.95, backend="matplotlib"),
    }
    return {name: collection.viz["figure"].item() for name, collection in drawn.items()}
