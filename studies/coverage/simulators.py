r"""Simulated surveys of known truth, by three simulators: ``model``, ``resampled`` and ``histories``.

``model`` draws surveys from the population of :mod:`studies.coverage.population`. The levels
:math:`\mu_h, \varphi_h, g_h` are drawn anew for every survey (:math:`\mu_h` only where `sizes` is ``drawn``),
and the truth is exact for the levels drawn: :math:`C = \sum \mu_h`, :math:`U = 26 \sum E[Y_h]` and
:math:`R_r = E[Y_r] / E[N_r]`.

``resampled`` draws surveys from the real periods of repositories of like size. Stratum h of the population
holds, each with equal probability, all real periods of the `like` strata nearest to h in mean contributors, h
itself among them. A survey draws :math:`n_h` of them with replacement, whole: contributors, commits, lines
and the frequencies of one real period stay together. So zeros, tails and the dependence of activity and
effort are those of the data, whatever they are. The truth is the estimand of the population,

.. math::

    C = \sum_h \mu_{h,N}, \quad U = 26 \sum_h \mu_{h,Y}, \quad
    R_r = \sum_{h \in r} n_h \mu_{h,Y} \Big/ \sum_{h \in r} n_h \mu_{h,N}

with :math:`\mu_h` the mean over the periods in h's population; it is the same for every survey.

``histories`` draws surveys from whole histories: of each repository some of its own periods, at random over
its life and with replacement, as the authors of the survey of 2022 drew theirs. Stratum h's population is its
history, and nothing is assumed of how repositories behave.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, Protocol

import numpy as np

from sim.evidence.estimands import COUNTED, estimands
from sim.evidence.frequencies import bins_up_to
from sim.evidence.hierarchical.model_survey import ModelSurvey
from sim.evidence.readings import UNITS, PeriodSample
from sim.types import Array, Indices
from studies.coverage.population import MODEL, ContributorLevels, MarkLevels, expected_counts

LIKE = 10
N_PERIODS = 5
"""Periods of each repository in a survey of histories, as in the survey of 2022."""
Sizes = Literal["surveyed", "drawn"]
SimulatorName = Literal["model", "resampled", "histories"]


@dataclass(frozen=True, eq=False)
class Simulation:
    """A survey whose truth is known.

    Parameters
    ----------
    survey
        The survey with its frequencies, in the layout of the real one: same strata, repositories, starts and
        numbers of periods.
    truths
        True value by column of :func:`sim.evidence.estimands.estimands`.
    """

    survey: ModelSurvey
    truths: Mapping[str, float]


class Simulator(Protocol):
    """Makes surveys like the real one."""

    def simulate(self, rng: np.random.Generator) -> Simulation:
        """Return one survey with its truth."""
        ...


@dataclass(frozen=True, eq=False)
class ModelSurveys:
    r"""Surveys drawn from the hierarchical model.

    Parameters
    ----------
    real
        The real survey: gives the layout, the cap of lines and, where `sizes` is ``surveyed``, the mean
        contributors.
    references
        Repository by the reference's short name.
    sizes
        ``surveyed``: :math:`\mu_h` is the real mean contributors of the stratum, half a contributor added to
        the sum so that none is zero; the references are as large as they are. ``drawn``: from the model.
    """

    real: ModelSurvey
    references: Mapping[str, str]
    sizes: Sizes = "surveyed"

    def simulate(self, rng: np.random.Generator) -> Simulation:
        """Return one survey with levels of its own."""
        slots, n_strata = self.real.stratum, len(self.real.names)
        people = self._contributor_levels(n_strata, rng)
        marks = {
            unit: MarkLevels(rng.normal(law.location, law.between, n_strata), law, self.real.cap(unit))
            for unit, law in MODEL.marks.items()
        }
        contributors = people.draw(slots, rng)
        owner = np.repeat(np.arange(len(slots)), contributors)
        counts = [contributors.astype(np.float64)]
        frequencies: dict[str, Indices] = {}
        upper: dict[str, Indices] = {}
        for unit in COUNTED:
            each = marks[unit].draw(contributors, people.log_active_means[slots], slots, rng)
            counts.append(np.bincount(owner, np.minimum(each, self.real.cap(unit)), minlength=len(slots)))
            frequencies[unit], upper[unit] = _binned(each, owner, len(slots))
        survey = ModelSurvey(
            _sample_like(self.real, np.stack(counts, axis=1)),
            frequencies,
            upper,
            dict.fromkeys(UNITS, np.ones(len(slots))),
            self.real.caps,
        )
        expected = [people.means, *(expected_counts(people, marks[unit]) for unit in COUNTED)]
        return Simulation(survey, _truths(self.real, self.references, np.stack(expected, axis=1)))

    def _contributor_levels(self, n_strata: int, rng: np.random.Generator) -> ContributorLevels:
        law, slots = MODEL.contributors, self.real.stratum
        means = np.exp(rng.normal(law.location, law.between, n_strata))
        if self.sizes == "surveyed":
            sums = np.bincount(slots, self.real.sample.contributors)
            means = np.asarray((sums + 0.5) / np.bincount(slots))
        return ContributorLevels(means, law.dispersion * rng.exponential(size=n_strata))


@dataclass(frozen=True, eq=False)
class PickedSurveys:
    """Surveys of periods picked from those of real repositories.

    Parameters
    ----------
    real
        The real survey, whose periods are picked.
    references
        Repository by the reference's short name.
    """

    real: ModelSurvey
    references: Mapping[str, str]

    @cached_property
    def own(self) -> tuple[Indices, ...]:
        """Places of its own periods in the sample, by stratum, sorted by name."""
        return tuple(np.flatnonzero(self.real.stratum == place) for place in range(len(self.real.names)))

    @property
    def pools(self) -> tuple[Indices, ...]:
        """Places of the periods it may draw, by stratum, sorted by name."""
        return self.own

    @cached_property
    def truths(self) -> Mapping[str, float]:
        """The estimands of the population, by column."""
        means = np.stack([self.real.sample.counts[pool].mean(axis=0) for pool in self.pools])
        return _truths(self.real, self.references, means)

    def _simulation(self, picked: Indices, sample: PeriodSample) -> Simulation:
        survey = ModelSurvey(
            sample,
            {unit: table[picked] for unit, table in self.real.frequencies.items()},
            self.real.upper,
            {unit: exposure[picked] for unit, exposure in self.real.exposures.items()},
            self.real.caps,
        )
        return Simulation(survey, self.truths)


@dataclass(frozen=True, eq=False)
class ResampledSurveys(PickedSurveys):
    """Surveys resampled from the real periods of like repositories.

    Parameters
    ----------
    real
        The real survey, whose periods are picked and which lends its rows and starts.
    references
        Repository by the reference's short name.
    like
        How many strata of like size are pooled for each, itself included.
    """

    like: int = LIKE

    @cached_property
    def pools(self) -> tuple[Indices, ...]:
        """Places of the periods it may draw, those of like strata, by stratum, sorted by name."""
        sizes = np.array([self.real.sample.contributors[own].mean() for own in self.own])
        pools = []
        for stratum, size in enumerate(sizes):
            distance = np.abs(sizes - size)
            distance[stratum] = -1.0
            nearest = np.argsort(distance, kind="stable")[: self.like]
            pools.append(np.concatenate([self.own[place] for place in sorted(nearest)]))
        return tuple(pools)

    def simulate(self, rng: np.random.Generator) -> Simulation:
        """Return one survey; rows as in the real one, which lends its starts."""
        picked = np.empty(len(self.real.stratum), dtype=np.intp)
        for own, pool in zip(self.own, self.pools, strict=True):
            picked[own] = rng.choice(pool, size=len(own))
        return self._simulation(picked, _sample_like(self.real, self.real.sample.counts[picked]))


@dataclass(frozen=True, eq=False)
class HistorySurveys(PickedSurveys):
    """Surveys of few random periods of whole histories, which have every period of every repository.

    Parameters
    ----------
    real
        The whole histories, as a survey of every period.
    references
        Repository by the reference's short name.
    n_periods
        Number of periods of each repository in a survey.
    """

    n_periods: int = N_PERIODS

    def simulate(self, rng: np.random.Generator) -> Simulation:
        """Return one survey, of which nothing says that more of each history is known."""
        picked = np.concatenate([rng.choice(own, size=self.n_periods) for own in self.own])
        real = self.real.sample
        sample = PeriodSample(
            "a survey of histories",
            real.stratum[picked],
            real.repository[picked],
            real.start[picked],
            real.counts[picked],
            line_reading=real.line_reading,
        )
        return self._simulation(picked, sample)


def _truths(real: ModelSurvey, references: Mapping[str, str], means: Array) -> Mapping[str, float]:
    """Return the estimands of a population from its mean period, (stratum, unit)."""
    n_periods = np.bincount(real.stratum).astype(np.float64)
    repository = real.sample.repository[np.unique(real.stratum, return_index=True)[1]]
    sums = {
        name: np.asarray(n_periods[repository == wanted] @ means[repository == wanted])
        for name, wanted in references.items()
    }
    return {name: float(value) for name, value in estimands(means.sum(axis=0), sums).items()}


def _sample_like(real: ModelSurvey, counts: Array) -> PeriodSample:
    """Return a sample with the strata, repositories and starts of the real one."""
    return replace(real.sample, source="a simulated survey", counts=counts)


def _binned(each: Array, owner: Indices, n_periods: int) -> tuple[Indices, Indices]:
    """Return contributors by period and doubling bin, (period, bin), and the largest count of each bin."""
    bins = bins_up_to(int(each.max(initial=1.0)))
    upper = np.array([one.high for one in bins], dtype=np.int64)
    places = np.searchsorted(upper, each, side="left")
    flat = np.bincount(owner * len(bins) + places, minlength=n_periods * len(bins))
    return flat.reshape(n_periods, len(bins)).astype(np.int64), upper
