"""Axes whose ticks a reader can say aloud."""

from collections.abc import Iterable, Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, NullFormatter, NullLocator

from sim.figures.ticks import FineLogLocator, RoomyLocator, RoomyLogLocator, number

PLAIN: Mapping[str, str] = {}
WIDE = 1e4
"""Ratio of the ends of a log axis above which ticks between the powers of ten only make it darker."""


def readable_log_axis(ax: Axes, suffixes: Mapping[str, str] = PLAIN) -> None:
    """Make the horizontal axis logarithmic, with ticks such as 50, 100 and 200 M."""
    ax.set_xscale("log")
    _log_ticks(ax.xaxis, suffixes)


def readable_log_height(ax: Axes, suffixes: Mapping[str, str] = PLAIN) -> None:
    """Make the vertical axis logarithmic, with ticks such as 50, 100 and 200 M."""
    ax.set_yscale("log")
    _log_ticks(ax.yaxis, suffixes)


def readable(axis: Axis, suffixes: Mapping[str, str] = PLAIN) -> None:
    """Give a linear axis ticks that fit, with numbers such as 200 M."""
    axis.set_major_locator(RoomyLocator(suffixes))
    axis.set_major_formatter(FuncFormatter(lambda value, _: number(value, suffixes)))


def spans(values: Iterable[float], factor: float) -> bool:
    """Tell whether values are positive and span a factor or more: a log axis fits them.

    Examples
    --------
    >>> spans([1.0, 20.0], 5), spans([0.0, 20.0], 5), spans([1.0, 2.0], 5)
    (True, False, False)
    """
    array = np.asarray(list(values), dtype=float)
    finite = array[np.isfinite(array)]
    return bool(finite.size and finite.min() > 0 and finite.max() >= factor * finite.min())


def equal_on_log_axis(edges: Iterable[float]) -> bool:
    """Tell whether steps are of equal width on a log axis rather than on a linear one."""
    array = np.asarray(list(edges), dtype=float)
    if array.size < 2 or array.min() <= 0:
        return False
    return bool(np.ptp(np.diff(np.log(array))) <= 1e-6 * abs(np.log(array[-1] / array[0])))


def _log_ticks(axis: Axis, suffixes: Mapping[str, str]) -> None:
    axis.set_major_locator(RoomyLogLocator(suffixes))
    axis.set_major_formatter(FuncFormatter(lambda value, _: number(value, suffixes)))
    low, high = axis.get_view_interval()
    axis.set_minor_locator(FineLogLocator() if high < WIDE * low else NullLocator())
    axis.set_minor_formatter(NullFormatter())
