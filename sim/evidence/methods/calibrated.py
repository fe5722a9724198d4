r"""The calibrated bootstrap: t intervals of the logarithm, with variances pooled over repositories.

Five periods of one repository carry every ratio, so percentiles of replicates cover 74 to 88 % instead of
95 % (docs/coverage.md). Intervals :math:`\log\hat\theta \pm t_\nu\,sd` do better. These draws have such
intervals, and stay joint:

.. math::

    \log T_u = \log\hat T_u + sd_u\, h_{\nu_u}(z_u), \qquad
    \log R_{ru} = \log\hat R_{ru} + sd_{ru}\, h_{\nu_{ru}}(z_{ru}).

- sd and :math:`\nu` come from what the periods of a repository say of their spread together with what those
  of all others say (:mod:`sim.evidence.log_errors`).
- z is jointly normal, with the correlations of the linearised totals and the jackknifed ratios, so that a
  reference that enters total and ratio enters both.
- :math:`h_\nu(z) = F_\nu^{-1}(\Phi(z))` turns normal into t up to the 2.5 and 97.5 % points; beyond, it is
  the straight line from zero through that point. The exponential of a t has no mean, that of this law has all
  moments.
- No 95 % interval is wider than a factor of ``WIDEST`` either way: sd is held there, and the draws come with
  a warning that says how many periods there should be.
"""

import math
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, override

import numpy as np

from sim.evidence.estimands import (
    COUNTED,
    TOTALS,
    estimands,
    ratio_name,
    reference_sums,
    sample_totals,
    total_names,
)
from sim.evidence.methods.base import PoolingMethod, Replicates
from sim.evidence.readings import UNITS, PeriodSample
from sim.special_functions import ndtr, ndtri, stdtrit
from sim.types import Array, RngFor

if TYPE_CHECKING:
    from sim.evidence.log_errors import LogErrors

END = 0.975
"""Quantile beyond which, as beyond its mirror image, the t gives way to a normal law."""
WIDEST = 30.0
N_NODES = 65


class Pivot(NamedTuple):
    """The law of the logarithm of truth over estimate, in standard deviations.

    Parameters
    ----------
    of_normal
        Makes the pivot of standard normal variables, monotone.
    end
        The larger of the 2.5 and 97.5 % points, in absolute value.
    """

    of_normal: Callable[[Array], Array]
    end: float


PivotLaws = Mapping[str, tuple[Pivot, ...]]
"""Pivots of each repository, one for each column; those of the totals under ``TOTALS``."""


def _draw_errors(
    sample: PeriodSample,
    references: Mapping[str, str],
    errors: "LogErrors",
    pivots: PivotLaws,
    n_draws: int,
    rng_for: RngFor,
) -> dict[str, Array]:
    """Draw every estimand as its estimate times the exponential of an error, jointly, (draw) by column.

    Errors of the logarithms are given with the laws that they follow.
    """
    normal = {
        name: rng_for(f"{name or 'others'}, normal").standard_normal((n_draws, len(part))) @ _root(part)
        for name, part in errors.parts.items()
    }
    n_units = len(UNITS)
    sums: dict[str, Array] = {}
    for name in set(references.values()):
        factors = np.ones((n_draws, n_units))
        factors[:, 1:] = _factors(normal[name][:, n_units:], errors.sds[name], pivots[name])
        sums[name] = reference_sums(sample.strata_of(name)) * factors
    of_totals = sum(
        (normal[name][:, :n_units] for name in sorted(normal)), start=np.zeros((n_draws, n_units))
    )
    totals = sample_totals(sample) * _factors(of_totals, errors.sds[TOTALS], pivots[TOTALS])
    return estimands(totals, {name: sums[repository] for name, repository in references.items()})


def t_pivots(errors: "LogErrors") -> dict[str, tuple[Pivot, ...]]:
    """Return t laws with normal tails, of the errors' own degrees of freedom."""
    return {
        name: tuple(
            Pivot(partial(with_normal_tails, freedom=float(nu)), float(stdtrit(nu, END))) for nu in freedom
        )
        for name, freedom in errors.freedom.items()
    }


