r"""Sampling errors of the logarithms of totals and ratios, from variances pooled over repositories.

Totals. Period j of stratum h adds :math:`(y_{hju} - \bar y_{hu}) / (\hat T_u \sqrt{n_h (n_h - 1)})` to the
logarithm of a total; the squares add up to the linearised variance :math:`s_{hu}^2 / (n_h \hat T_u^2)`. The
relative variances :math:`s_{hu}^2 / \bar y_{hu}^2` are pooled over strata (:mod:`sim.evidence.moderation`). A
total then errs by a sum of independent t variables of :math:`\tilde d_h` degrees of freedom, with variances
:math:`a_h = \bar y_{hu}^2 \tilde s_h^2 \tilde d_h / (n_h \hat T_u^2 (\tilde d_h - 2))`. The t with variance
and kurtosis of the sum (Patil 1965), which for one stratum is its own, has

.. math::

    \nu = 4 + \frac{(\sum_h a_h)^2}{\sum_h a_h^2 / (\tilde d_h - 4)}, \qquad
    sd^2 = \frac{\nu - 2}{\nu} \sum_h a_h,

and sd is no smaller than the linearised one, :math:`\sqrt{\sum_h s_{hu}^2 / n_h} / \hat T_u`: pooling may
widen the interval of a total and not narrow it, since what few large repositories vary more than the trend
says is most of it.

Ratios. Of the m periods of a repository that are not empty, period j adds
:math:`(m - 1)(\log\hat R - \log\hat R_{-j})`, centred, over :math:`\sqrt{m (m - 1)}`; :math:`\hat R_{-j}`
leaves it out. The squares add up to the jackknife variance (Tukey 1958), which sees what a linearised
variance does not: that few periods carry both sums. An empty period says nothing of a ratio. The variances of
a period, m times that, are pooled over all repositories; a repository with one period that is not empty has
the variance of the others of its size.

References
----------
Smyth (2004), Stat. Appl. Genet. Mol. Biol. 3:3. Patil (1965), Biometrika 52:21. Efron & Tibshirani (1993),
An Introduction to the Bootstrap, section 11.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.evidence.estimands import TOTALS, sample_totals
from sim.evidence.moderation import PooledVariances, pool_variances
from sim.evidence.readings import UNITS, PeriodSample
from sim.types import Array

SMALLEST_SIZE = 0.5
"""Size of a repository, in contributors, where a file counts none in a period that is not empty."""
ROUNDING = 1e-24
"""A smaller relative variance is none."""


@dataclass(frozen=True, eq=False)
class LogErrors:
    """Sampling errors of the logarithms of the totals, and of the ratios of some repositories.

    Parameters
    ----------
    parts
        Covariance of what a repository's periods add to the logarithms of the totals, or to the logarithms of
        its ratios, (column, column), by repository; under ``TOTALS`` all others together. The parts of a
        total sum to one over repositories, a ratio has one by itself; what does not vary has zero.
    sds
        Standard deviation of each logarithm, (column), by repository; the totals under ``TOTALS``.
    freedom
        Degrees of freedom of each standard deviation, (column), by repository; the totals under ``TOTALS``.
    periods
        Number of periods that are not empty, by repository; under ``TOTALS`` the periods of the stratum with
        fewest.
    own_variances
        Variance of each logarithm by a repository's own periods alone, (column), by repository: of a ratio
        the jackknife variance; under ``TOTALS``, of a total, the linearised one.
    total_freedom
        Satterthwaite's degrees of freedom of the linearised variances, (unit).
    """

    parts: Mapping[str, Array]
    sds: Mapping[str, Array]
    freedom: Mapping[str, Array]
    periods: Mapping[str, int]
    own_variances: Mapping[str, Array]
    total_freedom: Array


class RatioVariances(NamedTuple):
    """Variances of the logarithms of ratios, (repository, unit).

    Parameters
    ----------
    own
        Variances by jackknife of a repository's own periods.
    pooled
        Variances moderated by what all repositories show.
    freedom
        Degrees of freedom of `pooled`.
    """

    own: Array
    pooled: Array
    freedom: Array


class Additions(NamedTuple):
    """What periods add to the logarithms of estimates.

    Parameters
    ----------
    rows
        What each period adds to each logarithm, (period, column); the products of two columns sum to their
        covariance.
    alone
        A variance that goes with no other column, where the periods themselves do not differ, (column).
    """

    rows: Array
    alone: Array


def log_errors(sample: PeriodSample, repositories: Collection[str]) -> LogErrors:
    """Return the sampling errors of a survey's totals, and of ratios.

    Parameters
    ----------
    sample
        The survey in one reading; two periods or more in each stratum.
    repositories
        Repositories whose ratios are wanted; each has some (:func:`sim.evidence.estimands.check_references`).

    Returns
    -------
    LogErrors
        Covariances, standard deviations and degrees of freedom.
    """
    shares, total_sds, freedom_of_totals, linearised = _total_errors(sample)
    sds, freedom = {TOTALS: total_sds}, {TOTALS: freedom_of_totals}
    own_variances = {TOTALS: linearised.sum(axis=0)}
    periods = {TOTALS: min(len(stratum.counts) for stratum in sample.strata)}
    parts = {TOTALS: np.zeros((len(UNITS), len(UNITS)))}
    added: dict[str, list[Additions]] = {}
    for stratum, variances in zip(sample.strata, shares, strict=True):
        one = _scaled(stratum.counts - stratum.counts.mean(axis=0), variances)
        if stratum.repository in repositories:
            added.setdefault(stratum.repository, []).append(one)
        else:
            parts[TOTALS] += one.rows.T @ one.rows + np.diag(one.alone)
    ratios = _ratio_errors(sample)
    for name in sorted(repositories):
        rows, n_active, found = ratios[name]
        own_variances[name], variances, freedom[name] = found
        sds[name], periods[name] = np.sqrt(variances), n_active
        own = _scaled(rows, np.where(variances > 0, 1.0, 0.0))
        together = np.concatenate([np.concatenate([one.rows for one in added[name]]), own.rows], axis=1)
        alone = np.concatenate([np.sum([one.alone for one in added[name]], axis=0), own.alone])
        parts[name] = together.T @ together + np.diag(alone)
    total_freedom = _satterthwaite(linearised, sample)
    return LogErrors(parts, sds, freedom, periods, own_variances, total_freedom)


def jackknife_rows(counts: Array) -> Array:
    """Return what each period adds to the logarithms of a repository's ratios, (..., period, counted unit).

    Parameters
    ----------
    counts
        Counts, (..., period, unit), contributors first. A period without any adds nothing. A period without
        which nothing is left of a unit has no such jackknife value, and adds what it adds to first order.

    Examples
    --------
    >>> rows = jackknife_rows(np.array([[1.0, 2, 8], [2, 4, 8], [0, 0, 0], [1, 2, 8]]))
    >>> bool(abs(rows[:, 0]).max() < 1e-12), round(float((rows[:, 1] ** 2).sum()), 4)
    (True, 0.0731)
    """
    active = (counts != 0).any(axis=-1, keepdims=True)
    n_active = active.sum(axis=-2, keepdims=True)
    sums = counts.sum(axis=-2, keepdims=True)
    varies = (n_active > 1) & (sums > 0).all(axis=-1, keepdims=True)
    whole, left = np.where(varies, sums, 1.0), sums - counts
    defined = (left[..., :1] > 0) & (left[..., 1:] > 0)
    kept = np.where(left > 0, left, 1.0)
    without = np.log(kept[..., 1:]) - np.log(kept[..., :1])
    jackknife = (n_active - 1) * (np.log(whole[..., 1:] / whole[..., :1]) - without)
    linear = n_active * (counts[..., 1:] / whole[..., 1:] - counts[..., :1] / whole[..., :1])
    influences = np.where(active & varies, np.where(defined, jackknife, linear), 0.0)
    fewest = np.maximum(n_active, 2)
    centred = np.where(active, influences - influences.sum(axis=-2, keepdims=True) / fewest, 0.0)
    return np.asarray(centred / np.sqrt(fewest * (fewest - 1)))


def ratio_variances(own: Array, n_active: Array, log_sizes: Array) -> RatioVariances:
    """Return variances of the logarithms of ratios, pooled over repositories.

    Parameters
    ----------
    own
        Squares of :func:`jackknife_rows`, summed over periods, (repository, unit).
    n_active
        Number of periods that are not empty, (repository).
    log_sizes
        Logarithm of the mean contributors of those, (repository).

    Returns
    -------
    RatioVariances
        The variances, each (repository, unit).
    """
    relative = _not_rounding(own * n_active[:, np.newaxis])
    pooled = [pool_variances(each, n_active - 1.0, log_sizes) for each in relative.T]
    variances = np.array([each.variances for each in pooled]).T / n_active[:, np.newaxis]
    freedom = np.array([np.minimum(each.freedom, each.in_all) for each in pooled]).T
    return RatioVariances(own, variances, freedom)


def _total_errors(sample: PeriodSample) -> tuple[Array, Array, Array, Array]:
    """Return shares and linearised variances, (stratum, unit), first and last; sds and freedom, (unit)."""
    totals = sample_totals(sample)
    periods = np.array([[float(len(stratum.counts))] for stratum in sample.strata])
    means = np.stack([stratum.counts.mean(axis=0) for stratum in sample.strata])
    variances = np.stack([_variance(stratum.counts) for stratum in sample.strata])
    unsampled = np.array([[stratum.unsampled] for stratum in sample.strata])
    active = means > 0
    relative = _not_rounding(np.divide(variances, means**2, out=np.zeros_like(means), where=active))
    sizes = np.array([_log_size(stratum.counts) for stratum in sample.strata])
    weights = (means / np.where(totals > 0, totals, 1.0)) ** 2 / periods * unsampled
    of_t = np.zeros_like(means)
    sds, freedom = np.zeros(len(UNITS)), np.full(len(UNITS), np.inf)
    for unit in np.flatnonzero(active.any(axis=0)):
        own = active[:, unit]
        pooled = pool_variances(relative[own, unit], periods[own, 0] - 1, sizes[own])
        of_t[own, unit] = weights[own, unit] * pooled.variances * pooled.freedom / (pooled.freedom - 2)
        linearised = weights[own, unit] @ relative[own, unit]
        variance, nu = _patil(of_t[own, unit], pooled)
        sds[unit], freedom[unit] = np.sqrt(max(variance, linearised)), min(nu, pooled.in_all)
    summed = of_t.sum(axis=0)
    return of_t / np.where(summed > 0, summed, 1.0), sds, freedom, weights * relative


def _satterthwaite(variances: Array, sample: PeriodSample) -> Array:
    """Return the degrees of freedom of sums over strata of variances, (stratum, unit)."""
    degrees = np.array([[max(len(stratum.counts) - 1, 1)] for stratum in sample.strata])
    noise = (variances**2 / degrees).sum(axis=0)
    infinite = np.full(len(UNITS), np.inf)
    return np.asarray(np.divide(variances.sum(axis=0) ** 2, noise, out=infinite, where=noise > 0))


def _patil(variances: Array, pooled: PooledVariances) -> tuple[float, float]:
    """Return the squared scale and the freedom of the t that is most like a sum of independent ones."""
    whole = float(variances.sum())
    if whole == 0:
        return 0.0, np.inf
    erring = variances > 0  # a stratum observed whole adds nothing, however few its periods
    nu = 4 + whole**2 / float((variances[erring] ** 2 / (pooled.freedom[erring] - 4)).sum())
    return whole * (nu - 2) / nu, nu


def _ratio_errors(sample: PeriodSample) -> dict[str, tuple[Array, int, RatioVariances]]:
    """Return errors of the log ratios, pooled over repositories.

    By repository: what its periods add, (period, unit); how many are not empty; variances and degrees of
    freedom, each (unit).
    """
    counts: dict[str, list[Array]] = {}
    left: dict[str, list[float]] = {}
    for stratum in sample.strata:
        counts.setdefault(stratum.repository, []).append(stratum.counts)
        left.setdefault(stratum.repository, []).extend([stratum.unsampled] * len(stratum.counts))
    periods = {name: np.concatenate(parts) for name, parts in counts.items()}
    with_ratio = sorted(name for name, own in periods.items() if (own.sum(axis=0) > 0).all())
    rows = {name: jackknife_rows(periods[name]) for name in with_ratio}
    n_active = np.array([np.count_nonzero((periods[name] != 0).any(axis=1)) for name in with_ratio])
    sizes = np.array([_log_size(periods[name]) for name in with_ratio])
    squares = np.array([(rows[name] ** 2).sum(axis=0) for name in with_ratio]).reshape(-1, len(UNITS) - 1)
    found = ratio_variances(squares, n_active, sizes)
    whole: dict[str, tuple[Array, int, RatioVariances]] = {}
    for place, name in enumerate(with_ratio):
        own, pooled, freedom = (each[place] for each in found)
        unsampled = float(np.mean(left[name]))
        variances = RatioVariances(own * unsampled, pooled * unsampled, freedom)
        whole[name] = rows[name], int(n_active[place]), variances
    return whole


def _variance(counts: Array) -> Array:
    """Return the variance of a period, (unit); zero where there is one, which only a census has."""
    return np.asarray(counts.var(axis=0, ddof=1) if len(counts) > 1 else np.zeros(counts.shape[1]))


def _scaled(rows: Array, variances: Array) -> Additions:
    """Scale what periods add, column by column, so that the squares sum to given variances."""
    found = (rows**2).sum(axis=0)
    vary = found > ROUNDING
    factors = np.sqrt(np.divide(variances, found, out=np.zeros_like(found), where=vary))
    return Additions(rows * factors, np.where(vary, 0.0, variances))


def _log_size(counts: Array) -> float:
    """Return the logarithm of the mean contributors of the periods that are not empty; zero without any."""
    active = counts[(counts != 0).any(axis=1), 0]
    return float(np.log(max(active.mean(), SMALLEST_SIZE))) if active.size else 0.0


def _not_rounding(relative: Array) -> Array:
    return np.where(relative > ROUNDING, relative, 0.0)
