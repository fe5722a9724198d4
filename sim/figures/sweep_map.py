"""A statistic over the values of two keys: a heat map with labelled contours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import LogNorm, Normalize
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator

from sim.figures.axes import LINEAR, LOG, readable, spans
from sim.figures.ticks import Numbers, number

COLOURS = "cividis"
"""From dark to light, in order of lightness in grey too."""
LOG_FROM = 20.0
N_LINES = 6
FEW_CELLS = 40
"""Up to here the values of cells can be written into them."""


@dataclass(frozen=True)
class MapWords:
    """Words and scales of the figure.

    Parameters
    ----------
    x_label, y_label, label
        Of the axes and of the colours, with units.
    log_x, log_y
        Axes.
    suffixes
        What stands for K, M, B and T behind a number.
    levels
        Contours; chosen where there are none.
    probability
        Colours go from 0 to 1.
    """

    x_label: str
    y_label: str
    label: str
    log_x: bool
    log_y: bool
    suffixes: Mapping[str, str]
    levels: Sequence[float] = ()
    probability: bool = False


def sweep_map(table: pd.DataFrame, words: MapWords, ax: Axes) -> Axes:
    """Draw a cell for each point, and contours where both keys are numbers; else the values in the cells.

    Parameters
    ----------
    table
        ``x``, ``y`` (numbers, or words, which stand side by side) and ``value``: each pair once.
    words
        Words and scales.
    ax
        Axes to draw on. Colours are logarithmic where the values span a factor of 20.
    """
    columns, rows = list(dict.fromkeys(table["x"])), list(dict.fromkeys(table["y"]))
    values = table.pivot(index="y", columns="x", values="value").loc[rows, columns].to_numpy(dtype=float)
    x, y = _places(columns), _places(rows)
    log = not words.probability and spans(values.ravel(), LOG_FROM)
    norm = _norm(values, log, words.probability)
    mesh = ax.pcolormesh(x, y, values, norm=norm, cmap=COLOURS, shading="nearest", rasterized=True)
    if _numeric(columns) and _numeric(rows):
        levels = words.levels or _levels(values, log)
        _contours(x, y, values, levels, norm, words.suffixes, ax)
    elif values.size <= FEW_CELLS:
        _write_values(x, y, values, norm, words.suffixes, ax)
    bar = ax.figure.colorbar(mesh, ax=ax, label=words.label, pad=0.03, aspect=25)
    if log:
        bar.ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        bar.ax.yaxis.set_minor_locator(NullLocator())
    bar.ax.yaxis.set_major_formatter(Numbers(words.suffixes))
    _scale(columns, ax.xaxis, words.log_x, words.suffixes, ax)
    _scale(rows, ax.yaxis, words.log_y, words.suffixes, ax)
    ax.set_xlabel(words.x_label)
    ax.set_ylabel(words.y_label)
    return ax


def _numeric(values: Sequence[object]) -> bool:
    return all(isinstance(value, float) for value in values)


def _places(values: Sequence[object]) -> list[float]:
    if _numeric(values):
        return [float(str(value)) for value in values]
    return [float(place) for place in range(len(values))]


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


def _contours(
    x: Sequence[float],
    y: Sequence[float],
    values: np.ndarray,
    levels: Sequence[float],
    norm: Normalize,
    suffixes: Mapping[str, str],
    ax: Axes,
) -> None:
    """Draw labelled lines, white where the map is dark."""
    within = [level for level in levels if float(values.min()) < level < float(values.max())]
    if within:
        colours = ["white" if float(norm(level)) < 0.5 else "black" for level in within]
        lines = ax.contour(x, y, values, levels=within, colors=colours, linewidths=0.8)
        ax.clabel(lines, fmt=lambda level: number(float(f"{level:.3g}"), suffixes), fontsize=7)


def _round_steps(low: float, high: float) -> list[float]:
    powers = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    for steps in ((1, 2, 5), (1, 3), (1,)):
        levels = [step * 10.0**power for power in powers for step in steps if low < step * 10.0**power < high]
        if len(levels) <= N_LINES:
            return levels
    return levels


def _write_values(
    x: Sequence[float],
    y: Sequence[float],
    values: np.ndarray,
    norm: Normalize,
    suffixes: Mapping[str, str],
    ax: Axes,
) -> None:
    for row, height in enumerate(y):
        for column, place in enumerate(x):
            value = float(values[row, column])
            colour = "black" if float(norm(value)) > 0.5 else "white"
            text = number(float(f"{value:.3g}"), suffixes)
            ax.text(place, height, text, color=colour, ha="center", va="center", fontsize="small")


def _scale(values: Sequence[object], axis: Axis, log: bool, suffixes: Mapping[str, str], ax: Axes) -> None:
    if not _numeric(values):
        axis.set_ticks(
            [float(place) for place in range(len(values))], labels=[str(value) for value in values]
        )
        if axis is ax.xaxis:
            ax.tick_params(axis="x", rotation=20)
    else:
        readable(axis, suffixes, LOG if log else LINEAR)
