"""Labels longer than a figure has room for, put on several lines."""

from textwrap import wrap

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FixedLocator

MOST_LINES = 3
LEFT_OF_PANELS, UNDER_PANEL, UNDER_TWO, UNDER_PANELS = 0.4, 0.72, 0.72, 0.9
"""Room of the names of rows, and of a label under a single panel, under two side by side and under more, of
the figure's width.
"""
BESIDE_PANEL = 0.72
"""Room of an upright label of a panel, of the figure's height."""
ALONG_PANEL = 0.85
"""Room of an upright label of all panels, of the figure's height, and of a legend, of its width."""
LINE_IN = 1.25 / 72.0
"""Height of a line, in inches for each point of its type."""
LEAST_CHARACTERS = 8
ELLIPSIS = " …"
WIDTH_OF_CHARACTER, NARROW = 0.66, 0.33
"""Widths in DejaVu Sans, in ems: of letters and digits; of spaces, points and commas."""


def fold_labels(figure: Figure) -> None:
    """Fold labels of axes, titles, legends and named ticks that would leave the figure; others stay.

    What takes more than three lines ends in an ellipsis: captions have it whole.
    """
    width, height = figure.bbox.size
    n_lines = 0
    for ax in figure.axes:
        room = _width_of(ax, width)
        left = LEFT_OF_PANELS * (width if room > width / 2 else 0.8 * width)
        added = _fold(ax.xaxis.label, room) + _fold_names(ax.yaxis, left)
        n_lines = max(n_lines, added)
        _fold(ax.yaxis.label, BESIDE_PANEL * height)
        _fold_names(ax.xaxis, 2.0 * room / max(len(ax.get_xticks()), 1))
    for text in figure.texts:
        upright = text.get_rotation() != 0
        added = _fold(text, ALONG_PANEL * height if upright else width)
        n_lines += 0 if upright else added
    for legend in figure.legends:
        n_lines += sum(_fold(text, ALONG_PANEL * width) for text in legend.get_texts())
    if n_lines:  # panels keep their height
        figure.set_figheight(figure.get_figheight() + n_lines * LINE_IN * mpl.rcParams["font.size"])


def _width_of(ax: Axes, width: float) -> float:
    """Return the room of a label under a panel."""
    place = ax.get_subplotspec()
    if place is None or place.get_gridspec().ncols == 1:
        return UNDER_PANEL * width
    grid = place.get_gridspec()
    ratios = np.broadcast_to(np.asarray(grid.get_width_ratios(), dtype=float), grid.ncols)
    room = UNDER_PANELS if grid.ncols > 2 else UNDER_TWO
    return float(room * width * ratios[place.colspan.start] / ratios.sum())


def _fold(text: Text, room: float) -> int:
    """Fold the lines of a text; return how many were added."""
    whole, lines = text.get_text(), []
    for line in whole.split("\n"):
        text.set_text(line)
        box = text.get_window_extent()
        lines += _lines(line, max(box.width, box.height), room)
    text.set_text("\n".join(lines))
    return len(lines) - len(whole.split("\n"))


def _fold_names(axis: Axis, room: float) -> int:
    """Fold the words of named ticks, numbers find room themselves; return how many lines were added."""
    if not isinstance(axis.get_major_locator(), FixedLocator):
        return 0
    places = list(axis.get_majorticklocs())
    stated = axis.get_major_formatter().format_ticks(places)
    figure = axis.get_figure(root=True)
    assert figure is not None
    probe = figure.text(0.0, 0.0, "", fontsize=mpl.rcParams["xtick.labelsize"])
    names, n_lines = [], 0
    for name in stated:
        probe.set_text(name)
        n_lines += _fold(probe, room)
        names.append(probe.get_text())
    probe.remove()
    if n_lines:
        axis.set_ticks(places, labels=names)
    return n_lines


def _lines(line: str, length: float, room: float) -> list[str]:
    """Return a line of a length, in pixels, as the lines that a room asks for."""
    if length <= room or not line.strip():
        return [line]
    n_characters = max(int(len(line) * room / length), LEAST_CHARACTERS)
    return wrap(line, n_characters, max_lines=MOST_LINES, placeholder=ELLIPSIS)


def ems(text: str) -> float:
    """Return about how wide a number or a few words are, in ems.

    Examples
    --------
    >>> ems("100 B") == 4 * WIDTH_OF_CHARACTER + NARROW
    True
    """
    return sum(NARROW if letter in " .," else WIDTH_OF_CHARACTER for letter in text)
