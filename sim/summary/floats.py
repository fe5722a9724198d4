"""Roots of functions that never fall, on the ordered set of the floating-point numbers.

Between any two floats lie at most 2^64 others, in the order of their bits. Halving that many takes 64 steps
at any scale, meets a jump where it is to the last bit, and cannot fail to converge; it needs no tolerance
that somebody's unit would make too coarse.
"""

from collections.abc import Callable

import numpy as np

from sim.types import Array, Indices

MOST_STEPS = 64
CLOSE = 2**10
"""Floats between two that differ by a few 1e-13 of themselves: a smooth root is known well enough."""
JUMP = 1e-9
"""Rise of the function between such floats from which it is a jump, whose place is looked for exactly."""
MAGNITUDE = np.int64(2**63 - 1)


def least_root(excess: Callable[[Array], Array], low: Array, high: Array) -> Array:
    """Return the least floats at which a function that never falls is not negative, elementwise.

    Parameters
    ----------
    excess
        Function of an array of the shape of `low`, elementwise.
    low, high
        Where it is negative, and where it is not.

    Returns
    -------
    ndarray
        Of the same shape: exact where the function jumps, else at most ``CLOSE`` floats too large.

    Examples
    --------
    >>> step = lambda t: np.where(t >= 0.0, 1.0, -1.0)
    >>> least_root(step, np.array([-1e300, -3.0]), np.array([1e-300, 4.0])).tolist()
    [0.0, 0.0]
    """
    below, above = places(low), places(high)
    short, over = excess(low), excess(high)
    for _ in range(MOST_STEPS):
        near = np.where(over - short > JUMP, 1, CLOSE)
        open_ = above - near > below
        if not open_.any():
            break
        middle = np.where(open_, (below & above) + ((below ^ above) >> 1), above)
        found = excess(floats(middle))
        reached = found >= 0
        below, short = np.where(reached, below, middle), np.where(reached, short, found)
        above, over = np.where(reached, middle, above), np.where(reached, found, over)
    return floats(above)


def places(values: Array) -> Indices:
    """Return the place of each float in their order, that of 0 being 0."""
    bits = np.ascontiguousarray(values, dtype=np.float64).view(np.int64)
    return np.where(bits < 0, -(bits & MAGNITUDE), bits)


def floats(numbers: Indices) -> Array:
    """Return the floats at some places of their order."""
    magnitudes = np.abs(numbers).view(np.float64)
    return np.where(numbers < 0, -magnitudes, magnitudes)
