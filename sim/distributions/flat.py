"""Families bounded on both sides and fixed by their bounds: uniform, loguniform."""

import math
from typing import Literal

from sim.distributions.base import Positive, family
from sim.distributions.law import ContinuousLaw, Orders, bounded
from sim.distributions.quantile_family import Bounded
from sim.distributions.solving import line
from sim.distributions.statements import Point
from sim.distributions.wrappers import ScipyLaw


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
