"""Uniform numbers by name: the same for a name whatever else is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.stats import qmc

from sim.draws.sobol import Matrix, Points, listed_matrix, named_matrix, scrambled_points
from sim.draws.streams import stream

Sampler = Literal["sobol", "lhs", "random"]

SMALLEST = 2.0**-53


@dataclass(frozen=True)
class Design:
    """How uniforms are laid out.

    Parameters
    ----------
    seed
        The scenario's one integer.
    sampler
        Scrambled Sobol' points, Latin hypercube, or plain random numbers.
    n_draws
        Draws in all; a multiple of `n_randomisations`, and for Sobol' points of it times a power of two.
    n_randomisations
        Independent repetitions of the sampler, whose spread gives the Monte Carlo error.
    dimensions
        Names that take Joe and Kuo's Sobol' coordinates 1, 2, 3, ...
    """

    seed: int
    sampler: Sampler = "sobol"
    n_draws: int = 2**16
    n_randomisations: int = 16
    dimensions: Sequence[str] = ()

    @property
    def shape(self) -> tuple[int, int]:
        """Shape of every array of draws: (randomisation, draw)."""
        return self.n_randomisations, self.n_draws // self.n_randomisations

    def uniforms(self, name: str) -> Points:
        """Return the uniforms of a name, in (0, 1), shape (randomisation, draw).

        Examples
        --------
        >>> design = Design(seed=1, n_draws=8, n_randomisations=2)
        >>> np.sort(design.uniforms("salary") * 4 // 1).tolist()
        [[0.0, 1.0, 2.0, 3.0], [0.0, 1.0, 2.0, 3.0]]
        """
        points = np.stack([self._randomisation(name, place) for place in range(self.n_randomisations)])
        # numpy's and scipy's generators may return an end of the interval, where an inverse cdf is infinite
        return np.clip(points, SMALLEST, 1.0 - SMALLEST)

    def _randomisation(self, name: str, place: int) -> Points:
        rng = stream(self.seed, "uniforms", name, str(place))
        n_draws = self.shape[1]
        match self.sampler:
            case "sobol":
                return scrambled_points(self._matrix(name), rng)
            case "lhs":
                return qmc.LatinHypercube(1, rng=rng).random(n_draws)[:, 0]
            case "random":
                return rng.random(n_draws)

    def _matrix(self, name: str) -> Matrix:
        log2_draws = self.shape[1].bit_length() - 1
        if name in self.dimensions:
            return listed_matrix(list(self.dimensions).index(name), log2_draws)
        return named_matrix(log2_draws, stream(self.seed, "direction numbers", name))


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
