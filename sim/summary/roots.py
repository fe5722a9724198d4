"""Roots of distribution functions: by secant steps where they are smooth, else by halving floats.

Between any two floats lie at most 2^64 others, in the order of their bits. Halving that many takes 64 steps
at any scale, meets a jump where it is to the last bit, and cannot fail to converge; it needs no tolerance
that somebody's unit would make too coarse.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import numpy as np

from sim.summary.estimate import ByRandomisation
from sim.types import Array, Indices

MOST_HALVINGS = 64
CLOSE = 2**10
"""Floats between two that differ by a few 1e-13 of themselves: a smooth root is known well enough."""
JUMP = 1e-9
"""Rise of the function between such floats from which it is a jump, whose place is looked for exactly."""
MAGNITUDE = np.int64(2**63 - 1)
MOST_STEPS = 12
SETTLED = 1e-10
"""Step over the quantile after which the next would be lost in rounding."""
FOUND = 1e-6
"""Largest excess of the cdf over the probability before that step: more, and there is a jump."""


class Cdf(Protocol):
    """A distribution function that each randomisation has of its own."""

    def cdf_of_each(self, t: float | Array) -> Array:
        """Return the probability of at most `t` by randomisation; `t` a number, or (randomisation, 1)."""
        ...

    @property
    def known(self) -> bool:
        """Whether it rests on no draws: nothing was left to draw."""
        ...

    @property
    def smooth(self) -> bool:
        """Whether it rises in no steps but those of atoms: its slope can be told from two points nearby."""
        ...


def least_root(excess: Callable[[Array], Array], low: Array, high: Array) -> Array:
    """Return the least floats at which a function that never falls is not negative, elementwise.

    Parameters
    ----------
    excess
        Function of an array of the shape of `low`, elementwise.
    low
        Floats at which the function is negative.
    high
        Floats at which it is not negative.

    Returns
    -------
    ndarray
        The floats, of the same shape: exact where the function jumps, else at most ``CLOSE`` floats too
        large.

    Examples
    --------
    >>> step = lambda t: np.where(t >= 0.0, 1.0, -1.0)
    >>> least_root(step, np.array([-1e300, -3.0]), np.array([1e-300, 4.0])).tolist()
    [0.0, 0.0]
    """
    below, above = places(low), places(high)
    short, over = excess(low), excess(high)
    for _ in range(MOST_HALVINGS):
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


def refine_quantile(cdf: Cdf, probability: float, found: ByRandomisation) -> ByRandomisation:
    """Return a quantile with that of each randomisation found by secant steps of its own.

    :func:`sim.summary.quantiles.quantile_of` gives those to first order, which does for their spread. In the
    difference of two scenarios the first order may cancel, and the second is then in the way.

    Parameters
    ----------
    cdf
        Distribution function whose quantile it is.
    probability
        Probability of the quantile, in (0, 1).
    found
        The quantile to first order.

    Returns
    -------
    ByRandomisation
        The same value, with each randomisation's own; as it was where the cdf is not smooth there.
    """
    each = _own_roots(cdf, probability, found)
    return found if each is None else replace(found, each=each)


def secant_quantile(cdf: Cdf, probability: float, near: ByRandomisation) -> ByRandomisation | None:
    """Return a quantile and that of each randomisation, or ``None`` where secant steps do not find them.

    Parameters
    ----------
    cdf
        Distribution function whose quantile it is.
    probability
        Probability of the quantile, in (0, 1).
    near
        The quantile by other means, from which the search starts.

    Returns
    -------
    ByRandomisation or None
        The quantile of all draws and of each randomisation; ``None`` where secant steps do not find it.
    """

    def excess(t: Array) -> Array:
        return np.array([float(np.mean(cdf.cdf_of_each(float(t[0])))) - probability])

    each = _own_roots(cdf, probability, near)
    if each is None:
        return None
    found = _secant(excess, np.array([near.value]), np.array([float(np.mean(each))]))
    return None if found is None else ByRandomisation(float(found[0]), each)


def _own_roots(cdf: Cdf, probability: float, near: ByRandomisation) -> Array | None:
    """Return the quantile of each randomisation, (randomisation)."""
    return _secant(
        lambda t: cdf.cdf_of_each(t[:, np.newaxis]) - probability,
        np.full_like(near.each, near.value),
        near.each,
    )


def _secant(excess: Callable[[Array], Array], before: Array, t: Array) -> Array | None:
    """Return roots by secant steps from two places each, or ``None`` where they do not find them."""
    above = excess(before)
    for _ in range(MOST_STEPS):
        over = excess(t)
        with np.errstate(divide="ignore", invalid="ignore"):
            slope = (over - above) / (t - before)
            step = np.where(slope > 0, -over / slope, 0.0)  # none where the cdf did not rise
        before, above, t = t, over, t + step
        if (np.abs(step) <= SETTLED * np.abs(t)).all():
            break
    return t if (np.abs(over) <= FOUND).all() else None
