"""Surveys drawn anew from a model: contributors by period, and what those who were there did."""

import numpy as np

from sim.evidence.hierarchical.cells import OFFSETS, Cells, log_edges
from sim.evidence.hierarchical.choices import MarksModel
from sim.evidence.hierarchical.expectation import ContributorsDraws, EffortDraws
from sim.evidence.hierarchical.grouped import GroupedSurvey, Integers
from sim.evidence.hierarchical.laws import log_interval
from sim.types import Array

N_MORE_BINS = 10
"""Doublings above the survey's largest bin; what lies beyond is counted in the last."""
LARGEST_MEAN = 1e15


def predict_contributors(
    survey: GroupedSurvey, draws: ContributorsDraws, rng: np.random.Generator
) -> Integers:
    """Return contributors of each period, drawn anew, (draw, period)."""
    mean = np.exp(draws.log_mean)[:, survey.stratum] * survey.exposures["contributors"]
    dispersion = draws.dispersion[:, survey.stratum]
    spread = np.where(
        dispersion > 0, rng.gamma(1.0 / np.maximum(dispersion, 1e-12)) * np.maximum(dispersion, 1e-12), 1.0
    )
    return rng.poisson(np.minimum(mean * spread, LARGEST_MEAN)).astype(np.int64)


def predicted_bins(upper: Integers) -> Integers:
    """Return a survey's upper edges and as many doublings above as predictions may need, (bin).

    Examples
    --------
    >>> predicted_bins(np.array([0, 1, 2]))[:6].tolist()
    [0, 1, 2, 4, 8, 16]
    """
    more = max(int(upper[-1]), 1) * 2 ** np.arange(1, N_MORE_BINS + 1)
    return np.concatenate([upper, more])


def predict_frequencies(
    survey: GroupedSurvey,
    cells: Cells,
    unit: str,
    draws: EffortDraws,
    model: MarksModel,
    rng: np.random.Generator,
) -> Integers:
    """Return contributors by bin of each active period, (draw, active_period, bin).

    As many contributors as were there, period levels drawn anew; bins from :func:`predicted_bins`.
    """
    n_draws, n_active = len(draws.activity), len(cells.stratum)
    level = cells.log_exposure + draws.level[:, cells.stratum]
    level += draws.activity[:, np.newaxis] * cells.deviation
    level += draws.period_spread[:, np.newaxis] * rng.standard_normal((n_draws, n_active))
    lower, upper = log_edges(predicted_bins(survey.upper[unit]), OFFSETS[unit])
    upper[-1] = -lower[0]
    probability = _probabilities(model, level, draws.contributor_spread, lower, upper)
    return rng.multinomial(survey.contributors[survey.active], probability).astype(np.int64)


def _probabilities(model: MarksModel, level: Array, scale: Array, lower: Array, upper: Array) -> Array:
    probability = np.zeros((*level.shape, len(lower)))
    for place in np.flatnonzero(upper > lower):
        ends = [(end[place] - level) / scale[:, np.newaxis] for end in (lower, upper)]
        probability[..., place] = np.exp(log_interval(model, ends[0], ends[1]))
    return np.asarray(probability / probability.sum(axis=-1, keepdims=True))
