"""Weibull and Pareto: lives and sizes, whose logarithm is a line in that of an exponential, or in itself."""

import math
from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal, override

import numpy as np

from sim.distributions.base import PositiveNumber, family, require_computable
from sim.distributions.law import FAR_OUT, ContinuousLaw, Orders
from sim.distributions.quantile_family import QuantileFamily
from sim.distributions.quantile_fit import line
from sim.distributions.statements import Point, Statement, require_ascending
from sim.special_functions import gammaln, xlogy
from sim.types import Array

LEAST = 1e-300
"""Smallest probability that is inverted; smaller ones are read as this one."""
SHAPES = (0.01, 1000.0)
"""Ends between which the shape of a Weibull is looked for."""

ROUNDING = 1e-9
"""Relative distance at which an index of the tail that quantiles state is the nearest whole number."""


@family
class Weibull(QuantileFamily):
    """Time to a failure that grows likelier with age (`shape` above 1), or less likely (below 1).

    ``P(X > x) = exp(-(x / scale)**shape)``. The mean is ``scale * gamma(1 + 1 / shape)``; shape 1 is an
    exponential.

    Parameters
    ----------
    shape
        Exponent in the probability above.
    scale
        Scale in the probability above: 63 % of values lie below it.
    mean
        Mean.
    sd
        Standard deviation.

    Examples
    --------
    >>> shape, scale = Weibull(distribution="weibull", median=20, p95=40).shape_and_scale()
    >>> round(shape, 6), round(scale, 6)  # log(log(20) / log(2)) / log(2), 20 / log(2)**(1 / shape)
    (2.111675, 23.790761)
    """

    statements: ClassVar[tuple[Statement, ...]] = (
        Statement(("shape", "scale")),
        Statement(("mean", "sd")),
        Statement(n_quantiles=2),
    )
    label: ClassVar[str] = "Weibull"
    distribution: Literal["weibull"]
    shape: PositiveNumber | None = None
    scale: PositiveNumber | None = None
    mean: PositiveNumber | None = None
    sd: PositiveNumber | None = None

    def _check_values(self) -> None:
        shape, scale = self.shape_and_scale()
        require_computable(self._given(), shape=shape, scale=scale)

    def shape_and_scale(self) -> tuple[float, float]:
        """Return the shape and the scale."""
        if self.shape is not None and self.scale is not None:
            return self.shape, self.scale
        if self.mean is not None and self.sd is not None:
            shape = _weibull_shape(self.mean, self.sd)
            return shape, self.mean / math.exp(gammaln(1 + 1 / shape))
        lower, upper = (Point(p.key, p.level, math.log(p.value)) for p in self.points_between(0, math.inf))
        log_scale, inverse = line(lower, upper, *(math.log(-math.log1p(-p.level)) for p in (lower, upper)))
        return 1 / inverse, math.exp(log_scale) if abs(log_scale) < 700 else math.inf

    @override
    def stated_law(self) -> ContinuousLaw:
        return WeibullLaw(*self.shape_and_scale())


@family
class Pareto(QuantileFamily):
    """A size without a typical scale: ``P(X > x) = (low / x)**shape`` from `low` on.

    The tail has the index `shape`: moments from that order on do not exist. The mean,
    ``low * shape / (shape - 1)``, exists for a shape above 1 alone, the standard deviation above 2.

    Parameters
    ----------
    low
        Least value.
    shape
        Index of the tail: the smaller, the heavier.

    Examples
    --------
    >>> low, shape = Pareto(distribution="pareto", median=2, p95=20).low_and_shape()
    >>> round(low, 6), round(shape, 6)  # 1 / log10(0.5 / 0.05) = 1; 2 * 0.5**(1 / shape)
    (1.0, 1.0)
    """

    statements: ClassVar[tuple[Statement, ...]] = (
        Statement(("low", "shape")),
        Statement(("low",), n_quantiles=1),
        Statement(n_quantiles=2),
    )
    label: ClassVar[str] = "Pareto"
    distribution: Literal["pareto"]
    low: PositiveNumber | None = None
    shape: PositiveNumber | None = None

    def _check_values(self) -> None:
        low, shape = self.low_and_shape()
        require_computable(self._given(), low=low, shape=shape)

    def low_and_shape(self) -> tuple[float, float]:
        """Return the least value and the index of the tail."""
        if self.low is not None and self.shape is not None:
            return self.low, self.shape
        stated = () if self.low is None else (Point("low", 0.0, self.low),)
        points = (*stated, *self.points_between(0, math.inf))
        require_ascending(points)
        lower, upper = (Point(p.key, p.level, math.log(p.value)) for p in points)
        log_low, inverse = line(lower, upper, *(-math.log1p(-p.level) for p in points))
        shape, whole = 1 / inverse, float(round(1 / inverse))
        shape = whole if abs(shape - whole) < ROUNDING * whole else shape
        return self.low or (math.exp(log_low) if abs(log_low) < 700 else math.nan), shape

    @override
    def stated_law(self) -> ContinuousLaw:
        return ParetoLaw(*self.low_and_shape())


