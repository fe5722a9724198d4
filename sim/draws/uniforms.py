"""Uniform numbers by name: the same for a name whatever else is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np

from sim.draws.latin import latin_points, random_points
from sim.draws.sobol import Points, Scrambled, listed_matrix, scrambled
from sim.draws.streams import stream

Sampler = Literal["sobol", "lhs", "random"]

SMALLEST = 2.0**-53


@dataclass(frozen=True)
class Part:
    """Some of the draws of a layout.

    Parameters
    ----------
    randomisations
        Which randomisations.
    draws
        Which draws of each.
    """

    randomisations: range
    draws: range


@dataclass(frozen=True)
class Design:
    """How uniforms are laid out.

    Parameters
    ----------
    seed
        The scenario's one integer.
    sampler
        Scrambled Sobol' points of the names listed beside a Latin hypercube of the others, a Latin hypercube
        of all, or plain random numbers.
    n_draws
        Draws in all; a multiple of `n_randomisations`, and for Sobol' points of it times a power of two.
    n_randomisations
        Independent repetitions of the sampler, whose spread gives the Monte Carlo error.
    dimensions
        Names that take Joe and Kuo's Sobol' coordinates 1, 2, 3, ...
    part
        The draws that are made; all of them unless stated. What they are does not depend on it.
    """

    seed: int
    sampler: Sampler = "sobol"
    n_draws: int = 2**16
    n_randomisations: int = 16
    dimensions: Sequence[str] = ()
    part: Part | None = None

    @property
    def n_each(self) -> int:
        """Draws of one randomisation, those not made included."""
        return self.n_draws // self.n_randomisations

    @property
    def made(self) -> Part:
        """Which draws are made."""
        return self.part or Part(range(self.n_randomisations), range(self.n_each))

    @property
    def shape(self) -> tuple[int, int]:
        """Shape of every array of draws: (randomisation, draw)."""
        return len(self.made.randomisations), len(self.made.draws)

    def of(self, randomisations: range, draws: range) -> "Design":
        """Return the same layout, of which only some draws are made."""
        return replace(self, part=Part(randomisations, draws))

    def first(self, n_each: int) -> "Design":
        """Return the same layout, of which only the first draws of each randomisation are made."""
        return self.of(range(self.n_randomisations), range(min(n_each, self.n_each)))

    def uniforms(self, name: str) -> Points:
        """Return the uniforms of a name, in (0, 1), shape (randomisation, draw).

        Examples
        --------
        >>> design = Design(seed=1, n_draws=8, n_randomisations=2)
        >>> np.sort(design.uniforms("salary") * 4 // 1).tolist()
        [[0.0, 1.0, 2.0, 3.0], [0.0, 1.0, 2.0, 3.0]]
        """
        # numpy's generators may return an end of the interval, where an inverse cdf is infinite
        return np.clip(self._points(name), SMALLEST, 1.0 - SMALLEST)

    def _points(self, name: str) -> Points:
        randomisations, draws = self.made.randomisations, self.made.draws
        if self.sampler == "lhs" or (self.sampler == "sobol" and name not in self.dimensions):
            return latin_points(self.seed, name, randomisations, self.n_each, draws)
        if self.sampler == "random":
            streams = [stream(self.seed, "uniforms", name, str(place)) for place in randomisations]
            return np.stack([random_points(rng, draws) for rng in streams])
        dimension, log2_draws = list(self.dimensions).index(name), self.n_each.bit_length() - 1
        made = [_sobol(self.seed, name, place, log2_draws, dimension) for place in randomisations]
        return np.stack([randomisation.points(draws) for randomisation in made])


@lru_cache(maxsize=4096)
def _sobol(seed: int, name: str, place: int, log2_draws: int, dimension: int) -> Scrambled:
    matrix = listed_matrix(dimension, log2_draws)
    return scrambled(matrix, stream(seed, "uniforms", name, str(place)))


def fitting_n_draws(sampler: Sampler, n_draws: int, n_randomisations: int) -> int:
    """Return the smallest number of draws, at least `n_draws`, that a sampler can lay out evenly.

    Examples
    --------
    >>> fitting_n_draws("sobol", 100_000, 16)
    131072
    >>> fitting_n_draws("lhs", 100, 16)
    112
    """
    each = -(-n_draws // n_randomisations)
    if sampler == "sobol":
        each = 1 << (each - 1).bit_length()
    return each * n_randomisations
