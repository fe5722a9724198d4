"""Labels longer than a figure has room for, put on several lines."""

from textwrap import wrap

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FixedFormatter

MOST_LINES = 3
LEFT_OF_PANELS, UNDER_PANEL = 0.4, 0.8
"""Room of the names of rows, and of a label under a single panel, of the figure's width."""
LEAST_CHARACTERS = 8
ELLIPSIS = " …"


def fold_labels(figure: Figure) -> None:
    """Fold labels of axes, titles, legends and named ticks that would leave the figure; others stay.

    What takes more than three lines ends in an ellipsis: captions have it whole.
    """
    width, height = figure.bbox.size
    for ax in figure.axes:
        room = _width_of(ax, width)
        for text in (ax.xaxis.label, ax.title, ax._left_title):  # type: ignore[attr-defined]
            _fold(text, room)
        _fold(ax.yaxis.label, height)
        _fold_names(ax.yaxis, LEFT_OF_PANELS * width)
        _fold_names(ax.xaxis, 2.0 * room / max(len(ax.get_xticks()), 1))
    for text in figure.texts:
        _fold(text, height if text.get_rotation() else width)
    for legend in [*figure.legends, *(ax.get_legend() for ax in figure.axes if ax.get_legend())]:
        for text in legend.get_texts() if legend else ():
            _fold(text, 0.85 * width)


def _width_of(ax: Axes, width: float) -> float:
    """Return the room of a label under a panel."""
    place = ax.get_subplotspec()
    n_columns = place.get_gridspec().ncols if place else 1
    return UNDER_PANEL * width if n_columns == 1 else width / n_columns


def _fold(text: Text, room: float) -> None:
    whole, lines = text.get_text(), []
    for line in whole.split("\n"):
        text.set_text(line)
        lines += _lines(line, _length(text), room)
    text.set_text("\n".join(lines))


def _fold_names(axis: Axis, room: float) -> None:
    """Fold the words of named ticks; numbers find room themselves."""
    formatter = axis.get_major_formatter()
    if not isinstance(formatter, FixedFormatter):
        return
    figure = axis.get_figure(root=True)
    assert figure is not None
    probe = figure.text(0.0, 0.0, "", fontsize=mpl.rcParams["xtick.labelsize"])
    names = []
    for name in formatter.seq:
        probe.set_text(name)
        _fold(probe, room)
        names.append(probe.get_text())
    probe.remove()
    if names != list(formatter.seq):
        axis.set_major_formatter(FixedFormatter(names))


def _length(text: Text) -> float:
    box = text.get_window_extent()
    return max(box.width, box.height)


def _lines(line: str, length: float, room: float) -> list[str]:
    """Return a line of a length, in pixels, as the lines that a room asks for."""
    if length <= room or not line.strip():
        return [line]
    n_characters = max(int(len(line) * room / length), LEAST_CHARACTERS)
    return wrap(line, n_characters, max_lines=MOST_LINES, placeholder=ELLIPSIS)
