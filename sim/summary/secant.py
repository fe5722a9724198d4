"""Quantiles of smooth distribution functions by secant steps, each randomisation by its own."""

from dataclasses import replace

import numpy as np

from sim.summary.estimate import ByRandomisation
from sim.summary.quantiles import Cdf
from sim.types import Array

MOST_STEPS = 12
SETTLED = 1e-10
"""Step over the quantile after which the next would be lost in rounding."""
FOUND = 1e-6
"""Largest excess of the cdf over the probability before that step: more, and there is a jump."""


def refine_quantile(cdf: Cdf, probability: float, found: ByRandomisation) -> ByRandomisation:
    """Return a quantile with that of each randomisation found by secant steps of its own.

    :meth:`sim.summary.conditional.ConditionalOutcome.quantile` gives those to first order, which does for
    their spread. In the difference of two scenarios the first order may cancel, and the second is then in the
    way.

    Parameters
    ----------
    cdf
        Whose quantile it is.
    probability
        In (0, 1).
    found
        To first order; returned as it is where the cdf is not smooth there.

    Returns
    -------
    ByRandomisation
        With the same value, and each randomisation's own.
    """
    each = own_roots(cdf, probability, found)
    return found if each is None else replace(found, each=each)


def own_roots(cdf: Cdf, probability: float, near: ByRandomisation) -> Array | None:
    """Return the quantile of each randomisation, or ``None`` where secant steps do not find it.

    Parameters
    ----------
    cdf
        Whose quantile it is.
    probability
        In (0, 1).
    near
        To first order.

    Returns
    -------
    ndarray or None
        (randomisation), or ``None``.
    """
    before, t = np.full_like(near.each, near.value), near.each

    def excess(at: Array) -> Array:
        return cdf.cdf_of_each(at[:, np.newaxis]) - probability

    above = excess(before)
    for _ in range(MOST_STEPS):
        over = excess(t)
        step = _step(t - before, above, over)
        before, above, t = t, over, t + step
        if (np.abs(step) <= SETTLED * np.abs(t)).all():
            break
    return t if (np.abs(over) <= FOUND).all() else None


def pooled_root(cdf: Cdf, probability: float, near: float, each: Array) -> float | None:
    """Return the quantile of all randomisations together, or ``None`` where secant steps do not find it.

    Parameters
    ----------
    cdf, probability
        As for :func:`refine_quantile`.
    near
        Where the search starts.
    each
        The quantile of each randomisation.

    Returns
    -------
    float or None
        The quantile, or ``None``.
    """
    before, t = near, float(np.mean(each))
    above = float(np.mean(cdf.cdf_of_each(before))) - probability
    for _ in range(MOST_STEPS):
        over = float(np.mean(cdf.cdf_of_each(t))) - probability
        step = float(_step(np.array(t - before), np.array(above), np.array(over)))
        before, above, t = t, over, t + step
        if abs(step) <= SETTLED * abs(t):
            break
    return t if abs(over) <= FOUND else None


def _step(moved: Array, before: Array, excess: Array) -> Array:
    """Return the secant step of each randomisation; none where the cdf did not rise."""
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = (excess - before) / moved
        return np.where(slope > 0, -excess / slope, 0.0)
