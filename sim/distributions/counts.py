"""Numbers of events: Poisson and binomial, which take whole values alone.

Probabilities are those of Loader's saddle-point form ("Fast and accurate computation of binomial
probabilities", 2000), which is as good for a mean of 1e9 as for one of 1.
"""

import math
from abc import abstractmethod
from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, ClassVar, Literal, override

import numpy as np
from pydantic import Field

from sim.distributions.base import FamilyBase, PositiveNumber, family
from sim.distributions.law import Law
from sim.distributions.statements import Statement
from sim.distributions.steps import StepFamily, StepLaw, step_law
from sim.special_functions import gammaln
from sim.types import Array

LEAST = 1e-40
"""Probability below which a number is left out of the law."""
REACH, MORE = 14.0, 100.0
"""How far the numbers reach that may have more: standard deviations, and so many beyond."""
MOST_VARIANCE = 1e9
"""Largest variance of a law whose values are listed one by one: some 900,000 of them."""

Probability = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=1)]
Trials = Annotated[int, Field(strict=True, ge=1)]
LOG_2PI = math.log(2.0 * math.pi)


class CountFamily(StepFamily):
    """A family of whole numbers from 0 on."""

    @override
    def masses(self) -> dict[float, float]:
        law = self._counts()
        values = (self.price_factor * law.values).tolist()
        return dict(zip(values, law.probabilities.tolist(), strict=True))

    @override
    def stated_law(self) -> Law:
        return self._counts()

    @abstractmethod
    def _counts(self) -> StepLaw:
        """Return the law of the numbers themselves."""


@family
class Poisson(CountFamily):
    """How often something happens that happens at a steady rate: ``P(X = k) = mean**k * exp(-mean) / k!``.

    The variance is the mean. Numbers are listed one by one, but for those less likely than 1e-40.

    Parameters
    ----------
    mean
        Mean number of events; at most 1e9.

    Examples
    --------
    >>> floods = Poisson(distribution="poisson", mean=2).law()
    >>> floods.ppf(np.array([0.1, 0.5, 0.95]))
    array([0., 2., 5.])
    """

    statements: ClassVar[tuple[Statement, ...]] = (Statement(("mean",)),)
    label: ClassVar[str] = "Poisson"
    distribution: Literal["poisson"]
    mean: PositiveNumber

    def _check_values(self) -> None:
        _require_listed(self, self.mean, f"mean = {self.mean:.12g}", self.mean)

    def _counts(self) -> StepLaw:
        return _poisson(self.mean)


@family
class Binomial(CountFamily):
    """How many of `n` trials succeed, each with probability `p` and independent of the others.

    ``P(X = k) = C(n, k) * p**k * (1 - p)**(n - k)``; mean ``n * p``, variance ``n * p * (1 - p)``. With
    ``n = 1`` it is an event that happens or not. Numbers less likely than 1e-40 are left out.

    Parameters
    ----------
    n
        Number of trials.
    p
        Probability of success.

    Examples
    --------
    >>> law = Binomial(distribution="binomial", n=10, p=0.3).law()
    >>> round(float(law.mean()), 12), round(float(law.std() ** 2), 12)
    (3.0, 2.1)
    """

    statements: ClassVar[tuple[Statement, ...]] = (Statement(("n", "p")),)
    distribution: Literal["binomial"]
    n: Trials
    p: Probability

    def _check_values(self) -> None:
        if self.n > 2**53:
            raise ValueError(
                f"n = {self.n:.12g} is too large to count to; at most 2**53 trials are computed with"
            )
        stated = f"n = {self.n:.12g} and p = {self.p:.12g}"
        _require_listed(self, self.n * self.p * (1 - self.p), stated, self.n * self.p)

    def _counts(self) -> StepLaw:
        return _binomial(self.n, self.p)


def _require_listed(stated: FamilyBase, variance: float, keys: str, mean: float) -> None:
    """Refuse numbers that are too many to be listed; a normal law is then as good."""
    if variance > MOST_VARIANCE:
        raise ValueError(
            f"{keys}: a {stated.distribution} with a variance of {variance:.3g} has too many values to list; "
            f"the variance may be at most {MOST_VARIANCE:g}. A normal with mean = {mean:.12g} and "
            f"sd = {math.sqrt(variance):.12g} has the same probabilities within 2e-5"
        )


@lru_cache(maxsize=64)
def _poisson(mean: float) -> StepLaw:
    def log_mass(k: Array) -> Array:
        return np.where(k > 0, -_deviance(k, mean) - _stirling(k) - _half_log(k), -mean)

    return _listed(mean, mean, math.inf, log_mass)


@lru_cache(maxsize=64)
def _binomial(n: int, p: float) -> StepLaw:
    if p in (0.0, 1.0):
        return step_law(np.array([n * p]), np.ones(1))
    whole, q = np.array(float(n)), 1.0 - p

    def log_mass(k: Array) -> Array:
        inner = np.clip(k, 1.0, max(n - 1.0, 1.0))
        rest = np.maximum(whole - inner, 1.0)
        found = _stirling(whole) + _half_log(whole)
        for number, mean in ((inner, n * p), (rest, n * q)):
            found = found - _deviance(number, mean) - _stirling(number) - _half_log(number)
        return np.where(k == 0, n * math.log1p(-p), np.where(k == n, n * math.log(p), found))

    return _listed(n * p, n * p * q, n, log_mass)


def _listed(mean: float, variance: float, most: float, log_mass: Callable[[Array], Array]) -> StepLaw:
    """Return the law of numbers from 0 to `most`, from the logarithms of their probabilities."""
    reach = REACH * math.sqrt(variance) + MORE
    numbers = np.arange(max(0.0, math.floor(mean - reach)), min(most, math.ceil(mean + reach)) + 1)
    mass = np.exp(log_mass(numbers))
    kept = mass > LEAST
    return step_law(numbers[kept], mass[kept] / mass[kept].sum())


def _deviance(k: Array, mean: float) -> Array:
    r"""Return :math:`k \log(k / m) - k + m`, of numbers above 0."""
    off = (mean - k) / np.maximum(k, 1.0)
    logs = np.where(np.abs(off) < 0.5, np.log1p(np.maximum(off, -0.5)), np.log(mean / np.maximum(k, 1.0)))
    return np.asarray(k * (off - logs))


def _stirling(k: Array) -> Array:
    r"""Return :math:`\log k! - (k + 1/2) \log k + k - \log \sqrt{2\pi}`, of numbers above 0."""
    k = np.maximum(k, 1.0)
    exact = gammaln(k + 1.0) - (k + 0.5) * np.log(k) + k - 0.5 * LOG_2PI
    series = (1 / 12 - (1 / 360 - (1 / 1260 - 1 / 1680 / k**2) / k**2) / k**2) / k
    return np.asarray(np.where(k < 16, exact, series))


def _half_log(k: Array) -> Array:
    """Return half of the logarithm of 2 pi k, of numbers above 0."""
    return np.asarray(0.5 * (LOG_2PI + np.log(np.maximum(k, 1.0))))