def with_normal_tails(normal: Array, freedom: float) -> Array:
    """Return t variables with normal tails, monotone in the normal variables they are made of.

    Parameters
    ----------
    normal
        Standard normal variables, of any shape.
    freedom
        Degrees of freedom of the t; infinite gives `normal` back.

    Returns
    -------
    ndarray
        The variables, of the shape of `normal`.

    Examples
    --------
    >>> with_normal_tails(ndtri(np.array([0.5, 0.9, 0.975])), 4.0).round(3)
    array([0.   , 1.533, 2.776])
    """
    if np.isinf(freedom):
        return normal
    from scipy.interpolate import CubicSpline  # here: checks draw nothing, and it takes a while to import

    end = float(ndtri(END))
    nodes = np.linspace(-end, end, N_NODES)
    inner = np.clip(normal, -end, end)
    slope = float(stdtrit(freedom, END)) / end
    return np.asarray(CubicSpline(nodes, stdtrit(freedom, ndtr(nodes)))(inner) + slope * (normal - inner))


def _error_cautions(
    errors: "LogErrors", pivots: PivotLaws, references: Mapping[str, str], sample: PeriodSample
) -> list[str]:
    """Say which estimates do not vary, which 95 % intervals are held, and what would narrow them."""
    sampled = {stratum.repository for stratum in sample.strata if stratum.unsampled}
    said = []
    for reference, repository in {TOTALS: TOTALS, **references}.items():
        names = [ratio_name(unit, reference) for unit in COUNTED] if reference else list(total_names())
        still = [name for name, sd in zip(names, errors.sds[repository], strict=True) if sd == 0]
        if still and (repository in sampled if repository else sampled):
            said.append(
                f"{', '.join(still)}: no period of any repository differs, so no sampling error shows"
            )
        ends = errors.sds[repository] * np.array([pivot.end for pivot in pivots[repository]])
        wide = [name for name, end in zip(names, ends, strict=True) if end > math.log(WIDEST)]
        if wide:
            wanted = math.ceil(errors.periods[repository] * (max(ends) / math.log(WIDEST)) ** 2)
            where = f"of {repository} that are not empty" if repository else "of every repository"
            said.append(
                f"{', '.join(wide)}: unknown to a factor of {WIDEST:.0f} either way, at which the 95 % "
                f"interval is held; at least {wanted} periods {where} are needed"
            )
    return said


def _factors(normal: Array, sds: Array, pivots: tuple[Pivot, ...]) -> Array:
    """Return what draws, (draw, column), multiply the estimates by."""
    factors = np.empty_like(normal)
    for column, (sd, pivot) in enumerate(zip(sds, pivots, strict=True)):
        held = min(sd, math.log(WIDEST) / pivot.end)
        factors[:, column] = np.exp(held * pivot.of_normal(normal[:, column]))
    return factors


def _root(covariance: Array) -> Array:
    """Return the symmetric square root of a covariance, which no order of eigenvectors can change."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T, dtype=np.float64)


class CalibratedBootstrap(PoolingMethod):
    """Draws whose intervals are those of t laws of the logarithm."""

    of_few = "intervals of anything divided by one reference tend to be too narrow"
    """What few periods mean for its draws."""

    def errors(self, sample: PeriodSample, repositories: Collection[str]) -> "LogErrors":
        """Return the sampling errors of the logarithms.

        Parameters
        ----------
        sample
            The survey in one reading.
        repositories
            Repositories whose ratios are wanted.

        Returns
        -------
        LogErrors
            The errors of the totals, and of the ratios.
        """
        from sim.evidence.log_errors import log_errors

        return log_errors(sample, repositories)

    def pivots(self, sample: PeriodSample, errors: "LogErrors") -> PivotLaws:
        """Return the laws of the errors.

        Parameters
        ----------
        sample
            The survey in one reading.
        errors
            The survey's sampling errors, from :meth:`errors`.

        Returns
        -------
        Mapping
            Laws by repository, one for each column.
        """
        del sample
        return t_pivots(errors)

    @override
    def draw(
        self, sample: PeriodSample, references: Mapping[str, str], n_draws: int, rng_for: RngFor
    ) -> Replicates:
        from sim.evidence.variance import cautions, variance_splits

        errors = self.errors(sample, set(references.values()))
        pivots = self.pivots(sample, errors)
        freedom = dict(zip(total_names(), errors.freedom[TOTALS].tolist(), strict=True))
        for reference, repository in references.items():
            names = (ratio_name(unit, reference) for unit in COUNTED)
            freedom |= dict(zip(names, errors.freedom[repository].tolist(), strict=True))
        columns = _draw_errors(sample, references, errors, pivots, n_draws, rng_for)
        said = cautions(sample, variance_splits(sample, references), freedom, self.of_few)
        said += _error_cautions(errors, pivots, references, sample)
        return Replicates(columns, freedom, tuple(said))


METHODS = (CalibratedBootstrap("calibrated"),)
