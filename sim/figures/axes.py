"""Axes whose ticks a reader can say aloud, on the scale that shows all of their values."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from matplotlib.axis import Axis, XAxis
from matplotlib.ticker import NullFormatter

from sim.figures.ticks import FineLogLocator, Numbers, RoomyLocator, RoomyLogLocator, RoomySymmetricLocator
from sim.summary.density import along, linear_within, values_at

LINEAR, LOG = np.inf, 0.0
"""Width about 0 within which an axis is linear; all others make it symmetric, log on either side."""


def scale_axis(axis: Axis, within: float = LINEAR) -> None:
    """Give an axis its scale, ticks that fit, and numbers such as 200 M; before anything is drawn on it.

    What is drawn afterwards has its place found along the scale, where 1e-300 is no less than 1.

    Parameters
    ----------
    axis
        The axis.
    within
        Width about 0 within which the axis is linear (:func:`sim.summary.density.linear_within`).
    """
    set_scale = axis.axes.set_xscale if isinstance(axis, XAxis) else axis.axes.set_yscale
    if within == LINEAR:
        axis.set_major_locator(RoomyLocator())
    elif within == LOG:
        set_scale("log")
        axis.set_major_locator(RoomyLogLocator())
        axis.set_minor_locator(FineLogLocator())
    else:
        set_scale("function", functions=(lambda x: along(x, within), lambda u: values_at(u, within)))
        axis.set_major_locator(RoomySymmetricLocator(within))
    axis.set_major_formatter(Numbers())
    axis.set_minor_formatter(NullFormatter())


def linear(values: Iterable[float]) -> float:
    """Return the width that makes an axis of values linear, at any magnitude.

    Examples
    --------
    >>> linear([1.0, 2.0]), linear([1e-300]) > 1e-300
    (inf, True)
    """
    array = np.asarray(list(values), dtype=float)
    size = float(np.abs(array[np.isfinite(array)]).max(initial=0.0))
    return linear_within([-size, size])


def best_within(values: Iterable[float], factor: float = 1.0) -> float:
    """Return the width within which an axis of values is linear: log only where they span a factor or more.

    Parameters
    ----------
    values
        Values that the axis shows.
    factor
        Ratio of the largest to the smallest from which a log axis is worth its reading.

    Returns
    -------
    float
        0 for a log axis, infinity for a linear one.

    Examples
    --------
    >>> best_within([1.0, 20.0], 5), best_within([0.0, 20.0], 5), best_within([1.0, 2.0], 5)
    (0.0, inf, inf)
    """
    array = np.asarray(list(values), dtype=float)
    within = linear_within(array)
    return within if within or spans(array, factor) else linear(array)


def spans(values: Iterable[float], factor: float) -> bool:
    """Tell whether values are positive and span a factor or more: a log axis fits them.

    Parameters
    ----------
    values
        Values; those that are not finite are left out.
    factor
        Ratio of the largest to the smallest.

    Returns
    -------
    bool
        False for no values.

    Examples
    --------
    >>> spans([1.0, 20.0], 5), spans([0.0, 20.0], 5), spans([1.0, 2.0], 5)
    (True, False, False)
    """
    array = np.asarray(list(values), dtype=float)
    finite = array[np.isfinite(array)]
    return bool(finite.size and finite.min() > 0 and finite.max() / factor >= finite.min())


def intervals_within(table: pd.DataFrame) -> float:
    """Return the width within which the axis of a table of intervals is linear: 0 for a log axis."""
    columns = [name for name in ("low", "median", "high", "published") if name in table]
    return best_within(table[columns].to_numpy(dtype=float).ravel())


def equal_on_log_axis(edges: Iterable[float]) -> bool:
    """Tell whether steps are of equal width on a log axis rather than on a linear one."""
    array = np.asarray(list(edges), dtype=float)
    if array.size < 2 or array.min() <= 0:
        return False
    return bool(np.ptp(np.diff(np.log(array))) <= 1e-6 * abs(np.log(array[-1] / array[0])))
