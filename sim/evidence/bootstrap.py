"""Replicates of the estimands: the periods of every stratum resampled, jointly over units and references."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.evidence.estimands import estimands
from sim.evidence.readings import PeriodSample, Stratum
from sim.evidence.resampling import ReplicateMethod, RngFor, resampled_means, summed_means
from sim.types import Array


@dataclass(frozen=True, eq=False)
class Replicates:
    """Bootstrap replicates of every estimand.

    Parameters
    ----------
    columns
        (draw) by column.
    n_redrawn
        By repository: replicates in which it had no contributors, commits or lines, so no ratio, and whose
        periods were drawn again for the ratios.
    """

    columns: Mapping[str, Array]
    n_redrawn: Mapping[str, int]


def replicate(
    sample: PeriodSample,
    references: Mapping[str, str],
    method: ReplicateMethod,
    n_draws: int,
    rng_for: RngFor,
) -> Replicates:
    """Resample every stratum and compute the estimands of each replicate.

    One resample of a stratum's periods feeds C, U and R alike. Each stratum has its own stream, named after
    it: neither order nor the presence of others changes its resamples, nor does the number of draws.

    Parameters
    ----------
    sample
        The survey in one reading; at least two periods in each stratum.
    references
        Repository by short name; each with a ratio (:func:`sim.evidence.estimands.check_references`).
    method
        See :func:`sim.evidence.resampling.resampled_means`.
    n_draws
        Number of replicates.
    rng_for
        Gives the generator that belongs to a name.

    Returns
    -------
    Replicates
        Columns, and how often a ratio had to be drawn again.
    """
    repositories = sorted(set(references.values()))
    others = (stratum for stratum in sample.strata if stratum.repository not in repositories)
    totals = summed_means(others, method, n_draws, rng_for, lambda _, means: means)
    sums: dict[str, Array] = {}
    n_redrawn: dict[str, int] = {}
    for repository in repositories:
        strata = sample.strata_of(repository)
        means, defined, n_redrawn[repository] = defined_means(strata, method, n_draws, rng_for)
        totals += means.sum(axis=0)
        sums[repository] = _pooled_sums(strata, defined)
    by_reference = {name: sums[repository] for name, repository in references.items()}
    return Replicates(estimands(totals, by_reference), n_redrawn)


def defined_means(
    strata: tuple[Stratum, ...], method: ReplicateMethod, n_draws: int, rng_for: RngFor
) -> tuple[Array, Array, int]:
    """Resample a reference's strata, and again until each replicate has a ratio.

    Parameters
    ----------
    strata
        Of one reference.
    method
        See :func:`sim.evidence.resampling.resampled_means`.
    n_draws
        Number of draws.
    rng_for
        Gives the generator that belongs to a name.

    Returns
    -------
    means : ndarray
        (stratum, draw, unit), of the first resamples: totals that left some of them out would be biased.
    defined : ndarray
        (stratum, draw, unit), each with a ratio; the first ones where they have.
    n_redrawn : int
        Number of times a replicate was drawn again.
    """
    means = np.stack([resampled_means(s.counts, method, n_draws, rng_for(s.name)) for s in strata])
    defined = means.copy()
    undefined = _undefined(strata, means)
    n_redrawn = 0
    attempt = 0
    while undefined.size:
        attempt += 1
        n_redrawn += undefined.size
        for place, stratum in enumerate(strata):
            rng = rng_for(f"{stratum.name}, drawn again {attempt}")
            defined[place, undefined] = resampled_means(stratum.counts, method, undefined.size, rng)
        undefined = undefined[_undefined(strata, defined[:, undefined])]
    return means, defined, n_redrawn


def _pooled_sums(strata: tuple[Stratum, ...], means: Array) -> Array:
    """Return the sums over a reference's periods that go with its strata's means, (draw, unit).

    Parameters
    ----------
    strata
        The reference's strata.
    means
        (stratum, draw, unit).
    """
    n_periods = np.array([len(stratum.counts) for stratum in strata], dtype=np.float64)
    return np.asarray(np.einsum("s,sdu->du", n_periods, means), dtype=np.float64)


def _undefined(strata: tuple[Stratum, ...], means: Array) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    return np.flatnonzero((_pooled_sums(strata, means) <= 0).any(axis=1))
