"""Pieces of laws: what bounds leave of a law, and pieces put together again."""

from collections.abc import Sequence
from dataclasses import dataclass

from sim.distributions.law import ContinuousLaw
from sim.distributions.mixing import MixtureLaw
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

    law: ContinuousLaw
    mass: float


def mixed(pieces: Sequence[Piece]) -> ContinuousLaw:
    """Return the mixture of at least one piece, weighted by mass."""
    if len(pieces) == 1:
        return pieces[0].law
    largest = max(piece.mass for piece in pieces)
    relative = [piece.mass / largest for piece in pieces]
    weights = [part / sum(relative) for part in relative]
    kept = [place for place, weight in enumerate(weights) if weight > 0]
    return MixtureLaw([pieces[place].law for place in kept], [weights[place] for place in kept])


def cut(law: ContinuousLaw, low: float, high: float) -> Piece | None:
    """Return what two bounds leave of a law, or None where it is too little to compute with.

    What is left of a mixture is the mixture of what is left of its components, each with its own accuracy; so
    moments are those of single pieces, without jumps in what is integrated.
    """
    if not isinstance(law, MixtureLaw):
        single = TruncatedLaw(law, low, high)
        return Piece(single, single.mass) if single.is_accurate else None
    pieces: list[Piece] = []
    for weight, component in zip(law.weights, law.laws, strict=True):
        piece = cut(component, low, high)
        if piece is not None and weight * piece.mass > 0:
            pieces.append(Piece(piece.law, weight * piece.mass))
    mass = sum(piece.mass for piece in pieces)
    if not pieces or abs(mass - TruncatedLaw(law, low, high).mass) > NEGLIGIBLE * mass:
        return None
    return Piece(mixed(pieces), mass)
