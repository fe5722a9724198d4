"""A run under another prior, from its stored draws."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from sim.results import Results
from sim.reweighting import statistics
from sim.reweighting.changed import changed
from sim.reweighting.density import log_ratios
from sim.reweighting.reliability import require_reliable
from sim.reweighting.support import uncovered
from sim.reweighting.weights import smoothed
from sim.scenario.schema import Scenario
from sim.summary.estimate import Estimate, estimate
from sim.summary.keyed import keyed_results
from sim.summary.lookup import Summary
from sim.summary.row import DOES_NOT_EXIST
from sim.summary.rows import summarise, trust_of
from sim.summary.trust import Trust
from sim.summary.wanted import Wanted
from sim.types import Array

Statistic = Callable[..., float]


@dataclass(frozen=True)
class Beside:
    """A statistic as it was and as it is under the prior asked for.

    Parameters
    ----------
    statistic, at, unit
        As in :class:`sim.summary.rows.Row`.
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
class Reweighted:
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

    rows: tuple[Beside, ...]
    parameters: tuple[str, ...]
    choices: tuple[str, ...]
    n_draws: int
    n_effective: float
    pareto_k: float


def reweight(old: Scenario, new: Scenario, results: Results, afresh: str) -> Reweighted:
    r"""Return a run's outcomes under other priors, by importance weights of its stored draws.

    A mean becomes :math:`\sum w_i y_i / \sum w_i` with the weights of :mod:`sim.reweighting.density`, and
    quantiles and probabilities likewise. The Monte Carlo error is that of the weighted statistic over
    randomisations, each with its own weights.

    Parameters
    ----------
    old
        What was run.
    new
        The same with other laws or weights.
    results
        The draws.
    afresh
        The command that would run `new`, to be named where weights will not do.

    Raises
    ------
    InvalidInputError
        If weights cannot express the difference, or cannot be trusted.
    """
    what = changed(old, new)
    weights = smoothed(log_ratios(old, new, what, results))
    require_reliable(weights, uncovered(old, new, what, results), afresh)
    before = Summary(summarise(old, results))
    trust = trust_of(new, keyed_results(new, results))
    rows = [row for name in new.outcomes for row in _moments(new, name, before, results, weights.values)]
    rows = [_noted(row, trust) for row in rows]
    for threshold in new.report.thresholds:
        above = partial(statistics.share_above, threshold=threshold)
        draws = results.variable(new.report.outcome)
        rows.append(
            _beside(before, (new.report.outcome, "p_above", threshold, "1"), above, draws, weights.values)
        )
    return Reweighted(
        tuple(rows),
        what.parameters,
        what.choices,
        weights.values.size,
        weights.n_effective,
        weights.pareto_k,
    )


def _moments(new: Scenario, name: str, before: Summary, results: Results, weights: Array) -> list[Beside]:
    stated, unit = new.report.interval, new.outcomes[name].unit
    ends = partial(statistics.interval, probability=stated.probability, kind=stated.kind)
    found: dict[str, tuple[float | None, Statistic]] = {
        "median": (None, partial(statistics.quantile, probability=0.5)),
        "low": (stated.probability, lambda values, w: ends(values, w)[0]),
        "high": (stated.probability, lambda values, w: ends(values, w)[1]),
        "mean": (None, statistics.mean),
    }
    return [
        _beside(before, (name, statistic, at, unit), function, results.variable(name), weights)
        for statistic, (at, function) in found.items()
    ]


def _noted(row: Beside, trust: Trust) -> Beside:
    """Return a row with what is to be known of it under the new laws; without a value where it has none."""
    key = (row.quantity, "")
    note = trust.note(Wanted(*key, row.statistic, row.at, row.unit, (key,)))
    value = math.nan if note.startswith(DOES_NOT_EXIST) else row.after.value
    return replace(row, after=Estimate(value, row.after.error, note)) if note else row


def _beside(
    before: Summary,
    what: tuple[str, str, float | None, str],
    function: Statistic,
    draws: Array,
    weights: Array,
) -> Beside:
    """Return a statistic before and after; before as the summary of the run has it, if it does."""
    quantity, statistic, at, unit = what
    try:
        row = before.find(quantity, statistic, at=at)
        was = Estimate(row.value, row.mc_error, row.note)
    except KeyError:  # a threshold or interval that the run's own report did not ask for
        was = estimate(function, draws, np.ones_like(draws))
    return Beside(
        quantity, statistic, math.nan if at is None else at, unit, was, estimate(function, draws, weights)
    )
