r"""A run under another prior, from its stored draws, by weights of which one can tell whether to trust them.

Pareto-smoothed importance sampling (Vehtari, Simpson, Gelman, Yao & Gabry 2024, JMLR 25:72) replaces the
largest weights by quantiles of a generalised Pareto law fitted to them; its shape :math:`\hat k` says how
heavy their tail is. The effective size is :math:`(\sum w)^2 / \sum w^2` (Kong 1992).
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from sim.analysis.reweighting.density_ratios import SETTINGS, changes_between, log_ratios, uncovered
from sim.draws.draw import Draws
from sim.faults import Fault, refuse
from sim.run_record import Run
from sim.scenario.schema import Scenario
from sim.summary.estimate import Estimate, estimate
from sim.summary.intervals import IntervalKind
from sim.summary.row import DOES_NOT_EXIST, Summary
from sim.summary.statistic import Statistic, keyed_draws
from sim.summary.trust import MAX_SHAPE, MIN_EFFECTIVE, Trust, trust_of
from sim.types import Array

FEW_VALUES = 64
"""Weights with no more distinct values than that are bounded by them: there is no tail to fit."""
MIN_EFFECTIVE_EACH = 25
"""Fewest effective draws of each randomisation, on average: each gives the statistic once for the error."""
MAX_UNCOVERED = 0.005
WeightedStatistic = Callable[..., float]


@dataclass(frozen=True)
class Weights:
    """Weights of draws, which add to one over all of them.

    Parameters
    ----------
    values
        The weights, (randomisation, draw).
    pareto_k
        Shape of their tail, -inf where they take a few values only, nan where none could be fitted.
    n_effective
        Number of equally weighted draws that would have the same variance.
    """

    values: Array
    pareto_k: float
    n_effective: float


def smooth_weights(log_ratios: Array) -> Weights:
    """Return weights from log density ratios, up to a constant, -inf for draws without weight.

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
    draws
        Draws, (draw).
    weights
        Weight of each draw, (draw).
    probability
        Probability that the weighted cdf reaches, in [0, 1].

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


