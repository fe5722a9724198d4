"""What a sampler is: a way to lay out the uniforms of one name, apart from those of all others."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sim.types import Array


class Streams(Protocol):
    """Random streams, each of a name in a randomisation; hashable, equal where they give the same numbers."""

    def __call__(self, name: str, randomisation: int, *part: str) -> np.random.Generator:
        """Return the generator at the start of a stream, or of a part of it that has a name."""
        ...

    def __hash__(self) -> int:
        """Return the hash."""
        ...


class UniformLayout(Protocol):
    """Where uniforms are laid out: see :class:`sim.draws.uniforms.Design`."""

    @property
    def n_each(self) -> int:
        """Draws of one randomisation, those not made included."""
        ...

    @property
    def randomisations(self) -> range:
        """Randomisations that are made."""
        ...

    @property
    def draws(self) -> range:
        """Draws of each that are made."""
        ...

    @property
    def places(self) -> dict[str, int]:
        """Place of each name in ``sampling.dimensions``."""
        ...

    @property
    def streams(self) -> "Streams":
        """Random streams of names."""
        ...


@dataclass(frozen=True)
class Sampler:
    """A way to lay out uniforms.

    Parameters
    ----------
    name
        By which scenarios select it.
    points
        Gives the uniforms of a name, (randomisation, draw), from a layout.
    in_powers_of_two
        Whether it lays out only powers of two evenly, in each randomisation.
    most_draws
        Draws that it may lay out in all; ``None`` for any number.
    """

    name: str
    points: Callable[[UniformLayout, str], Array]
    in_powers_of_two: bool = False
    most_draws: int | None = None

    def at_least(self, n_each: int) -> int:
        """Return the smallest number of draws of a randomisation, at least `n_each`, laid out evenly."""
        return 1 << (n_each - 1).bit_length() if self.in_powers_of_two else n_each

    def at_most(self, n_each: int) -> int:
        """Return the largest number of draws of a randomisation, at most `n_each`, laid out evenly."""
        return 1 << (n_each.bit_length() - 1) if self.in_powers_of_two else n_each
