"""What a fitted model says of the periods: the log likelihood of each, and surveys drawn anew.

A period's own level u is what a new period would draw anew, so it is integrated out of the likelihood:
leaving a period out then asks how well the others foresee it, and importance weights stay light.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy.stats import nbinom

from sim.evidence.hierarchical.model_survey import OFFSETS, Cells, ModelSurvey, log_edges
from sim.evidence.hierarchical.settings import MarksModel
from sim.special_functions import log_expit, log_ndtr, ndtr
from sim.types import Array, Integers


@dataclass(frozen=True, eq=False)
class ContributorsDraws:
    """Draws of the contributors' parameters.

    Parameters
    ----------
    log_mean
        The logarithm of the mean, ln μ, (draw, stratum).
    dispersion
        The dispersion φ, 0 or more, (draw, stratum).
    """

    log_mean: Array
    dispersion: Array


@dataclass(frozen=True, eq=False)
class EffortDraws:
    """Draws of the parameters of commits or lines.

    Parameters
    ----------
    level
        The level g, (draw, stratum).
    activity
        The effect of activity b, (draw).
    period_spread
        The spread between periods τ, (draw).
    contributor_spread
        The spread between contributors s, (draw).
    """

    level: Array
    activity: Array
    period_spread: Array
    contributor_spread: Array


def contributors_draws(group: xr.Dataset) -> ContributorsDraws:
    """Return the contributors' parameters, dispersion zero where the model has none.

    Parameters
    ----------
    group
        A ``posterior`` or ``prior`` group, (chain, draw, stratum).
    """
    log_mean = stack_chains(group, "log_mean")
    dispersion = stack_chains(group, "dispersion") if "dispersion" in group else np.zeros_like(log_mean)
    return ContributorsDraws(log_mean, dispersion)


def effort_draws(group: xr.Dataset) -> EffortDraws:
    """Return the parameters of commits or lines; zero for those that the model lacks."""
    scale = stack_chains(group, "contributor_spread")
    none = np.zeros_like(scale)
    return EffortDraws(
        level=stack_chains(group, "level"),
        activity=stack_chains(group, "activity") if "activity" in group else none,
        period_spread=stack_chains(group, "period_spread") if "period_spread" in group else none,
        contributor_spread=scale,
    )


def stack_chains(group: xr.Dataset, name: str) -> Array:
    """Return a variable with its chains one after the other, (draw, ...).

    Parameters
    ----------
    group
        A ``posterior`` or ``prior`` group.
    name
        Name of the variable.

    Returns
    -------
    ndarray
        The variable, (draw, ...), chain after chain.
    """
    values = group[name].transpose("chain", "draw", ...).to_numpy()
    return np.asarray(values.reshape(-1, *values.shape[2:]), dtype=np.float64)


def thinned(group: xr.Dataset, n_draws: int) -> xr.Dataset:
    """Return about so many draws over all chains, evenly spaced.

    Parameters
    ----------
    group
        A group of draws, (chain, draw, ...).
    n_draws
        About how many draws are left, over all chains.

    Returns
    -------
    Dataset
        All variables, with fewer draws.
    """
    step = max(1, group.sizes["chain"] * group.sizes["draw"] // n_draws)
    return group.isel(draw=slice(None, None, step))


SMALLEST = 1e-290
LARGEST_EXPONENT = 300.0

N_NODES = 11
SMALLEST_DISPERSION = 1e-12

N_MORE_BINS = 10
"""Doublings above the survey's largest bin; what lies beyond is counted in the last."""
LARGEST_MEAN = 1e15


def log_interval(model: MarksModel, lower: Array, upper: Array) -> Array:
    r"""Return :math:`\log(F(b) - F(a))` for a < b, F the standard law of a model's ln X.

    Parameters
    ----------
    model
        Name of the model: the law is logistic for ``log-logistic``, F(x) = 1 - exp(-exp(x)) for ``weibull``,
        and normal for the others.
    lower
        Lower end a.
    upper
        Upper end b, of the same shape.

    Returns
    -------
    ndarray
        Log probabilities, of the shape of `lower`.

    Examples
    --------
    >>> log_interval("lognormal", np.array([38.0]), np.array([39.0])).round(2).tolist()
    [-726.56]
    """
    if model == "log-logistic":
        return np.asarray(log_expit(upper) + log_expit(-lower) + np.log(-np.expm1(lower - upper)))
    if model == "weibull":
        low, high = (np.exp(np.minimum(end, LARGEST_EXPONENT)) for end in (lower, upper))
        return np.asarray(np.log(np.maximum(-np.expm1(low - high), SMALLEST)) - low)
    return _normal(lower, upper)


