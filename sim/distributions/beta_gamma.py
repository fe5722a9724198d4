"""Beta, a share or any quantity between two bounds; gamma and exponential, positive quantities."""

import math
from typing import ClassVar, Literal, override

from sim.distributions.base import FiniteNumber, PositiveNumber, family, require_computable, require_less
from sim.distributions.closed_laws import BetaLaw
from sim.distributions.law import ContinuousLaw, Orders
from sim.distributions.quantile_family import QuantileFamily
from sim.distributions.quantile_fit import beta_from_quantiles, gamma_from_quantiles
from sim.distributions.statements import Point, Statement, require_between
from sim.distributions.wrappers import ScipyLaw


@family
class Beta(QuantileFamily):
    """A share between 0 and 1, or, with `low` and `high`, a quantity between these.

    On (0, 1) the density is ``x**(alpha - 1) * (1 - x)**(beta - 1)``, up to a factor. The mean is
    ``m = alpha / (alpha + beta)``, the concentration ``alpha + beta``, and the variance
    ``m * (1 - m) / (alpha + beta + 1)``. All but `alpha`, `beta` and `concentration` are stated on the scale
    of `low` and `high`.

    Parameters
    ----------
    alpha
        First shape; the law is uniform where both shapes are 1.
    beta
        Second shape; the law is uniform where both shapes are 1.
    mean
        Mean.
    sd
        Standard deviation.
    concentration
        ``alpha + beta``: as many observations as the statement weighs.
    low
        Least value.
    high
        Largest value.

    Examples
    --------
    >>> Beta(distribution="beta", mean=0.1, concentration=30).shapes()
    (3.0, 27.0)
    """

    statements: ClassVar[tuple[Statement, ...]] = (
        Statement(("alpha", "beta")),
        Statement(("mean", "sd")),
        Statement(("mean", "concentration")),
        Statement(n_quantiles=2),
    )
    distribution: Literal["beta"]
    alpha: PositiveNumber | None = None
    beta: PositiveNumber | None = None
    mean: FiniteNumber | None = None
    sd: PositiveNumber | None = None
    concentration: PositiveNumber | None = None
    low: FiniteNumber = 0.0
    high: FiniteNumber = 1.0

    def _check_values(self) -> None:
        require_less(self.low, self.high)
        alpha, beta = self.shapes()
        require_computable(self._given(), alpha=alpha, beta=beta)

    def shapes(self) -> tuple[float, float]:
        """Return alpha and beta."""
        if self.alpha is not None and self.beta is not None:
            return self.alpha, self.beta
        if self.mean is not None:
            mean = self._unit_mean(self.mean)
            concentration = self._concentration(mean)
            return mean * concentration, (1 - mean) * concentration
        points = self.points_between(self.low, self.high)
        scaled = (Point(p.key, p.level, (p.value - self.low) / (self.high - self.low)) for p in points)
        return beta_from_quantiles(tuple(scaled))

    def _unit_mean(self, mean: float) -> float:
        require_between([Point("mean", math.nan, mean)], self.low, self.high)
        return (mean - self.low) / (self.high - self.low)

    def _concentration(self, mean: float) -> float:
        if self.sd is None:
            return self.concentration or math.nan
        largest = math.sqrt(mean * (1 - mean)) * (self.high - self.low)
        if not self.sd < largest:
            raise ValueError(
                f"sd = {self.sd:.12g} is too large for mean = {self.mean:.12g}: "
                f"it must be below {largest:.6g}"
            )
        ratio = largest / self.sd
        return ratio * ratio - 1

    @override
    def stated_law(self) -> ContinuousLaw:
        return BetaLaw(*self.shapes(), self.low, self.high - self.low)


@family
class Gamma(QuantileFamily):
    """A positive quantity with density ``x**(shape - 1) * exp(-x / scale)``, up to a factor.

    ``rate`` is ``1 / scale``. The mean is ``shape * scale`` and the variance ``shape * scale**2``.

    Parameters
    ----------
    shape
        Exponent of the density above, plus one.
    scale
        Scale of the density above, in the unit of the quantity.
    rate
        ``1 / scale``.
    mean
        Mean.
    sd
        Standard deviation.

    Examples
    --------
    >>> Gamma(distribution="gamma", mean=6, sd=3).shape_and_scale()
    (4.0, 1.5)
    """

    statements: ClassVar[tuple[Statement, ...]] = (
        Statement(("shape", "scale")),
        Statement(("shape", "rate")),
        Statement(("mean", "sd")),
        Statement(n_quantiles=2),
    )
    distribution: Literal["gamma"]
    shape: PositiveNumber | None = None
    scale: PositiveNumber | None = None
    rate: PositiveNumber | None = None
    mean: PositiveNumber | None = None
    sd: PositiveNumber | None = None

    def _check_values(self) -> None:
        shape, scale = self.shape_and_scale()
        require_computable(self._given(), shape=shape, scale=scale)

    def shape_and_scale(self) -> tuple[float, float]:
        """Return the shape and the scale."""
        if self.mean is not None and self.sd is not None:
            ratio = self.mean / self.sd
            return ratio * ratio, self.sd / ratio
        if self.shape is not None:
            return self.shape, (self.scale or 1 / (self.rate or math.nan))
        return gamma_from_quantiles(self.points_between(0, math.inf))

    @override
    def stated_law(self) -> ContinuousLaw:
        from scipy.stats import gamma

        shape, scale = self.shape_and_scale()
        return ScipyLaw(gamma(shape, scale=scale), Orders(zero=shape, above=1.0 / scale))


@family
class Exponential(QuantileFamily):
    """The time to an event that is as likely at any time: ``P(X > x) = exp(-x / mean)``, ``rate = 1 / mean``.

    Parameters
    ----------
    mean
        Mean time to the event.
    rate
        Events per unit of the quantity, ``1 / mean``.

    Examples
    --------
    >>> round(Exponential(distribution="exponential", median=1).scale(), 6)  # 1 / log(2)
    1.442695
    """

    statements: ClassVar[tuple[Statement, ...]] = (
        Statement(("mean",)),
        Statement(("rate",)),
        Statement(n_quantiles=1),
    )
    distribution: Literal["exponential"]
    mean: PositiveNumber | None = None
    rate: PositiveNumber | None = None

    def _check_values(self) -> None:
        require_computable(self._given(), mean=self.scale())

    def scale(self) -> float:
        """Return the mean time to the event."""
        if self.mean is not None:
            return self.mean
        if self.rate is not None:
            return 1 / self.rate
        (point,) = self.points_between(0, math.inf)
        return point.value / -math.log1p(-point.level)

    @override
    def stated_law(self) -> ContinuousLaw:
        from scipy.stats import expon

        return ScipyLaw(expon(scale=self.scale()), Orders(zero=1.0, above=1.0 / self.scale()))
