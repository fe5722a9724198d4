"""Laws made of special functions alone: normal, lognormal, beta.

They give what the frozen distributions of ``scipy.stats`` give, to the last digit, without the half second
that importing it takes or the checks that it makes at every call.
"""

import math
from dataclasses import dataclass
from typing import override

import numpy as np

from sim.distributions.law import FAR_OUT, ContinuousLaw, Orders, bounded
from sim.special_functions import _beta_pdf, betainc, betaincc, betainccinv, betaincinv, ndtr, ndtri
from sim.types import Array

LEAST = 1e-300
"""Smallest probability that a normal or lognormal law inverts; smaller ones are read as this one."""
LEAST_BETA = 1e-30
"""The same for beta laws, whose inverse loses itself below 1e-60 or so."""
ROOT_OF_TWO_PI = math.sqrt(2.0 * math.pi)


@dataclass(frozen=True)
class NormalLaw(ContinuousLaw):
    r"""The normal law: :math:`F(x) = \Phi((x - \mu) / \sigma)`.

    Parameters
    ----------
    mu
        Mean.
    sigma
        Standard deviation, above 0.

    Examples
    --------
    >>> float(NormalLaw(10.0, 2.0).ppf(np.array(0.5)))
    10.0
    """

    mu: float
    sigma: float

    @override
    def ppf(self, u: Array, /) -> Array:
        return np.asarray(ndtri(np.maximum(u, LEAST)) * self.sigma + self.mu)

    @override
    def isf(self, u: Array, /) -> Array:
        return np.asarray(-ndtri(np.maximum(u, LEAST)) * self.sigma + self.mu)

    @override
    def cdf(self, x: Array, /) -> Array:
        return np.asarray(ndtr(self._standard(x)))

    @override
    def sf(self, x: Array, /) -> Array:
        return np.asarray(ndtr(-self._standard(x)))

    @override
    def pdf(self, x: Array, /) -> Array:
        with np.errstate(over="ignore"):
            return np.asarray(np.exp(-(self._standard(x) ** 2) / 2.0) / ROOT_OF_TWO_PI / self.sigma)

    @override
    def logpdf(self, x: Array, /) -> Array:
        with np.errstate(over="ignore"):
            return np.asarray(-(self._standard(x) ** 2) / 2.0 - math.log(ROOT_OF_TWO_PI * self.sigma))

    @override
    def mean(self) -> float:
        return self.mu

    @override
    def std(self) -> float:
        return self.sigma

    @override
    def support(self) -> tuple[float, float]:
        return -math.inf, math.inf

    @override
    def orders(self) -> Orders:
        return Orders(zero=1.0)

    @FAR_OUT
    def _standard(self, x: Array) -> Array:
        return (np.asarray(x, dtype=np.float64) - self.mu) / self.sigma


@dataclass(frozen=True)
class LognormalLaw(ContinuousLaw):
    r"""The lognormal law: :math:`F(x) = \Phi(\log(x / m) / \sigma)` for positive x.

    Parameters
    ----------
    sigma
        Standard deviation of the logarithm.
    median
        The median m, positive.

    Examples
    --------
    >>> float(LognormalLaw(0.5, 3.0).ppf(np.array(0.5)))
    3.0
    """

    sigma: float
    median: float

    @override
    def ppf(self, u: Array, /) -> Array:
        return self._exp(np.asarray(ndtri(np.maximum(u, LEAST)), dtype=np.float64))

    @override
    def isf(self, u: Array, /) -> Array:
        return self._exp(-np.asarray(ndtri(np.maximum(u, LEAST)), dtype=np.float64))

    @override
    def cdf(self, x: Array, /) -> Array:
        return np.asarray(ndtr(self._log(x) / self.sigma))

    @override
    def sf(self, x: Array, /) -> Array:
        return np.asarray(ndtr(-(self._log(x) / self.sigma)))

    @override
    @FAR_OUT
    def pdf(self, x: Array, /) -> Array:
        scaled = np.maximum(np.asarray(x, dtype=np.float64) / self.median, 0.0)
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            exponent = -(np.log(scaled) ** 2) / (2.0 * self.sigma**2)
            density = np.exp(exponent - np.log(self.sigma * scaled * ROOT_OF_TWO_PI)) / self.median
        return np.where(scaled > 0.0, density, np.where(np.isnan(scaled), np.nan, 0.0))

    @override
    def logpdf(self, x: Array, /) -> Array:
        log = self._log(x)
        with np.errstate(over="ignore", invalid="ignore"):
            exponent = -((log / self.sigma) ** 2) / 2.0 - log
        constant = math.log(self.sigma) + math.log(self.median) + math.log(ROOT_OF_TWO_PI)
        return np.where(np.isinf(log), -np.inf, exponent - constant)

    def mean(self) -> float:
        """Return the mean, infinite where it cannot be represented."""
        with np.errstate(over="ignore"):
            return float(np.sqrt(np.exp(self.sigma * self.sigma)) * self.median)

    def std(self) -> float:
        """Return the standard deviation, infinite where it cannot be represented."""
        with np.errstate(over="ignore"):
            square = np.exp(self.sigma * self.sigma)
            return float(np.sqrt(square * (square - 1.0) * self.median * self.median))

    @override
    def support(self) -> tuple[float, float]:
        return 0.0, math.inf

    def orders(self) -> Orders:
        """Return which moments exist: all but those of exponentials."""
        return Orders(above=0.0)

    def _exp(self, z: Array) -> Array:
        with np.errstate(over="ignore"):
            return np.asarray(np.exp(self.sigma * z) * self.median)

    def _log(self, x: Array) -> Array:
        with np.errstate(divide="ignore", over="ignore"):
            scaled = np.maximum(np.asarray(x, dtype=np.float64) / self.median, 0.0)
            return np.asarray(np.log(scaled))


