"""What bounds leave of a law, and pieces of laws put together again."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast, override

import numpy as np

from sim.distributions.law import ContinuousLaw, Law, Orders, integrate_moment
from sim.distributions.mixture_law import MixedLaw, MixtureLaw
from sim.distributions.steps import StepLaw, step_law
from sim.types import Array

ROUND_TRIP = 1e-9


@dataclass(frozen=True)
class TruncatedLaw(ContinuousLaw):
    r"""A law given that its value is between two bounds, which may be infinite.

    With the whole law's cdf :math:`F`, the inverse cdf is
    :math:`F^{-1}\left(F(a) + u\,(F(b) - F(a))\right)`; beyond the whole law's median it is computed from
    the upper tail, :math:`\bar F = 1 - F`, so that both tails keep their relative accuracy.

    Parameters
    ----------
    whole
        The law before it is cut.
    low
        Lower bound a, or minus infinity.
    high
        Upper bound b, or infinity.
    """

    whole: ContinuousLaw
    low: float
    high: float

    @override
    def ppf(self, u: Array, /) -> Array:
        u = np.asarray(u, dtype=np.float64)
        return self._at(u, 1 - u)

    @override
    def isf(self, u: Array, /) -> Array:
        u = np.asarray(u, dtype=np.float64)
        return self._at(1 - u, u)

    @override
    def cdf(self, x: Array, /) -> Array:
        return np.clip(self._between(self._bounds[0], self._within(x)) / self.mass, 0, 1)

    @override
    def sf(self, x: Array, /) -> Array:
        return np.clip(self._between(self._within(x), self._bounds[1]) / self.mass, 0, 1)

    @override
    def pdf(self, x: Array, /) -> Array:
        x = np.asarray(x, dtype=np.float64)
        inside = (x >= self._bounds[0]) & (x <= self._bounds[1])
        return np.where(inside, self.whole.pdf(self._within(x)) / self.mass, 0.0)

    @override
    def logpdf(self, x: Array, /) -> Array:
        x = np.asarray(x, dtype=np.float64)
        inside = (x >= self._bounds[0]) & (x <= self._bounds[1])
        return np.where(inside, self.whole.logpdf(self._within(x)) - math.log(self.mass), -np.inf)

    def mean(self) -> float:
        """Return the mean, by numerical integration of the inverse cdf over both tails.

        Where an end is open and the whole law has no finite mean, neither has the cut one: it is infinite, or
        nan where both ends are open.
        """
        if self._is_open and not math.isfinite(self.whole.mean()):
            return sum(bound for bound in self.support() if math.isinf(bound))
        return integrate_moment(self, 0.0, 1)

    def std(self) -> float:
        """Return the standard deviation, likewise; infinite where an end is open and the whole law's is."""
        if self._is_open and not math.isfinite(self.whole.std()):
            return math.inf if math.isfinite(self.mean()) else math.nan
        return math.sqrt(integrate_moment(self, self.mean(), 2))

    @override
    def support(self) -> tuple[float, float]:
        return self._bounds

    def orders(self) -> Orders:
        """Return which moments exist: those of the whole law, and all that the bounds make finite."""
        (low, high), whole = self._bounds, self.whole.orders()
        return Orders(
            whole.tail if self._is_open else math.inf,
            whole.zero if low <= 0.0 <= high else math.inf,
            whole.above if math.isinf(high) else math.inf,
            whole.below if math.isinf(low) else math.inf,
            whole.gaps,
        )

    @cached_property
    def mass(self) -> float:
        """Probability of the whole law between the bounds."""
        low, high = self._bounds
        return float(self._between(np.float64(low), np.float64(high))) if low < high else 0.0

    @property
    def is_accurate(self) -> bool:
        """Whether the cdf undoes the inverse; it cannot where the bounds hold next to nothing."""
        u = np.array([0.05, 0.5, 0.95])
        return self.mass > 0 and bool(np.all(np.abs(self.cdf(self.ppf(u)) - u) < ROUND_TRIP))

    @property
    def _is_open(self) -> bool:
        return any(math.isinf(bound) for bound in self._bounds)

    @cached_property
    def _bounds(self) -> tuple[float, float]:
        low, high = self.whole.support()
        return max(float(low), self.low), min(float(high), self.high)

    @cached_property
    def _middle(self) -> float:
        return float(self.whole.ppf(np.array([0.5]))[0])

    def _within(self, x: Array | float) -> Array:
        return np.clip(np.asarray(x, dtype=np.float64), *self._bounds)

    def _between(self, low: Array | float, high: Array | float) -> Array:
        """Return the whole law's probability from `low` to `high`, from the tail that loses no digits."""
        low, high = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
        upper = self.whole.sf(low) - self.whole.sf(high)
        return np.where(low > self._middle, upper, self.whole.cdf(high) - self.whole.cdf(low))

    def _at(self, u: Array, v: Array) -> Array:
        """Return the value with probability `u` below and `v` above it."""
        low, high = np.array(self._bounds[0]), np.array(self._bounds[1])
        p = self.whole.cdf(low) + u * self.mass
        q = self.whole.sf(high) + v * self.mass
        is_lower = p <= 0.5
        x = np.empty(np.shape(p))
        x[is_lower] = np.minimum(self.whole.ppf(p[is_lower]), self._middle)
        x[~is_lower] = np.maximum(self.whole.isf(np.minimum(q[~is_lower], 0.5)), self._middle)
        return self._within(x)


