r"""Linearised variances of the estimands, stratum by stratum, and their degrees of freedom.

An estimator that is smooth in the stratum means is, to first order, a sum over strata of means of influences
:math:`e_{hj}`. Stratum h contributes :math:`v_h = s_h^2(e) / n_h`. Satterthwaite (1946) gives the sum
:math:`\nu = (\sum_h v_h)^2 / \sum_h \{v_h^2 / (n_h - 1)\}` degrees of freedom.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.evidence.estimands import COUNTED, ratio_name, reference_sums, sample_totals, total_names
from sim.evidence.readings import NameArray, PeriodSample, Stratum
from sim.types import Array

FEW_PERIODS = 10
FEW_DEGREES_OF_FREEDOM = 8.0
MOST_OF_THE_VARIANCE = 0.5


@dataclass(frozen=True, eq=False)
class VarianceSplit:
    """A relative variance (of the logarithm) and the repositories that make it.

    Parameters
    ----------
    repositories
        Repository of each stratum, (stratum).
    contributions
        What the stratum adds to the variance, v_h, (stratum).
    periods
        Number of periods of the stratum, n_h, (stratum).
    """

    repositories: NameArray
    contributions: Array
    periods: Array

    @property
    def variance(self) -> float:
        """Variance of the logarithm of the estimator."""
        return float(self.contributions.sum())

    @property
    def degrees_of_freedom(self) -> float:
        """Satterthwaite's degrees of freedom; infinite where nothing varies."""
        return _satterthwaite(self.contributions, self.periods)

    @property
    def largest(self) -> tuple[str, float]:
        """The repository with most of the variance, and its share."""
        names, place = np.unique(self.repositories, return_inverse=True)
        shares = np.bincount(place, self.contributions)
        most = int(shares.argmax())
        return str(names[most]), float(shares[most]) / self.variance if self.variance > 0 else 0.0


def _satterthwaite(contributions: Array, periods: Array) -> float:
    """Return the degrees of freedom of a sum of variances, (stratum), from as many periods, (stratum).

    Examples
    --------
    >>> _satterthwaite(np.array([1.0, 1.0, 0.0]), np.array([5.0, 5.0, 2.0]))
    8.0
    """
    noise = float((contributions**2 / np.maximum(periods - 1, 1)).sum())
    return float(contributions.sum()) ** 2 / noise if noise > 0 else float("inf")


def _total_influences(stratum: Stratum, totals: Array) -> Array:
    """Return the influence of each period on the logs of the totals, (period, unit); none on a zero."""
    return stratum.resampled / np.where(totals > 0, totals, 1.0)


def _ratio_influences(strata: tuple[Stratum, ...]) -> list[Array]:
    """Return each stratum's influences on the logs of a reference's ratios, (period, counted unit)."""
    sums = reference_sums(strata)
    relative = [len(stratum.counts) * stratum.resampled / sums for stratum in strata]
    return [part[:, 1:] - part[:, :1] for part in relative]


def variance_splits(sample: PeriodSample, references: Mapping[str, str]) -> dict[str, VarianceSplit]:
    """Return the variance of the logarithm of each total, and of each cost row U / R.

    Parameters
    ----------
    sample
        The survey in one reading; two periods or more in each stratum.
    references
        Repository, ``org/project``, by the reference's short name.

    Returns
    -------
    dict
        Splits by column. Under ``commits_per_contributor_period.<reference>`` stands the cost row, commits
        per year divided by commits per contributor and period: the reference enters both, jointly.
    """
    strata = sample.strata
    totals = sample_totals(sample)
    influences = [_total_influences(stratum, totals) for stratum in strata]
    of_totals = np.stack([_mean_variances(part) for part in influences])
    repositories = np.array([stratum.repository for stratum in strata])
    periods = np.array([float(len(stratum.counts)) for stratum in strata])
    splits = {
        name: VarianceSplit(repositories, of_totals[:, i], periods) for i, name in enumerate(total_names())
    }
    for reference, repository in references.items():
        places = np.flatnonzero(repositories == repository).tolist()
        of_rows = of_totals[:, 1:].copy()
        ratios = _ratio_influences(tuple(strata[place] for place in places))
        for place, part in zip(places, ratios, strict=True):
            of_rows[place] = _mean_variances(influences[place][:, 1:] - part)
        splits |= {
            ratio_name(unit, reference): VarianceSplit(repositories, of_rows[:, i], periods)
            for i, unit in enumerate(COUNTED)
        }
    return splits


def _mean_variances(influences: Array) -> Array:
    """Return the variance of the mean of a stratum's influences, (period, column), by column."""
    varies = np.ptp(influences, axis=0) > 0  # else rounding of the mean would be a variance
    squares = np.square(influences - influences.mean(axis=0)).sum(axis=0)
    n_periods = len(influences)
    return np.where(varies, squares / max(n_periods - 1, 1) / n_periods, 0.0)


def cautions(
    sample: PeriodSample,
    splits: Mapping[str, VarianceSplit],
    freedom: Mapping[str, float],
    of_few: str = "intervals of anything divided by one reference tend to be too narrow",
) -> list[str]:
    """Return what a reader must know of a survey this small, in plain words.

    Parameters
    ----------
    sample
        The survey in one reading.
    splits
        Split of the variance of each column, from :func:`variance_splits`.
    freedom
        Degrees of freedom by column.
    of_few
        What few periods mean, in words.

    Returns
    -------
    list
        Sentences, one for each caution.
    """
    said: list[str] = []
    whole = sum(not stratum.unsampled for stratum in sample.strata)
    if whole:
        said.append(f"{whole} of {len(sample.strata)} strata observed whole: these have no sampling error")
    sampled = [len(stratum.counts) for stratum in sample.strata if stratum.unsampled > 0]
    few = [n_periods for n_periods in sampled if n_periods < FEW_PERIODS]
    if few:
        fewest = f"{min(few)} periods" if min(few) == max(few) else f"{min(few)} to {max(few)} periods"
        said.append(f"{len(few)} of {len(sample.strata)} strata have only {fewest}: {of_few}")
    thin = [f"{name} {nu:.1f}" for name, nu in freedom.items() if nu < FEW_DEGREES_OF_FREEDOM]
    if thin:
        said.append(f"few degrees of freedom (under {FEW_DEGREES_OF_FREEDOM:.0f}): {', '.join(thin)}")
    carried: dict[str, list[str]] = {}
    for name, split in splits.items():
        repository, share = split.largest
        if share > MOST_OF_THE_VARIANCE:
            carried.setdefault(repository, []).append(f"{name} {share:.0%}")
    said += [
        f"{repository} carries over half of the sampling variance of {', '.join(columns)}"
        for repository, columns in carried.items()
    ]
    return said
