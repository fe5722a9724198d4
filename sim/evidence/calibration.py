r"""Calibrated draws: Rao-Wu on the log scale, widened to the degrees of freedom there are.

Five periods of one repository carry every ratio, so percentiles of replicates cover 74 to 88 % instead of
95 % (docs/coverage.md). Intervals :math:`\log\hat\theta \pm t_\nu\,sd^*`, with the Rao-Wu
standard deviation of the logarithm and Satterthwaite's :math:`\nu`, do better. These draws have such
intervals, and stay joint:

.. math::

    \log T_u &= \log\hat T_u + w_u\,(\delta_u + \sum_r z_{ru}) \\
    \log R_{ru} &= \log\hat R_{ru} + w_r\, \zeta_{ru}

- :math:`\delta_u = v_u / 2 + \log(1 + \sum_h (\bar y^*_{hu} - \bar y_{hu}) / \hat T_u)`: Rao-Wu
  replicates of all strata h but the references. Half their linearised variance :math:`v_u` cancels the bias
  of the logarithm; it is a closed form, so that no draw depends on the others.
- :math:`(z_r, \zeta_r)` is normal with mean zero and the covariance that the resamples of the reference's
  periods give to its parts of the totals and to its log ratios. Raw log replicates of five periods are
  skewed and centred off the point estimate, and cover less.
- :math:`w = \sqrt{\nu / \chi^2_\nu}`: one :math:`\chi^2` for each reference, with :math:`\nu` its periods
  less one (Satterthwaite's, where it has several listings); one uniform for the totals, with :math:`\nu`
  Satterthwaite's of each total.

The exponential of a t has no mean. So w is held at its 99 % point: the 2.5 and 97.5 % quantiles hardly move,
and means exist.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincinv

from sim.evidence.bootstrap import defined_means, pooled_sums
from sim.evidence.estimands import estimands, reference_sums, sample_totals
from sim.evidence.readings import UNITS, Array, PeriodSample, Stratum
from sim.evidence.resampling import RngFor, picks_table, summed_means
from sim.evidence.variance import ratio_influences, satterthwaite, total_influences

WIDENING_TAIL = 0.01
LARGEST_ENUMERATION = 2**18
N_AUXILIARY = 2**16


@dataclass(frozen=True, eq=False)
class ReferenceCovariance:
    """Sampling error of one reference on the log scale.

    Parameters
    ----------
    covariance
        (part, part): its parts of the log totals, (unit), then its log ratios of commits and of lines.
    degrees_of_freedom
        Of that covariance: periods less one.
    undefined
        Share of resamples that have no ratio and are left out.
    """

    covariance: Array
    degrees_of_freedom: float
    undefined: float


def calibrated(
    sample: PeriodSample, references: Mapping[str, str], n_draws: int, rng_for: RngFor
) -> dict[str, Array]:
    """Draw every estimand, (draw) by column.

    Parameters are those of :func:`sim.evidence.bootstrap.replicate`.
    """
    totals = sample_totals(sample)
    repositories = sorted(set(references.values()))
    log_totals = _other_strata(sample, repositories, n_draws, rng_for)
    sums: dict[str, Array] = {}
    for repository in repositories:
        strata = sample.strata_of(repository)
        error = reference_error(strata, totals, rng_for)
        normal = rng_for(f"{repository}, normal").standard_normal((n_draws, len(error.covariance)))
        parts = normal @ _root(error.covariance)
        log_totals += parts[:, : len(UNITS)]
        uniform = rng_for(f"{repository}, widening").random(n_draws)
        width = widening(uniform, error.degrees_of_freedom)
        log_ratios = np.zeros((n_draws, len(UNITS)))
        log_ratios[:, 1:] = width[:, np.newaxis] * parts[:, len(UNITS) :]
        sums[repository] = reference_sums(strata) * np.exp(log_ratios)
    log_totals *= _totals_widening(sample, rng_for("totals, widening").random(n_draws))
    by_reference = {name: sums[repository] for name, repository in references.items()}
    return estimands(totals * np.exp(log_totals), by_reference)


def widening(uniform: Array, degrees_of_freedom: float) -> Array:
    r"""Return :math:`\sqrt{\nu / \chi^2_\nu}`, held at its 99 % point.

    Parameters
    ----------
    uniform
        (draw), in [0, 1): places in the law of :math:`\chi^2`.
    degrees_of_freedom
        :math:`\nu`; infinite gives 1.

    Examples
    --------
    >>> widening(np.array([0.0, 0.01, 0.5]), 4.0).round(3)
    array([3.669, 3.669, 1.092])
    """
    if np.isinf(degrees_of_freedom):
        return np.ones_like(uniform)
    half = degrees_of_freedom / 2
    return np.asarray(np.sqrt(half / gammaincinv(half, np.maximum(uniform, WIDENING_TAIL))), dtype=np.float64)


def reference_error(strata: tuple[Stratum, ...], totals: Array, rng_for: RngFor) -> ReferenceCovariance:
    """Return the covariance of a reference's Rao-Wu log replicates.

    Over all resamples where they are few enough, else over a fixed number from a stream of their own.

    Parameters
    ----------
    strata
        The reference's strata.
    totals
        (unit): point estimates of the totals' means.
    rng_for
        Gives the generator that belongs to a name.
    """
    counts = strata[0].counts
    n_picks = len(counts) - 1
    if len(strata) == 1 and len(counts) ** n_picks <= LARGEST_ENUMERATION:
        means = (picks_table(counts, n_picks) / n_picks)[np.newaxis]
        defined = (means[0] > 0).all(axis=1)
        undefined = 1 - float(defined.mean())
        means = means[:, defined]
    else:
        auxiliary = lambda name: rng_for(f"{name}, covariance")  # noqa: E731
        means, n_redrawn = defined_means(strata, "rescaled", N_AUXILIARY, auxiliary)
        undefined = n_redrawn / (N_AUXILIARY + n_redrawn)
    sums = pooled_sums(strata, means)
    log_ratios = np.log(sums[:, 1:]) - np.log(sums[:, :1])
    parts = np.concatenate([means.sum(axis=0) / totals, log_ratios], axis=1)
    covariance = np.asarray(np.cov(parts.T, bias=True), dtype=np.float64)
    return ReferenceCovariance(covariance, _reference_degrees_of_freedom(strata), undefined)


def _reference_degrees_of_freedom(strata: tuple[Stratum, ...]) -> float:
    """Satterthwaite's for the log ratios; the smaller of commits and lines where listings differ."""
    influences = ratio_influences(strata)
    periods = np.array([float(len(part)) for part in influences])
    variances = np.stack([part.var(axis=0, ddof=1) / len(part) for part in influences])
    return min(satterthwaite(variances[:, i], periods) for i in range(variances.shape[1]))


