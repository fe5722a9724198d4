r"""Where functions cross zero, and how: smoothly, by a jump, or through infinity.

A change of sign between two places is narrowed by Chandrupatla's method (1997, Adv. Eng. Softw. 28:145;
:func:`scipy.optimize.elementwise.find_root`), which keeps a bracket and never takes more than a few times the
steps of halving it. It searches on a coordinate u from 0 to 1 along the bracket, logarithmic where both ends
have one sign, so that it ends at any scale and any sign, at a root of 0 too.

What was met is told from four values around it, :math:`\Delta_k = f(u + 2^{-k}) - f(u - 2^{-k})`, k = 16 and
32: a smooth function has shrunk :math:`2^{16}` times, a jump stands, a pole has grown.
"""

from collections.abc import Callable

import numpy as np
from scipy.optimize import elementwise

from sim.types import Array, Indices

Function = Callable[[Array, Indices], Array]
"""Values of some functions at one place each, given the places and the numbers of the functions."""

CROSSES, JUMPS, POLE, FLAT = "crosses", "jumps", "pole", "flat"
PRECISION = 2.0**-40
"""Of the coordinate along a bracket."""
MOST_STEPS = 300
FAR, NEAR = 2.0**-16, 2.0**-32
STANDS = 8.0
"""A difference that neither grows nor shrinks by more than this factor from far to near is that of a jump."""
LEAST, MOST = np.nextafter(0.0, 1.0), np.finfo(np.float64).max / 8.0


def changes(distance: Array) -> tuple[Indices, Indices]:
    """Return where functions change between above zero and at most zero, from values on a grid.

    Parameters
    ----------
    distance
        (grid, function); not a number where a function has none.

    Returns
    -------
    tuple
        Places on the grid (a change is between a place and the next) and functions, one of each a change.

    Examples
    --------
    >>> changes(np.array([[-1.0], [1.0], [2.0], [-3.0]]))
    (array([0, 2]), array([0, 0]))
    """
    above, known = distance > 0, ~np.isnan(distance)
    place, function = np.nonzero((above[1:] != above[:-1]) & known[1:] & known[:-1])
    return place, function


def roots(function: Function, low: Array, high: Array, which: Indices, precision: float = PRECISION) -> Array:
    """Return where functions change sign in brackets; where one jumps, the place of the jump.

    Parameters
    ----------
    function
        Changes between above zero and at most zero from one end of a bracket to the other.
    low, high
        Finite ends of the brackets.
    which
        The functions.
    precision
        Part of a bracket, or of its logarithm where both ends have one sign, to which it is narrowed.

    Returns
    -------
    ndarray
        Exactly 0 where the narrowed bracket holds it.
    """
    if not len(which):
        return np.zeros(0)

    def signed(at: Array, place: Indices) -> Array:
        place = place.astype(np.int64)
        found = function(_between(at, low[place], high[place]), which[place])
        found = np.nan_to_num(found, nan=-LEAST, posinf=MOST, neginf=-MOST)
        return np.where(found == 0.0, -LEAST, found)  # zero counts as below, so that an edge is found

    with np.errstate(all="ignore"):
        found = elementwise.find_root(
            signed,
            (np.zeros(len(which)), np.ones(len(which))),
            args=(np.arange(len(which)),),
            tolerances={"xatol": precision, "xrtol": 0.0, "fatol": 0.0, "frtol": 0.0},
            maxiter=MOST_STEPS,
        )
    values, first, last = (_between(np.asarray(u), low, high) for u in (found.x, *found.bracket))
    return np.where((first <= 0.0) & (last >= 0.0), 0.0, values)


def kinds(function: Function, values: Array, low: Array, high: Array, which: Indices) -> Array:
    """Return what functions do where they were found to change sign.

    Parameters
    ----------
    function, low, high, which
        As for :func:`roots`.
    values
        From :func:`roots`, or where another function changes sign.

    Returns
    -------
    ndarray
        ``crosses``; ``jumps`` over zero; ``flat``, zero on one side; or ``pole``, through infinity, or from
        one side to the same.
    """
    step = np.where(_one_sign(low, high), np.abs(values) * _logarithm(low, high), high - low)
    with np.errstate(all="ignore"):
        left, right = (
            [function(values + way * part * step, which) for part in (FAR, NEAR)] for way in (-1.0, 1.0)
        )
        far, near = (np.abs(b - a) for a, b in zip(left, right, strict=True))
        grown = near / far
    turned = (left[1] > 0) != (right[1] > 0)
    at_zero = np.any([(side[0] == 0) & (side[1] == 0) for side in (left, right)], axis=0)
    found = np.where(grown < 1.0 / STANDS, CROSSES, JUMPS)
    found = np.where(turned & (grown <= STANDS), found, POLE)
    return np.where(turned & at_zero, FLAT, found)


def _between(at: Array, low: Array, high: Array) -> Array:
    """Return places in brackets by their coordinate."""
    ratio = _logarithm(low, high) * np.where(low > 0, 1.0, -1.0)
    from_low = low * np.exp(np.minimum(at * ratio, np.log(MOST)))
    return np.where(_one_sign(low, high), from_low, low + at * (high - low))


def _one_sign(low: Array, high: Array) -> Array:
    return np.asarray((np.sign(low) == np.sign(high)) & (low != 0))


def _logarithm(low: Array, high: Array) -> Array:
    """Return the absolute logarithm of the ratio of the ends where they have one sign, else 0."""
    one = _one_sign(low, high)
    return np.asarray(np.abs(np.log(np.where(one, high, 1.0) / np.where(one, low, 1.0))))