@dataclass(frozen=True)
class BetaLaw(ContinuousLaw):
    r"""The beta law: :math:`F(x) = I_{(x - l) / w}(\alpha, \beta)`, the regularised incomplete beta function.

    Parameters
    ----------
    alpha
        First shape.
    beta
        Second shape.
    low
        Least value, l.
    width
        Distance from the least to the largest value, w.

    Examples
    --------
    >>> law = BetaLaw(2.0, 2.0, low=10.0, width=4.0)
    >>> round(float(law.ppf(np.array(0.5))), 12), law.mean()
    (12.0, 12.0)
    """

    alpha: float
    beta: float
    low: float = 0.0
    width: float = 1.0

    @override
    def ppf(self, u: Array, /) -> Array:
        share = betaincinv(self.alpha, self.beta, np.maximum(u, LEAST_BETA))
        return np.asarray(share * self.width + self.low)

    @override
    def isf(self, u: Array, /) -> Array:
        share = betainccinv(self.alpha, self.beta, np.maximum(u, LEAST_BETA))
        return np.asarray(share * self.width + self.low)

    @override
    def cdf(self, x: Array, /) -> Array:
        return np.asarray(betainc(self.alpha, self.beta, self._share(x)))

    @override
    def sf(self, x: Array, /) -> Array:
        return np.asarray(betaincc(self.alpha, self.beta, self._share(x)))

    @FAR_OUT
    def pdf(self, x: Array, /) -> Array:
        """Return the density, that of ``scipy.stats``: other functions lose digits for large shapes."""
        share = (np.asarray(x, dtype=np.float64) - self.low) / self.width
        inside = (share >= 0.0) & (share <= 1.0)
        density = _beta_pdf(np.where(inside, share, 0.5), self.alpha, self.beta) / self.width
        return np.where(inside, density, np.where(np.isnan(share), np.nan, 0.0))

    @FAR_OUT
    def logpdf(self, x: Array, /) -> Array:
        """Return the logarithm of the density, that of ``scipy.stats`` for the same reason."""
        from scipy.stats import beta

        return np.asarray(beta.logpdf(x, self.alpha, self.beta, self.low, self.width), dtype=np.float64)

    @override
    def mean(self) -> float:
        return self.alpha / (self.alpha + self.beta) * self.width + self.low

    @override
    def std(self) -> float:
        total = self.alpha + self.beta
        return math.sqrt(self.alpha / total * (self.beta / total) / (total + 1.0)) * self.width

    @override
    def support(self) -> tuple[float, float]:
        return self.low, self.low + self.width

    @override
    def orders(self) -> Orders:
        return bounded(*self.support(), self.alpha, self.beta)

    @FAR_OUT
    def _share(self, x: Array) -> Array:
        return np.clip((np.asarray(x, dtype=np.float64) - self.low) / self.width, 0.0, 1.0)
