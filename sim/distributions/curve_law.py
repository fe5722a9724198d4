"""The law that a curve from standard scores makes, between bounds or without."""

import math
from dataclasses import dataclass

import numpy as np

from sim.distributions.curves import Curve
from sim.distributions.law import FAR_OUT, Orders, bounded, integrate_moment
from sim.special import expit
from sim.types import Array


@dataclass(frozen=True)
class ValueScale:
    """What lies between two bounds, either of which may be infinite, laid out on the whole line."""

    low: float
    high: float

    def to_line(self, x: Array) -> Array:
        """Return values on the line: x, log(x - low), -log(high - x) or the log odds of lying between."""
        match math.isfinite(self.low), math.isfinite(self.high):
            case True, True:
                return np.asarray(np.log(x - self.low) - np.log(self.high - x))
            case True, False:
                return np.asarray(np.log(x - self.low))
            case False, True:
                return np.asarray(-np.log(self.high - x))
        return np.asarray(x)

    def from_line(self, m: Array) -> Array:
        """Return the quantity at values on the line."""
        match math.isfinite(self.low), math.isfinite(self.high):
            case True, True:
                share, width = expit(-np.abs(m)), self.high - self.low
                return np.asarray(np.where(m < 0, self.low + width * share, self.high - width * share))
            case True, False:
                return np.asarray(self.low + np.exp(m))
            case False, True:
                return np.asarray(self.high - np.exp(-m))
        return np.asarray(m)

    def log_rate(self, x: Array) -> Array:
        """Return the logarithm of the derivative of what lies on the line."""
        match math.isfinite(self.low), math.isfinite(self.high):
            case True, True:
                return math.log(self.high - self.low) - np.log(x - self.low) - np.log(self.high - x)
            case True, False:
                return np.asarray(-np.log(x - self.low))
            case False, True:
                return np.asarray(-np.log(self.high - x))
        return np.zeros_like(x)

    def orders(self, left: float, right: float) -> Orders:
        """Return which moments of the quantity exist.

        Parameters
        ----------
        left, right
            The tails on the line fall as exp(-left |m|) and exp(-right m).

        Returns
        -------
        Orders
            Of the quantity.
        """
        match math.isfinite(self.low), math.isfinite(self.high):
            case True, True:
                return bounded(self.low, self.high, left, right)
            case True, False:
                zero = left if self.low == 0 else 1.0 if self.low < 0 else math.inf
                return Orders(tail=right, zero=zero, above=0.0)
            case False, True:
                zero = right if self.high == 0 else 1.0 if self.high > 0 else math.inf
                return Orders(tail=left, zero=zero, below=0.0)
        return Orders(zero=1.0, above=right, below=left)


@dataclass(frozen=True)
class CurveLaw:
    """The law of what a curve makes of a standard score, between bounds.

    Parameters
    ----------
    curve
        From scores to values on the line.
    scale
        From these to the quantity.

    Examples
    --------
    >>> from sim.distributions.curves import MonotoneCurve
    >>> curve = MonotoneCurve.through(np.array([0.1, 0.5, 0.9]), np.array([0.0, 1.0, 2.0]))
    >>> law = CurveLaw(curve, ValueScale(-math.inf, math.inf))
    >>> float(law.mean().__round__(9)), float(law.std().__round__(6))  # a normal; 1 / 1.281552
    (1.0, 0.780304)
    """

    curve: Curve
    scale: ValueScale

    def ppf(self, u: Array, /) -> Array:
        """Return the inverse cdf."""
        return self._at(self.curve.score(np.asarray(u, dtype=np.float64)))

    def isf(self, u: Array, /) -> Array:
        """Return the value exceeded with probability `u`."""
        return self._at(-self.curve.score(np.asarray(u, dtype=np.float64)))

    def cdf(self, x: Array, /) -> Array:
        """Return the probability of at most `x`."""
        return self.curve.below(self._score(x))

    def sf(self, x: Array, /) -> Array:
        """Return the probability of more than `x`."""
        return self.curve.below(-self._score(x))

    def pdf(self, x: Array, /) -> Array:
        """Return the density."""
        return np.asarray(np.exp(self.logpdf(x)))

    @FAR_OUT
    def logpdf(self, x: Array, /) -> Array:
        """Return the logarithm of the density."""
        x = np.asarray(x, dtype=np.float64)
        inside = (x > self.scale.low) & (x < self.scale.high)
        within = np.where(inside, x, self._middle)
        z = self._score(within)
        log = self.curve.log_density(z) - np.log(self.curve.slope(z)) + self.scale.log_rate(within)
        return np.where(inside, log, np.where(np.isnan(x), np.nan, -np.inf))

    def mean(self) -> float:
        """Return the mean, by numerical integration of the inverse cdf; infinite where there is none."""
        return integrate_moment(self, 0.0, 1)

    def std(self) -> float:
        """Return the standard deviation, likewise."""
        mean = self.mean()
        return math.sqrt(integrate_moment(self, mean, 2)) if math.isfinite(mean) else math.inf

    def support(self) -> tuple[float, float]:
        """Return the least and the largest value."""
        return self.scale.low, self.scale.high

    def orders(self) -> Orders:
        """Return which moments exist."""
        return self.scale.orders(*self.curve.tails())

    @property
    def _middle(self) -> float:
        return float(self._at(np.zeros(())))

    @FAR_OUT
    def _at(self, z: Array) -> Array:
        return self.scale.from_line(self.curve.value(z))

    @FAR_OUT
    def _score(self, x: Array) -> Array:
        x = np.clip(np.asarray(x, dtype=np.float64), self.scale.low, self.scale.high)
        with np.errstate(divide="ignore"):
            return self.curve.score_at(self.scale.to_line(x))
