"""Axes whose ticks a reader can say aloud."""

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from sim.summary.digits import cut

MANY_TICKS_BELOW, SOME_TICKS_BELOW = 100.0, 1000.0
"""Ratio of the ends of an axis below which ticks at 1, 2, 5 or at 1, 3 have room in one column."""


def readable_log_axis(ax: Axes) -> None:
    """Make the horizontal axis logarithmic, with ticks such as 50, 100 and 200 M."""
    ax.set_xscale("log")
    low, high = ax.get_xlim()
    span = high / low
    steps = (1.0, 2.0, 5.0) if span < MANY_TICKS_BELOW else (1.0, 3.0) if span < SOME_TICKS_BELOW else (1.0,)
    ax.xaxis.set_major_locator(LogLocator(subs=steps))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _plain(value)))
    ax.xaxis.set_minor_formatter(NullFormatter())


def _plain(value: float) -> str:
    text = cut(value, 0.0)
    number, _, suffix = text.partition(" ")
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    return f"{number} {suffix}".strip()