@dataclass(frozen=True)
class HazardLaw(ContinuousLaw):
    r"""A law by its cumulative hazard H, which runs up from 0: :math:`P(X > x) = e^{-H(x)}`."""

    @override
    def ppf(self, u: Array, /) -> Array:
        return self._where(-np.log1p(-np.maximum(u, LEAST)))

    @override
    def isf(self, u: Array, /) -> Array:
        return self._where(-np.log(np.maximum(u, LEAST)))

    @override
    def cdf(self, x: Array, /) -> Array:
        return np.asarray(-np.expm1(-self._hazard(np.asarray(x, dtype=np.float64))))

    @override
    def sf(self, x: Array, /) -> Array:
        return np.asarray(np.exp(-self._hazard(np.asarray(x, dtype=np.float64))))

    @override
    def pdf(self, x: Array, /) -> Array:
        return np.asarray(np.exp(self.logpdf(x)))

    @FAR_OUT
    def logpdf(self, x: Array, /) -> Array:
        """Return the logarithm of the density: that of the rate of H, less H."""
        x = np.asarray(x, dtype=np.float64)
        low, high = self.support()
        inside = (x >= low) & (x < high)
        with np.errstate(divide="ignore", invalid="ignore"):
            log = self._log_rate(np.where(inside, x, 1.0)) - self._hazard(x)
        return np.where(inside, log, np.where(np.isnan(x), np.nan, -np.inf))

    @abstractmethod
    def support(self) -> tuple[float, float]:
        """Return the least and the largest value."""

    @abstractmethod
    def _where(self, hazard: Array) -> Array:
        """Return where H has a value."""

    @abstractmethod
    def _hazard(self, x: Array) -> Array:
        """Return H."""

    @abstractmethod
    def _log_rate(self, x: Array) -> Array:
        """Return the logarithm of the derivative of H."""


@dataclass(frozen=True)
class WeibullLaw(HazardLaw):
    """The Weibull law: :math:`H(x) = (x / s)^k` for positive x.

    Parameters
    ----------
    shape
        The shape k.
    scale
        The scale s.

    Examples
    --------
    >>> float(WeibullLaw(2.0, 3.0).sf(np.array(3.0)))  # exp(-1)
    0.36787944117144233
    """

    shape: float
    scale: float

    def mean(self) -> float:
        """Return the mean, infinite where it cannot be represented."""
        with np.errstate(over="ignore"):
            return float(self.scale * np.exp(gammaln(1 + 1 / self.shape)))

    def std(self) -> float:
        """Return the standard deviation, infinite where it cannot be represented."""
        with np.errstate(over="ignore"):
            return float(self.mean() * np.sqrt(np.expm1(_log_second_over_first(self.shape))))

    @override
    def support(self) -> tuple[float, float]:
        return 0.0, math.inf

    def orders(self) -> Orders:
        """Return which moments exist; an exponential of it has none where the shape is below 1."""
        above = math.inf if self.shape > 1 else 1 / self.scale if self.shape == 1 else 0.0
        return Orders(zero=self.shape, above=above)

    @FAR_OUT
    def _where(self, hazard: Array) -> Array:
        return np.asarray(self.scale * hazard ** (1 / self.shape))

    @FAR_OUT
    def _hazard(self, x: Array) -> Array:
        return np.asarray(np.maximum(x / self.scale, 0.0) ** self.shape)

    def _log_rate(self, x: Array) -> Array:
        return np.asarray(math.log(self.shape) - math.log(self.scale) + xlogy(self.shape - 1, x / self.scale))


@dataclass(frozen=True)
class ParetoLaw(HazardLaw):
    r"""The Pareto law: :math:`H(x) = a \log(x / l)` for x from l on.

    Parameters
    ----------
    low
        Least value l, above 0.
    shape
        Index of the tail, a.

    Examples
    --------
    >>> round(float(ParetoLaw(1.0, 2.0).sf(np.array(10.0))), 12), ParetoLaw(1.0, 2.0).mean()
    (0.01, 2.0)
    """

    low: float
    shape: float

    def mean(self) -> float:
        """Return the mean, infinite where the shape is at most 1."""
        return self.low * self.shape / (self.shape - 1) if self.shape > 1 else math.inf

    def std(self) -> float:
        """Return the standard deviation, infinite where the shape is at most 2."""
        return self.mean() / math.sqrt(self.shape * (self.shape - 2)) if self.shape > 2 else math.inf

    @override
    def support(self) -> tuple[float, float]:
        return self.low, math.inf

    def orders(self) -> Orders:
        """Return which moments exist: those below the order `shape`, and none of exponentials."""
        return Orders(tail=self.shape, above=0.0)

    @FAR_OUT
    def _where(self, hazard: Array) -> Array:
        return np.asarray(self.low * np.exp(hazard / self.shape))

    @FAR_OUT
    def _hazard(self, x: Array) -> Array:
        return np.asarray(self.shape * np.log(np.maximum(x / self.low, 1.0)))

    def _log_rate(self, x: Array) -> Array:
        return np.asarray(math.log(self.shape) - np.log(x))


def _log_second_over_first(shape: float) -> float:
    r"""Return :math:`\log(E X^2 / (E X)^2)` of a Weibull, which falls with its shape."""
    return float(gammaln(1 + 2 / shape) - 2 * gammaln(1 + 1 / shape))


def _weibull_shape(mean: float, sd: float) -> float:
    """Return the shape of the Weibull with a mean and a standard deviation; their ratio alone fixes it."""
    from scipy.optimize import brentq

    wanted = math.log1p((sd / mean) ** 2)
    if not _log_second_over_first(SHAPES[0]) > wanted > _log_second_over_first(SHAPES[1]):
        raise ValueError(
            f"mean = {mean:.12g} and sd = {sd:.12g} belong to no weibull with a shape from "
            f"{SHAPES[0]:g} to {SHAPES[1]:g}"
        )
    least, most = (math.log(shape) for shape in SHAPES)

    def excess(log_shape: float) -> float:
        return _log_second_over_first(math.exp(log_shape)) - wanted

    return math.exp(brentq(excess, least, most, xtol=1e-14, rtol=1e-14))
