"""Families bounded on both sides and fixed by their bounds: uniform, loguniform."""

import math
from abc import abstractmethod
from typing import ClassVar, Literal

from sim.distributions.base import Number, Positive, QuantileFamily, family, require_less
from sim.distributions.frozen import ScipyLaw
from sim.distributions.law import ContinuousLaw
from sim.distributions.orders import Orders, bounded
from sim.distributions.solving import line
from sim.distributions.statements import Point, Statement


class Bounded(QuantileFamily):
    """Stated by its bounds, or by two quantiles from which they follow."""

    statements: ClassVar[tuple[Statement, ...]] = (Statement(("low", "high")), Statement(n_quantiles=2))
    low: Number | None = None
    high: Number | None = None

    def _check_values(self) -> None:
        self.bounds()

    def bounds(self) -> tuple[float, float]:
        """Return the least and the largest value."""
        if self.low is not None and self.high is not None:
            require_less(self.low, self.high)
            return self.low, self.high
        return self._bounds_from_quantiles()

    @abstractmethod
    def _bounds_from_quantiles(self) -> tuple[float, float]:
        """Return the bounds that meet both stated quantiles."""


@family
class Uniform(Bounded):
    """Every value between `low` and `high` alike: density ``1 / (high - low)``.

    Parameters
    ----------
    low, high
        Least and largest value.

    Examples
    --------
    >>> Uniform(distribution="uniform", p25=1, p75=2).bounds()
    (0.5, 2.5)
    """

    distribution: Literal["uniform"]

    def _bounds_from_quantiles(self) -> tuple[float, float]:
        lower, upper = self.points()
        low, width = line(lower, upper, lower.level, upper.level)
        return low, low + width

    def stated_law(self) -> ContinuousLaw:
        """Return the law."""
        from scipy.stats import uniform

        low, high = self.bounds()
        return ScipyLaw(uniform(low, high - low), bounded(low, high))


@family
class Loguniform(Bounded):
    """Every order of magnitude alike: the logarithm is uniform, from that of `low` to that of `high`.

    Parameters
    ----------
    low, high
        Least and largest value.

    Examples
    --------
    >>> low, high = Loguniform(distribution="loguniform", p25=10, p75=1000).bounds()
    >>> round(low, 12), round(high, 8)
    (1.0, 10000.0)
    """

    distribution: Literal["loguniform"]
    low: Positive | None = None
    high: Positive | None = None

    def _bounds_from_quantiles(self) -> tuple[float, float]:
        lower, upper = self.points_between(0, math.inf)
        log_lower, log_upper = (Point(p.key, p.level, math.log(p.value)) for p in (lower, upper))
        log_low, width = line(log_lower, log_upper, lower.level, upper.level)
        if log_low < -700 or log_low + width > 700:
            raise ValueError(
                f"{lower} and {upper} give bounds that are too small or too large to compute with"
            )
        return math.exp(log_low), math.exp(log_low + width)

    def stated_law(self) -> ContinuousLaw:
        """Return the law."""
        from scipy.stats import loguniform

        return ScipyLaw(loguniform(*self.bounds()), Orders())
