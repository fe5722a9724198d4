"""The outcome against each of its drivers, one panel each."""

import math
from collections.abc import Sequence
from textwrap import fill
from typing import override

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pandas.api.types import is_numeric_dtype

from sim.figures.axes import best_within, scale_axis
from sim.figures.catalogue import Columns
from sim.figures.fold import ELLIPSIS, WIDTH_OF_CHARACTER
from sim.figures.look import TYPE_POINTS, Look
from sim.figures.run_figure import SENSITIVITY, RunFigure
from sim.figures.style import BLUE, CM_PER_INCH, line_width, new_panels
from sim.figures.subject import DIMENSIONLESS, Subject
from sim.figures.ticks import MOST_SEPARATE, RoomyValueLocator
from sim.scenario.schema import Scenario
from sim.scenario.titles import column_words, raised

LOG_FROM = 2.0
"""Ratio of largest to smallest value from which an axis is logarithmic."""
VECTOR_POINTS = 6_000
"""Up to so many points stay vectors; beyond, a file would take a megabyte."""
ROOM_LEFT = 6.0
"""Left of the panels, for numbers and the label of the outcome, in ems."""
BETWEEN = 1.4
"""Numbers of neighbouring panels, in ems."""
MOST_LINES = 4
"""Most lines of a name and of a unit: what tells the parts of a vector apart stands at the end of a name."""
PANEL_CM, LINE_CM = 2.4, 0.32
"""Height of a panel with its numbers, and of a line of its label."""
SMALL = 0.833
"""Size of small type, of the size of type."""
GOLDEN = 0.6180339887498949


class DriversFigure(RunFigure):
    """A panel for each column after the first, which is the outcome; a point for each draw.

    A column holds numbers, or the names of the alternatives of a choice, which stand side by side.
    """

    name = "drivers"
    order = 9
    made_by = SENSITIVITY
    reading = (
        "The outcome against each quantity that it reads, about a thousand draws: a slope is an influence, "
        "a round cloud is none. It shows bends and gaps that no index tells."
    )

    @override
    def columns_of(self, scenario: Scenario) -> Columns:
        return Columns({scenario.report.outcome: "number"}, rest="number", words=tuple(scenario.choices))

    @override
    def draw(self, table: pd.DataFrame, subject: Subject, look: Look) -> Figure:
        names = table.columns[1:]
        n_columns = min(5 if look.is_wide else 3, len(names))
        n_rows = math.ceil(len(names) / n_columns)
        width = _characters(look, n_columns)
        labels = {name: _label(name, subject, width) for name in names}
        n_lines = [
            max(1 + labels[name].count("\n") for name in names[start : start + n_columns])
            for start in range(0, len(names), n_columns)
        ]
        height = look.fixed_cm(0.6 + PANEL_CM * n_rows + LINE_CM * sum(n_lines))
        figure, rows = new_panels(look, height, n_rows, n_columns)
        pad = BETWEEN * SMALL * TYPE_POINTS[look.style] / 72.0 / 2.0
        figure.set_layout_engine("constrained", w_pad=pad)
        panels = [ax for row in rows for ax in row]
        outcome = table.iloc[:, 0]
        rasterised = len(table) * len(names) > VECTOR_POINTS
        within = best_within(outcome, LOG_FROM)
        for name, ax in zip(names, panels, strict=False):
            scale_axis(ax.yaxis, within)
            _draw_panel(table[name], outcome, ax, rasterised)
            ax.set_xlabel(labels[name], fontsize="small")
            if ax not in [row[0] for row in rows]:
                ax.tick_params(axis="y", labelleft=False)
        for ax in panels[len(names) :]:
            ax.set_axis_off()
        figure.supylabel(subject.axis, fontsize="medium")
        return figure

    @override
    def caption(self, table: pd.DataFrame, subject: Subject) -> str:
        names = table.columns[1:]
        return subject.caption(
            f"{subject.heading} against each of its {len(names)} drivers, {len(table):,} draws "
            f"thinned from all; axes are logarithmic where all values are positive and span a factor of "
            f"{LOG_FROM:g} or more.",
            *(_alternatives_sentence(name, table[name], subject) for name in names),
        )

    @override
    def check(self, table: pd.DataFrame) -> str:
        return "" if table.shape[1] > 1 else "it has no driver besides the outcome"


def _draw_panel(column: pd.Series, outcome: pd.Series, ax: Axes, rasterised: bool) -> None:
    alternatives = _alternatives(column)
    if not alternatives:
        scale_axis(ax.xaxis, best_within(column, LOG_FROM))
    ax.minorticks_off()  # on so small a panel they are a grey band, and half of the time it takes to draw
    ax.plot(
        _spread(column, alternatives) if alternatives else column,
        outcome,
        ".",
        color=BLUE,
        alpha=0.5,
        markersize=line_width(2.0),
        markeredgewidth=0,
        rasterized=rasterised,
    )
    if alternatives:
        ax.set_xticks(range(1, len(alternatives) + 1))
    elif column.nunique() <= MOST_SEPARATE:
        values = sorted(column.unique())
        ax.xaxis.set_major_locator(RoomyValueLocator(values, log=ax.get_xscale() == "log"))


def _alternatives(column: pd.Series) -> list[str]:
    """Return the alternatives of a choice, in the order of their numbers; none for numbers."""
    return [] if is_numeric_dtype(column) else sorted(column.unique())


def _alternatives_sentence(name: str, column: pd.Series, subject: Subject) -> str:
    """Return what the numbers of a choice stand for, empty for a column of numbers."""
    names = _alternatives(column)
    numbered = ", ".join(f"{place} = {raised(column_words(text))}" for place, text in enumerate(names, 1))
    return f"{subject.label(name)}: {numbered}." if names else ""


def _characters(look: Look, n_columns: int) -> int:
    """Return how many characters of a label one panel has room for."""
    size = SMALL * TYPE_POINTS[look.style]
    room = 72.0 * look.width_cm / CM_PER_INCH - ROOM_LEFT * size
    return int(room / n_columns / (WIDTH_OF_CHARACTER * size))


def _label(name: str, subject: Subject, width: int) -> str:
    unit = subject.units.get(name, DIMENSIONLESS)
    title = subject.label(name)
    lines = [title] if unit == DIMENSIONLESS else [f"{title},", unit.replace("/", "/ ")]
    folded = (fill(line, width, max_lines=MOST_LINES, placeholder=ELLIPSIS) for line in lines)
    return "\n".join(folded).replace("/ ", "/")


def _spread(column: pd.Series, alternatives: Sequence[str]) -> np.ndarray:
    """Return a place for each draw, spread evenly around the number of its alternative."""
    numbers = column.map({name: place for place, name in enumerate(alternatives, 1)}).to_numpy(dtype=float)
    return numbers + 0.7 * ((np.arange(len(column)) * GOLDEN) % 1.0 - 0.5)


FIGURE = DriversFigure()