def _other_strata(sample: PeriodSample, references: list[str], n_draws: int, rng_for: RngFor) -> Array:
    """Return the centred log replicates of the totals from all strata but the references, (draw, unit)."""
    totals = sample_totals(sample)
    scale = np.where(totals > 0, totals, 1.0)
    others = [stratum for stratum in sample.strata if stratum.repository not in references]

    def deviation(stratum: Stratum, means: Array) -> Array:
        return np.asarray((means - stratum.counts.mean(axis=0)) / scale, dtype=np.float64)

    deviations = summed_means(others, "rescaled", n_draws, rng_for, deviation)
    variance = sum((_variance(stratum, totals) for stratum in others), start=np.zeros(len(UNITS)))
    with np.errstate(divide="ignore"):
        return np.asarray(np.log1p(np.maximum(deviations, -1.0)) + variance / 2, dtype=np.float64)


def _totals_widening(sample: PeriodSample, uniform: Array) -> Array:
    """Return the widening of each total, (draw, unit), from one uniform."""
    totals = sample_totals(sample)
    variances = np.stack([_variance(stratum, totals) for stratum in sample.strata])
    periods = np.array([float(len(stratum.counts)) for stratum in sample.strata])
    widths = [widening(uniform, satterthwaite(variances[:, i], periods)) for i in range(len(UNITS))]
    return np.stack(widths, axis=1)


def _variance(stratum: Stratum, totals: Array) -> Array:
    influences = total_influences(stratum, totals)
    return np.asarray(influences.var(axis=0, ddof=1) / len(influences), dtype=np.float64)


def _root(covariance: Array) -> Array:
    """Return the symmetric square root of a covariance, which no order of eigenvectors can change."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T, dtype=np.float64)
