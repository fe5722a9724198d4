"""The levels of one simulated population, what they draw, and what they expect."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.stats import nbinom

from sim.evidence.hierarchical.grouped import Integers
from sim.evidence.study.expectation import discretised_mean
from sim.evidence.study.parameters import MarkLaw
from sim.types import Array

TAIL_SDS = 14.0
TAIL_MEANS = 32.0
GRID_STEP = 0.05


@dataclass(frozen=True, eq=False)
class ContributorLevels:
    """Contributors per period of every stratum.

    Parameters
    ----------
    means
        (stratum): mean.
    dispersions
        (stratum): phi, above zero; variance mean + phi mean squared.
    """

    means: Array
    dispersions: Array

    @cached_property
    def log_active_means(self) -> Array:
        """(stratum): log E[N | N > 0]."""
        log_empty = -np.log1p(self.dispersions * self.means) / self.dispersions
        return np.asarray(np.log(self.means) - np.log(-np.expm1(log_empty)), dtype=np.float64)

    def draw(self, slots: Integers, rng: np.random.Generator) -> Integers:
        """Return contributors, (period); `slots` is the stratum of each period."""
        mean, phi = self.means[slots], self.dispersions[slots]
        return rng.poisson(rng.gamma(1 / phi, phi * mean)).astype(np.int64)


@dataclass(frozen=True, eq=False)
class MarkLevels:
    """Commits or lines per contributor and period of every stratum.

    Parameters
    ----------
    levels
        (stratum): g.
    law
        What they have in common.
    cap
        Each contributor's count is held there.
    """

    levels: Array
    law: MarkLaw
    cap: float

    def draw(
        self, contributors: Integers, log_active_means: Array, slots: Integers, rng: np.random.Generator
    ) -> Array:
        """Return the count of each contributor, uncapped; contributors in order of their periods.

        Parameters
        ----------
        contributors, log_active_means, slots
            (period).
        rng
            Generator.
        """
        deviation = np.log(np.maximum(contributors, 1)) - log_active_means
        shock = self.law.period * rng.standard_normal(len(slots))
        location = np.repeat(self.levels[slots] + self.law.activity * deviation + shock, contributors)
        size = np.exp(location + self.law.spread * rng.standard_normal(location.size))
        return np.asarray(np.ceil(size) - 1 + self.law.first, dtype=np.float64)


def expected_counts(people: ContributorLevels, marks: MarkLevels) -> Array:
    """Return the expected total of a period, (stratum), every level given."""
    mean_of = _mean_by_location(marks)
    expected = np.zeros(len(people.means))
    for h, (mean, phi) in enumerate(zip(people.means, people.dispersions, strict=True)):
        sd = np.sqrt(mean + phi * mean**2)
        n = np.arange(1, int(mean + TAIL_SDS * sd + TAIL_MEANS * phi * mean) + 30, dtype=np.float64)
        location = marks.levels[h] + marks.law.activity * (np.log(n) - people.log_active_means[h])
        expected[h] = (n * nbinom.pmf(n, 1 / phi, 1 / (1 + phi * mean))) @ mean_of(location)
    return expected


def _mean_by_location(marks: MarkLevels) -> Callable[[Array], Array]:
    """Return the mean as a smooth function of the location, period and contributor integrated out.

    E[min(ceil(X) - 1 + first, cap)] = E[min(ceil(X), cap + 1 - first)] - 1 + first.
    """
    reach = 12.0 * abs(marks.law.activity) + GRID_STEP
    low, high = float(marks.levels.min()) - reach, float(marks.levels.max()) + reach
    grid = np.linspace(low, high, int((high - low) / GRID_STEP) + 2)
    spread = float(np.hypot(marks.law.spread, marks.law.period))
    lift = marks.law.first - 1
    log_mean = CubicSpline(grid, np.log(discretised_mean(grid, spread, marks.cap - lift)))
    return lambda location: np.asarray(np.exp(log_mean(location)) + lift, dtype=np.float64)
