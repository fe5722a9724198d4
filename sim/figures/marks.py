"""Vertical lines with their words above the axes, in as many levels as it takes to keep them apart."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties

from sim.figures.style import BLACK, GREY, VERMILION, line_width
from sim.figures.subject import Subject
from sim.figures.ticks import ems, number

GAP = 0.8
"""Between words of one level, in ems."""


@dataclass(frozen=True)
class Mark:
    """A vertical line.

    Parameters
    ----------
    value
        Where, in the unit of the axis.
    words
        Above it.
    colour, dashes
        Of the line: colour is never all that tells it from another.
    weight
        Relative to other lines.
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
        In any order.
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
        In any order.
    ax
        Axes whose ends and scale stand.
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
