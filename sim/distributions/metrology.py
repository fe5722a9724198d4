"""Families of metrology (JCGM 101): trapezoids of straight or curved sides, and the arcsine."""

import math
from dataclasses import dataclass
from typing import ClassVar, Literal, override

import numpy as np

from sim.distributions.base import ContinuousFamily, FiniteNumber, PositiveNumber, family, require_less
from sim.distributions.law import FAR_OUT, ContinuousLaw, Orders, bounded
from sim.distributions.quantile_family import BoundedFamily
from sim.distributions.quantile_fit import line
from sim.distributions.statements import Statement
from sim.distributions.wrappers import ScipyLaw
from sim.types import Array


@family
class Trapezoidal(ContinuousFamily):
    """A density that rises straight from `low` to `mode_low`, is level to `mode_high`, and falls to `high`.

    JCGM 101:2008, 6.4.4, for equal flanks. A flank may have no width.

    Parameters
    ----------
    low
        Least value.
    mode_low
        Lower end of the level part.
    mode_high
        Upper end of the level part.
    high
        Largest value.

    Examples
    --------
    >>> sides = {"low": 0, "mode_low": 1, "mode_high": 3, "high": 4}
    >>> float(Trapezoidal(distribution="trapezoidal", **sides).law().cdf(1))  # 1 * (1/3) / 2
    0.16666666666666666
    """

    statements: ClassVar[tuple[Statement, ...]] = (Statement(("low", "mode_low", "mode_high", "high")),)
    distribution: Literal["trapezoidal"]
    low: FiniteNumber
    mode_low: FiniteNumber
    mode_high: FiniteNumber
    high: FiniteNumber

    def _check_values(self) -> None:
        require_less(self.low, self.high)
        if not self.low <= self.mode_low <= self.mode_high <= self.high:
            raise ValueError(
                f"mode_low = {self.mode_low:.12g} and mode_high = {self.mode_high:.12g} must be in order, "
                f"from low = {self.low:.12g} to high = {self.high:.12g}"
            )

    @override
    def stated_law(self) -> ContinuousLaw:
        from scipy.stats import trapezoid

        width = self.high - self.low
        shares = ((self.mode_low - self.low) / width, (self.mode_high - self.low) / width)
        flanks = (2.0 if share else 1.0 for share in (self.mode_low - self.low, self.high - self.mode_high))
        return ScipyLaw(trapezoid(*shares, self.low, width), bounded(self.low, self.high, *flanks))


@family
class CurvilinearTrapezoidal(ContinuousFamily):
    """Every value between two limits alike, the limits known only within plus or minus `inexactness`.

    CTrap(a, b, d) of JCGM 101:2008, 6.4.3, with a = `low`, b = `high` and d = `inexactness`.

    Parameters
    ----------
    low
        Lower limit as stated.
    high
        Upper limit as stated.
    inexactness
        How far off either limit may be; less than half their distance.

    Examples
    --------
    >>> limits = {"low": 0, "high": 1, "inexactness": 0.25}
    >>> family = CurvilinearTrapezoidal(distribution="curvilinear-trapezoidal", **limits)
    >>> family.law().support()
    (-0.25, 1.25)
    """

    statements: ClassVar[tuple[Statement, ...]] = (Statement(("low", "high", "inexactness")),)
    distribution: Literal["curvilinear-trapezoidal"]
    low: FiniteNumber
    high: FiniteNumber
    inexactness: PositiveNumber

    def _check_values(self) -> None:
        require_less(self.low, self.high)
        half = (self.high - self.low) / 2
        if not self.inexactness < half:
            raise ValueError(
                f"inexactness = {self.inexactness:.12g} must be below {half:.12g}, half of the width from "
                f"low = {self.low:.12g} to high = {self.high:.12g}"
            )

    @override
    def stated_law(self) -> ContinuousLaw:
        return CurvilinearTrapezoid((self.low + self.high) / 2, (self.high - self.low) / 2, self.inexactness)


@family
class Arcsine(BoundedFamily):
    """A quantity that swings between `low` and `high` as a sine does, seen at a random phase.

    Density ``1 / (pi * sqrt((x - low) * (high - x)))``; JCGM 101:2008, 6.4.6.

    Parameters
    ----------
    low
        Least value.
    high
        Largest value.

    Examples
    --------
    >>> round(float(Arcsine(distribution="arcsine", low=-1, high=1).law().std()), 6)  # sqrt(1/2)
    0.707107
    """

    distribution: Literal["arcsine"]

    def _bounds_from_quantiles(self) -> tuple[float, float]:
        lower, upper = self.points()
        z_lower, z_upper = (math.sin(math.pi * point.level / 2) ** 2 for point in (lower, upper))
        low, width = line(lower, upper, z_lower, z_upper)
        return low, low + width

    @override
    def stated_law(self) -> ContinuousLaw:
        from scipy.stats import arcsine

        low, high = self.bounds()
        return ScipyLaw(arcsine(low, high - low), bounded(low, high, 0.5, 0.5))


