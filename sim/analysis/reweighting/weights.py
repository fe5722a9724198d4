r"""Weights from log density ratios: Pareto-smoothed, with what tells whether to trust them.

Pareto-smoothed importance sampling (Vehtari, Simpson, Gelman, Yao & Gabry 2024, JMLR 25:72) replaces the
largest weights by quantiles of a generalised Pareto law fitted to them; its shape :math:`\hat k` says how
heavy their tail is. The effective size is :math:`(\sum w)^2 / \sum w^2` (Kong 1992).
"""

from dataclasses import dataclass

import numpy as np

from sim.summary.intervals import Kind
from sim.types import Array

FEW_VALUES = 64
"""Weights with no more distinct values than that are bounded by them: there is no tail to fit."""


@dataclass(frozen=True)
class Weights:
    """Weights of draws.

    Parameters
    ----------
    values
        Adding to one over all draws, (randomisation, draw).
    pareto_k
        Shape of the tail; -inf where weights take a few values only, nan where none could be fitted.
    n_effective
        Number of equally weighted draws that would have the same variance.
    """

    values: Array
    pareto_k: float
    n_effective: float


def smooth_weights(log_ratios: Array) -> Weights:
    """Return weights from log density ratios.

    Parameters
    ----------
    log_ratios
        Logarithms up to a constant, -inf for draws without weight, (randomisation, draw).

    Examples
    --------
    >>> found = smooth_weights(np.log([[1.0, 1.0], [3.0, 3.0]]))
    >>> found.values.tolist(), found.n_effective, found.pareto_k
    ([[0.125, 0.125], [0.375, 0.375]], 3.2, -inf)
    """
    kept = np.isfinite(log_ratios)
    if not kept.any():
        return Weights(np.zeros(log_ratios.shape), np.nan, 0.0)
    logs, pareto_k = log_ratios - np.max(log_ratios), -np.inf
    if len(np.unique(logs[kept])) > FEW_VALUES:
        logs = logs.copy()
        logs[kept], pareto_k = _psis(logs[kept])
    values = np.exp(logs - np.max(logs))
    values = values / values.sum()
    return Weights(values, float(pareto_k), float(1.0 / np.sum(values**2)))


def _psis(logs: Array) -> tuple[Array, float]:
    from arviz_stats.base.array import array_stats

    tail = np.sort(logs)[-int(3 * np.sqrt(logs.size)) :]
    if tail[-1] - tail[0] < 1e-12:
        return logs, -np.inf  # flat at the top: the largest weight is reached by many draws
    found, pareto_k = array_stats.psislw(-logs)  # it takes minus the log ratio, as a log likelihood
    return np.asarray(found), float(pareto_k)


def weighted_quantile(draws: Array, weights: Array, probability: float) -> float:
    """Return the least draw at which the weighted cdf reaches a probability.

    Parameters
    ----------
    draws, weights, probability
        (draw), (draw), and in [0, 1].

    Returns
    -------
    float
        One of the draws.

    Examples
    --------
    >>> weighted_quantile(np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 6.0]), 0.2)
    2.0
    """
    return float(np.quantile(draws, probability, weights=weights, method="inverted_cdf"))


def weighted_interval(draws: Array, weights: Array, probability: float, kind: Kind) -> tuple[float, float]:
    """Return a credible interval of weighted draws.

    Parameters
    ----------
    draws, weights, probability
        (draw), (draw), and the probability inside, in (0, 1).
    kind
        ``eti`` leaves (1 - probability)/2 on either side; ``shortest`` and ``hdi`` (here of one piece, as
        :func:`sim.summary.intervals.interval` has it) are the shortest pair of draws that holds it.

    Returns
    -------
    tuple
        Lower and upper end.

    Examples
    --------
    >>> weighted_interval(np.array([1.0, 2.0, 3.0, 9.0]), np.ones(4), 0.75, "shortest")
    (1.0, 3.0)
    """
    if kind == "eti":
        tail = (1.0 - probability) / 2.0
        return weighted_quantile(draws, weights, tail), weighted_quantile(draws, weights, 1.0 - tail)
    order = np.argsort(draws)
    values, reached = draws[order], np.cumsum(weights[order]) / np.sum(weights)
    before = np.concatenate([[0.0], reached[:-1]])
    ends = np.searchsorted(reached, before + probability - 1e-12)
    starts = np.flatnonzero(ends < len(values))
    best = starts[np.argmin(values[ends[starts]] - values[starts])]
    return float(values[best]), float(values[ends[best]])
