"""Laws of ``scipy.stats``, held to the probabilities for which their inverses are accurate."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.distributions.law import FAR_OUT
from sim.distributions.orders import Orders
from sim.types import Array

if TYPE_CHECKING:
    from scipy.stats._distn_infrastructure import rv_continuous_frozen


@dataclass(frozen=True)
class ScipyLaw:
    """A frozen distribution of ``scipy.stats``.

    Parameters
    ----------
    frozen
        The distribution.
    known
        Which of its moments exist.
    least
        Smallest probability that is inverted; smaller ones are read as this one. The inverse of Student's t
        loses itself below 1e-150.
    """

    frozen: "rv_continuous_frozen"
    known: Orders
    least: float = 1e-300

    def ppf(self, u: Array, /) -> Array:
        """Return the inverse cdf."""
        return np.asarray(self.frozen.ppf(np.maximum(u, self.least)), dtype=np.float64)

    def isf(self, u: Array, /) -> Array:
        """Return the value exceeded with probability `u`."""
        return np.asarray(self.frozen.isf(np.maximum(u, self.least)), dtype=np.float64)

    @FAR_OUT
    def cdf(self, x: Array, /) -> Array:
        """Return the probability of at most `x`."""
        return np.asarray(self.frozen.cdf(x), dtype=np.float64)

    @FAR_OUT
    def sf(self, x: Array, /) -> Array:
        """Return the probability of more than `x`."""
        return np.asarray(self.frozen.sf(x), dtype=np.float64)

    @FAR_OUT
    def pdf(self, x: Array, /) -> Array:
        """Return the density."""
        return np.asarray(self.frozen.pdf(x), dtype=np.float64)

    @FAR_OUT
    def logpdf(self, x: Array, /) -> Array:
        """Return the logarithm of the density."""
        return np.asarray(self.frozen.logpdf(x), dtype=np.float64)

    def mean(self) -> float:
        """Return the mean."""
        return float(self.frozen.mean())

    def std(self) -> float:
        """Return the standard deviation."""
        return float(self.frozen.std())

    def support(self) -> tuple[float, float]:
        """Return the least and the largest value."""
        low, high = self.frozen.support()
        return float(low), float(high)

    def orders(self) -> Orders:
        """Return which moments exist."""
        return self.known