@dataclass(frozen=True)
class CurvilinearTrapezoid(ContinuousLaw):
    r"""The law CTrap(a, b, d) in its centre and half-width, both halves by symmetry.

    With :math:`w = (b-a)/2`, :math:`r` the distance from the centre and :math:`s = r/(w+d)`,

    .. math::
        f = \frac{1}{4d} \ln\frac{w+d}{\max(r,\, w-d)}, \qquad
        1 - F = \frac{w+d}{4d} \, (1 - s + s \ln s) \quad (w-d \le r \le w+d),

    and the tail grows linearly from there to the centre. JCGM 101:2008, 6.4.3.2, integrated.

    Parameters
    ----------
    centre
        Midpoint of the limits a and b.
    half_width
        Half the distance between the limits, w.
    inexactness
        How far off either limit may be, d.
    """

    centre: float
    half_width: float
    inexactness: float

    @property
    def _outer(self) -> float:
        return self.half_width + self.inexactness

    @property
    def _inner(self) -> float:
        return self.half_width - self.inexactness

    @property
    def _scale(self) -> float:
        return 4 * self.inexactness / self._outer

    @property
    def _widest(self) -> float:
        return 2 * self.inexactness / self._outer

    @property
    def _top(self) -> float:
        """Density of the level part, by log1p for limits that are almost exact."""
        return math.log1p(2 * self.inexactness / self._inner) / (4 * self.inexactness)

    @override
    @FAR_OUT
    def pdf(self, x: Array, /) -> Array:
        return -np.log1p(-self._depth(np.abs(np.asarray(x) - self.centre))) / (4 * self.inexactness)

    @override
    def logpdf(self, x: Array, /) -> Array:
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(self.pdf(x)))

    @override
    @FAR_OUT
    def cdf(self, x: Array, /) -> Array:
        return self.sf(2 * self.centre - np.asarray(x))

    @override
    @FAR_OUT
    def sf(self, x: Array, /) -> Array:
        r = np.asarray(x, dtype=np.float64) - self.centre
        tail = self._tail(np.abs(r))
        return np.where(r >= 0, tail, 1 - tail)

    @override
    def ppf(self, u: Array, /) -> Array:
        return 2 * self.centre - self.isf(u)

    @override
    def isf(self, u: Array, /) -> Array:
        u = np.asarray(u, dtype=np.float64)
        r = self._distance(np.minimum(u, 1 - u))
        return self.centre + np.where(u <= 0.5, r, -r)

    def mean(self) -> float:
        """Return the mean: the centre."""
        return self.centre

    def std(self) -> float:
        """Return the standard deviation, ``sqrt((b - a)**2 / 12 + d**2 / 9)``; JCGM 101:2008, 6.4.3.3."""
        return math.sqrt(self.half_width**2 / 3 + self.inexactness**2 / 9)

    def support(self) -> tuple[float, float]:
        """Return ``(a - d, b + d)``."""
        return self.centre - self._outer, self.centre + self._outer

    def orders(self) -> Orders:
        """Return which moments exist; the density falls to 0 as a line at either end."""
        return bounded(*self.support(), 2.0, 2.0)

    def _tail(self, r: Array) -> Array:
        """Return the probability of being beyond a distance `r` from the centre, on one side."""
        return self._curve(self._depth(r)) + self._top * np.maximum(self._inner - r, 0)

    def _depth(self, r: Array) -> Array:
        """Return ``t = 1 - s`` at a distance `r`: 0 at the outer end, its most inside the flank."""
        return np.where(r <= self._inner, self._widest, np.clip(1 - r / self._outer, 0, self._widest))

    def _curve(self, t: Array) -> Array:
        """Return the tail at ``t = 1 - s``, where ``1 - s + s log s = t + (1 - t) log(1 - t)``."""
        exact = t + (1 - t) * np.log1p(-t)
        series = np.asarray(sum(t**n / (n * (n - 1)) for n in range(2, 10)))
        return np.where(t < 0.01, series, exact) / self._scale

    def _distance(self, tail: Array) -> Array:
        """Invert :meth:`_tail`: a line in the middle, Newton's method on the flank.

        The curve is convex in ``t`` and at least ``t**2 / 2``, so Newton's steps from ``sqrt(2 v)`` descend
        to the root; eight leave nothing of the error for any flank.
        """
        flank = self._curve(np.array(self._widest))
        v = np.minimum(tail, flank)
        t = np.minimum(np.sqrt(2 * v * self._scale), self._widest)
        for _ in range(8):
            slope = -np.log1p(-t) / self._scale
            step = np.divide(self._curve(t) - v, slope, out=np.zeros_like(t), where=slope > 0)
            t = np.clip(t - step, 0, self._widest)
        level = self._inner - (tail - flank) / self._top
        return np.where(tail > flank, np.maximum(level, 0), self._outer * (1 - t))
