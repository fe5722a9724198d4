r"""Posterior of the estimands: expectations of contributors times effort, from posterior arrays alone."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.evidence.estimands import COUNTED, check_references, estimands
from sim.evidence.hierarchical.model_survey import OFFSETS, ModelSurvey
from sim.evidence.hierarchical.predictions import ContributorsDraws, EffortDraws
from sim.evidence.readings import UNITS
from sim.special_functions import gammaln, ndtr
from sim.types import Array

N_SINGLE = 24
"""Up to here every number is a node of its own."""
N_BEYOND = 32
SMALLEST_DISPERSION = 1e-15
SDS, TAILS = 8.0, 35.0
"""How far the nodes reach: standard deviations, and scales of the law's exponential tail."""
HALF_LOG_2PI = 0.5 * float(np.log(2 * np.pi))


@dataclass(frozen=True, eq=False)
class Nodes:
    """Numbers of contributors above zero, and their probabilities.

    Parameters
    ----------
    numbers
        Numbers of contributors, (..., node).
    weights
        Probability of each number, (..., node); those of a law add up to one less the probability of zero.
    """

    numbers: Array
    weights: Array


def negative_binomial_nodes(mean: Array, dispersion: Array) -> Nodes:
    r"""Return nodes for N with mean μ and variance :math:`\mu + \varphi \mu^2`.

    The numbers 1 to 24 with their probabilities, by the recursion

    .. math:: p_0 = (1 + \varphi\mu)^{-1/\varphi}, \quad
        p_n = p_{n-1} \frac{\mu (1 + \varphi (n - 1))}{n (1 + \varphi \mu)},

    and beyond, 32 Gauss-Legendre nodes in ln n on what is within 8 standard deviations and 35 scales of the
    exponential tail, with the probability in Loader's saddle-point form, which is as good for a mean of 10⁹
    as for one of 30. The weights beyond are scaled to what the first numbers leave.

    Parameters
    ----------
    mean
        The mean μ, above 0, (...).
    dispersion
        The dispersion φ, 0 or more, (...).

    Returns
    -------
    Nodes
        Numbers of contributors and their probabilities, (..., node).

    References
    ----------
    Loader (2000), Fast and accurate computation of binomial probabilities.
    """
    phi = np.maximum(dispersion, SMALLEST_DISPERSION)[..., np.newaxis]
    mu = mean[..., np.newaxis]
    numbers = np.arange(1.0, N_SINGLE + 1)
    first = np.exp(-np.log1p(phi * mu) / phi)
    steps = mu * (1 + phi * (numbers - 1)) / (numbers * (1 + phi * mu))
    exact = first * np.cumprod(steps, axis=-1)
    left = np.clip(1.0 - first - exact.sum(axis=-1, keepdims=True), 0.0, 1.0)
    beyond, widths = _beyond(mu, phi)
    log_weights = _log_probability(beyond, mu, phi) + np.log(beyond * widths)
    weights = np.exp(log_weights - log_weights.max(axis=-1, keepdims=True))
    weights *= left / weights.sum(axis=-1, keepdims=True)
    return Nodes(
        np.concatenate([np.broadcast_to(numbers, exact.shape), beyond], axis=-1),
        np.concatenate([exact, weights], axis=-1),
    )


def _beyond(mu: Array, phi: Array) -> tuple[Array, Array]:
    """Return nodes above the exact ones and their widths in ln n, (..., node) each."""
    sd = np.sqrt(mu + phi * mu**2)
    low = np.maximum(N_SINGLE + 0.5, mu - SDS * sd)
    high = np.maximum(2 * low, mu + SDS * sd + TAILS * phi * mu)
    high = np.where(low > N_SINGLE + 0.5, mu + SDS * sd + TAILS * phi * mu, high)
    places, widths = np.polynomial.legendre.leggauss(N_BEYOND)
    centre, half = 0.5 * np.log(high * low), 0.5 * np.log(high / low)
    return np.exp(centre + half * places), half * widths


