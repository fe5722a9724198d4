"""Figures of a fit: what pooling makes of each stratum, how models recall the survey, how chains mixed."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator
from xarray import DataTree

from sim.figures.axes import LOG as LOG_AXIS
from sim.figures.axes import scale_axis
from sim.figures.look import DOUBLE_COLUMN_CM, Look
from sim.figures.style import BLACK, BLUE, CM_PER_INCH, VERMILION, apply, new_panels
from sim.scenario.titles import spaced

SHRINKAGE = "shrinkage"
LABELS = {
    "contributors": "contributors per period",
    "commits": "commits per contributor-period",
    "lines": "lines per contributor-period",
}
SMALLEST_AREA, LARGEST_AREA = 3.0, 45.0
MODEL_CHECKS = "model-checks"
STATISTICS = {
    "maximum": "largest count",
    "top_share": "share of the top 1 %",
    "spread": "spread between\nperiods",
    "share_empty": "share of empty\nperiods",
}
LOG = "maximum"
WIDE = 50.0
"""Ratio of the ends of a log axis above which a panel has room for powers of ten only."""


def shrinkage_figure(table: pd.DataFrame) -> Figure:
    """Return a figure of :func:`sim.evidence.hierarchical.survey_fit.stratum_table`, a panel a unit."""
    figure, rows = new_panels(Look(DOUBLE_COLUMN_CM), 6.6, 1, len(LABELS))
    for letter, unit, ax in zip("abc", LABELS, rows[0], strict=True):
        draw_shrinkage(table[table["unit"] == unit], ax)
        ax.set_xlabel(f"{LABELS[unit]},\nas sampled")
        ax.set_title(letter, loc="left", fontweight="bold")
    rows[0][0].set_ylabel("posterior: median,\n95 % interval (eti)")
    return figure


def draw_shrinkage(table: pd.DataFrame, ax: Axes) -> None:
    """Draw one point for each stratum, its area by contributor-periods, on log axes.

    A stratum that pooling leaves alone lies on the diagonal. A mean of zero, or none, is at the left edge,
    in another colour.

    Parameters
    ----------
    table
        One row for each stratum: ``raw``, ``median``, ``low``, ``high``, ``contributor_periods``.
    ax
        Axes to draw on.
    """
    for axis in (ax.xaxis, ax.yaxis):
        scale_axis(axis, within=LOG_AXIS)
    raw = table["raw"].to_numpy()
    positive = np.isfinite(raw) & (raw > 0)
    edge = 0.5 * float(raw[positive].min()) if positive.any() else 0.5 * float(table["median"].min())
    at = np.where(positive, raw, edge)
    n = table["contributor_periods"].to_numpy()
    area = SMALLEST_AREA + (LARGEST_AREA - SMALLEST_AREA) * n / max(float(n.max()), 1.0)
    colours = np.where(positive, BLUE, VERMILION)
    ax.vlines(at, table["low"], table["high"], colors=colours.tolist(), linewidth=0.4, alpha=0.5)
    ax.scatter(at, table["median"], s=area, c=colours.tolist(), alpha=0.75, linewidths=0)
    ax.axline((1.0, 1.0), (10.0, 10.0), color=BLACK, linewidth=0.6, linestyle="--")
    if not positive.all():
        words = "none in its periods"
        ax.annotate(words, (0.03, 0.97), xycoords="axes fraction", va="top", color=VERMILION, fontsize=6)


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
    table
        One row for each model: ``model``, ``observed``, ``low``, ``median``, ``high`` of one unit and
        statistic.
    ax
        Axes to draw on.
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


RANKS_IN_A_ROW = 3
BEYOND = 1.5
"""How far the axis of drawn counts goes, in the most contributors that were observed."""


def sampling_figures(estimands: DataTree, contributors: DataTree) -> dict[str, Figure]:
    """Return ArviZ's own figures of a fit.

    Ranks of the chains' draws and a forest of their intervals, 50 and 95 % (eti), one line for each chain and
    estimand; counts of contributors as observed against surveys drawn anew (rootogram).

    Parameters
    ----------
    estimands
        The tree of the estimands, whose group ``posterior`` has draws of all on one scale, (chain, draw).
    contributors
        The fitted unit ``contributors``, with its posterior predictive draws.

    Returns
    -------
    dict of str to Figure
        ``ranks``, ``forest`` and ``predictive``.
    """
    import arviz_plots
    from arviz_base.labels import MapLabeller

    apply()
    names = list(estimands["posterior"].data_vars)
    words = MapLabeller({name: spaced(str(name).replace(".", ",\n")) for name in names})
    drawn = {
        "ranks": arviz_plots.plot_rank(
            estimands,
            backend="matplotlib",
            labeller=words,
            col_wrap=RANKS_IN_A_ROW,
            visuals={"xlabel": {"text": "rank among all draws"}},
            figure_kwargs=_size(3.8 * -(-len(names) // RANKS_IN_A_ROW)),
        ),
        "forest": arviz_plots.plot_forest(
            estimands,
            combined=False,
            ci_kind="eti",
            ci_probs=(0.5, 0.95),
            backend="matplotlib",
            labeller=words,
            visuals={"ticklabels": False},
            figure_kwargs=_size(1.2 + 1.1 * len(names)) | {"width_ratios": (1, 2)},
        ),
        "predictive": arviz_plots.plot_ppc_rootogram(
            contributors,
            ci_prob=0.95,
            backend="matplotlib",
            visuals={
                "title": False,
                "grid": False,
                "xlabel": {"text": "contributors in a period"},
                "ylabel": {"text": "number of periods"},
                "predictive_markers": {"size": 8},
                "observed_markers": {"size": 10},
            },
            figure_kwargs=_size(6.6),
        ),
    }
    figures = {name: collection.viz["figure"].item() for name, collection in drawn.items()}
    for ax in figures["ranks"].axes:
        for text in ax.texts:
            text.set_text(text.get_text().replace("=", " = ").replace("(", " ("))
    labels, intervals = figures["forest"].axes
    labels.set_axis_off()
    intervals.set_xlabel("over the median of all chains:\nmedian, 50 and 95 % interval (eti) of each chain")
    most = max(int(each.max()) for each in contributors["observed_data"].data_vars.values())
    figures["predictive"].axes[0].set_xlim(-0.02 * BEYOND * most, BEYOND * most)
    return figures


def _size(height_cm: float) -> dict[str, Any]:
    """Return what ArviZ makes a figure of the width of a page with, its labels kept inside."""
    return {"figsize": (DOUBLE_COLUMN_CM / CM_PER_INCH, height_cm / CM_PER_INCH), "layout": "constrained"}
