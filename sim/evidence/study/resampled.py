r"""Simulator ``resampled``: surveys drawn from the real periods of repositories of like size.

Stratum h of the population holds, each with equal probability, all real periods of the `like` strata nearest
to h in mean contributors, h itself among them. A survey draws :math:`n_h` of them with replacement, whole:
contributors, commits, lines and the frequencies of one real period stay together. So zeros, tails and the
dependence of activity and effort are those of the data, whatever they are. The truth is the estimand of the
population,

.. math::

    C = \sum_h \mu_{h,N}, \quad U = 26 \sum_h \mu_{h,Y}, \quad
    R_r = \sum_{h \in r} n_h \mu_{h,Y} \Big/ \sum_{h \in r} n_h \mu_{h,N}

with :math:`\mu_h` the mean over the periods in h's population; it is the same for every survey.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.evidence.estimands import estimands
from sim.evidence.hierarchical.grouped import GroupedSurvey
from sim.evidence.study.simulated import Simulated, in_layout_of

LIKE = 10
Places = np.ndarray[tuple[int, ...], np.dtype[np.intp]]


@dataclass(frozen=True, eq=False)
class Pool:
    """The population of one stratum.

    Parameters
    ----------
    slots
        (period): places of the stratum's own periods in the sample.
    periods
        (pooled period): places of the periods it may draw.
    """

    slots: Places
    periods: Places


@dataclass(frozen=True, eq=False)
class ResampledSurveys:
    """Surveys resampled from the real periods of like repositories.

    Parameters
    ----------
    real
        The real survey in one reading.
    references
        Repository by the reference's short name.
    like
        Strata pooled for each stratum, itself included.
    """

    real: GroupedSurvey
    references: Mapping[str, str]
    like: int = LIKE

    @cached_property
    def pools(self) -> tuple[Pool, ...]:
        """The populations, strata sorted by name."""
        slots = [np.flatnonzero(self.real.stratum == place) for place in range(len(self.real.names))]
        sizes = np.array([self.real.sample.contributors[own].mean() for own in slots])
        pools = []
        for own, size in enumerate(sizes):
            distance = np.abs(sizes - size)
            distance[own] = -1.0
            nearest = np.argsort(distance, kind="stable")[: self.like]
            pools.append(Pool(slots[own], np.concatenate([slots[place] for place in sorted(nearest)])))
        return tuple(pools)

    @cached_property
    def truths(self) -> dict[str, float]:
        """The estimands of the population, by column."""
        means = np.stack([self.real.sample.counts[pool.periods].mean(axis=0) for pool in self.pools])
        n_periods = np.array([len(pool.slots) for pool in self.pools], dtype=np.float64)
        repository = np.array([str(self.real.sample.repository[pool.slots[0]]) for pool in self.pools])
        sums = {
            name: np.asarray(n_periods[repository == wanted] @ means[repository == wanted])
            for name, wanted in self.references.items()
        }
        return {name: float(value) for name, value in estimands(means.sum(axis=0), sums).items()}

    def simulate(self, rng: np.random.Generator) -> Simulated:
        """Return one survey; rows as in the real one, which lends its starts."""
        picked = np.empty(len(self.real.stratum), dtype=np.intp)
        for pool in self.pools:
            picked[pool.slots] = rng.choice(pool.periods, size=len(pool.slots))
        frequencies = {unit: table[picked] for unit, table in self.real.frequencies.items()}
        counts = self.real.sample.counts[picked]
        exposures = {unit: own[picked] for unit, own in self.real.exposures.items()}
        survey = in_layout_of(self.real, counts, frequencies, self.real.upper, exposures)
        return Simulated(survey, self.truths)
