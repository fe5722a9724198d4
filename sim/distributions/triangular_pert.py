"""Families between bounds with a most likely value: triangular and PERT."""

import math
from typing import ClassVar, Literal, override

import numpy as np

from sim.distributions.base import FiniteNumber, PositiveNumber, family, require_less
from sim.distributions.closed_laws import BetaLaw
from sim.distributions.law import ContinuousLaw, bounded
from sim.distributions.quantile_family import QuantileFamily
from sim.distributions.quantile_fit import shape_from_three
from sim.distributions.statements import Point, Statement, require_between
from sim.distributions.wrappers import ScipyLaw
from sim.special_functions import betaincinv
from sim.types import Array

Peak = tuple[float, float, float]


def _require_mode(low: float, mode: float, high: float) -> None:
    """Refuse a mode outside the bounds."""
    require_less(low, high)
    if not low <= mode <= high:
        raise ValueError(f"mode = {mode:.12g} must be from low = {low:.12g} to high = {high:.12g}")


def peak_table(low: float, mode: float, high: float, smooth: bool = False) -> dict[str, object]:
    """Return the keys that state a law by its least, its likeliest and its largest value.

    Parameters
    ----------
    low
        Least value.
    mode
        Most likely value.
    high
        Largest value.
    smooth
        Whether the density is curved.

    Returns
    -------
    dict
        Value by key, ``distribution`` the first.
    """
    return {"distribution": "pert" if smooth else "triangular", "low": low, "mode": mode, "high": high}


@family
class Triangular(QuantileFamily):
    """A density that rises straight from `low` to `mode` and falls straight to `high`.

    Parameters
    ----------
    low
        Least value.
    mode
        Most likely value.
    high
        Largest value.

    Examples
    --------
    >>> low, mode, high = Triangular(distribution="triangular", low=0, high=10, median=5).peak()
    >>> low, round(mode, 9), high
    (0.0, 5.0, 10.0)
    """

    statements: ClassVar[tuple[Statement, ...]] = (
        Statement(("low", "mode", "high")),
        Statement(("low", "high"), n_quantiles=1),
        Statement(n_quantiles=3),
    )
    distribution: Literal["triangular"]
    low: FiniteNumber | None = None
    mode: FiniteNumber | None = None
    high: FiniteNumber | None = None

    def _check_values(self) -> None:
        self.peak()

    def peak(self) -> Peak:
        """Return the least, the most likely and the largest value."""
        points = self.points()
        if self.low is None or self.high is None:
            first, *_, last = (point.level for point in points)
            return _at(*shape_from_three("triangular", points, _triangle, (first, last)))
        require_less(self.low, self.high)
        mode = self._mode(self.low, self.high, *points) if self.mode is None else self.mode
        _require_mode(self.low, mode, self.high)
        return self.low, mode, self.high

    @staticmethod
    def _mode(low: float, high: float, point: Point) -> float:
        """Return the mode that puts one quantile in its place.

        With ``t`` its share of the way from low to high and ``c`` that of the mode, ``p = t**2 / c`` for
        ``t <= c``, and ``1 - p = (1 - t)**2 / (1 - c)`` beyond.
        """
        require_between([point], low, high)
        t, p, width = (point.value - low) / (high - low), point.level, high - low
        least, most = 1 - math.sqrt(1 - p), math.sqrt(p)
        if not least <= t <= most:
            raise ValueError(
                f"{point} must be from {low + least * width:.12g} to {low + most * width:.12g} "
                f"for a triangular with low = {low:.12g} and high = {high:.12g}"
            )
        share = t * t / p if t >= p else 1 - (1 - t) ** 2 / (1 - p)
        return min(max(low + share * width, low), high)

    @override
    def stated_law(self) -> ContinuousLaw:
        from scipy.stats import triang

        low, mode, high = self.peak()
        known = bounded(low, high, 2.0 if low < mode else 1.0, 2.0 if mode < high else 1.0)
        return ScipyLaw(triang((mode - low) / (high - low), low, high - low), known)


@family
class Pert(QuantileFamily):
    """A smooth density from `low` to `high` with its peak at `mode`: a beta law, by its range and peak.

    ``alpha = 1 + shape * (mode - low) / (high - low)``, ``beta = 1 + shape * (high - mode) / (high - low)``,
    so that the mean is ``(low + shape * mode + high) / (shape + 2)``. The customary shape is 4.

    Parameters
    ----------
    low
        Least value.
    mode
        Most likely value.
    high
        Largest value.
    shape
        How much the mode weighs against the bounds: the larger, the narrower the peak.

    Examples
    --------
    >>> float(Pert(distribution="pert", low=0, mode=3, high=12).law().mean())  # (0 + 4 * 3 + 12) / 6
    4.0
    """

    statements: ClassVar[tuple[Statement, ...]] = (
        Statement(("low", "mode", "high")),
        Statement(n_quantiles=3),
    )
    label: ClassVar[str] = "PERT"
    distribution: Literal["pert"]
    low: FiniteNumber | None = None
    mode: FiniteNumber | None = None
    high: FiniteNumber | None = None
    shape: PositiveNumber = 4.0

    def _check_values(self) -> None:
        self.peak()

    def peak(self) -> Peak:
        """Return the least, the most likely and the largest value."""
        if self.low is not None and self.mode is not None and self.high is not None:
            _require_mode(self.low, self.mode, self.high)
            return self.low, self.mode, self.high
        return _at(*shape_from_three("pert", self.points(), self._standard, (0.0, 1.0)))

    def _standard(self, share: float, levels: Array) -> Array:
        alpha, beta = 1 + self.shape * share, 1 + self.shape * (1 - share)
        return np.asarray(betaincinv(alpha, beta, levels))

    @override
    def stated_law(self) -> ContinuousLaw:
        low, mode, high = self.peak()
        share = (mode - low) / (high - low)
        return BetaLaw(1 + self.shape * share, 1 + self.shape * (1 - share), low, high - low)


def _triangle(share: float, levels: Array) -> Array:
    """Return the inverse cdf of a triangular law on (0, 1) with its mode at `share`."""
    rising = np.sqrt(levels * share)
    falling = 1 - np.sqrt((1 - levels) * (1 - share))
    return np.where(levels <= share, rising, falling)


def _at(low: float, width: float, share: float) -> Peak:
    return low, low + share * width, low + width
