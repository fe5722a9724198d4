"""Densities of several scenarios, or of their ratios, over each other, told apart in grey by their lines."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.analysis.compare.comparison import Comparison, Densities
from sim.figures.axes import LOG, scale_axis
from sim.figures.catalogue.distribution import atoms_and_bins, density_label
from sim.figures.look import Look
from sim.figures.marks import Mark, draw_lines, shown_in_legend, write_words
from sim.figures.style import new_panels
from sim.figures.subject import outcome_title
from sim.figures.ticks import number
from sim.summary.density import along, values_at

HEIGHT_CM = 6.5
LINES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1, 1)), (0, (6, 1.5, 1, 1.5)), (0, (3, 1, 1, 1, 1, 1)))
WIDTHS = (1.4, 1.1, 0.8)
WEIGHTS = (1.0, 4.0, 6.0, 4.0, 1.0)


def densities_figure(comparison: Comparison, found: Densities) -> Figure:
    """Draw the reported outcome under each scenario, with its thresholds.

    Parameters
    ----------
    comparison
        The comparison of the scenarios.
    found
        Its :meth:`~sim.analysis.compare.comparison.Comparison.densities`, not empty.

    Returns
    -------
    Figure
        One curve for each scenario; thresholds are dotted and labelled.
    """
    report = comparison.baseline.scenario.report
    title = outcome_title(comparison.baseline.scenario, report.outcome)
    return _figure(comparison, found, title, [Mark(value, number(value)) for value in report.thresholds])


def ratio_figure(comparison: Comparison, found: Densities) -> Figure:
    """Draw the ratio of the reported outcome's draws to the baseline's, or their difference.

    Parameters
    ----------
    comparison
        The comparison of the scenarios.
    found
        Its ``contrast_densities``, not empty; they are of ratios where their axis is a log one.

    Returns
    -------
    Figure
        One curve for each scenario but the baseline; the dotted line is where nothing changes.
    """
    baseline = comparison.baseline
    is_ratio = found.within == LOG
    contrast = f"ratio to {baseline.name}" if is_ratio else f"less that of {baseline.name}"
    title = outcome_title(baseline.scenario, baseline.scenario.report.outcome)
    same = Mark(1.0 if is_ratio else 0.0, "no change")
    return _figure(comparison, found, f"{title}:\n{contrast}, draw by draw", [same])


def _figure(comparison: Comparison, found: Densities, x_label: str, marks: Sequence[Mark]) -> Figure:
    """Draw a curve, or stems, in the line style that a scenario has in every figure of the comparison."""
    figure, ((ax,),) = new_panels(Look(), HEIGHT_CM)
    names = list(dict.fromkeys(found.table["scenario"]))
    order = [source.name for source in comparison.sources]
    densities = atoms_and_bins(found.table)[1]["density"]
    top = float(densities.max()) if len(densities) else 1.0
    scale_axis(ax.xaxis, found.within)
    handles = [
        _draw_curve(found.table[found.table["scenario"] == name], order.index(name), found.within, top, ax)
        for name in names
    ]
    draw_lines(marks, ax)
    if found.within != LOG:
        scale_axis(ax.yaxis)
    ax.set_ylim(0, 1.1 * top)
    write_words(marks, ax)
    ax.set_xlabel(x_label)
    ax.set_ylabel(density_label(found.within))
    labels = [shown_in_legend(name) for name in names]
    figure.legend(handles, labels, loc="outside upper center", ncols=min(len(names), 3))
    return figure


def _draw_curve(table: pd.DataFrame, place: int, within: float, top: float, ax: Axes) -> Line2D:
    """Draw bins as a curve, a single value as an upright line as high as its probability.

    Heights are means over five neighbouring bins, by binomial weights: what 80 bins of finitely many draws
    scatter is not shown as structure.
    """
    single, bins = atoms_and_bins(table)
    line = {
        "color": f"C{place % 8}",
        "linestyle": LINES[place % len(LINES)],
        "linewidth": WIDTHS[(place // len(LINES)) % len(WIDTHS)],
    }
    for value, mass in zip(single["low"], single["mass"], strict=True):
        ax.plot([value, value], [0.0, 1.05 * top * mass], **line)
    if len(bins):
        middles = values_at(along(bins[["low", "high"]].to_numpy(), within).mean(axis=1), within)
        ax.plot(middles, _smoothed(bins["density"].to_numpy()), **line)
    return Line2D([], [], **line)


def _smoothed(heights: np.ndarray) -> np.ndarray:
    """Return means of neighbouring bins, at either end of those there are."""
    if len(heights) < len(WEIGHTS):
        return heights
    totals = np.convolve(np.ones(len(heights)), WEIGHTS, "same")
    return np.asarray(np.convolve(heights, WEIGHTS, "same") / totals)