def _log_probability(n: Array, mu: Array, phi: Array) -> Array:
    """Return log P(N = n) for n above ``N_SINGLE``, not a whole number as a rule."""
    r = 1.0 / phi
    log_ratio = np.log(r / (n + r))
    both, short = _stirling_error(n + r), _stirling_error(n)
    shape = np.where(
        r < N_SINGLE,
        gammaln(r + 1) - (r + 0.5) * np.log(r) + r - HALF_LOG_2PI,
        _stirling_error(np.maximum(r, 1.0)),
    )
    from_shape = r * (n + r) / (r + mu) * _deviance((mu - n) / (n + r))
    from_number = mu * (n + r) / (r + mu) * _deviance(r * (n - mu) / ((n + r) * mu))
    spread = 0.5 * (np.log1p(n * phi) - np.log(n)) - HALF_LOG_2PI
    return np.asarray(log_ratio + both - shape - short - from_shape - from_number + spread)


def _stirling_error(x: Array) -> Array:
    """Return ln Γ(x + 1) less Stirling's formula, for x >= 16 or so."""
    return np.asarray((1 - (1 / 30 - 2 / 105 / x**2 / 2) / x**2) / (12 * x))


def _deviance(d: Array) -> Array:
    return np.asarray((1 + d) * np.log1p(d) - d)


N_EXACT = 8
"""Terms of the sum taken one by one; the rest is an integral with its end corrections."""

N_GRID = 512
"""Points at which a draw's mean count is computed; its logarithm is linear between, to 1e-4."""
CHUNK = 50
SMALLEST_SPAN, SMALLEST_MEAN = 1e-6, 1e-300


def mean_count(location: Array, scale: Array, offset: int, cap: float) -> Array:
    r"""Return :math:`E[\min(\lceil X \rceil - o, c)]`, :math:`\ln X \sim N(\nu, v)`.

    With :math:`S(t) = P(X > t)` and :math:`M = o + c - 1` this is :math:`\sum_{k=o}^{M} S(k)`. The terms
    below K = 8 are summed; the others follow from Euler and Maclaurin,

    .. math::

        \sum_{k=K}^{M} S(k) \approx \int_K^M S + \tfrac12 (S(K) + S(M)) + \tfrac1{12}(f(K) - f(M)),

    f the density of X, and the integral is a difference of limited expected values
    :math:`E[\min(X, d)] = e^{\nu + v^2/2} \Phi((\ln d - \nu - v^2)/v) + d\,S(d)`. For v above 0.3 the error
    is below 1e-4 of the mean. A lower v does not blur the steps of the count beyond K; the error is then at
    most half a unit in more than eight.

    Parameters
    ----------
    location
        The mean ν of the logarithm, of any shape.
    scale
        The standard deviation v of the logarithm, above 0, of a shape that broadcasts.
    offset
        What is subtracted from the count, o, 0 or 1.
    cap
        Largest count, c; may be infinite.

    Returns
    -------
    ndarray
        Expected counts, of the shape of `location`.

    Examples
    --------
    >>> round(float(mean_count(np.array(0.0), np.array(1e-3), 0, np.inf)), 6)
    1.5
    """
    last = offset + cap - 1
    start = min(N_EXACT, last)
    total = np.zeros_like(location)
    for k in range(offset, int(start)):
        total += _survival(location, scale, k)
    at_start = _survival(location, scale, start)
    if start == last:
        return total + at_start
    total += 0.5 * at_start + _density(location, scale, start) / 12
    mean = np.exp(location + 0.5 * scale**2)
    upper = 1.0 if np.isinf(last) else _size_biased(location, scale, last)
    total += mean * (upper - _size_biased(location, scale, start)) - start * at_start
    if np.isfinite(last):
        at_end = _survival(location, scale, last)
        total += (0.5 + last) * at_end - _density(location, scale, last) / 12
    return total


def _survival(location: Array, scale: Array, at: float) -> Array:
    if at == 0:
        return np.ones_like(location)
    return np.asarray(ndtr((location - np.log(at)) / scale))


