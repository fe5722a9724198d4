"""What a family makes of its stated numbers: a law, which turns uniforms into draws."""

from typing import Protocol

import numpy as np

from sim.distributions.orders import Orders
from sim.types import Array

FAR_OUT = np.errstate(over="ignore")
"""Decorates what divides by a scale: quantiles are looked for among all floats, of which some overflow."""


class Law(Protocol):
    r"""A probability law of one variable, as an inverse cdf with its moments.

    With the cdf :math:`F`, the inverse is :math:`F^{-1}(u) = \inf\{x : F(x) \ge u\}`, so that
    :math:`F^{-1}(U)` follows the law when :math:`U` is uniform on (0, 1).
    """

    def ppf(self, u: Array, /) -> Array:
        """Return the inverse cdf of `u`, in (0, 1), elementwise; it never decreases with `u`."""
        ...

    def cdf(self, x: Array, /) -> Array:
        """Return the probability of at most `x`, elementwise."""
        ...

    def mean(self) -> float:
        """Return the mean, which may be inf or nan."""
        ...

    def std(self) -> float:
        """Return the standard deviation, which may be inf or nan."""
        ...

    def support(self) -> tuple[float, float]:
        """Return the least and the largest value, which may be infinite."""
        ...

    def orders(self) -> Orders:
        """Return which moments exist."""
        ...


class ContinuousLaw(Law, Protocol):
    """A law with a density, and with its upper tail, unbounded ones to full relative accuracy."""

    def pdf(self, x: Array, /) -> Array:
        """Return the density at `x`, elementwise."""
        ...

    def logpdf(self, x: Array, /) -> Array:
        """Return the logarithm of the density at `x`, elementwise; accurate where the density underflows."""
        ...

    def sf(self, x: Array, /) -> Array:
        """Return the probability of more than `x`, elementwise; accurate where it is tiny."""
        ...

    def isf(self, u: Array, /) -> Array:
        """Return the value exceeded with probability `u`, elementwise; accurate where `u` is tiny."""
        ...


def implied(law: Law) -> tuple[float, float, float]:
    """Return the 5, 50 and 95 % quantiles of a law, to be echoed to who stated it.

    Examples
    --------
    >>> from sim.distributions import Uniform
    >>> tuple(round(q, 12) for q in implied(Uniform(distribution="uniform", low=0, high=100).law()))
    (5.0, 50.0, 95.0)
    """
    low, middle, high = law.ppf(np.array([0.05, 0.5, 0.95]))
    return float(low), float(middle), float(high)
