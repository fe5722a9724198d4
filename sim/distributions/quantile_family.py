"""Families that can be stated by quantiles, and those of them that are stated by their bounds."""

from abc import abstractmethod
from typing import ClassVar

from sim.distributions.base import ContinuousFamily, FiniteNumber, require_less
from sim.distributions.statements import LEVELS, Point, Statement, require_ascending, require_between


class QuantileFamily(ContinuousFamily):
    """A family that can be stated by quantiles, met exactly.

    Parameters
    ----------
    p005
        Value not exceeded with probability 0.005.
    p01
        Value not exceeded with probability 0.01.
    p025
        Value not exceeded with probability 0.025.
    p05
        Value not exceeded with probability 0.05.
    p10
        Value not exceeded with probability 0.1.
    p20
        Value not exceeded with probability 0.2.
    p25
        Value not exceeded with probability 0.25.
    p30
        Value not exceeded with probability 0.3.
    p40
        Value not exceeded with probability 0.4.
    median
        Median: value not exceeded with probability 0.5.
    p50
        Median, under the name of a quantile.
    p60
        Value not exceeded with probability 0.6.
    p70
        Value not exceeded with probability 0.7.
    p75
        Value not exceeded with probability 0.75.
    p80
        Value not exceeded with probability 0.8.
    p90
        Value not exceeded with probability 0.9.
    p95
        Value not exceeded with probability 0.95.
    p975
        Value not exceeded with probability 0.975.
    p99
        Value not exceeded with probability 0.99.
    p995
        Value not exceeded with probability 0.995.
    """

    p005: FiniteNumber | None = None
    p01: FiniteNumber | None = None
    p025: FiniteNumber | None = None
    p05: FiniteNumber | None = None
    p10: FiniteNumber | None = None
    p20: FiniteNumber | None = None
    p25: FiniteNumber | None = None
    p30: FiniteNumber | None = None
    p40: FiniteNumber | None = None
    median: FiniteNumber | None = None
    p50: FiniteNumber | None = None
    p60: FiniteNumber | None = None
    p70: FiniteNumber | None = None
    p75: FiniteNumber | None = None
    p80: FiniteNumber | None = None
    p90: FiniteNumber | None = None
    p95: FiniteNumber | None = None
    p975: FiniteNumber | None = None
    p99: FiniteNumber | None = None
    p995: FiniteNumber | None = None

    def points(self) -> tuple[Point, ...]:
        """Return the stated quantiles in order of level.

        Raises
        ------
        ValueError
            If their values do not ascend.
        """
        stated = [(key, level, getattr(self, key)) for key, level in LEVELS.items()]
        points = tuple(Point(key, level, value) for key, level, value in stated if value is not None)
        require_ascending(points)
        return points

    def points_between(self, low: float, high: float) -> tuple[Point, ...]:
        """Return the stated quantiles in order of level, all strictly inside a support.

        Parameters
        ----------
        low
            Lower end of the support.
        high
            Upper end of the support.

        Returns
        -------
        tuple of Point
            The quantiles as :meth:`points` returns them.

        Raises
        ------
        ValueError
            If their values do not ascend, or one is outside.
        """
        points = self.points()
        require_between(points, low, high)
        return points


class BoundedFamily(QuantileFamily):
    """A family stated by its bounds, or by two quantiles from which the bounds follow.

    Parameters
    ----------
    low
        Least value.
    high
        Largest value.
    """

    statements: ClassVar[tuple[Statement, ...]] = (Statement(("low", "high")), Statement(n_quantiles=2))
    low: FiniteNumber | None = None
    high: FiniteNumber | None = None

    def _check_values(self) -> None:
        self.bounds()

    def bounds(self) -> tuple[float, float]:
        """Return the least and the largest value, stated or from the quantiles.

        Raises
        ------
        ValueError
            If stated bounds are not in order, or no bounds meet the quantiles.
        """
        if self.low is not None and self.high is not None:
            require_less(self.low, self.high)
            return self.low, self.high
        return self._bounds_from_quantiles()

    @abstractmethod
    def _bounds_from_quantiles(self) -> tuple[float, float]:
        """Return the bounds that meet both stated quantiles."""
