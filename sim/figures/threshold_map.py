"""Two parameters held at the values on the axes: how probable it is that the outcome exceeds a threshold."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.contour import ContourSet
from matplotlib.ticker import MaxNLocator

from sim.figures.about import About, with_unit
from sim.figures.axes import LINEAR, LOG, readable, spans
from sim.figures.style import BLACK, WHITE, thick
from sim.figures.ticks import number

CONTOURS, DASHES = (0.05, 0.5, 0.95), (":", "-", "--")
LINE_COLOURS = (WHITE, BLACK, BLACK)
MEDIANS = 5
LOG_FROM, DECADES_FROM = 5.0, 3000.0
"""Ratios of the ends of values from which an axis is logarithmic, and lines stand at powers of ten only."""
COLOURS = "cividis"
"""From dark to light, in order of lightness in grey too."""


@dataclass(frozen=True)
class Grid:
    """A table in the long form, as arrays.

    Parameters
    ----------
    x, y
        Values of the two parameters, rising.
    p_above, median
        (y, x).
    """

    x: np.ndarray
    y: np.ndarray
    p_above: np.ndarray
    median: np.ndarray


def grid_of(table: pd.DataFrame) -> Grid:
    """Return the grid of a table that holds each pair of ``x`` and ``y`` once."""
    p_above = table.pivot(index="y", columns="x", values="p_above")
    median = table.pivot(index="y", columns="x", values="median")
    return Grid(
        p_above.columns.to_numpy(dtype=float),
        p_above.index.to_numpy(dtype=float),
        p_above.to_numpy(dtype=float),
        median.to_numpy(dtype=float),
    )


def threshold_map(table: pd.DataFrame, about: About, ax: Axes) -> Axes:
    """Draw a map of the probability, its lines at 0.05, 0.5 and 0.95, and lines of the outcome's median.

    The lines of the probability are explained on the colour bar, those of the median by their labels.

    Parameters
    ----------
    table
        ``x``, ``y``, ``median``, ``p_above``, a full grid; constant ``x_name``, ``y_name``, ``x_unit``,
        ``y_unit``, ``threshold``.
    about
        Outcome, names of parameters.
    ax
        Axes to draw on; each logarithmic where its values span a factor of 5 or more.
    """
    first = table.iloc[0]
    grid = grid_of(table)
    mesh = ax.pcolormesh(
        grid.x, grid.y, grid.p_above, cmap=COLOURS, vmin=0, vmax=1, shading="gouraud", rasterized=True
    )
    for axis, values in ((ax.xaxis, grid.x), (ax.yaxis, grid.y)):
        readable(axis, about.words.suffixes, LOG if spans(values, LOG_FROM) else LINEAR)
    ax.set_xlim(grid.x[0], grid.x[-1])
    ax.set_ylim(grid.y[0], grid.y[-1])
    lines = _probability_lines(grid, ax)
    _median_lines(grid, float(first["threshold"]), about, ax)
    figure = ax.figure
    words = about.words.labels
    label = words.chance_above.format(
        outcome=about.outcome, threshold=number(float(first["threshold"]), about.words.suffixes)
    )
    bar = figure.colorbar(mesh, ax=ax, label=label, ticks=CONTOURS, format="%g", pad=0.03, aspect=25)
    bar.ax.minorticks_off()
    if lines is not None:
        for level, dashes, colour in zip(CONTOURS, DASHES, LINE_COLOURS, strict=True):
            bar.ax.axhline(level, color=colour, linestyle=dashes, linewidth=thick(1.2))
    ax.set_xlabel(with_unit(about.label(str(first["x_name"])), str(first["x_unit"])))
    ax.set_ylabel(with_unit(about.label(str(first["y_name"])), str(first["y_unit"])))
    return ax


def _probability_lines(grid: Grid, ax: Axes) -> ContourSet | None:
    """Draw the lines of the probability that lie within the map."""
    low, high = float(grid.p_above.min()), float(grid.p_above.max())
    shown = [line for line in zip(CONTOURS, DASHES, LINE_COLOURS, strict=True) if low < line[0] < high]
    if not shown:
        return None
    levels, dashes, colours = zip(*shown, strict=True)
    return ax.contour(
        grid.x, grid.y, grid.p_above, levels=levels, colors=colours, linestyles=dashes, linewidths=thick(1.2)
    )


def _median_lines(grid: Grid, threshold: float, about: About, ax: Axes) -> None:
    """Draw a few lines of the outcome's median at round values, labelled: white where the map is dark."""
    levels = [
        level
        for level in round_levels(float(grid.median.min()), float(grid.median.max()))
        if level != threshold  # the line of probability 0.5
    ]
    if levels:
        colours = [WHITE if level < threshold else BLACK for level in levels]
        lines = ax.contour(grid.x, grid.y, grid.median, levels=levels, colors=colours, linewidths=thick(0.6))
        ax.clabel(lines, fmt=lambda level: number(level, about.words.suffixes), fontsize="small")


def round_levels(low: float, high: float) -> list[float]:
    """Return at most five round values well within two ends.

    Examples
    --------
    >>> round_levels(2.0, 3000.0), round_levels(0.0, 1.0), round_levels(5.0, 5.0)
    ([10.0, 30.0, 100.0, 300.0, 1000.0], [0.25, 0.5, 0.75], [])
    """
    if not high > low:
        return []
    if low <= 0 or high < LOG_FROM * low:
        ticks = [float(tick) for tick in MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)]
    else:
        powers = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
        steps = (1.0,) if high >= DECADES_FROM * low else (1.0, 3.0)
        ticks = [step * 10.0**power for power in powers for step in steps]
    near = 0.1 * (high - low) if low <= 0 else 0.0
    factor = (high / low) ** 0.1 if low > 0 else 1.0
    inside = [tick for tick in ticks if low * factor + near < tick < high / factor - near]
    stride = -(-len(inside) // MEDIANS) if inside else 1
    return inside[::stride][:MEDIANS]
