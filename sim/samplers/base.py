"""Uniform numbers by name, the same for a name whatever else is drawn, and what lays them out: a sampler."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.types import Array

SMALLEST = 2.0**-53


def stream(seed: int, *name: str) -> np.random.Generator:
    """Return the generator that belongs to a seed and a name.

    Parameters
    ----------
    seed
        The scenario's one integer, zero or larger.
    *name
        Parts of the name. Different parts give independent streams; ``("a", "b")`` differs from ``("ab",)``.

    Returns
    -------
    numpy.random.Generator
        The generator, at its beginning.

    Examples
    --------
    >>> stream(1, "salary").random() == stream(1, "salary").random()
    True
    >>> stream(1, "salary").random() == stream(1, "ai_value").random()
    False
    """
    digest = hashlib.sha256("\x1f".join(name).encode()).digest()
    return np.random.default_rng((seed, int.from_bytes(digest, "big")))


@dataclass(frozen=True)
class Part:
    """Some of the draws of a layout.

    Parameters
    ----------
    randomisations
        Randomisations of which draws are made.
    draws
        Draws of each that are made.
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
        Scramble Sobol' points of the names listed beside a Latin hypercube of the others, a Latin hypercube
        of all, or plain random numbers.
    n_draws
        Number of draws in all; a multiple of `n_randomisations`, and for Sobol' points of it times a power of
        two.
    n_randomisations
        Number of independent repetitions of the sampler, whose spread gives the Monte Carlo error.
    dimensions
        Names that take Joe and Kuo's Sobol' coordinates 1, 2, 3, ...
    part
        The draws that are made; all of them unless stated. What they are does not depend on it.
    """

    seed: int
    sampler: str = "sobol"
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
    def randomisations(self) -> range:
        """Randomisations that are made."""
        return self.made.randomisations

    @property
    def draws(self) -> range:
        """Draws of each randomisation that are made."""
        return self.made.draws

    @property
    def places(self) -> dict[str, int]:
        """Place of each of `dimensions`."""
        return {name: place for place, name in enumerate(self.dimensions)}

    def stream(self, name: str, randomisation: int, *part: str) -> np.random.Generator:
        """Return the generator at the start of a name's stream in a randomisation, or of a part of it.

        Parameters
        ----------
        name
            Name of the stream.
        randomisation
            Randomisation of the stream.
        *part
            Name of a part of it.

        Returns
        -------
        numpy.random.Generator
            The generator, the same whatever else is drawn.
        """
        return stream(self.seed, "uniforms", name, str(randomisation), *part)

    @property
    def shape(self) -> tuple[int, int]:
        """Shape of every array of draws: (randomisation, draw)."""
        return len(self.made.randomisations), len(self.made.draws)

    def of(self, randomisations: range, draws: range) -> "Design":
        """Return the same layout, of which only some draws are made.

        Parameters
        ----------
        randomisations
            Randomisations that are made.
        draws
            Draws of each randomisation that are made.

        Returns
        -------
        Design
            A layout whose draws are those that the whole layout has there.
        """
        return replace(self, part=Part(randomisations, draws))

    def first(self, n_each: int) -> "Design":
        """Return the same layout, of which only the first draws of each randomisation are made."""
        return self.of(range(self.n_randomisations), range(min(n_each, self.n_each)))

    def uniforms(self, name: str) -> Array:
        """Return the uniforms of a name, in (0, 1), shape (randomisation, draw).

        Examples
        --------
        >>> design = Design(seed=1, n_draws=8, n_randomisations=2)
        >>> np.sort(design.uniforms("salary") * 4 // 1).tolist()
        [[0.0, 1.0, 2.0, 3.0], [0.0, 1.0, 2.0, 3.0]]
        """
        from sim.samplers import SAMPLERS

        # numpy's generators may return an end of the interval, where an inverse cdf is infinite
        return np.clip(SAMPLERS[self.sampler].points(self, name), SMALLEST, 1.0 - SMALLEST)


@dataclass(frozen=True)
class Sampler:
    """A way to lay out uniforms.

    Parameters
    ----------
    name
        Word by which scenarios select the sampler.
    points
        Gives the uniforms of a name, (randomisation, draw), from a layout.
    in_powers_of_two
        Whether it lays out only powers of two evenly, in each randomisation.
    most_draws
        Most draws in all that it may lay out; ``None`` for any number.
    """

    name: str
    points: Callable[[Design, str], Array]
    in_powers_of_two: bool = False
    most_draws: int | None = None

    def at_least(self, n_each: int) -> int:
        """Return the smallest number of draws of a randomisation, at least `n_each`, laid out evenly."""
        return 1 << (n_each - 1).bit_length() if self.in_powers_of_two else n_each

    def at_most(self, n_each: int) -> int:
        """Return the largest number of draws of a randomisation, at most `n_each`, laid out evenly."""
        return 1 << (n_each.bit_length() - 1) if self.in_powers_of_two else n_each


def fitting_n_draws(sampler: str, n_draws: int, n_randomisations: int) -> int:
    """Return the smallest number of draws, at least `n_draws`, that a sampler can lay out evenly.

    Parameters
    ----------
    sampler
        Name of the sampler.
    n_draws
        Least number of draws in all.
    n_randomisations
        Number of randomisations that share them evenly.

    Returns
    -------
    int
        Number of draws in all, a multiple of `n_randomisations`.

    Examples
    --------
    >>> fitting_n_draws("sobol", 100_000, 16)
    131072
    >>> fitting_n_draws("lhs", 100, 16)
    112
    """
    from sim.samplers import SAMPLERS

    return SAMPLERS[sampler].at_least(-(-n_draws // n_randomisations)) * n_randomisations
