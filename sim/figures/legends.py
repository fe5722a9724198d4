"""One legend above all panels, in as many columns as have room."""

from collections.abc import Sequence

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties

from sim.figures.ticks import ems

HANDLE, GAP = 1.4, 1.0
PADDING = 1.2
"""Between a handle and its words, and at the ends of the legend, in ems."""


def legend_above(ax: Axes, more: Sequence[tuple[Artist, str]] = ()) -> None:
    """Draw the legend of one panel above the whole figure.

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
        handles, labels, loc="outside upper center", ncols=n_columns, handlelength=HANDLE, columnspacing=GAP
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
    return sum(max(map(ems, column)) + HANDLE + GAP + PADDING for column in columns)
