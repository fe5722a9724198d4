"""Two parameters held at the values on the axes: how probable it is that the outcome exceeds a threshold."""

from collections.abc import Iterable, Iterator, Sequence
from typing import override

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis, XAxis
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.figures.axes import LINEAR, LOG, scale_axis, spans
from sim.figures.catalogue import Columns
from sim.figures.look import Look
from sim.figures.run_figure import DECIDE, RunFigure
from sim.figures.style import BLACK, COLOUR_MAP, WHITE, line_width, new_panels
from sim.figures.subject import Subject, scale_words, unit_words, with_unit
from sim.figures.ticks import MOST_SEPARATE, number

CONTOURS, DASHES = (0.05, 0.5, 0.95), (":", "-", "--")
LINE_COLOURS = (WHITE, BLACK, BLACK)
MEDIANS = 5
HALF_STRIP, STRIP_POINTS = 0.47, 9
"""Half the width of the strip of a single value, of the distance to the next; points across it."""
LOG_FROM, DECADES_FROM = 5.0, 3000.0
"""Ratios of the ends of values from which an axis is logarithmic, and lines stand at powers of ten only."""


class ThresholdMapFigure(RunFigure):
    """A map of the probability, its lines at 0.05, 0.5 and 0.95, and lines of the outcome's median.

    The table holds each pair of ``x`` and ``y`` once; a quantity of few values has a strip for each. Lines of
    the probability are explained on the colour bar, those of the median by their labels.
    """

    name = "threshold_map"
    order = 7
    made_by = DECIDE
    reading = (
        "The probability of exceeding the last threshold with two quantities held at the values on the "
        "axes. The thick solid line is even odds; thin labelled lines are medians of the outcome."
    )
    columns = Columns(
        {
            "x": "number",
            "y": "number",
            "median": "optional",
            "p_above": "optional",
            "x_name": "text",
            "y_name": "text",
            "x_unit": "text",
            "y_unit": "text",
            "threshold": "number",
        }
    )

    @override
    def draw(self, table: pd.DataFrame, subject: Subject, look: Look) -> Figure:
        figure, ((ax,),) = new_panels(look, look.curve_cm())
        first = table.iloc[0]
        p_above, median = (
            table.pivot(index="y", columns="x", values=name).astype(float) for name in ("p_above", "median")
        )
        x, y, _ = _grid(p_above)
        _scale_axis(ax.xaxis, x)
        _scale_axis(ax.yaxis, y)
        threshold = float(first["threshold"])
        # without the threshold: that is the line of probability 0.5
        levels = [level for level in _round_levels(*_ends(median.to_numpy())) if level != threshold]
        has_lines = False
        for part in _patches(p_above):
            mesh = ax.pcolormesh(*part, cmap=COLOUR_MAP, vmin=0, vmax=1, shading="gouraud", rasterized=True)
            has_lines |= _draw_probabilities(*part, ax)
        for part in _patches(median):
            _draw_medians(*part, levels, threshold, ax)
        label = f"P({subject.outcome} > {number(threshold)})"
        bar = figure.colorbar(mesh, ax=ax, label=label, ticks=CONTOURS, format="%g", pad=0.03, aspect=25)
        bar.ax.minorticks_off()
        if has_lines:
            for level, dashes, colour in zip(CONTOURS, DASHES, LINE_COLOURS, strict=True):
                bar.ax.axhline(level, color=colour, linestyle=dashes, linewidth=line_width(1.2))
        ax.set_xlabel(with_unit(subject.label(str(first["x_name"])), str(first["x_unit"])))
        ax.set_ylabel(with_unit(subject.label(str(first["y_name"])), str(first["y_unit"])))
        return figure

    @override
    def caption(self, table: pd.DataFrame, subject: Subject) -> str:
        first = table.iloc[0]
        x, y = (
            f"{subject.label(str(first[f'{axis}_name']))} ({unit_words(str(first[f'{axis}_unit']))}; "
            f"{_axis_words(table[axis])})"
            for axis in ("x", "y")
        )
        threshold = number(float(first["threshold"]))
        return subject.caption(
            f"{subject.heading}: probability of exceeding {threshold} with {x} and {y} held at the "
            "values on the axes. Thick lines: probability 0.05 (dotted), 0.5 (solid) and 0.95 (dashed); "
            "labelled thin lines: median of the outcome."
        )

    @override
    def check(self, table: pd.DataFrame) -> str:
        n_x, n_y = table["x"].nunique(), table["y"].nunique()
        if table.duplicated(["x", "y"]).any() or n_x * n_y != len(table) or min(n_x, n_y) < 2:
            return "x and y are not a full grid of two values each or more"
        constants = ["x_name", "y_name", "x_unit", "y_unit", "threshold"]
        varying = [name for name in constants if table[name].nunique() > 1]
        if varying:
            return f"{', '.join(varying)} must be the same in every row"
        if not table["p_above"].between(0, 1).all():
            return "p_above lies outside 0 to 1"
        return ""