NEGLIGIBLE = 1e-6


@dataclass(frozen=True)
class Piece:
    """A part of a whole law: a law, and the mass that it has in the whole.

    Parameters
    ----------
    law
        The law of the part by itself.
    mass
        Its mass, above 0; the masses of several pieces need not add to one.
    """

    law: Law
    mass: float


def mixture_of(pieces: Sequence[Piece]) -> Law:
    """Return the mixture of at least one piece, weighted by mass.

    Pieces with a density make one law with a density; the separate values of all others stand beside it.
    """
    largest = max(piece.mass for piece in pieces)
    total = sum(piece.mass / largest for piece in pieces)
    shares = [Piece(piece.law, piece.mass / largest / total) for piece in pieces]
    smooth = [part for piece in shares for part in _smooth_part(piece)]
    steps = [part for piece in shares for part in _steps_part(piece)]
    if not steps:
        return _mixture(smooth)
    if not smooth:
        return _steps(steps)
    return MixedLaw(_mixture(smooth), _steps(steps), sum(piece.mass for piece in smooth))


def cut(law: Law, low: float, high: float) -> Piece | None:
    """Return what two bounds leave of a law.

    What is left of a mixture is the mixture of what is left of its components, each with its own accuracy; so
    moments are those of single pieces, without jumps in what is integrated. A value on a bound is left.

    Parameters
    ----------
    law
        The law before it is cut.
    low
        Lower bound; minus infinity where there is none.
    high
        Upper bound; infinite where there is none.

    Returns
    -------
    Piece or None
        What is left, with the mass it had in the law; ``None`` where it is too little to compute with.
    """
    match law:
        case StepLaw():
            left = law.within(low, high)
            return Piece(*left) if left is not None else None
        case MixedLaw(smooth=smooth, steps=steps, share=share):
            return _cut_mixture([smooth, steps], [share, 1.0 - share], low, high)
        case MixtureLaw(laws=laws, weights=weights):
            return _cut_mixture(laws, weights, low, high)
    single = TruncatedLaw(cast(ContinuousLaw, law), low, high)
    return Piece(single, single.mass) if single.is_accurate else None


def _cut_mixture(laws: Sequence[Law], weights: Sequence[float], low: float, high: float) -> Piece | None:
    pieces: list[Piece] = []
    lost = 0.0
    for weight, component in zip(weights, laws, strict=True):
        piece = cut(component, low, high)
        if piece is None:
            lost += weight * _mass(component, low, high)
        elif weight * piece.mass > 0:
            pieces.append(Piece(piece.law, weight * piece.mass))
    mass = sum(piece.mass for piece in pieces)
    return Piece(mixture_of(pieces), mass) if pieces and lost <= NEGLIGIBLE * mass else None


def _mass(law: Law, low: float, high: float) -> float:
    """Return the probability from `low` to `high` of a law of which nothing can be cut out there."""
    return 0.0 if isinstance(law, StepLaw) else TruncatedLaw(cast(ContinuousLaw, law), low, high).mass


def _mixture(pieces: Sequence[Piece]) -> ContinuousLaw:
    kept = [piece for piece in pieces if piece.mass > 0] or pieces[:1]
    laws = [cast(ContinuousLaw, piece.law) for piece in kept]
    total = sum(piece.mass for piece in kept)
    return laws[0] if len(laws) == 1 else MixtureLaw(laws, [piece.mass / total for piece in kept])


def _steps(pieces: Sequence[Piece]) -> StepLaw:
    laws = [(cast(StepLaw, piece.law), piece.mass) for piece in pieces]
    masses = np.concatenate([mass * law.probabilities for law, mass in laws])
    return step_law(np.concatenate([law.values for law, _ in laws]), masses / masses.sum())


def _smooth_part(piece: Piece) -> list[Piece]:
    match piece.law:
        case StepLaw():
            return []
        case MixedLaw(smooth=smooth, share=share):
            return [Piece(smooth, piece.mass * share)]
    return [piece]


def _steps_part(piece: Piece) -> list[Piece]:
    match piece.law:
        case StepLaw():
            return [piece]
        case MixedLaw(steps=steps, share=share):
            return [Piece(steps, piece.mass * (1.0 - share))]
    return []
