"""Pieces of laws: what bounds leave of a law, and pieces put together again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from sim.distributions.law import ContinuousLaw, Law
from sim.distributions.mixing import MixedLaw, MixtureLaw
from sim.distributions.steps import StepLaw, step_law
from sim.distributions.truncation import TruncatedLaw

NEGLIGIBLE = 1e-6


@dataclass(frozen=True)
class Piece:
    """A law with the share that it has in a whole.

    Parameters
    ----------
    law
        The law.
    mass
        Its share, above 0; shares of several pieces need not add to one.
    """

    law: Law
    mass: float


def mixed(pieces: Sequence[Piece]) -> Law:
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
    low, high
        The bounds; infinite where there is none.

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
    return Piece(mixed(pieces), mass) if pieces and lost <= NEGLIGIBLE * mass else None


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
