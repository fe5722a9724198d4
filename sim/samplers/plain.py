"""Independent points: plain random numbers, of which any range can be made."""

import numpy as np

from sim.samplers.base import Design, Sampler
from sim.types import Array


def random_points(rng: np.random.Generator, draws: range) -> Array:
    """Return a range of a stream's uniforms: PCG64 can be moved on by any number of draws at once.

    Parameters
    ----------
    rng, draws
        At the start of the stream; which of its uniforms.

    Returns
    -------
    Array
        Uniforms in [0, 1), dimension draw.
    """
    bits = rng.bit_generator
    assert isinstance(bits, np.random.PCG64)
    bits.advance(draws.start)
    return rng.random(len(draws))


def _points(layout: Design, name: str) -> Array:
    streams = [layout.stream(name, place) for place in layout.randomisations]
    return np.stack([random_points(rng, layout.draws) for rng in streams])


SAMPLER = Sampler("random", _points)
