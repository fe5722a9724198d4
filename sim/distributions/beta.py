"""The beta family: a share, or any quantity between two bounds."""

import math
from typing import ClassVar, Literal

from sim.distributions.base import Number, Positive, QuantileFamily, family, require_computable, require_less
from sim.distributions.closed import BetaLaw
from sim.distributions.law import ContinuousLaw
from sim.distributions.solving import beta_from_quantiles
from sim.distributions.statements import Point, Statement, require_between


@family
class Beta(QuantileFamily):
    """A share between 0 and 1, or, with `low` and `high`, a quantity between these.

    On (0, 1) the density is ``x**(alpha - 1) * (1 - x)**(beta - 1)``, up to a factor. The mean is
    ``m = alpha / (alpha + beta)``, the concentration ``alpha + beta``, and the variance
    ``m * (1 - m) / (alpha + beta + 1)``. All but `alpha`, `beta` and `concentration` are stated on the scale
    of `low` and `high`.

    Parameters
    ----------
    alpha, beta
        Shapes, both 1 for a uniform law.
    mean, sd
        Mean and standard deviation.
    concentration
        ``alpha + beta``: as many observations as the statement weighs.
    low, high
        Least and largest value.

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
    alpha: Positive | None = None
    beta: Positive | None = None
    mean: Number | None = None
    sd: Positive | None = None
    concentration: Positive | None = None
    low: Number = 0.0
    high: Number = 1.0

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
        return beta_from_quantiles(*scaled)

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

    def stated_law(self) -> ContinuousLaw:
        """Return the law."""
        return BetaLaw(*self.shapes(), self.low, self.high - self.low)
