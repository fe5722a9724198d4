"""Curves from standard scores to values, through stated points: metalogs and monotone curves."""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Self, override

import numpy as np

from sim.special_functions import expit, ndtr, ndtri
from sim.types import Array

LEAST = 1e-300
"""Smallest probability that is inverted; smaller ones are read as this one."""
FLATTEST = 1e-3
"""Least slope of a metalog along logistic scores, over its largest, that is taken for a positive density."""
MOST_STEPS = 200
"""Most steps in which a score is found; halves alone take 65."""
HALF_LOG_2PI = 0.5 * math.log(2.0 * math.pi)


class Curve(ABC):
    """A curve that climbs, without end on either side, from standard scores to values on the line."""

    farthest: float
    """Score beyond which the curve is a straight line."""

    @abstractmethod
    def score(self, u: Array) -> Array:
        """Return the standard score below which the probability is `u`."""

    @abstractmethod
    def below(self, z: Array) -> Array:
        """Return the probability below a score."""

    @abstractmethod
    def log_density(self, z: Array) -> Array:
        """Return the logarithm of the density of scores."""

    @abstractmethod
    def value(self, z: Array) -> Array:
        """Return the value at a score."""

    @abstractmethod
    def slope(self, z: Array) -> Array:
        """Return the derivative of the value, above 0."""

    @abstractmethod
    def tails(self) -> tuple[float, float]:
        """Return the rates c at which the lower and the upper tail fall, as ``exp(-c * abs(value))``."""

    def score_at(self, values: Array) -> Array:
        """Return the score at which the curve has a value: by Newton's steps, halves where one leads astray.

        A value's score does not depend on which others are asked for.
        """
        ends = np.array([-self.farthest, self.farthest])
        (lowest, highest), (first, last) = self.value(ends), self.slope(ends)
        inside = np.clip(values, lowest, highest)
        low, high = np.full_like(inside, ends[0]), np.full_like(inside, ends[1])
        z = np.zeros_like(inside)
        for _ in range(MOST_STEPS):
            off = self.value(z) - inside
            low, high = np.where(off <= 0, z, low), np.where(off >= 0, z, high)
            step = z - off / self.slope(z)
            step = np.where((step > low) & (step < high), step, low + (high - low) / 2)
            is_found = np.abs(step - z) <= 2 * np.spacing(np.abs(z))
            if is_found.all():
                break
            z = np.where(is_found, z, step)
        z = np.where(values <= lowest, ends[0] + (values - lowest) / first, z)
        return np.where(values >= highest, ends[1] + (values - highest) / last, z)


@dataclass(frozen=True)
class Metalog(Curve):
    r"""The metalog, along logistic scores :math:`z = \log(y / (1 - y))`.

    .. math:: M(y) = \mu(s) + \sigma(s) \, z, \quad s = y - 1/2,

    :math:`\mu` and :math:`\sigma` being polynomials. Keelin, "The Metalog Distributions", Decision Analysis
    13 (2016), equation 6.

    Parameters
    ----------
    centres
        Coefficients of the polynomial :math:`\mu`, from the power 0 on.
    spreads
        Coefficients of the polynomial :math:`\sigma`, from the power 0 on.
    """

    centres: tuple[float, ...]
    spreads: tuple[float, ...]
    farthest = 720.0

    def score(self, u: Array) -> Array:
        """Return the logit."""
        u = np.maximum(u, LEAST)
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(u) - np.log1p(-u))

    @override
    def below(self, z: Array) -> Array:
        return np.asarray(expit(z))

    def log_density(self, z: Array) -> Array:
        """Return the logarithm of the logistic density."""
        size = np.abs(z)
        return np.asarray(-size - 2.0 * np.log1p(np.exp(-size)))

    @override
    def value(self, z: Array) -> Array:
        s = np.tanh(np.asarray(z) / 2.0) / 2.0
        return np.asarray(_polynomial(self.centres, s) + _polynomial(self.spreads, s) * z)

    def slope(self, z: Array) -> Array:
        """Return the derivative of the value by the score; that of s is y (1 - y)."""
        s = np.tanh(np.asarray(z) / 2.0) / 2.0
        turns = _polynomial(_derivative(self.centres), s) + _polynomial(_derivative(self.spreads), s) * z
        return np.asarray(_polynomial(self.spreads, s) + turns * np.exp(self.log_density(z)))

    def tails(self) -> tuple[float, float]:
        """Return the rates at which the tails fall: 1 in scores, in values that over the slope at the end."""
        first, last = _polynomial(self.spreads, np.array([-0.5, 0.5]))
        return 1.0 / float(first), 1.0 / float(last)

    @property
    def is_feasible(self) -> bool:
        """Whether the density is positive: the curve climbs at 8,001 scores, and at both ends."""
        slopes = [
            self.slope(np.linspace(-40.0, 40.0, 8001)),
            _polynomial(self.spreads, np.array([-0.5, 0.5])),
        ]
        every = np.concatenate(slopes)
        return bool(np.isfinite(every).all() and every.min() > FLATTEST * every.max())


