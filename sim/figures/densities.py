"""Densities of several scenarios, or of their ratios, over each other, told apart in grey by their lines."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.analysis.compare.comparison import Comparison, Densities
from sim.figures.axes import LOG, scale_axis
from sim.figures.catalogue.distribution import atoms_and_bins, density_label
from sim.figures.legends import shown_in_legend
from sim.figures.look import Look
from sim.figures.style import new_panels
from sim.figures.subject import outcome_title

HEIGHT_CM = 6.5
LINES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1, 1)), (0, (6, 1.5, 1, 1.5)), (0, (3, 1, 1, 1, 1, 1)))
WIDTHS = (1.4, 1.1, 0.8)


def densities_figure(comparison: Comparison, found: Densities) -> Figure:
    """Draw the reported outcome under each scenario.

    Parameters
    ----------
    comparison
        Of the scenarios.
    found
        From :meth:`sim.analysis.compare.comparison.Comparison.densities`, not empty.

    Returns
    -------
    Figure
        One outline for each scenario; grey lines are thresholds.
    """
    report = comparison.baseline.scenario.report
    title = outcome_title(comparison.baseline.scenario, report.outcome)
    return _figure(comparison, found, title, report.thresholds)


def ratio_figure(comparison: Comparison, found: Densities) -> Figure:
    """Draw the ratio of the reported outcome's draws to the baseline's, or their difference.

    Parameters
    ----------
    comparison
        Of the scenarios.
    found
        From ``contrast_densities`` of a comparison, not empty; of a ratio where its axis is a log one.

    Returns
    -------
    Figure
        One outline for each scenario but the baseline; the grey line is where nothing changes.
    """
    baseline = comparison.baseline
    is_ratio = found.within == LOG
    contrast = f"ratio to {baseline.name}" if is_ratio else f"less that of {baseline.name}"
    title = outcome_title(baseline.scenario, baseline.scenario.report.outcome)
    return _figure(comparison, found, f"{title}:\n{contrast}, draw by draw", (1.0 if is_ratio else 0.0,))


def _figure(comparison: Comparison, found: Densities, x_label: str, marks: Sequence[float]) -> Figure:
    """Draw an outline, or stems, in the line style that a scenario has in every figure of the comparison."""
    figure, ((ax,),) = new_panels(Look(), HEIGHT_CM)
    names = list(dict.fromkeys(found.table["scenario"]))
    order = [source.name for source in comparison.sources]
    densities = atoms_and_bins(found.table)[1]["density"]
    top = float(densities.max()) if len(densities) else 1.0
    scale_axis(ax.xaxis, found.within)
    handles = [
        _draw_outline(found.table[found.table["scenario"] == name], order.index(name), top, ax)
        for name in names
    ]
    for mark in marks:
        ax.axvline(mark, color="0.45", linewidth=0.6, zorder=0)
    ax.set_ylim(0, 1.1 * top)
    ax.set_xlabel(x_label)
    ax.set_ylabel(density_label(found.within))
    labels = [shown_in_legend(name) for name in names]
    figure.legend(handles, labels, loc="outside upper center", ncols=min(len(names), 3))
    return figure


def _draw_outline(table: pd.DataFrame, place: int, top: float, ax: Axes) -> Line2D:
    """Draw bins as an outline, a single value as an upright line as high as its probability."""
    single, bins = atoms_and_bins(table)
    line = {
        "color": f"C{place % 8}",
        "linestyle": LINES[place % len(LINES)],
        "linewidth": WIDTHS[(place // len(LINES)) % len(WIDTHS)],
    }
    for value, mass in zip(single["low"], single["mass"], strict=True):
        ax.plot([value, value], [0.0, 1.05 * top * mass], **line)
    if len(bins):
        ax.stairs(bins["density"], [*bins["low"], bins["high"].iloc[-1]], baseline=None, **line)
    return Line2D([], [], **line)