def weighted_interval(
    draws: Array, weights: Array, probability: float, kind: IntervalKind
) -> tuple[float, float]:
    """Return a credible interval of weighted draws.

    Parameters
    ----------
    draws
        Draws, (draw).
    weights
        Weight of each draw, (draw).
    probability
        Probability inside the interval, in (0, 1).
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


def require_reliable(weights: Weights, uncovered: Mapping[str, float], afresh: str) -> None:
    """Refuse weights that cannot be trusted, with the numbers that say so.

    Parameters
    ----------
    weights
        Smoothed weights.
    uncovered
        Probability of what no draw stands for, from
        :func:`sim.analysis.reweighting.density_ratios.uncovered`.
    afresh
        The command that runs the scenario asked for.

    Raises
    ------
    InvalidInput
        If more than 0.5 % of a new law lies where no draw does, the tail of the weights is too heavy, too few
        effective draws are left, or a randomisation has none.
    """
    allowed = f"run it afresh: {afresh}"
    faults = [
        Fault(
            SETTINGS,
            key,
            f"{100 * share:.3g} % of the new law lies where no draw does (at most {100 * MAX_UNCOVERED:g} %)",
            allowed,
        )
        for key, share in uncovered.items()
        if share > MAX_UNCOVERED
    ]
    most = min(1.0 - 1.0 / math.log10(weights.values.size), MAX_SHAPE)  # Vehtari et al. 2024, 3.2.4
    if not weights.pareto_k <= most:
        problem = f"the weights' tail is too heavy: Pareto k = {weights.pareto_k:.2f} (at most {most:.2f})"
        faults.append(Fault(SETTINGS, "", problem, allowed))
    least = max(MIN_EFFECTIVE, MIN_EFFECTIVE_EACH * len(weights.values))
    if not weights.n_effective >= least or not weights.values.any(axis=1).all():
        problem = (
            f"{weights.n_effective:,.0f} effective of {weights.values.size:,} draws are left "
            f"(at least {least:,})"
        )
        faults.append(Fault(SETTINGS, "", problem, allowed))
    refuse(faults)


@dataclass(frozen=True)
class StatisticChange:
    """A statistic as it was, and as it is under the prior asked for.

    Parameters
    ----------
    quantity
        Name of the outcome.
    statistic
        The statistic, as in :class:`sim.summary.row.Row`.
    at
        Its threshold, fraction or probability, as in :class:`sim.summary.row.Row`.
    unit
        Unit in pint's notation.
    before
        The statistic as it was run, with its Monte Carlo error.
    after
        The statistic of weighted draws, with its Monte Carlo error.
    """

    quantity: str
    statistic: str
    at: float
    unit: str
    before: Estimate
    after: Estimate


@dataclass(frozen=True)
class Reweighting:
    """A run under another prior.

    Parameters
    ----------
    rows
        Every outcome's median, interval and mean, and the reported one's probabilities.
    n_draws
        Number of draws.
    n_effective
        How many equally weighted draws they are worth.
    pareto_k
        Shape of the weights' tail.
    """

    rows: tuple[StatisticChange, ...]
    n_draws: int
    n_effective: float
    pareto_k: float


def reweight(run: Run, new: Scenario, afresh: str) -> Reweighting:
    r"""Return a run's outcomes under other priors, by importance weights of its stored draws.

    A mean becomes :math:`\sum w_i y_i / \sum w_i` with the weights of
    :mod:`sim.analysis.reweighting.density_ratios`, and quantiles and probabilities likewise. The Monte Carlo
    error is that of the weighted statistic over randomisations, each with its own weights.

    Parameters
    ----------
    run
        The run, with its draws.
    new
        Its scenario with other laws or weights.
    afresh
        The command that would run `new`, which a refusal names.

    Returns
    -------
    Reweighting
        The weights, and each statistic before and after.

    Raises
    ------
    InvalidInput
        If weights cannot express the difference, or cannot be trusted.
    """
    old, draws, before = run.scenario, run.arrays, run.statistics
    what = changes_between(old, new)
    weights = smooth_weights(log_ratios(old, new, what, draws))
    require_reliable(weights, uncovered(old, new, what, draws), afresh)
    trust = trust_of(new, keyed_draws(new, draws))
    values, reported = weights.values, new.report.outcome
    moments = (row for name in new.outcomes for row in _moments(new, name, before, draws, values))
    rows = [_noted(row, trust) for row in moments]
    for threshold in new.report.thresholds:
        above = (draws.variable(reported) > threshold).astype(float)
        rows.append(_beside(before, (reported, "p_above", threshold, "1"), _weighted_mean, above, values))
    return Reweighting(tuple(rows), values.size, weights.n_effective, weights.pareto_k)


def _moments(
    new: Scenario, name: str, before: Summary, draws: Draws, weights: Array
) -> list[StatisticChange]:
    stated, unit = new.report.interval, new.outcomes[name].unit
    ends = partial(weighted_interval, probability=stated.probability, kind=stated.kind)
    found: dict[str, tuple[float | None, WeightedStatistic]] = {
        "median": (None, partial(weighted_quantile, probability=0.5)),
        "low": (stated.probability, lambda values, w: ends(values, w)[0]),
        "high": (stated.probability, lambda values, w: ends(values, w)[1]),
        "mean": (None, _weighted_mean),
    }
    return [
        _beside(before, (name, statistic, at, unit), function, draws.variable(name), weights)
        for statistic, (at, function) in found.items()
    ]


def _weighted_mean(draws: Array, weights: Array) -> float:
    return float(np.average(draws, weights=weights))


def _noted(row: StatisticChange, trust: Trust) -> StatisticChange:
    """Return a row with what is to be known of it under the new laws; without a value where it has none."""
    key = (row.quantity, "")
    note = trust.note(Statistic(*key, row.statistic, row.at, row.unit, (key,)))
    value = math.nan if note.startswith(DOES_NOT_EXIST) else row.after.value
    return replace(row, after=Estimate(value, row.after.error, note)) if note else row


def _beside(
    before: Summary,
    what: tuple[str, str, float | None, str],
    function: WeightedStatistic,
    draws: Array,
    weights: Array,
) -> StatisticChange:
    """Return a statistic before and after; before as the summary of the run has it, if it does."""
    quantity, statistic, at, unit = what
    try:
        row = before.find(quantity, statistic, at=at)
        was = Estimate(row.value, row.mc_error, row.note)
    except KeyError:  # a threshold or interval that the run's own report did not ask for
        was = estimate(function, draws, np.ones_like(draws))
    return StatisticChange(
        quantity, statistic, math.nan if at is None else at, unit, was, estimate(function, draws, weights)
    )