def metalog(levels: Array, values: Array) -> Metalog | None:
    """Return the metalog of as many terms as there are quantiles, which it meets.

    Parameters
    ----------
    levels
        Probabilities at or below the quantiles, ascending, (quantile,).
    values
        The quantiles, ascending, (quantile,).

    Returns
    -------
    Metalog or None
        The metalog; ``None`` where it has no positive density.
    """
    n = len(levels)
    z, s = np.log(levels) - np.log1p(-levels), levels - 0.5
    # Keelin's order: 1, z, s z, s, then s^2, s^2 z, s^3, s^3 z, ...
    terms = [(0, False), (0, True), (1, True), (1, False)]
    terms += [(power, tilted) for power in range(2, n) for tilted in (False, True)]
    basis = np.stack([s**power * (z if tilted else 1.0) for power, tilted in terms[:n]], axis=1)
    spread = values[-1] - values[0]
    if not 0 < spread < math.inf:
        return None
    try:
        found = np.linalg.solve(basis, (values - values[n // 2]) / spread)
    except np.linalg.LinAlgError:
        return None
    most = max(power for power, _ in terms[:n])
    rows = {tilted: [0.0] * (most + 1) for tilted in (False, True)}
    for (power, tilted), coefficient in zip(terms[:n], found.tolist(), strict=True):
        rows[tilted][power] = coefficient * float(spread)
    rows[False][0] += float(values[n // 2])
    curve = Metalog(tuple(rows[False]), tuple(rows[True]))
    return curve if curve.is_feasible else None


@dataclass(frozen=True)
class MonotoneCurve(Curve):
    """Cubics that climb from quantile to quantile along normal scores, and straight lines beyond the last.

    The slopes at the quantiles are the weighted harmonic means of Fritsch and Butland (SIAM J. Sci. Stat.
    Comput. 5, 1984), below three times that of the chord on either side, so that every cubic climbs; at the
    outermost they are those of the chords.

    Parameters
    ----------
    scores
        Normal scores of the quantiles, ascending.
    values
        The quantiles, in the order of their scores.
    slopes
        Derivative of the value by the score at each quantile.
    """

    scores: tuple[float, ...]
    values: tuple[float, ...]
    slopes: tuple[float, ...]
    farthest = 40.0

    @classmethod
    def through(cls, levels: Array, values: Array) -> Self:
        """Return the curve through quantiles.

        Parameters
        ----------
        levels
            Probabilities at or below the quantiles, ascending, (quantile,).
        values
            The quantiles, ascending, (quantile,).

        Returns
        -------
        MonotoneCurve
            The curve.
        """
        scores = np.asarray(ndtri(levels), dtype=np.float64)
        widths = np.diff(scores)
        chords = np.diff(values) / widths
        one, other = 2 * widths[1:] + widths[:-1], widths[1:] + 2 * widths[:-1]
        inner = (one + other) / (one / chords[:-1] + other / chords[1:])
        slopes = [chords[0], *inner, chords[-1]]
        return cls(tuple(scores.tolist()), tuple(values.tolist()), tuple(map(float, slopes)))

    def score(self, u: Array) -> Array:
        """Return the normal score."""
        return np.asarray(ndtri(np.maximum(u, LEAST)))

    @override
    def below(self, z: Array) -> Array:
        return np.asarray(ndtr(z))

    def log_density(self, z: Array) -> Array:
        """Return the logarithm of the normal density."""
        return np.asarray(-0.5 * np.asarray(z) ** 2 - HALF_LOG_2PI)

    @override
    def value(self, z: Array) -> Array:
        start, low, (linear, square, cubic), past = self._pieces(np.asarray(z, dtype=np.float64))
        return np.asarray(low + start * (linear + start * (square + start * cubic)) + past)

    @override
    def slope(self, z: Array) -> Array:
        start, _, (linear, square, cubic), _ = self._pieces(np.asarray(z, dtype=np.float64))
        return np.asarray(linear + start * (2 * square + start * 3 * cubic))

    def tails(self) -> tuple[float, float]:
        """Return the rates at which the tails fall: infinite, faster than any exponential."""
        return math.inf, math.inf

    def _pieces(self, z: Array) -> tuple[Array, Array, tuple[Array, Array, Array], Array]:
        """Return how far into its piece a score is, the value where that starts, its cubic, what is past."""
        scores, values, slopes = map(np.asarray, (self.scores, self.values, self.slopes))
        inside = np.clip(z, scores[0], scores[-1])
        at = np.clip(np.searchsorted(scores, inside, side="right") - 1, 0, len(scores) - 2)
        width = np.diff(scores)[at]
        chord = np.diff(values)[at] / width
        linear, last = slopes[at], slopes[at + 1]
        square, cubic = (3 * chord - 2 * linear - last) / width, (linear + last - 2 * chord) / width**2
        past = np.where(z < scores[0], slopes[0], slopes[-1]) * (z - inside)
        return inside - scores[at], values[at], (linear, square, cubic), past


def _polynomial(coefficients: tuple[float, ...], s: Array) -> Array:
    """Return a polynomial, its coefficients from the power 0 on."""
    return np.asarray(np.polynomial.polynomial.polyval(s, coefficients))


def _derivative(coefficients: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(power * each for power, each in enumerate(coefficients))[1:] or (0.0,)
