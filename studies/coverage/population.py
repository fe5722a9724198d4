r"""The population that simulator ``model`` draws from: its laws, the levels of one survey, what they expect.

For stratum h and period j,

.. math::

    N_{hj} &\sim NB(\text{mean } \mu_h, \text{variance } \mu_h + \varphi_h \mu_h^2),
        \quad \ln \mu_h \sim N(\beta, \sigma), \quad \varphi_h = \varphi_0 e_h, \quad e_h \sim Exp(1) \\
    \eta_{hj} &= g_h + b (\ln N_{hj} - c_h) + \tau u_{hj},
        \quad g_h \sim N(\beta', \sigma'), \quad u_{hj} \sim N(0, 1) \\
    x_{hji} &= \lceil X_{hji} \rceil - 1 + x_0, \quad \ln X_{hji} \sim N(\eta_{hj}, s)

with x the commits (:math:`x_0 = 1`), or the lines (:math:`x_0 = 0`), of contributor i, and
:math:`c_h = \ln E[N_{hj} | N_{hj} > 0]`. A cap holds each contributor's lines at most there. The expected
total of a period is exact for the levels :math:`\mu_h, \varphi_h, g_h`: u and X are integrated out together,
N is summed over,

.. math::

    E[Y_h] = \sum_{n \ge 1} P(N_h = n)\, n\, m(g_h + b (\ln n - c_h)), \quad E[N_h] = \mu_h

where m is the mean of x with spread :math:`\sqrt{s^2 + \tau^2}` (:func:`discretised_mean`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.special import ndtr
from scipy.stats import nbinom

from sim.types import Array, Indices

N_TERMS = 256
TAIL_SDS = 14.0
TAIL_MEANS = 32.0
GRID_STEP = 0.05


@dataclass(frozen=True)
class ContributorLaw:
    """Contributors per period: negative binomial.

    Parameters
    ----------
    location
        Mean over repositories of the logarithm of the mean.
    between
        Standard deviation over repositories of the logarithm of the mean.
    dispersion
        Mean over repositories of phi; the variance is mean + phi mean squared.
    """

    location: float
    between: float
    dispersion: float


@dataclass(frozen=True)
class MarkLaw:
    """Commits or lines per contributor and period: discretised lognormal, ceil(X) - 1 + first.

    Parameters
    ----------
    location
        Mean over repositories of the repository's level.
    between
        Standard deviation over repositories of the repository's level.
    activity
        b, effect of the log deviation of the period's contributors from the repository's.
    period
        tau, standard deviation over periods of one repository.
    spread
        s, standard deviation over contributors of one period.
    first
        Smallest count there can be.
    """

    location: float
    between: float
    activity: float
    period: float
    spread: float
    first: int


@dataclass(frozen=True)
class PopulationLaws:
    """Laws of a population of repositories.

    Parameters
    ----------
    contributors
        Law of the contributors.
    marks
        Law of what they do, by unit.
    """

    contributors: ContributorLaw
    marks: Mapping[str, MarkLaw]


MODEL = PopulationLaws(
    ContributorLaw(location=1.24, between=1.07, dispersion=0.32),
    {
        "commits": MarkLaw(location=0.64, between=0.65, activity=-0.21, period=0.35, spread=1.32, first=1),
        "lines": MarkLaw(location=5.17, between=0.70, activity=-0.13, period=0.49, spread=2.22, first=0),
    },
)
"""Posterior means of a fit to the shipped survey."""


@dataclass(frozen=True, eq=False)
class ContributorLevels:
    """Contributors per period of every stratum.

    Parameters
    ----------
    means
        Mean of each stratum, (stratum).
    dispersions
        Dispersion phi of each stratum, above zero, (stratum); the variance is mean + phi mean squared.
    """

    means: Array
    dispersions: Array

    @cached_property
    def log_active_means(self) -> Array:
        """Logarithm of the mean contributors of a period that has any, (stratum)."""
        log_empty = -np.log1p(self.dispersions * self.means) / self.dispersions
        return np.asarray(np.log(self.means) - np.log(-np.expm1(log_empty)), dtype=np.float64)

    def draw(self, slots: Indices, rng: np.random.Generator) -> Indices:
        """Draw the contributors of periods.

        Parameters
        ----------
        slots
            Stratum of each period, (period).
        rng
            Generator that draws.

        Returns
        -------
        ndarray
            Contributors, (period).
        """
        mean, phi = self.means[slots], self.dispersions[slots]
        return rng.poisson(rng.gamma(1 / phi, phi * mean)).astype(np.int64)


@dataclass(frozen=True, eq=False)
class MarkLevels:
    """Commits or lines per contributor and period of every stratum.

    Parameters
    ----------
    levels
        Level g of each stratum, (stratum).
    law
        What the strata have in common.
    cap
        Count at which each contributor is held.
    """

    levels: Array
    law: MarkLaw
    cap: float

    def draw(
        self, contributors: Indices, log_active_means: Array, slots: Indices, rng: np.random.Generator
    ) -> Array:
        """Return the count of each contributor, uncapped; contributors in order of their periods.

        Parameters
        ----------
        contributors
            How many contributors each period has, (period).
        log_active_means
            Log of the mean active contributors of the period's stratum, c, (period).
        slots
            Stratum of each period, (period).
        rng
            Generator that draws.

        Returns
        -------
        ndarray
            Counts, (contributor).
        """
        deviation = np.log(np.maximum(contributors, 1)) - log_active_means
        shock = self.law.period * rng.standard_normal(len(slots))
        location = np.repeat(self.levels[slots] + self.law.activity * deviation + shock, contributors)
        size = np.exp(location + self.law.spread * rng.standard_normal(location.size))
        return np.asarray(np.ceil(size) - 1 + self.law.first, dtype=np.float64)


def expected_counts(people: ContributorLevels, marks: MarkLevels) -> Array:
    """Return the expected total of a period of each stratum, every level given.

    Parameters
    ----------
    people
        Levels of the contributors.
    marks
        Levels of what is totalled.

    Returns
    -------
    ndarray
        Expected totals, (stratum).
    """
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


def discretised_mean(location: Array, spread: float, cap: float = np.inf) -> Array:
    r"""Return E[min(ceil(X), c)], X lognormal: :math:`\sum_{k=0}^{c-1} P(X > k)`.

    The sum is taken term by term up to :math:`K = 256`, beyond it by Euler and Maclaurin's formula,

    .. math::

        \sum_{k=K}^{c-1} P(X > k) = \int_K^c P(X > x)\,dx + \tfrac12 [P(X > K) - P(X > c)]
            + \tfrac1{12} [f(K) - f(c)] + \dots

    f the density of X; the integral is a difference of :math:`\int_K^\infty P(X > x) dx =
    e^{\eta + s^2/2} \Phi((\eta + s^2 - \ln K)/s) - K \Phi((\eta - \ln K)/s)`. The terms left out, of
    the order of :math:`f''(K)/720`, are under 1e-9 of the mean for the spreads met here. The model's own
    :func:`sim.evidence.hierarchical.expectation.mean_count` is faster and less exact.

    Parameters
    ----------
    location
        Mean of the logarithm, :math:`\eta`, of any shape.
    spread
        Standard deviation of the logarithm, :math:`s`.
    cap
        Largest count, c: a whole number, or infinity.

    Returns
    -------
    ndarray
        The means, of the shape of `location`.

    Examples
    --------
    >>> discretised_mean(np.array([-30.0, 0.0]), 1.0).round(4)
    array([1.    , 2.1698])
    """
    n_terms = int(min(cap, N_TERMS))
    logs = np.log(np.arange(1, n_terms))
    total = 1.0 + ndtr((location[..., np.newaxis] - logs) / spread).sum(axis=-1)
    if cap > N_TERMS:
        total = total + _beyond(location, spread, float(N_TERMS))
        if np.isfinite(cap):
            total = total - _beyond(location, spread, cap)
    return np.asarray(total, dtype=np.float64)


def _beyond(location: Array, spread: float, first: float) -> Array:
    """Return the sum of P(X > k) over k = first, first + 1, ..."""
    z = (location - np.log(first)) / spread
    excess = np.exp(location + spread**2 / 2) * ndtr(z + spread) - first * ndtr(z)
    density = np.exp(-(z**2) / 2) / (first * spread * np.sqrt(2 * np.pi))
    return np.asarray(excess + ndtr(z) / 2 + density / 12, dtype=np.float64)
