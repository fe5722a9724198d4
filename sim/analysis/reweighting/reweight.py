"""A run under another prior, from its stored draws."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from sim.analysis.reweighting.density_ratios import SETTINGS, changes_between, log_ratios, uncovered
from sim.analysis.reweighting.weights import (
    Weights,
    smooth_weights,
    weighted_interval,
    weighted_quantile,
)
from sim.faults import Fault, InvalidInput
from sim.results import Results
from sim.scenario.schema import Scenario
from sim.summary.estimate import Estimate, estimate
from sim.summary.row import DOES_NOT_EXIST, Summary
from sim.summary.rows import summarise
from sim.summary.statistic import Statistic, keyed_draws
from sim.summary.trust import MAX_SHAPE, Trust, trust_of
from sim.types import Array

MIN_EFFECTIVE = 400
MIN_EFFECTIVE_EACH = 25
"""Of each randomisation, on average, since each gives the statistic once for the Monte Carlo error."""
MAX_UNCOVERED = 0.005

WeightedStatistic = Callable[..., float]


def require_reliable(weights: Weights, uncovered: Mapping[str, float], afresh: str) -> None:
    """Refuse weights that cannot be trusted, with the numbers that say so.

    Parameters
    ----------
    weights, uncovered
        Smoothed weights, and what :func:`sim.analysis.reweighting.density_ratios.uncovered` gave.
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
    if faults:
        raise InvalidInput(faults)


@dataclass(frozen=True)
class StatisticChange:
    """A statistic as it was and as it is under the prior asked for.

    Parameters
    ----------
    statistic, at, unit
        As in :class:`sim.summary.row.Row`.
    before, after
        Each with its Monte Carlo error, from randomisations; `after` from weighted draws.
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
        Every outcome's median, interval and mean; the reported one's probabilities.
    parameters, choices
        What changed.
    n_draws, n_effective, pareto_k
        How many draws there are, how many equally weighted ones they are worth, and the shape of the
        weights' tail.
    """

    rows: tuple[StatisticChange, ...]
    parameters: tuple[str, ...]
    choices: tuple[str, ...]
    n_draws: int
    n_effective: float
    pareto_k: float


def reweight(old: Scenario, new: Scenario, results: Results, afresh: str) -> Reweighting:
    r"""Return a run's outcomes under other priors, by importance weights of its stored draws.

    A mean becomes :math:`\sum w_i y_i / \sum w_i` with the weights of
    :mod:`sim.analysis.reweighting.density_ratios`, and quantiles and probabilities likewise. The Monte Carlo
    error is that of the weighted statistic over randomisations, each with its own weights.

    Parameters
    ----------
    old, new, results
        What was run, the same with other laws or weights, and the draws.
    afresh
        The command that would run `new`, to be named where weights will not do.

    Returns
    -------
    Reweighting
        Weights, and each statistic before and after.

    Raises
    ------
    InvalidInput
        If weights cannot express the difference, or cannot be trusted.
    """
    what = changes_between(old, new)
    weights = smooth_weights(log_ratios(old, new, what, results))
    require_reliable(weights, uncovered(old, new, what, results), afresh)
    before = Summary(summarise(old, results))
    trust = trust_of(new, keyed_draws(new, results.draws.columns, results.outcomes))
    rows = [
        _noted(row, trust)
        for name in new.outcomes
        for row in _moments(new, name, before, results, weights.values)
    ]
    for threshold in new.report.thresholds:
        above = partial(_share_above, threshold)
        draws = results.variable(new.report.outcome)
        rows.append(
            _beside(before, (new.report.outcome, "p_above", threshold, "1"), above, draws, weights.values)
        )
    return Reweighting(
        tuple(rows),
        what.parameters,
        what.choices,
        weights.values.size,
        weights.n_effective,
        weights.pareto_k,
    )


def _moments(
    new: Scenario, name: str, before: Summary, results: Results, weights: Array
) -> list[StatisticChange]:
    stated, unit = new.report.interval, new.outcomes[name].unit
    ends = partial(weighted_interval, probability=stated.probability, kind=stated.kind)
    found: dict[str, tuple[float | None, WeightedStatistic]] = {
        "median": (None, partial(weighted_quantile, probability=0.5)),
        "low": (stated.probability, lambda values, w: ends(values, w)[0]),
        "high": (stated.probability, lambda values, w: ends(values, w)[1]),
        "mean": (None, lambda values, w: float(np.average(values, weights=w))),
    }
    return [
        _beside(before, (name, statistic, at, unit), function, results.variable(name), weights)
        for statistic, (at, function) in found.items()
    ]


def _share_above(threshold: float, draws: Array, weights: Array) -> float:
    return float(np.average(draws > threshold, weights=weights))


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