def _normal(lower: Array, upper: Array) -> Array:
    flip = lower + upper > 0
    low, high = np.where(flip, -upper, lower), np.where(flip, -lower, upper)
    probability = ndtr(high) - ndtr(low)
    far = probability < SMALLEST
    value = np.log(np.where(far, 1.0, probability))
    at = log_ndtr(high[far])
    value[far] = at + np.log(-np.expm1(np.minimum(log_ndtr(low[far]) - at, -SMALLEST)))
    return np.asarray(value)


def contributors_log_likelihood(survey: ModelSurvey, draws: ContributorsDraws) -> Array:
    """Return log P(N) of each period's contributors, (draw, period).

    Parameters
    ----------
    survey
        The survey.
    draws
        Draws of the contributors' parameters.

    Returns
    -------
    ndarray
        Log probabilities, (draw, period).
    """
    mean = np.exp(draws.log_mean)[:, survey.stratum] * survey.exposures["contributors"]
    shape = 1.0 / np.maximum(draws.dispersion, SMALLEST_DISPERSION)[:, survey.stratum]
    return np.asarray(nbinom.logpmf(survey.contributors, shape, shape / (shape + mean)), dtype=np.float64)


def effort_log_likelihood(cells: Cells, draws: EffortDraws, model: MarksModel) -> Array:
    r"""Return the log probability of each active period's bins, (draw, active_period).

    .. math:: \log \int \prod_{\text{cells}} P(\text{bin} \mid u)^{n}\, \phi(u)\, du

    by Gauss-Hermite quadrature with 11 nodes; one node where the model has no period level. The multinomial
    coefficient is left out, the same for all models.

    Parameters
    ----------
    cells
        What contributors did, in filled cells.
    draws
        Draws of the parameters of the unit.
    model
        Name of the model, which says which law.

    Returns
    -------
    ndarray
        Log probabilities, (draw, active_period).
    """
    starts = np.searchsorted(cells.period, np.arange(len(cells.stratum)))
    if not len(starts):
        return np.zeros((len(draws.activity), 0))
    centre = cells.log_exposure + draws.level[:, cells.stratum]
    centre += draws.activity[:, np.newaxis] * cells.deviation
    scale = draws.contributor_spread[:, np.newaxis]
    total = np.full(centre.shape, -np.inf)
    for node, weight in zip(*_hermite(bool(draws.period_spread.any())), strict=True):
        at = (centre + draws.period_spread[:, np.newaxis] * node)[:, cells.period]
        each = log_interval(model, (cells.lower - at) / scale, (cells.upper - at) / scale)
        summed = np.add.reduceat(each * cells.contributors, starts, axis=1)
        total = np.logaddexp(total, summed + np.log(weight))
    return total


def _hermite(spread: bool) -> tuple[Array, Array]:
    nodes, weights = np.polynomial.hermite_e.hermegauss(N_NODES if spread else 1)
    return nodes, weights / weights.sum()


def predict_contributors(survey: ModelSurvey, draws: ContributorsDraws, rng: np.random.Generator) -> Integers:
    """Return contributors of each period, drawn anew, (draw, period).

    Parameters
    ----------
    survey
        The survey.
    draws
        Draws of the contributors' parameters.
    rng
        Generator of the counts.

    Returns
    -------
    ndarray
        Contributors, (draw, period).
    """
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
    survey: ModelSurvey,
    cells: Cells,
    unit: str,
    draws: EffortDraws,
    model: MarksModel,
    rng: np.random.Generator,
) -> Integers:
    """Return contributors by bin of each active period, (draw, active_period, bin).

    As many contributors as were there, period levels drawn anew; bins from :func:`predicted_bins`.

    Parameters
    ----------
    survey
        The survey.
    cells
        What contributors did, for the active periods.
    unit
        ``commits`` or ``lines``.
    draws
        Draws of the parameters of the unit.
    model
        Name of the model, which says which law.
    rng
        Generator of levels and counts.

    Returns
    -------
    ndarray
        Contributors, (draw, active_period, bin).
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