def _size_biased(location: Array, scale: Array, at: float) -> Array:
    """Return the share of the mean that lies below a value."""
    return np.asarray(ndtr((np.log(at) - location) / scale - scale))


def _density(location: Array, scale: Array, at: float) -> Array:
    standard = (np.log(at) - location) / scale
    return np.asarray(np.exp(-0.5 * standard**2) / (np.sqrt(2 * np.pi) * scale * at))


def expected_counts(
    survey: ModelSurvey, contributors: ContributorsDraws, efforts: Mapping[str, EffortDraws]
) -> Array:
    r"""Return the expected count in one period of each stratum, (draw, stratum, unit).

    .. math::

        E[Y_h] = \sum_{n \ge 1} P(N_h = n)\, n\, E[y \mid n], \qquad
        \ln X \mid n \sim N\bigl(g_h + b (\ln n - c_h),\ \sqrt{\tau^2 + s^2}\bigr)

    The period level is integrated out in closed form: it adds to the variance. Counts are rounded up, and
    held at the survey's cap.

    Parameters
    ----------
    survey
        The survey, for its strata, their mean active contributors, and the caps.
    contributors
        Posterior draws of the contributors' parameters.
    efforts
        Posterior draws of the parameters of each unit, as many as of `contributors`.

    Returns
    -------
    ndarray
        Expected counts, (draw, stratum, unit), units in the order of ``UNITS``.
    """
    mean = np.exp(contributors.log_mean)
    counts = np.empty((*mean.shape, len(UNITS)))
    counts[..., 0] = mean
    for first in range(0, len(mean), CHUNK):
        part = slice(first, first + CHUNK)
        nodes = negative_binomial_nodes(mean[part], contributors.dispersion[part])
        excess = np.log(nodes.numbers) - survey.log_size[:, np.newaxis]
        share = nodes.weights * nodes.numbers
        for column, unit in enumerate(COUNTED, start=1):
            each = _effort(survey, unit, efforts[unit], part, excess)
            counts[part, :, column] = np.einsum("dsn,dsn->ds", share, each)
    return counts


def _effort(survey: ModelSurvey, unit: str, draws: EffortDraws, part: slice, excess: Array) -> Array:
    """Return the mean count of one contributor among so many, (draw, stratum, node)."""
    location = draws.level[part, :, np.newaxis] + draws.activity[part, np.newaxis, np.newaxis] * excess
    scale = np.hypot(draws.period_spread, draws.contributor_spread)[part, np.newaxis]
    low, high = location.min(axis=(1, 2)), location.max(axis=(1, 2))
    grid = np.linspace(low, high + SMALLEST_SPAN, N_GRID, axis=1)
    table = np.log(np.maximum(mean_count(grid, scale, OFFSETS[unit], survey.cap(unit)), SMALLEST_MEAN))
    logs = [np.interp(at, points, values) for at, points, values in zip(location, grid, table, strict=True)]
    return np.exp(logs)


def estimand_draws(survey: ModelSurvey, counts: Array, references: Mapping[str, str]) -> dict[str, Array]:
    """Return every estimand, (draw) by column of :mod:`sim.evidence.estimands`.

    Totals add up the strata's expectations; ratios are sums over the reference's strata, each as often as it
    has sampled periods, over such sums.

    Parameters
    ----------
    survey
        The survey.
    counts
        Expected counts of one period, (draw, stratum, unit), from :func:`expected_counts`.
    references
        Repository, ``org/project``, by the reference's short name.

    Returns
    -------
    dict
        Draws by column, (draw): persons, units per year, units per person and period.

    Raises
    ------
    InvalidInput
        If a reference is not in the file or has no contributor, commit or line.
    """
    check_references(survey.sample, references)
    n_periods = survey.periods_by_stratum.astype(np.float64)
    sums = {}
    for name, repository in references.items():
        places = np.unique(survey.stratum[survey.sample.repository == repository])
        sums[name] = np.asarray(np.einsum("s,dsu->du", n_periods[places], counts[:, places]))
    return estimands(counts.sum(axis=1), sums)
