"""Laws of a quantity times a constant, as an amount in another year's prices, and laws of scipy."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast, override

import numpy as np

from sim.distributions.law import FAR_OUT, ContinuousLaw, Law, Orders
from sim.types import Array

if TYPE_CHECKING:
    from scipy.stats._distn_infrastructure import rv_continuous_frozen


@dataclass(frozen=True)
class ScaledLaw(Law):
    """The law of :math:`cX`, with :math:`c > 0`: :math:`F_{cX}^{-1}(u) = c F_X^{-1}(u)`.

    Parameters
    ----------
    law
        The law of :math:`X`.
    factor
        :math:`c`, above 0.

    Examples
    --------
    >>> from sim.distributions import Constant
    >>> ScaledLaw(Constant(distribution="constant", value=3).law(), 2.0).mean()
    6.0
    """

    law: Law
    factor: float

    @override
    def ppf(self, u: Array, /) -> Array:
        return self.factor * self.law.ppf(u)

    @override
    def cdf(self, x: Array, /) -> Array:
        return self.law.cdf(x / self.factor)

    @override
    def mean(self) -> float:
        return self.factor * self.law.mean()

    @override
    def std(self) -> float:
        return self.factor * self.law.std()

    @override
    def support(self) -> tuple[float, float]:
        low, high = self.law.support()
        return self.factor * low, self.factor * high

    @override
    def orders(self) -> Orders:
        return self.law.orders().scaled(self.factor)


@dataclass(frozen=True)
class ScaledContinuousLaw(ScaledLaw, ContinuousLaw):
    r"""The law of :math:`cX` where :math:`X` has a density :math:`f`: that of :math:`cX` is :math:`f(x/c)/c`.

    Parameters
    ----------
    law
        The law of :math:`X`, which has a density.
    factor
        :math:`c`, above 0.

    Examples
    --------
    >>> import numpy as np
    >>> from sim.distributions import Uniform
    >>> ScaledContinuousLaw(Uniform(distribution="uniform", low=0, high=2).law(), 2.0).pdf(np.array([1.0]))
    array([0.25])
    """

    law: ContinuousLaw

    @override
    def pdf(self, x: Array, /) -> Array:
        return self.law.pdf(x / self.factor) / self.factor

    @override
    def logpdf(self, x: Array, /) -> Array:
        return self.law.logpdf(x / self.factor) - math.log(self.factor)

    @override
    def sf(self, x: Array, /) -> Array:
        return self.law.sf(x / self.factor)

    @override
    def isf(self, u: Array, /) -> Array:
        return self.factor * self.law.isf(u)


def times(law: Law, factor: float, has_density: bool) -> Law:
    """Return the law of a quantity times a factor above 0.

    Parameters
    ----------
    law
        The law.
    factor
        The factor; at 1 the law is returned itself.
    has_density
        Whether the law has a density.

    Returns
    -------
    Law
        The law of the product, with a density where `law` has one.
    """
    if factor == 1.0:
        return law
    return ScaledContinuousLaw(cast(ContinuousLaw, law), factor) if has_density else ScaledLaw(law, factor)


@dataclass(frozen=True)
class ScipyLaw(ContinuousLaw):
    """A frozen distribution of ``scipy.stats``.

    Parameters
    ----------
    frozen
        The distribution.
    known
        Orders below which its moments exist.
    least
        Smallest probability that is inverted; smaller ones are read as this one. The inverse of Student's t
        loses itself below 1e-150.
    """

    frozen: "rv_continuous_frozen"
    known: Orders
    least: float = 1e-300

    @override
    def ppf(self, u: Array, /) -> Array:
        return np.asarray(self.frozen.ppf(np.maximum(u, self.least)), dtype=np.float64)

    @override
    def isf(self, u: Array, /) -> Array:
        return np.asarray(self.frozen.isf(np.maximum(u, self.least)), dtype=np.float64)

    @override
    @FAR_OUT
    def cdf(self, x: Array, /) -> Array:
        return np.asarray(self.frozen.cdf(x), dtype=np.float64)

    @override
    @FAR_OUT
    def sf(self, x: Array, /) -> Array:
        return np.asarray(self.frozen.sf(x), dtype=np.float64)

    @override
    @FAR_OUT
    def pdf(self, x: Array, /) -> Array:
        return np.asarray(self.frozen.pdf(x), dtype=np.float64)

    @override
    @FAR_OUT
    def logpdf(self, x: Array, /) -> Array:
        return np.asarray(self.frozen.logpdf(x), dtype=np.float64)

    @override
    def mean(self) -> float:
        return float(self.frozen.mean())

    @override
    def std(self) -> float:
        return float(self.frozen.std())

    @override
    def support(self) -> tuple[float, float]:
        low, high = self.frozen.support()
        return float(low), float(high)

    @override
    def orders(self) -> Orders:
        return self.known
