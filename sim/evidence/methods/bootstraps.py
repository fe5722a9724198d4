"""Methods that draw from the sampled periods themselves: not at all, or every stratum resampled.

One resample of a stratum's periods, whole ones, feeds C, U and R alike. Each stratum has its own stream,
named after it: neither order nor the presence of others changes its resamples, nor does the number of draws.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import override

import numpy as np

from sim.evidence.estimands import estimands, point_estimates
from sim.evidence.methods.base import Method, Replicates
from sim.evidence.readings import UNITS, PeriodSample, Stratum
from sim.types import Array, RngFor

LARGEST_TABLE = 4096
LANES = 4
"""Columns that a row of a table is padded to: numpy copies rows of 32 bytes faster than rows of 24."""


class PointEstimate(Method):
    """The point estimate in every draw."""

    has_error = False
    least_periods = 1

    @override
    def draw(
        self, sample: PeriodSample, references: Mapping[str, str], n_draws: int, rng_for: RngFor
    ) -> Replicates:
        del rng_for  # nothing is drawn
        points = point_estimates(sample, references)
        return Replicates({name: np.full(n_draws, value) for name, value in points.items()}, {}, ())


@dataclass(frozen=True)
class PeriodBootstrap(Method):
    r"""Periods of a stratum picked with replacement.

    As many as there are, n, give a mean the variance :math:`\frac{n-1}{n} \cdot s^2/n`; one fewer, after Rao
    and Wu (1988), :math:`s^2/n`.

    Parameters
    ----------
    name
        Word by which scenarios select the method.
    n_fewer
        How many fewer periods are picked than there are.

    References
    ----------
    Rao & Wu (1988), JASA 83:231.
    """

    n_fewer: int

    @override
    def draw(
        self, sample: PeriodSample, references: Mapping[str, str], n_draws: int, rng_for: RngFor
    ) -> Replicates:
        from sim.evidence.variance import cautions, variance_splits

        repositories = sorted(set(references.values()))
        others = (stratum for stratum in sample.strata if stratum.repository not in repositories)
        totals = self.summed_means(others, n_draws, rng_for)
        sums: dict[str, Array] = {}
        n_redrawn: dict[str, int] = {}
        for repository in repositories:
            strata = sample.strata_of(repository)
            means, defined, n_redrawn[repository] = self.defined_means(strata, n_draws, rng_for)
            totals += means.sum(axis=0)
            sums[repository] = _pooled_sums(strata, defined)
        by_reference = {name: sums[repository] for name, repository in references.items()}
        splits = variance_splits(sample, references)
        freedom = {name: split.degrees_of_freedom for name, split in splits.items()}
        redrawn = [
            f"{repository} had no contributors, commits or lines in {count:,} of {n_draws:,} replicates: "
            "drawn again"
            for repository, count in n_redrawn.items()
            if count
        ]
        said = (*cautions(sample, splits, freedom), *redrawn)
        return Replicates(estimands(totals, by_reference), freedom, said)

    def means(self, counts: Array, n_draws: int, rng: np.random.Generator) -> Array:
        """Draw replicates of a stratum's mean.

        Parameters
        ----------
        counts
            Counts of the stratum, (period, unit), of two periods or more.
        n_draws
            Number of replicates.
        rng
            Generator; the first replicates do not depend on how many follow.

        Returns
        -------
        ndarray
            Means, (draw, unit).
        """
        whole = self._table(counts)
        if whole is not None:
            return whole.take(rng.integers(0, len(whole), size=n_draws), axis=0)
        n_picks = max(1, len(counts) - self.n_fewer)
        tables = _tables(counts, n_picks)
        lengths = [len(table) for table in tables]
        sums = np.zeros((n_draws, counts.shape[1]))
        picks = rng.integers(0, lengths, size=(n_draws, len(tables)))
        for table, places in zip(tables, picks.T, strict=True):
            sums += table[places]
        return sums / n_picks

    def summed_means(self, strata: Iterable[Stratum], n_draws: int, rng_for: RngFor) -> Array:
        """Sum replicates of the means of strata: where one table holds all, a draw is one look-up and sum.

        Parameters
        ----------
        strata
            The strata; each has a stream of its own, named after it.
        n_draws
            Number of replicates.
        rng_for
            Gives the generator that belongs to a name.

        Returns
        -------
        ndarray
            Sums of the means, (draw, unit).
        """
        n_units = len(UNITS)
        sums = np.zeros((n_draws, -(-n_units // LANES) * LANES))
        found = np.empty_like(sums)
        for stratum in strata:
            if not stratum.unsampled:
                sums[:, :n_units] += stratum.counts.mean(axis=0)
                continue
            rng = rng_for(stratum.name)
            table = self._table(stratum.resampled)
            if table is None:
                sums[:, :n_units] += self.means(stratum.resampled, n_draws, rng)
                continue
            padded = np.zeros((len(table), sums.shape[1]))
            padded[:, :n_units] = table
            places = rng.integers(0, len(table), size=n_draws)
            sums += padded.take(places, axis=0, out=found, mode="clip")  # only "clip" writes into `found`
        return sums[:, :n_units]

    def defined_means(
        self, strata: tuple[Stratum, ...], n_draws: int, rng_for: RngFor
    ) -> tuple[Array, Array, int]:
        """Resample a reference's strata, and again until each replicate has a ratio.

        Parameters
        ----------
        strata
            The strata of one reference.
        n_draws
            Number of replicates.
        rng_for
            Gives the generator that belongs to a name.

        Returns
        -------
        means
            Means of the first resamples, (stratum, draw, unit): totals that left some of them out would be
            biased.
        defined
            Means of resamples that each have a ratio, (stratum, draw, unit); the first ones where they have.
        n_redrawn
            Number of times a replicate was drawn again.
        """
        means = np.stack([self._means_of(each, n_draws, rng_for(each.name)) for each in strata])
        defined = means.copy()
        undefined = _undefined(strata, means)
        n_redrawn = attempt = 0
        while undefined.size:
            attempt += 1
            n_redrawn += undefined.size
            for place, stratum in enumerate(strata):
                rng = rng_for(f"{stratum.name}, drawn again {attempt}")
                defined[place, undefined] = self._means_of(stratum, undefined.size, rng)
            undefined = undefined[_undefined(strata, defined[:, undefined])]
        return means, defined, n_redrawn

    def _means_of(self, stratum: Stratum, n_draws: int, rng: np.random.Generator) -> Array:
        """Draw replicates of a stratum's mean, (draw, unit), all alike where it is observed whole."""
        if not stratum.unsampled:
            return np.tile(stratum.counts.mean(axis=0), (n_draws, 1))
        return self.means(stratum.resampled, n_draws, rng)

    def _table(self, counts: Array) -> Array | None:
        """Return the means of all equally likely resamples, (resample, unit), where one table holds them."""
        n_picks = max(1, len(counts) - self.n_fewer)
        return picks_table(counts, n_picks) / n_picks if len(counts) ** n_picks <= LARGEST_TABLE else None


