"""The family of stated quantiles: three or more, met exactly, by a metalog or a monotone curve."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, Literal, override

import numpy as np
from pydantic import ValidationError

from sim.distributions.base import FiniteNumber, family, require_less
from sim.distributions.law import FAR_OUT, ContinuousLaw, Orders, bounded, integrate_moment
from sim.distributions.quantile_family import QuantileFamily
from sim.distributions.quantile_fit import TOLERANCE
from sim.distributions.statements import Point, Statement
from sim.special_functions import expit
from sim.types import Array

if TYPE_CHECKING:
    from sim.distributions.curves import Curve

WORDS = {"metalog": "metalog", "monotone": "monotone curve"}


@family
class Quantiles(QuantileFamily):
    """Three or more quantiles as they are, all met exactly, with a least and a largest value where stated.

    The law is the metalog through the quantiles (Keelin 2016) where its density is positive everywhere, and
    else a monotone curve through their normal scores; what is printed of the parameter says which. Bounds
    make it the curve of ``log(x - low)``, ``-log(high - x)``, or ``log((x - low) / (high - x))``. Beyond the
    outermost quantiles a metalog goes on as a logistic does, a monotone curve as a normal; with one bound
    a metalog has a tail of powers, so that its mean may not exist, and a monotone curve that of a lognormal.

    Parameters
    ----------
    low
        Least value; none where left out.
    high
        Largest value; none where left out.
    curve
        ``metalog`` or ``monotone``, to have that curve whatever the quantiles are.

    Examples
    --------
    >>> stated = {"p10": 2.0, "p50": 3.0, "p90": 9.0}
    >>> law = Quantiles(distribution="quantiles", low=0.0, **stated).law()
    >>> law.ppf(np.array([0.1, 0.5, 0.9])).round(9)
    array([2., 3., 9.])
    >>> Quantiles(distribution="quantiles", low=0.0, **stated).chosen_curve()
    'metalog'
    """

    statements: ClassVar[tuple[Statement, ...]] = (Statement(n_quantiles=3, or_more=True),)
    in_label: ClassVar[tuple[str, ...]] = ("distribution", "curve")
    distribution: Literal["quantiles"]
    low: FiniteNumber | None = None
    high: FiniteNumber | None = None
    curve: Literal["metalog", "monotone"] | None = None

    def _check_values(self) -> None:
        if self.low is not None and self.high is not None:
            require_less(self.low, self.high)
        self.stated_law()

    @override
    @property
    def law_name(self) -> str:
        """Which curve goes through the quantiles, in words."""
        return WORDS[self.chosen_curve()]

    def chosen_curve(self) -> str:
        """Return which curve goes through the quantiles: ``metalog`` or ``monotone``."""
        return self._fitted()[0]

    @override
    def stated_law(self) -> ContinuousLaw:
        return self._fitted()[1]

    def _fitted(self) -> "tuple[str, CurveLaw]":
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        return _fit(self.points_between(low, high), ValueScale(low, high), self.curve)

    @override
    @classmethod
    def label_of(cls, stated: Mapping[str, object]) -> str:
        """Return which curve it is, where what is stated makes one."""
        keys = {key: value for key, value in stated.items() if key in cls.model_fields}
        try:
            return cls.model_validate(keys).law_name
        except ValidationError:
            return super().label_of(stated)


@lru_cache(maxsize=256)
def _fit(points: Sequence[Point], scale: "ValueScale", wanted: str | None) -> "tuple[str, CurveLaw]":
    """Return the word of the curve through some quantiles, in order of level, and the law that it makes.

    Where no curve is wanted it is whichever is in order; ValueError if none meets the quantiles with a
    positive density.
    """
    from sim.distributions.curves import MonotoneCurve, metalog  # here: few scenarios state a curve

    levels = np.array([point.level for point in points])
    stated = np.array([point.value for point in points])
    with np.errstate(over="ignore", divide="ignore"):
        values = scale.to_line(stated)
    for word, fit in (("metalog", metalog), ("monotone", MonotoneCurve.through)):
        curve: Curve | None = fit(levels, values) if wanted in (word, None) else None
        if curve is None:
            continue
        law = CurveLaw(curve, scale)
        allowed = TOLERANCE * np.maximum(np.abs(stated), stated[-1] - stated[0])
        if np.all(np.abs(law.ppf(levels) - stated) <= allowed):
            return word, law
    listed = ", ".join(map(str, points))
    if wanted == "metalog":
        raise ValueError(
            f"curve = 'metalog': none through {listed} has a positive density; a 'monotone' one has"
        )
    raise ValueError(f"{listed} are met by no curve that can be computed to {TOLERANCE:g}")


@dataclass(frozen=True)
class ValueScale:
    """What lies between two bounds, either of which may be infinite, laid out on the whole line.

    Parameters
    ----------
    low
        Least value, or minus infinity.
    high
        Largest value, or infinity.
    """

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
        r"""Return which moments of the quantity exist.

        Parameters
        ----------
        left
            Rate at which the lower tail falls on the line, as exp(-left \|m\|).
        right
            Rate at which the upper tail falls on the line, as exp(-right m).

        Returns
        -------
        Orders
            The orders of the quantity.
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
class CurveLaw(ContinuousLaw):
    """The law of what a curve makes of a standard score, between bounds.

    Parameters
    ----------
    curve
        Curve from standard scores to values on the line.
    scale
        Scale from values on the line to the quantity.

    Examples
    --------
    >>> from sim.distributions.curves import MonotoneCurve
    >>> curve = MonotoneCurve.through(np.array([0.1, 0.5, 0.9]), np.array([0.0, 1.0, 2.0]))
    >>> law = CurveLaw(curve, ValueScale(-math.inf, math.inf))
    >>> float(law.mean().__round__(9)), float(law.std().__round__(6))  # a normal; 1 / 1.281552
    (1.0, 0.780304)
    """

    curve: "Curve"
    scale: ValueScale

    @override
    def ppf(self, u: Array, /) -> Array:
        return self._at(self.curve.score(np.asarray(u, dtype=np.float64)))

    @override
    def isf(self, u: Array, /) -> Array:
        return self._at(-self.curve.score(np.asarray(u, dtype=np.float64)))

    @override
    def cdf(self, x: Array, /) -> Array:
        return self.curve.below(self._score(x))

    @override
    def sf(self, x: Array, /) -> Array:
        return self.curve.below(-self._score(x))

    @override
    def pdf(self, x: Array, /) -> Array:
        return np.asarray(np.exp(self.logpdf(x)))

    @override
    @FAR_OUT
    def logpdf(self, x: Array, /) -> Array:
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

    @override
    def support(self) -> tuple[float, float]:
        return self.scale.low, self.scale.high

    @override
    def orders(self) -> Orders:
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
