r"""How heavy the tails of draws are.

Beyond a threshold, what exceeds it follows a generalised Pareto law whose shape k is 1 over the index of the
tail: moments of order 1/k and above do not exist. k is estimated as in Pareto-smoothed importance sampling
(Vehtari, Simpson, Gelman, Yao and Gabry 2024, JMLR 25:72), by the posterior mean of Zhang and Stephens (2009,
Technometrics 51:316): the same fit as ``array_stats.pareto_khat`` of ArviZ, of which a run must not pay for
the import and which takes no draws that are known by their counts alone.
"""

import math

import numpy as np

from sim.types import Array

FEWEST = 225
"""Draws from which the tail is three times the root of their number; of fewer it is a fifth of them."""
FEWEST_APART = 64
"""Draws, of those that no other is like, of which a tail is looked for."""
FEWEST_OF_EVENT, UNLIKE = 6, 10.0
"""Draws of a rare event of which a tail is looked for, and the quotient of two that are unlike."""
MOST_IN_TAIL = 3072
"""Draws looked at; of more than 2^20 in all, the farthest ones."""
PRIOR_SHAPE, PRIOR_WEIGHT = 0.5, 10
NEGLIGIBLE = 1e-12
"""Spread over size below which numbers are all alike but for rounding."""


def n_in_tail(n_draws: int) -> int:
    """Return how many of the farthest draws make the tail."""
    wanted = int(3.0 * math.sqrt(n_draws)) if n_draws > FEWEST else n_draws // 5
    return min(wanted, MOST_IN_TAIL)


def least_shape(shape: float, n_draws: int) -> float:
    r"""Return an estimated shape less its standard error, :math:`(1 + k) / \sqrt m` with m draws in the tail.

    Parameters
    ----------
    shape
        The estimated shape, k.
    n_draws
        Number of draws in all.

    Returns
    -------
    float
        k less its standard error; -inf where k is.

    Examples
    --------
    >>> round(least_shape(0.2, 65536), 4), least_shape(-math.inf, 65536)  # 768 draws in the tail
    (0.1567, -inf)
    """
    return shape - (1.0 + shape) / math.sqrt(n_in_tail(n_draws)) if math.isfinite(shape) else shape


def tail_shape(draws: Array) -> float:
    """Return the shape k of the heavier tail of draws, of any shape, from their distances to the median.

    Values that are taken with a probability of their own have no tail. Where nothing but them lies farthest
    out, the shape is that of the other draws, less what its standard error is larger by. It is -inf where no
    64 draws differ from each other, but for a rare event: the few draws that lie beyond such a value are all
    that moments rest on, and are the tail.
    """
    middle = float(np.median(draws))
    distances = np.abs(draws - middle).ravel()
    if not np.max(distances) > NEGLIGIBLE * abs(middle):
        return -math.inf
    while distances.size >= FEWEST_APART:
        n_tail = n_in_tail(distances.size)
        farthest = np.partition(distances, -n_tail - 1)[-n_tail - 1 :]
        shape = shape_of_farthest(farthest)
        if math.isfinite(shape):
            fewer = 1.0 / math.sqrt(n_tail) - 1.0 / math.sqrt(n_in_tail(draws.size))
            return shape - (1.0 + shape) * fewer
        values, counts = np.unique(farthest, return_counts=True)
        if not np.any(counts > 1):
            return shape
        common = values[counts > 1]
        distances = distances[~np.isin(distances, common)]
        if distances.size < FEWEST_APART:
            return _shape_of_event(np.r_[common[-1], distances[distances > common[-1]]])
    return -math.inf


def _shape_of_event(farthest: Array) -> float:
    """Return the shape of the draws of a rare event, behind the value of all others; nothing off for error.

    Of fewer than six nothing is known, but that the largest of all may be missing where they are not alike.
    """
    n_tail = farthest.size - 1
    if n_tail < FEWEST_OF_EVENT:
        apart = np.sort(farthest - farthest[0])[1:]
        return math.inf if n_tail > 1 and apart[-1] > UNLIKE * apart[0] else -math.inf
    return shape_of_farthest(farthest)


def shape_of_farthest(distances: Array) -> float:
    """Return the shape of a tail from the largest distances, of which the least is the threshold.

    Examples
    --------
    >>> u = (np.arange(1000) + 0.5) / 1000
    >>> round(shape_of_farthest((1 - u) ** -0.5), 1), shape_of_farthest(np.ones(9))
    (0.5, -inf)
    """
    ordered = np.sort(distances)
    largest = ordered[-1]
    if not largest - ordered[0] > NEGLIGIBLE * largest:
        return -math.inf
    excess = (ordered[1:] - ordered[0]) / (largest - ordered[0])
    n = len(excess)
    quartile = excess[int(n / 4 + 0.5) - 1]
    if not quartile > excess[0]:
        return -math.inf
    return _zhang_stephens(excess, float(quartile))


def _zhang_stephens(excess: Array, quartile: float) -> float:
    """Return the shape of a generalised Pareto law from ordered excesses, the largest being 1."""
    n = len(excess)
    n_points = 30 + int(math.sqrt(n))
    points = 1.0 - np.sqrt(n_points / (np.arange(1, n_points + 1) - 0.5))
    rates = 1.0 + points / (3.0 * quartile)
    shapes = np.mean(np.log1p(-rates[:, np.newaxis] * excess), axis=1)
    with np.errstate(all="ignore"):
        likelihood = n * (np.log(-rates / shapes) - shapes - 1.0)
    usable = np.isfinite(likelihood)
    weights = np.exp(likelihood[usable] - np.max(likelihood[usable]))
    rate = float(np.sum(rates[usable] * weights) / np.sum(weights))
    shape = float(np.mean(np.log1p(-rate * excess)))
    return (n * shape + PRIOR_WEIGHT * PRIOR_SHAPE) / (n + PRIOR_WEIGHT)


def tail_words(quantity: str, index: float) -> str:
    """Return in words which moments of a quantity exist.

    Parameters
    ----------
    quantity
        Name of the quantity.
    index
        Order from which moments do not exist.

    Returns
    -------
    str
        A clause.
    """
    return f"the tail of {quantity} has index {index:.3g}"
