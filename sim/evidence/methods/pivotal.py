r"""The pivotal method: ratios err as those of whole histories were seen to.

A t law takes an error to be as likely on either side, and a standard deviation from five periods to be wrong
by chance alone. Whole git histories say otherwise: most misses of a ratio are too low, since five periods
that lack a busy one look quiet and sure. So the law of the pivot

.. math:: Z = \log(R / \hat R) / sd

is not assumed but learnt: surveys of n random periods are drawn from whole histories, whose R is known, and
Z is counted over repositories and surveys (``sim evidence pivots``; ``pivots.csv`` holds its quantiles by
n). A ratio is then drawn as :math:`\hat R \exp(sd \cdot Z)`, around the estimate of its own periods.

- of a ratio, :math:`sd^2 = \tfrac34 s^2 + \tfrac14 \tilde s^2`: the jackknife variance of its own periods,
  and the one pooled over repositories (:mod:`sim.evidence.log_errors`). The pooled one alone makes intervals
  shorter, but holds the truth of a repository that varies more than others too seldom; its own alone makes
  them longer (docs/coverage.md). With one period that is not empty there is the pooled one alone.
- of a total, whose error is a sum over repositories, Z has a t law, and
  :math:`sd^2 = (d_0 \tilde s^2 + \nu s^2) / (d_0 + \nu)` on :math:`d_0 + \nu` degrees of freedom: the
  linearised variance on Satterthwaite's :math:`\nu`, leaning on the pooled one as far as there are few.
- totals and ratios are tied as in :mod:`sim.evidence.methods.calibrated`, and as there the law is linear in a
  normal variable beyond its 2.5 and 97.5 % points, and no 95 % interval is wider than a factor of 30 either
  way.

Between two n the quantiles are taken linear in 1/n, whose end, without error to learn of, is the normal law.

References
----------
Efron & Tibshirani (1993), An Introduction to the Bootstrap, section 12.5 (the pivot from a table built for
these data). Singh, Xie & Strawderman (2007), IMS Lecture Notes 54:132 (distributions of confidence).
"""

import csv
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, override

import numpy as np

from sim.evidence.estimands import COUNTED, TOTALS
from sim.evidence.methods.calibrated import CalibratedBootstrap, Pivot, PivotLaws, t_pivots
from sim.evidence.readings import PeriodSample
from sim.special_functions import ndtri
from sim.types import Array

if TYPE_CHECKING:
    from sim.evidence.log_errors import LogErrors

SHIPPED = Path(__file__).with_name("pivots.csv")
OWN_SHARE = 0.75
"""Weight of its own periods in the variance of a repository's ratio; pooled variances have the rest."""
PROBABILITIES = tuple(round(0.025 * step, 3) for step in range(1, 40))
"""Probabilities of the quantiles that are learnt."""
LINE_COUNTS = {"capped": "lines_capped", "published": "lines_capped", "corrected": "lines"}
"""Whose law lines have, by their reading: histories have no published one, which has no long tail either."""


@dataclass(frozen=True, eq=False)
class PivotTable:
    """Quantiles of learnt pivots.

    Parameters
    ----------
    quantiles
        Quantiles of the pivots by what is counted, ``commits``, ``lines_capped`` or ``lines``, (number of
        periods, probability).
    periods
        Numbers of periods, rising.
    """

    quantiles: Mapping[str, Array]
    periods: tuple[int, ...]

    def of(self, count: str, n_periods: int) -> Array:
        """Return the quantiles for a number of periods, at ``PROBABILITIES``.

        Parameters
        ----------
        count
            What is counted: ``commits``, ``lines_capped`` or ``lines``.
        n_periods
            Number of periods of the repository; the smallest learnt number stands for fewer.

        Returns
        -------
        ndarray
            Quantiles, rising, (probability).
        """
        places = 1 / np.array([np.inf, *reversed(self.periods)])
        known = np.vstack([ndtri(np.array(PROBABILITIES)), self.quantiles[count][::-1]])
        above = min(int(np.searchsorted(places, 1 / n_periods)), len(places) - 1)
        share = min(1.0, (1 / n_periods - places[above - 1]) / (places[above] - places[above - 1]))
        return np.asarray(known[above - 1] + share * (known[above] - known[above - 1]))


def shipped_pivots(repository: str) -> PivotTable:
    """Return the pivots that come with the program, whichever the repository."""
    del repository
    return _read_pivots(SHIPPED)


