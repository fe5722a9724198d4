"""Axes whose ticks a reader can say aloud, on the scale that shows all of their values."""

from collections.abc import Iterable, Mapping

import numpy as np
from matplotlib.axis import Axis, XAxis
from matplotlib.ticker import NullFormatter, NullLocator

from sim.figures.ticks import (
    FineLogLocator,
    Numbers,
    RoomyLocator,
    RoomyLogLocator,
    RoomySymmetricLocator,
)
from sim.summary.scale import linear_within

PLAIN: Mapping[str, str] = {}
LINEAR, LOG = np.inf, 0.0
"""Width about 0 within which an axis is linear; all others make it symmetric, log on either side."""
WIDE = 1e4
"""Ratio of the ends of a log axis above which ticks between the powers of ten only make it darker."""


def readable(axis: Axis, suffixes: Mapping[str, str] = PLAIN, within: float = LINEAR) -> None:
    """Give an axis its scale, ticks that fit, and numbers such as 200 M.

    Parameters
    ----------
    axis
        Horizontal or vertical.
    suffixes
        What stands for K, M, B and T behind a number.
    within
        Width about 0 within which it is linear (:func:`sim.summary.scale.linear_within`).
    """
    if within != LINEAR:
        options = {} if within == LOG else {"linear_width": within}
        set_scale = axis.axes.set_xscale if isinstance(axis, XAxis) else axis.axes.set_yscale
        set_scale("asinh" if options else "log", **options)
    if within == LOG:
        axis.set_major_locator(RoomyLogLocator(suffixes))
    else:
        linear = RoomyLocator(suffixes)
        axis.set_major_locator(linear if within == LINEAR else RoomySymmetricLocator(suffixes, within))
    axis.set_major_formatter(Numbers(suffixes))
    axis.axes.autoscale_view(scalex=isinstance(axis, XAxis), scaley=not isinstance(axis, XAxis))
    if within != LINEAR:
        low, high = axis.get_view_interval()
        fine = within == LOG and high < WIDE * low
        axis.set_minor_locator(FineLogLocator() if fine else NullLocator())
        axis.set_minor_formatter(NullFormatter())


def best_within(values: Iterable[float], factor: float = 1.0) -> float:
    """Return the width within which an axis of values is linear: log only where they span a factor or more.

    Examples
    --------
    >>> best_within([1.0, 20.0], 5), best_within([0.0, 20.0], 5), best_within([1.0, 2.0], 5)
    (0.0, inf, inf)
    """
    array = np.asarray(list(values), dtype=float)
    within = linear_within(array)
    return within if within or spans(array, factor) else LINEAR


def spans(values: Iterable[float], factor: float) -> bool:
    """Tell whether values are positive and span a factor or more: a log axis fits them.

    Examples
    --------
    >>> spans([1.0, 20.0], 5), spans([0.0, 20.0], 5), spans([1.0, 2.0], 5)
    (True, False, False)
    """
    array = np.asarray(list(values), dtype=float)
    finite = array[np.isfinite(array)]
    return bool(finite.size and finite.min() > 0 and finite.max() / factor >= finite.min())


def equal_on_log_axis(edges: Iterable[float]) -> bool:
    """Tell whether steps are of equal width on a log axis rather than on a linear one."""
    array = np.asarray(list(edges), dtype=float)
    if array.size < 2 or array.min() <= 0:
        return False
    return bool(np.ptp(np.diff(np.log(array))) <= 1e-6 * abs(np.log(array[-1] / array[0])))