def _within(values: Iterable[float]) -> float:
    return LOG if spans(values, LOG_FROM) else LINEAR


def _is_separate(values: np.ndarray) -> bool:
    """Tell whether values along an axis are single ones, such as 0 and 1 of an event, and not a grid."""
    return len(values) <= MOST_SEPARATE


def _axis_words(values: pd.Series) -> str:
    distinct = np.unique(values)
    return f"{len(distinct)} values" if _is_separate(distinct) else scale_words(_within(distinct))


def _scale_axis(axis: Axis, values: np.ndarray) -> None:
    """Give an axis its ends and ticks; single values stand side by side, whatever their distance."""
    set_ends = axis.axes.set_xlim if isinstance(axis, XAxis) else axis.axes.set_ylim
    if _is_separate(values):
        axis.set_ticks(range(len(values)), labels=[number(value) for value in values])
        axis.set_tick_params(length=0)
        set_ends(-0.5, len(values) - 0.5)
    else:
        scale_axis(axis, _within(values))
        set_ends(values[0], values[-1])


def _patches(values: pd.DataFrame) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Yield parts of a map (y, x) as x, y and values: one for each single value along either axis."""
    x, y, z = _grid(values)
    for of_y, on_y in _strips(y):
        for of_x, on_x in _strips(x):
            yield on_x, on_y, z[np.ix_(of_y, of_x)]


def _strips(values: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield which values of an axis a strip is made of, and where along the axis they stand."""
    if not _is_separate(values):
        yield np.arange(len(values)), values
        return
    for place in range(len(values)):
        yield np.full(STRIP_POINTS, place), place + np.linspace(-HALF_STRIP, HALF_STRIP, STRIP_POINTS)


def _draw_probabilities(x: np.ndarray, y: np.ndarray, values: np.ndarray, ax: Axes) -> bool:
    """Draw the lines of the probability (y, x) that lie within a part of the map; tell if there are any."""
    low, high = _ends(values)
    shown = [line for line in zip(CONTOURS, DASHES, LINE_COLOURS, strict=True) if low < line[0] < high]
    if not shown:
        return False
    levels, dashes, colours = zip(*shown, strict=True)
    ax.contour(x, y, values, levels=levels, colors=colours, linestyles=dashes, linewidths=line_width(1.2))
    return True


def _ends(values: np.ndarray) -> tuple[float, float]:
    """Return the least and the largest value there is; NaN where there is none."""
    known = values[np.isfinite(values)]
    return (float(known.min()), float(known.max())) if known.size else (np.nan, np.nan)


def _draw_medians(
    x: np.ndarray, y: np.ndarray, values: np.ndarray, levels: Sequence[float], threshold: float, ax: Axes
) -> None:
    """Draw labelled lines of the outcome's median (y, x) in a part of the map: white where it is dark."""
    low, high = _ends(values)
    within = [level for level in levels if low < level < high]
    if within:
        colours = [WHITE if level < threshold else BLACK for level in within]
        lines = ax.contour(x, y, values, levels=within, colors=colours, linewidths=line_width(0.6))
        ax.clabel(lines, fmt=number, fontsize="small")


def _grid(values: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the values of x and of y, and what stands over them (y, x)."""
    return values.columns.to_numpy(dtype=float), values.index.to_numpy(dtype=float), values.to_numpy()


def _round_levels(low: float, high: float) -> list[float]:
    """Return at most five round values well within two ends, rising; none between equal ones.

    Examples
    --------
    >>> _round_levels(2.0, 3000.0), _round_levels(0.0, 1.0), _round_levels(5.0, 5.0)
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


FIGURE = ThresholdMapFigure()
