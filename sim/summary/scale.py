r"""The scale on which values are shown whole: log, linear, or both in one.

A symmetric log scale is linear about 0 and logarithmic beyond a width w on either side,
:math:`u = \operatorname{asinh}(x / w)`. As w falls to 0 it becomes the log scale of positive values, as w
grows the linear one: so w alone names the scale, 0 for log and infinity for linear.
"""

from collections.abc import Iterable

import numpy as np

from sim.types import Array

COVERED = (0.0005, 0.9995)
"""Ends of what a scale must show, as quantiles."""
HEAVY = 20.0
"""Range over interquartile range above which a linear axis shows little but its tails; 5 for a normal law."""
ONE_SIDED, TWO_SIDED = 0.01, 0.5
"""Quantile of the magnitudes that becomes w, where values lie on one side of 0 and on both."""
SANE, LARGEST = (1e-200, 1e200), 1e307
"""Magnitudes that a linear axis can be computed with; beyond, it is a symmetric one of great width."""
AS_GOOD_AS_LINEAR = 1e4
"""Width over magnitude from which a symmetric log axis is linear to 1e-9."""
LEAST_WIDTH = 1e-100
"""Of the largest magnitude: what is smaller still is 0 on the axis."""


def linear_within(values: Iterable[float], marks: Iterable[float] = ()) -> float:
    """Return the width about 0 within which an axis is best linear: 0 for a log, infinity for a linear axis.

    Parameters
    ----------
    values
        What the axis shows, of any shape; what is not finite is left out.
    marks
        Single values that it must show too.

    Returns
    -------
    float
        0 for a log, infinity for a linear axis.

    Examples
    --------
    >>> linear_within([1.0, 2.0]), linear_within([-1.0, 2.0]), linear_within([1.0, 2.0], [0.0])
    (0.0, inf, inf)
    """
    array = np.asarray(values, dtype=np.float64)
    array = array[np.isfinite(array)]
    marked = np.asarray([mark for mark in marks if np.isfinite(mark)], dtype=np.float64)
    shown = np.concatenate([array, marked])
    if not array.size or shown.min() > 0:
        return 0.0 if array.size else np.inf
    least, first, third, most = np.quantile(array / 4.0, [COVERED[0], 0.25, 0.75, COVERED[1]])
    spread = max([most, *(marked / 4.0)]) - min([least, *(marked / 4.0)])
    size = float(np.abs(shown).max())
    if not third > first or spread <= HEAVY * (third - first):
        return np.inf if size == 0 or SANE[0] < size < SANE[1] else min(AS_GOOD_AS_LINEAR * size, LARGEST)
    sizes = np.abs(array[array != 0])
    one_sided = array.min() >= 0 or array.max() <= 0
    width = float(np.quantile(sizes, ONE_SIDED if one_sided else TWO_SIDED))
    return max(width, LEAST_WIDTH * size)


def along(values: Array, within: float) -> Array:
    """Return where values stand along an axis that is linear within a width.

    Parameters
    ----------
    values
        Any shape.
    within
        Width within which the axis is linear.

    Returns
    -------
    ndarray
        Places on the axis, of the same shape.
    """
    if within == 0:
        return np.asarray(np.log(values))
    if np.isinf(within):
        return values
    with np.errstate(over="ignore", under="ignore"):
        return np.asarray(np.arcsinh(np.clip(values / within, -LARGEST, LARGEST)))


def values_at(places: Array, within: float) -> Array:
    """Return the values that stand at places along the axis: the inverse of :func:`along`.

    Parameters
    ----------
    places
        On the axis.
    within
        Width within which the axis is linear.

    Returns
    -------
    ndarray
        Values, of the same shape.
    """
    if within == 0:
        return np.asarray(np.exp(places))
    if np.isinf(within):
        return places
    with np.errstate(over="ignore"):
        return np.asarray(np.clip(within * np.sinh(places), -LARGEST, LARGEST))
