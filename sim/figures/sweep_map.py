"""A statistic over the values of two keys: a heat map with labelled contours."""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm, Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator

from sim.analysis.sweep.grid import SweepGrid
from sim.figures.axes import spans
from sim.figures.look import Look
from sim.figures.style import COLOUR_MAP, new_panels
from sim.figures.subject import outcome_title
from sim.figures.sweep_axes import SLANT, are_numbers, key_label, places_of, scale_key_axis
from sim.figures.ticks import Numbers, number
from sim.scenario.titles import title_of

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Contours of a probability."""
LOG_FROM = 20.0
"""Ratio of the ends of the values from which colours are logarithmic."""
N_LINES, FINER = 6, 8
"""Contours of a number; steps between two points of the map that they are drawn from."""
FEW_CELLS = 40
"""Up to here the values of cells can be written into them."""


def sweep_map_figures(grid: SweepGrid, rows: pd.DataFrame) -> dict[str, Figure]:
    """Draw the median of the reported outcome over two keys, and the probability of exceeding each threshold.

    Parameters
    ----------
    grid
        The grid of the sweep, with two axes.
    rows
        Rows of the reported outcome, from :func:`sim.analysis.sweep.points.sweep_table`.

    Returns
    -------
    dict of str to Figure
        The maps by name: ``median`` and ``p_above_<threshold>``.
    """
    report = grid.base.report
    medians = rows[rows["statistic"] == "median"]
    label = f"{outcome_title(grid.base, report.outcome)}: median"
    figures = {"median": _figure(grid, medians, label, probability=False)}
    for threshold in report.thresholds:
        above = rows[(rows["statistic"] == "p_above") & (rows["at"] == threshold)]
        label = f"P({title_of(grid.base, report.outcome)} > {number(threshold)})"
        figures[f"p_above_{threshold:g}"] = _figure(grid, above, label, probability=True)
    return figures


def _figure(grid: SweepGrid, table: pd.DataFrame, label: str, *, probability: bool) -> Figure:
    """Draw a cell for each point, and contours where both keys are numbers; else the values in the cells."""
    figure, ((ax,),) = new_panels(Look(), 7.0)
    first, second = grid.axes
    columns, rows = list(dict.fromkeys(table[first.key])), list(dict.fromkeys(table[second.key]))
    values = table.pivot(index=second.key, columns=first.key, values="value").loc[rows, columns]
    x, y, z = places_of(columns), places_of(rows), values.to_numpy(dtype=float)
    log = not probability and spans(z.ravel(), LOG_FROM)
    norm = _norm(z, log, probability)
    edges = _edges_of(x, first.log), _edges_of(y, second.log)
    mesh = ax.pcolormesh(*edges, z, norm=norm, cmap=COLOUR_MAP, rasterized=True)
    if are_numbers(columns) and are_numbers(rows):
        finer = _finer(x, y, z, (first.log, second.log))
        _draw_contours(*finer, LEVELS if probability else _levels(z, log), norm, ax)
    elif z.size <= FEW_CELLS:
        _write_values(x, y, z, norm, ax)
    bar = figure.colorbar(mesh, ax=ax, label=label, pad=0.03, aspect=25)
    if log:
        bar.ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        bar.ax.yaxis.set_minor_locator(NullLocator())
    bar.ax.yaxis.set_major_formatter(Numbers())
    scale_key_axis(ax.xaxis, columns, first.log, at_values=True)
    scale_key_axis(ax.yaxis, rows, second.log, at_values=True)
    ax.set_xlim(edges[0][0], edges[0][-1])
    ax.set_ylim(edges[1][0], edges[1][-1])
    if not are_numbers(columns):
        ax.tick_params(axis="x", rotation=SLANT)
    ax.set_xlabel(key_label(first.key, grid.base))
    ax.set_ylabel(key_label(second.key, grid.base))
    return figure


def _norm(values: np.ndarray, log: bool, probability: bool) -> Normalize:
    if probability:
        return Normalize(0.0, 1.0)
    low, high = float(values.min()), float(values.max())
    return LogNorm(low, high) if log else Normalize(low, high)


def _levels(values: np.ndarray, log: bool) -> list[float]:
    low, high = float(values.min()), float(values.max())
    if log:
        return _round_steps(low, high)
    return [float(level) for level in MaxNLocator(N_LINES).tick_values(low, high)]


def _finer(
    x: Sequence[float], y: Sequence[float], values: np.ndarray, logs: tuple[bool, bool]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a map (y, x) with points between its own, along the axes as they are drawn."""
    fine_x, fine_y = (_between(places, log) for places, log in zip((x, y), logs, strict=True))
    along_x, along_y = (np.log if log else np.asarray for log in logs)
    rows = [np.interp(along_x(fine_x), along_x(x), row) for row in values]
    columns = [np.interp(along_y(fine_y), along_y(y), column) for column in np.transpose(rows)]
    return fine_x, fine_y, np.transpose(columns)


def _between(places: Sequence[float], log: bool) -> np.ndarray:
    spaced = np.geomspace if log else np.linspace
    parts = [spaced(one, two, FINER, endpoint=False) for one, two in pairwise(places)]
    return np.array([*np.concatenate([np.empty(0), *parts]), places[-1]])


def _draw_contours(
    x: np.ndarray, y: np.ndarray, values: np.ndarray, levels: Sequence[float], norm: Normalize, ax: Axes
) -> None:
    """Draw labelled lines, white where the map is dark."""
    within = [level for level in levels if float(values.min()) < level < float(values.max())]
    if within:
        colours = ["white" if float(norm(level)) < 0.5 else "black" for level in within]
        lines = ax.contour(x, y, values, levels=within, colors=colours, linewidths=0.8)
        ax.clabel(lines, fmt=lambda level: number(float(f"{level:.3g}")), fontsize=7)


def _round_steps(low: float, high: float) -> list[float]:
    powers = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    for steps in ((1, 2, 5), (1, 3), (1,)):
        levels = [step * 10.0**power for power in powers for step in steps if low < step * 10.0**power < high]
        if len(levels) <= N_LINES:
            return levels
    return levels


def _write_values(
    x: Sequence[float], y: Sequence[float], values: np.ndarray, norm: Normalize, ax: Axes
) -> None:
    for row, height in enumerate(y):
        for column, place in enumerate(x):
            value = float(values[row, column])
            colour = "black" if float(norm(value)) > 0.5 else "white"
            text = number(float(f"{value:.3g}"))
            ax.text(place, height, text, color=colour, ha="center", va="center", fontsize="small")


def _edges_of(places: Sequence[float], log: bool) -> list[float]:
    """Return the edges of cells around ascending places, halfway between neighbours along the axis.

    Examples
    --------
    >>> _edges_of([1.0, 3.0, 5.0], False), _edges_of([1.0, 100.0], True), _edges_of([2.0], False)
    ([0.0, 2.0, 4.0, 6.0], [0.1, 10.0, 1000.0], [1.5, 2.5])
    """
    along = [math.log10(place) for place in places] if log else list(places)
    if len(along) == 1:
        edges = [along[0] - 0.5, along[0] + 0.5]
    else:
        inner = [(one + two) / 2.0 for one, two in pairwise(along)]
        edges = [2.0 * along[0] - inner[0], *inner, 2.0 * along[-1] - inner[-1]]
    return [10.0**edge for edge in edges] if log else edges
