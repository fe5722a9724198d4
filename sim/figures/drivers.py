"""The outcome against each of its drivers, one panel each."""

from collections.abc import Sequence
from textwrap import fill

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from pandas.api.types import is_numeric_dtype

from sim.figures.about import DIMENSIONLESS, About
from sim.figures.axes import best_within, readable
from sim.figures.fold import ELLIPSIS
from sim.figures.style import BLUE, thick
from sim.figures.ticks import WIDTH_OF_CHARACTER

LOG_FROM = 2.0
"""Ratio of largest to smallest value from which an axis is logarithmic."""
VECTOR_POINTS = 6_000
"""Up to so many points stay vectors; beyond, a file would take a megabyte."""
ROOM_LEFT = 6.0
"""Left of the panels, for numbers and the label of the outcome, in ems."""
MOST_LINES = 4
"""Of a name and of a unit: what tells the parts of a vector apart stands at the end of a name."""
GOLDEN = 0.6180339887498949


def drivers_of(table: pd.DataFrame) -> tuple[str, ...]:
    """Return the columns after the first, which is the outcome."""
    return tuple(str(name) for name in table.columns[1:])


def drivers(table: pd.DataFrame, about: About, rows: Sequence[Sequence[Axes]]) -> None:
    """Draw one panel for each driver; panels left over are emptied.

    Parameters
    ----------
    table
        (draw): the outcome in the first column, then one column for each driver: numbers, or the names of
        the alternatives of a choice.
    about
        Outcome, names and units of drivers.
    rows
        Axes by row and column, at least one for each of :func:`drivers_of`.
    """
    names = drivers_of(table)
    outcome = table.iloc[:, 0]
    rasterised = len(table) * len(names) > VECTOR_POINTS
    panels = [ax for row in rows for ax in row]
    within = best_within(outcome, LOG_FROM)
    width = _characters(panels[0], len(rows[0]))
    for name, ax in zip(names, panels, strict=False):
        column = table[name]
        alternatives = alternatives_of(column)
        if not alternatives:
            readable(ax.xaxis, about.words.suffixes, best_within(column, LOG_FROM))
        readable(ax.yaxis, about.words.suffixes, within)
        x = _spread(column, alternatives) if alternatives else column
        ax.plot(
            x,
            outcome,
            ".",
            color=BLUE,
            alpha=0.5,
            markersize=thick(2.0),
            markeredgewidth=0,
            rasterized=rasterised,
        )
        if alternatives:
            ax.set_xticks(range(1, len(alternatives) + 1))
        ax.set_xlabel(_label(name, about, width), fontsize="small")
        if ax not in [row[0] for row in rows]:
            ax.tick_params(axis="y", labelleft=False)
    for ax in panels[len(names) :]:
        ax.set_axis_off()
    panels[0].figure.supylabel(about.axis, fontsize="medium")


def alternatives_of(column: pd.Series) -> list[str]:
    """Return the alternatives of a choice, in the order of their numbers; none for numbers."""
    return [] if is_numeric_dtype(column) else sorted(column.unique())


def _characters(ax: Axes, n_columns: int) -> int:
    """Return how many characters of a label one panel has room for."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    size = FontProperties(size="small").get_size_in_points()
    room = 72.0 * figure.get_size_inches()[0] - ROOM_LEFT * size
    return int(room / n_columns / (WIDTH_OF_CHARACTER * size))


def _label(name: str, about: About, width: int) -> str:
    unit = about.units.get(name, DIMENSIONLESS)
    title = about.label(name)
    lines = [title] if unit == DIMENSIONLESS else [f"{title},", unit.replace("/", "/ ")]
    folded = (fill(line, width, max_lines=MOST_LINES, placeholder=ELLIPSIS) for line in lines)
    return "\n".join(folded).replace("/ ", "/")


def _spread(column: pd.Series, alternatives: Sequence[str]) -> np.ndarray:
    """Return a place for each draw, spread evenly around the number of its alternative."""
    numbers = column.map({name: place for place, name in enumerate(alternatives, 1)}).to_numpy(dtype=float)
    return numbers + 0.7 * ((np.arange(len(column)) * GOLDEN) % 1.0 - 0.5)
