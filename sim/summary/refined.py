"""Quantiles of single randomisations to full accuracy, for differences from which most noise has gone."""

import numpy as np

from sim.results import Array
from sim.summary.conditional import Integrated
from sim.summary.estimate import ByRandomisation

MOST_STEPS = 8
SETTLED = 1e-14
"""Step over the quantile after which the next would be lost in rounding."""


def refined(integrated: Integrated, probability: float, found: ByRandomisation) -> ByRandomisation:
    """Return a quantile with that of each randomisation found by secant steps of its own.

    :meth:`sim.summary.conditional.Integrated.quantile` gives those to first order, which does for their
    spread. In the difference of two scenarios the first order may cancel, and the second is then in the way.

    Parameters
    ----------
    integrated
        Whose quantile it is.
    probability
        In (0, 1).
    found
        To first order. A randomisation whose cdf is not smooth there keeps what it has.
    """
    before, t = np.full_like(found.each, found.value), found.each
    above = _excess(integrated, before, probability)
    for _ in range(MOST_STEPS):
        excess = _excess(integrated, t, probability)
        step = _step(t - before, above, excess)
        before, above, t = t, excess, t + step
        if (np.abs(step) <= SETTLED * np.abs(t)).all():
            break
    near = np.abs(t - found.each) <= np.abs(found.each - found.value)
    return ByRandomisation(found.value, np.where(near, t, found.each))


def _excess(integrated: Integrated, t: Array, probability: float) -> Array:
    return integrated.cdf_of_each(t[:, np.newaxis]) - probability


def _step(moved: Array, before: Array, excess: Array) -> Array:
    """Return the secant step of each randomisation; none where the cdf did not rise."""
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = (excess - before) / moved
        return np.where(slope > 0, -excess / slope, 0.0)
