"""An outcome over the values of one key: median, interval, mean, and probabilities above thresholds."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.sweep.grid import SweepGrid
from sim.figures.axes import best_within, scale_axis
from sim.figures.look import Look
from sim.figures.marks import legend_above
from sim.figures.style import BLUE, TWO_ERRORS, VERMILION, is_visible, new_panels
from sim.figures.subject import outcome_title
from sim.figures.sweep_axes import SLANT, are_numbers, key_label, places_of, scale_key_axis
from sim.figures.ticks import number
from sim.scenario.titles import title_of

DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1, 1)), (0, (6, 1.5, 1, 1.5)))
LOG_FROM = 20.0
"""Ratio of the ends of the interval from which the vertical axis is logarithmic."""
MOST_IN_ROW = 4
"""Thresholds side by side in the legend, which stands above its panel and covers no point."""
SIZE = 3.5
BAND = "bands below: ± 2 Monte Carlo errors"


def sweep_curve_figure(grid: SweepGrid, rows: pd.DataFrame) -> Figure:
    """Draw the reported outcome over one key, and below it the probability of exceeding each threshold.

    Parameters
    ----------
    grid
        The grid of the sweep, with one axis.
    rows
        Rows of the reported outcome, from :func:`sim.analysis.sweep.points.sweep_table`.

    Returns
    -------
    Figure
        The figure, of one panel where the scenario has no thresholds.
    """
    (axis,), scenario = grid.axes, grid.base
    is_above = rows["statistic"] == "p_above"
    moments = rows[~is_above].pivot(index=axis.key, columns="statistic", values="value")
    values = list(dict.fromkeys(rows[axis.key]))
    has_thresholds = bool(is_above.any())
    figure, panels = new_panels(Look(), 11.0 if has_thresholds else 6.5, 1 + has_thresholds)
    _draw_moments(moments.loc[values], scenario.report.interval.words, panels[0][0])
    panels[0][0].set_ylabel(outcome_title(scenario, scenario.report.outcome))
    if has_thresholds:
        has_band = _draw_probabilities(rows[is_above], axis.key, panels[1][0])
        panels[1][0].set_ylabel(f"P({title_of(scenario, scenario.report.outcome)} > t)")
    for (ax,) in panels:
        _set_along(values, axis.log, ax)
    band = f"\n{BAND}" if has_thresholds and has_band else ""
    panels[-1][0].set_xlabel(f"{key_label(axis.key, scenario)}{band}")
    return figure


def _draw_moments(table: pd.DataFrame, interval: str, ax: Axes) -> None:
    """Draw the median in the band of the interval and the mean dashed; points where values are words."""
    scale_axis(ax.yaxis, best_within([*table["low"], *table["high"]], LOG_FROM))
    values = list(table.index)
    x, median, has_mean = places_of(values), table["median"], table["mean"].notna().any()
    if are_numbers(values):
        if (table["low"] < table["high"]).any():
            low, high = table["low"], table["high"]
            ax.fill_between(x, low, high, color=BLUE, alpha=0.22, linewidth=0, label=interval)
        ax.plot(x, median, color=BLUE, linewidth=1.3, label="median")
        if has_mean:
            ax.plot(x, table["mean"], color=VERMILION, linestyle="--", label="mean")
    else:
        ends = [(median - table["low"]).clip(0.0), (table["high"] - median).clip(0.0)]
        label = f"median and {interval}"
        ax.errorbar(x, median, yerr=ends, fmt="o", color=BLUE, capsize=2, markersize=SIZE, label=label)
        if has_mean:
            ax.plot(x, table["mean"], "D", color=VERMILION, markersize=SIZE, fillstyle="none", label="mean")
    legend_above(ax)


def _draw_probabilities(rows: pd.DataFrame, key: str, ax: Axes) -> bool:
    """Draw a line for each threshold, with a band of two Monte Carlo errors where any could be seen.

    Tells whether there are bands.
    """
    has_band = is_visible(2.0 * TWO_ERRORS * float(rows["mc_error"].max()), 1.0)
    has_band = has_band and are_numbers(list(rows[key]))
    for place, (threshold, part) in enumerate(rows.groupby("at", sort=True)):
        x, is_line = places_of(list(part[key])), are_numbers(list(part[key]))
        colour = f"C{place % 8}"
        p, error = part["value"], TWO_ERRORS * part["mc_error"]
        if has_band:
            ax.fill_between(x, p - error, p + error, color=colour, alpha=0.3, linewidth=0)
        ax.plot(
            x,
            p,
            color=colour,
            markersize=SIZE,
            label=f"t = {number(float(str(threshold)))}",
            linestyle=DASHES[place % len(DASHES)] if is_line else "none",
            marker="none" if is_line else "os^D"[place % 4],
        )
    ax.set_ylim(-0.03, 1.03)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=MOST_IN_ROW)
    return has_band


def _set_along(values: list[object], log: bool, ax: Axes) -> None:
    x = places_of(values)
    if are_numbers(values):
        scale_key_axis(ax.xaxis, values, log)
        ax.set_xlim(min(x), max(x))
    else:
        ax.set_xticks(x, [str(value) for value in values], rotation=SLANT, ha="right")
        ax.set_xlim(-0.5, len(x) - 0.5)
