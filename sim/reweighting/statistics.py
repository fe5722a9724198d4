"""Statistics of weighted draws."""

import numpy as np

from sim.summary.intervals import Kind
from sim.types import Array


def mean(draws: Array, weights: Array) -> float:
    """Return the weighted mean."""
    return float(np.average(draws, weights=weights))


def share_above(draws: Array, weights: Array, threshold: float) -> float:
    """Return the weighted share of draws above a threshold."""
    return float(np.average(draws > threshold, weights=weights))


def quantile(draws: Array, weights: Array, probability: float) -> float:
    """Return the least draw at which the weighted cdf reaches a probability.

    Examples
    --------
    >>> quantile(np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 6.0]), 0.2)
    2.0
    """
    return float(np.quantile(draws, probability, weights=weights, method="inverted_cdf"))


def interval(draws: Array, weights: Array, probability: float, kind: Kind) -> tuple[float, float]:
    """Return a credible interval of weighted draws.

    Parameters
    ----------
    draws, weights
        Dimension draw.
    probability
        Probability inside, in (0, 1).
    kind
        ``eti`` leaves (1 - probability)/2 on either side; ``shortest`` and ``hdi`` (here of one piece, as
        :func:`sim.summary.intervals.interval` has it) are the shortest pair of draws that holds it.

    Examples
    --------
    >>> interval(np.array([1.0, 2.0, 3.0, 9.0]), np.ones(4), 0.75, "shortest")
    (1.0, 3.0)
    """
    if kind == "eti":
        tail = (1.0 - probability) / 2.0
        return quantile(draws, weights, tail), quantile(draws, weights, 1.0 - tail)
    order = np.argsort(draws)
    values, reached = draws[order], np.cumsum(weights[order]) / np.sum(weights)
    before = np.concatenate([[0.0], reached[:-1]])
    ends = np.searchsorted(reached, before + probability - 1e-12)
    starts = np.flatnonzero(ends < len(values))
    best = starts[np.argmin(values[ends[starts]] - values[starts])]
    return float(values[best]), float(values[ends[best]])