@cache
def _read_pivots(path: Path) -> PivotTable:
    """Read a table of pivots: what is counted, number of periods, a quantile for each probability."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))[1:]
    counts = dict.fromkeys(row[0] for row in rows)
    found = {name: [row for row in rows if row[0] == name] for name in counts}
    quantiles = {name: np.array([row[2:] for row in own], dtype=np.float64) for name, own in found.items()}
    return PivotTable(quantiles, tuple(int(row[1]) for row in next(iter(found.values()))))


def ratio_variance(own: Array, pooled: Array, n_active: Array) -> Array:
    """Return the squared standard deviations that pivots of ratios are taken over.

    Parameters
    ----------
    own
        Variances of the logarithm from a repository's own periods.
    pooled
        Variances of the logarithm pooled over repositories.
    n_active
        Number of the repository's periods that are not empty.

    Returns
    -------
    ndarray
        The variances, of the shape common to `own` and `pooled`.

    Examples
    --------
    >>> ratio_variance(np.array([0.4, 0.0]), np.array([0.2, 0.3]), np.array([5, 1])).round(3)
    array([0.35, 0.3 ])
    """
    return np.where(n_active > 1, OWN_SHARE * own + (1 - OWN_SHARE) * pooled, pooled)


def law_through(normal: Array, quantiles: Sequence[float]) -> Array:
    """Return variables with a learnt law, monotone in the normal variables they are made of.

    Parameters
    ----------
    normal
        Standard normal variables, of any shape.
    quantiles
        Quantiles of the law at ``PROBABILITIES``, (probability).

    Returns
    -------
    ndarray
        The variables, of the shape of `normal`.

    Examples
    --------
    >>> law_through(ndtri(np.array([0.5, 0.975])), 2 * ndtri(np.array(PROBABILITIES))).round(3)
    array([0.  , 3.92])
    """
    nodes = ndtri(np.array(PROBABILITIES))
    inner = np.clip(normal, nodes[0], nodes[-1])
    ends = np.array(quantiles)[[0, -1]] - quantiles[len(nodes) // 2]
    low, high = ends / nodes[[0, -1]]
    return np.asarray(np.interp(inner, nodes, quantiles) + np.where(normal < 0, low, high) * (normal - inner))


@dataclass(frozen=True)
class PivotalBootstrap(CalibratedBootstrap):
    """Draws whose intervals follow pivots learnt from whole histories.

    Parameters
    ----------
    name
        Word by which scenarios select the method.
    table_of
        Gives the pivots for a repository; the coverage study leaves a repository's own history out.
    """

    table_of: Callable[[str], PivotTable] = shipped_pivots

    of_few = "costs priced by one reference are as uncertain as whole histories show so few to be"

    @override
    def errors(self, sample: PeriodSample, repositories: Collection[str]) -> "LogErrors":
        """Return the sampling errors, with variances between a repository's own and the pooled ones.

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
        from sim.evidence.moderation import PRIOR_FREEDOM

        errors = log_errors(sample, repositories)
        own, freedom = errors.own_variances, errors.total_freedom
        trusted = np.divide(
            freedom, PRIOR_FREEDOM + freedom, out=np.ones_like(freedom), where=np.isfinite(freedom)
        )
        of_totals = trusted * own[TOTALS] + (1 - trusted) * errors.sds[TOTALS] ** 2
        sds = {TOTALS: np.sqrt(of_totals)}
        for name in repositories:
            n_active = np.array(errors.periods[name])
            sds[name] = np.sqrt(ratio_variance(own[name], errors.sds[name] ** 2, n_active))
        fewest = np.minimum(errors.freedom[TOTALS], PRIOR_FREEDOM + freedom)
        return replace(errors, sds=sds, freedom={**errors.freedom, TOTALS: fewest})

    @override
    def pivots(self, sample: PeriodSample, errors: "LogErrors") -> PivotLaws:
        """Return t laws for totals, learnt ones for ratios.

        Parameters
        ----------
        sample
            The survey in one reading; its line reading says which pivots of lines were learnt for it.
        errors
            The survey's sampling errors, from :meth:`errors`.

        Returns
        -------
        Mapping
            Laws by repository, one for each column.
        """
        counts = {**dict(zip(COUNTED, COUNTED, strict=True)), "lines": LINE_COUNTS[sample.line_reading]}
        learnt: dict[str, tuple[Pivot, ...]] = {}
        for name in errors.periods.keys() - {TOTALS}:
            n_periods = int(np.count_nonzero(sample.repository == name))
            tables = (self.table_of(name).of(counts[unit], n_periods) for unit in COUNTED)
            learnt[name] = tuple(_pivot(each) for each in tables)
        return {**t_pivots(errors), **learnt}


def _pivot(quantiles: Array) -> Pivot:
    end = float(np.abs(quantiles[[0, -1]]).max())
    return Pivot(lambda normal: law_through(normal, quantiles.tolist()), end)


METHODS = (PivotalBootstrap("pivotal"),)
