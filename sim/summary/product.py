r"""The law of a product of powers of independent positive factors, from their own laws.

With :math:`s = p_1^{k_1} p_2^{k_2}`, :math:`G_i` the cdf of :math:`k_i \ln p_i`,

.. math:: P(\ln s \le x) = \int G_1(x - z)\, dG_2(z),

and so on for further factors: a convolution, taken on a lattice of 65,536 cells over the range of the
product. The mass of each cell is put in its middle, which takes :math:`h^2 / 12` from the variance of ln s,
where h is the width of a cell: nothing beside what the factors have.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.signal import fftconvolve

from sim.distributions import ContinuousLaw
from sim.types import Array

N_CELLS = 2**16
SMALLEST = float(np.finfo(float).tiny)
OUTSIDE = 1e-10
"""Probability beyond either end of a factor's part of the lattice."""


@dataclass(frozen=True)
class Power:
    """A positive factor raised to a power.

    Parameters
    ----------
    law
        Of the factor.
    exponent
        Not 0.
    """

    law: ContinuousLaw
    exponent: float

    def log_cdf(self, x: Array) -> Array:
        """Return the probability that k ln p is at most `x`, elementwise."""
        with np.errstate(over="ignore"):
            p = np.exp(x / self.exponent)
        return self.law.cdf(p) if self.exponent > 0 else self.law.sf(p)

    def log_range(self) -> tuple[float, float]:
        """Return the ends between which k ln p lies but for a probability of ``OUTSIDE`` at either."""
        ends = self.exponent * np.log(np.maximum(self.law.ppf(np.array([OUTSIDE, 1.0 - OUTSIDE])), SMALLEST))
        return float(ends.min()), float(ends.max())


class ProductLaw:
    """The cdf of a product of powers of independent positive factors.

    Parameters
    ----------
    factors
        One or more.

    Examples
    --------
    >>> from scipy.stats import lognorm
    >>> law = ProductLaw([Power(lognorm(0.4), 1.0), Power(lognorm(0.3), -1.0)])
    >>> bool(abs(law.cdf(np.array([2.0]))[0] - lognorm(0.5).cdf(2.0)) < 1e-8)
    True
    """

    def __init__(self, factors: Sequence[Power]) -> None:
        ranges = [factor.log_range() for factor in factors]
        self._width = sum(high - low for low, high in ranges) / N_CELLS
        first, *others = factors
        self._low = ranges[0][0]
        self._values = first.log_cdf(_lattice(ranges[0], self._width))
        for other, ends in zip(others, ranges[1:], strict=True):
            self._convolve(other, _lattice(ends, self._width))

    def cdf(self, s: Array) -> Array:
        """Return the probability that the product is at most `s`, elementwise."""
        last = len(self._values) - 1
        with np.errstate(divide="ignore"):
            place = np.clip((np.log(np.maximum(s, 0.0)) - self._low) / self._width, -1.0, last + 1.0)
        cell = np.clip(place, 0.0, last - 1.0).astype(np.int64)
        inside = self._values[cell] + (place - cell) * (self._values[cell + 1] - self._values[cell])
        return np.where(place < 0.0, 0.0, np.where(place > last, 1.0, inside))

    def _convolve(self, other: Power, edges: Array) -> None:
        below = other.log_cdf(edges)
        below[0], below[-1] = 0.0, 1.0
        n_added = len(edges) - 1
        padded = np.concatenate([self._values, np.ones(n_added)])
        values = fftconvolve(padded, np.diff(below))[: len(padded)]
        self._low += float(edges[0]) + self._width / 2.0
        self._values = np.clip(values, 0.0, 1.0)


def _lattice(ends: tuple[float, float], width: float) -> Array:
    low, high = ends
    cells = np.arange(max(1, int(np.ceil((high - low) / width))) + 1)
    return np.asarray(low + width * cells, dtype=np.float64)