@dataclass(frozen=True)
class BayesianBootstrap(PeriodBootstrap):
    r"""Dirichlet weights of the periods, :math:`\alpha = (n-2)/n` each, after Rubin (1981, Ann. Stat. 9:130).

    The variance of a mean is :math:`\frac{n-1}{n(n\alpha+1)} s^2 = s^2/n`. Of two periods the weights' limit
    is one drawn at random.

    Parameters
    ----------
    name
        Word by which scenarios select the method.
    n_fewer
        How many fewer periods are picked than there are, where there are only two.
    """

    n_fewer: int = 1

    @override
    def means(self, counts: Array, n_draws: int, rng: np.random.Generator) -> Array:
        n_periods = len(counts)
        if n_periods <= 2:
            return super().means(counts, n_draws, rng)
        weights = rng.dirichlet(np.full(n_periods, (n_periods - 2) / n_periods), size=n_draws)
        return np.asarray(weights @ counts, dtype=np.float64)

    @override
    def _table(self, counts: Array) -> Array | None:
        return super()._table(counts) if len(counts) <= 2 else None


def picks_table(counts: Array, n_picks: int) -> Array:
    """Return the sums of all ordered picks with replacement, (n_periods ** n_picks, unit).

    Parameters
    ----------
    counts
        Counts, (period, unit).
    n_picks
        How many periods are picked.

    Returns
    -------
    ndarray
        Sums of counts, (pick, unit).

    Examples
    --------
    >>> picks_table(np.array([[1.0], [10.0]]), 2)[:, 0]
    array([ 2., 11., 11., 20.])
    """
    columns = np.ascontiguousarray(counts.T)
    sums = columns
    for _ in range(n_picks - 1):
        sums = (columns[:, :, np.newaxis] + sums[:, np.newaxis, :]).reshape(len(columns), -1)
    return sums.T


def _tables(counts: Array, n_picks: int) -> list[Array]:
    """Return tables of the sums of several picks at a time, of which one draw from each makes n picks."""
    n_periods = len(counts)
    at_a_time = 1
    while at_a_time < n_picks and n_periods ** (at_a_time + 1) <= LARGEST_TABLE:
        at_a_time += 1
    n_groups, left_over = divmod(n_picks, at_a_time)
    tables = [picks_table(counts, at_a_time)] * n_groups
    return [*tables, picks_table(counts, left_over)] if left_over else tables


def _pooled_sums(strata: tuple[Stratum, ...], means: Array) -> Array:
    """Return the sums over a reference's periods that go with its strata's means, (draw, unit)."""
    n_periods = np.array([len(stratum.counts) for stratum in strata], dtype=np.float64)
    return np.asarray(np.einsum("s,sdu->du", n_periods, means), dtype=np.float64)


def _undefined(strata: tuple[Stratum, ...], means: Array) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    return np.flatnonzero((_pooled_sums(strata, means) <= 0).any(axis=1))


METHODS = (
    PointEstimate("point"),
    PeriodBootstrap("naive", 0),
    PeriodBootstrap("rescaled", 1),
    BayesianBootstrap("bayesian"),
)
