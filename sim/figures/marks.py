"""Vertical lines with their words above the axes, and one legend above all panels, as wide as has room."""

from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties

from sim.figures.fold import ems
from sim.figures.style import BLACK, GREY, VERMILION, line_width
from sim.figures.subject import Subject
from sim.figures.ticks import number

GAP = 0.8
"""Room between words of one level, in ems."""
HANDLE, COLUMN_GAP = 1.4, 1.0
PADDING = 1.2
"""Room between a handle and its words, and at the ends of the legend, in ems."""


@dataclass(frozen=True)
class Mark:
    """A vertical line at a value of the axis, with words above it.

    Parameters
    ----------
    value
        Where on the axis the line stands.
    words
        Words above it.
    colour
        Colour of the line, which is never all that tells it from another.
    dashes
        Dashes of the line, in matplotlib's notation.
    weight
        Width of the line, relative to other lines.
    """

    value: float
    words: str
    colour: str = GREY
    dashes: str = ":"
    weight: float = 0.7


def thresholds_and_published(subject: Subject) -> list[Mark]:
    """Return the marks of thresholds, and of the published value where there is one."""
    published = subject.published
    marks = [Mark(value, number(value)) for value in subject.thresholds if value != published]
    if published is not None:
        marks.append(Mark(published, f"published {number(published)}", VERMILION, "--", 1.0))
    return marks


def draw_lines(marks: Sequence[Mark], ax: Axes) -> None:
    """Draw the lines; the axis grows to hold them.

    Parameters
    ----------
    marks
        The marks, in any order.
    ax
        Axes to draw on.
    """
    for mark in marks:
        ax.axvline(mark.value, color=mark.colour, linestyle=mark.dashes, linewidth=line_width(mark.weight))


def write_words(marks: Sequence[Mark], ax: Axes) -> None:
    """Write the words above the axes, colliding ones one level up.

    Parameters
    ----------
    marks
        The marks, in any order.
    ax
        Axes to write on, whose ends and scale stand.
    """
    size = FontProperties(size="small").get_size_in_points()
    figure = ax.get_figure(root=True)
    assert figure is not None
    length = ax.bbox.width * 72.0 / figure.dpi
    to_axes = ax.transData + ax.transAxes.inverted()
    taken: list[float] = []
    for mark in sorted(marks, key=lambda mark: mark.value):
        place = float(to_axes.transform((mark.value, ax.get_ylim()[1]))[0])
        half = (ems(mark.words) + GAP) * size / 2.0 / length
        level = next((i for i, end in enumerate(taken) if end <= place - half), len(taken))
        taken[level : level + 1] = [place + half]
        ax.annotate(
            mark.words,
            (place, 1.0),
            (0.0, 2.0 + 1.25 * size * level),
            xycoords="axes fraction",
            textcoords="offset points",
            horizontalalignment="center",
            verticalalignment="bottom",
            color=BLACK if mark.colour == GREY else mark.colour,
            fontsize="small",
        )


def legend_above(ax: Axes, more: Sequence[tuple[Artist, str]] = ()) -> None:
    """Draw the legend of one panel above the whole figure, in as many columns as have room.

    Parameters
    ----------
    ax
        Panel whose labelled marks are listed.
    more
        Further handles with their words.
    """
    handles, labels = ax.get_legend_handles_labels()
    handles, labels = [*handles, *(handle for handle, _ in more)], [*labels, *(words for _, words in more)]
    figure = ax.get_figure(root=True)
    assert figure is not None
    size = FontProperties(size=mpl.rcParams["legend.fontsize"]).get_size_in_points()
    room = 72.0 * figure.get_size_inches()[0] / size
    n_columns = len(labels)
    while n_columns > 1 and _width(labels, n_columns) > room:
        n_columns -= 1
    figure.legend(
        handles,
        labels,
        loc="outside upper center",
        ncols=n_columns,
        handlelength=HANDLE,
        columnspacing=COLUMN_GAP,
    )


def shown_in_legend(text: str) -> str:
    """Return any text so that a legend shows it: matplotlib leaves out what starts with an underscore.

    Examples
    --------
    >>> shown_in_legend("a_b"), shown_in_legend("_x") == "\u200a_x"
    ('a_b', True)
    """
    return f"\u200a{text}" if text.startswith("_") else text


def _width(labels: Sequence[str], n_columns: int) -> float:
    """Return how wide a legend is, in ems: every column as wide as its longest entry."""
    n_rows = -(-len(labels) // n_columns)
    columns = [labels[start : start + n_rows] for start in range(0, len(labels), n_rows)]
    return sum(max(map(ems, column)) + HANDLE + COLUMN_GAP + PADDING for column in columns)
