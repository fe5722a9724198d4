r"""A Latin hypercube by name, of which any range of points can be made: its permutation is a keyed bijection.

Each of n equal intervals holds one of a name's n points, in an order of the name's own. Names are paired at
random: what each does to an outcome by itself is integrated almost exactly, what names do together as by
plain random draws, and the variance of a mean is at most n / (n - 1) times theirs (Owen 1997).

No way of drawing names apart from each other does better in the mean over names. Let :math:`c(i, j)` be the
correlation that the way gives a function of one name at draws i and j. Names are drawn independently, so
the product of that function of two names has the variance :math:`n^{-2} \sum_{ij} c(i, j)^2` times its own,
which is least where :math:`c(i, j) = 0` for all :math:`i \ne j`: what some pairs gain, others lose. Sobol'
coordinates whose directions are drawn by name gain much for most pairs and lose much for a few. The
probability that none of three names exceeds 0.29 had, with 1,024 draws and in the worst of 60 triples, five
times the error of plain random draws; here 1.1 times, which is the noise of that measurement.

Analyses that look at the first draws of each randomisation only find those stratified too: of n draws the
first n / 2, n / 4 and so on down to 64 are Latin hypercubes by themselves (a sliced one: Qian 2012).

The cell of draw i is :math:`\pi(i)`, where :math:`\pi` is a Feistel network over the binary digits of i: six
rounds, each of which xors one half of the digits with a hash of the other half and a key. A round undoes
itself, so the network is a bijection whatever the hash is. It acts on a power of two; an index that it sends
past the last cell is sent on until it falls inside, again a bijection of the cells (cycle walking, Black and
Rogaway 2002). A permutation shuffled in memory would need every draw of a randomisation for any of them.

References
----------
Owen A.B. (1997) SIAM J. Numer. Anal. 34:1884. Qian P.Z.G. (2012) J. Am. Stat. Assoc. 107:393. Luby M.,
Rackoff C. (1988) SIAM J. Comput. 17:373. Black J., Rogaway P. (2002) CT-RSA, LNCS 2271:114. The hash is the
finaliser of SplitMix64: Steele G.L., Lea D., Flood C.H. (2014) OOPSLA, 453.
"""

import numpy as np

from sim.samplers.base import Design, Sampler
from sim.types import Array


def _random_points(rng: np.random.Generator, draws: range) -> Array:
    """Return a range of a stream's uniforms: PCG64 can be moved on by any number of draws at once."""
    bits = rng.bit_generator
    assert isinstance(bits, np.random.PCG64)
    bits.advance(draws.start)
    return rng.random(len(draws))


def _points(layout: Design, name: str) -> Array:
    streams = [layout.stream(name, place) for place in layout.randomisations]
    return np.stack([_random_points(rng, layout.draws) for rng in streams])


SHORTEST = 64
"""Draws of the shortest part that is a Latin hypercube by itself; parts of m add 1 / m to the variance."""
ROUNDS = 6
MULTIPLIERS = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
SHIFTS = (np.uint64(30), np.uint64(27), np.uint64(31))

Words64 = np.ndarray[tuple[int, ...], np.dtype[np.uint64]]


def permute(places: Words64, n: int, keys: Words64) -> Words64:
    """Return where keyed permutations of the integers below `n` send some of them.

    Parameters
    ----------
    places
        Integers below `n`, (place).
    n
        Number of integers.
    keys
        Keys, one for each round of each permutation, (permutation, round).

    Returns
    -------
    ndarray
        Where the integers are sent, (permutation, place).

    Examples
    --------
    >>> keys = np.random.default_rng(1).integers(0, 2**64, size=(1, ROUNDS), dtype=np.uint64)
    >>> sorted(permute(np.arange(5, dtype=np.uint64), 5, keys)[0].tolist())
    [0, 1, 2, 3, 4]
    """
    found = _network(np.broadcast_to(places, (len(keys), len(places))), n, keys)
    while (outside := found >= n).any():
        found = np.where(outside, _network(found, n, keys), found)
    return found


def _network(places: Words64, n: int, keys: Words64) -> Words64:
    n_digits = max(2, (n - 1).bit_length())
    n_low = np.uint64(n_digits // 2)
    low_digits = np.uint64(2 ** int(n_low) - 1)
    high_digits = np.uint64(2 ** (n_digits - int(n_low)) - 1)
    high, low = places >> n_low, places & low_digits
    for number in range(ROUNDS):
        key = keys[:, number, np.newaxis]
        if number % 2:
            low = low ^ (_hash(high ^ key) & low_digits)
        else:
            high = high ^ (_hash(low ^ key) & high_digits)
    return (high << n_low) | low


def _nested_cells(n: int, draws: range, keys: Words64) -> Words64:
    """Return which of n cells each of some draws of Latin hypercubes takes, (hypercube, draw).

    The draws from n / 2 on take, of every two cells, the one that those before leave empty, in an order of
    their own; those before are laid out likewise, down to ``SHORTEST``. Keys are (hypercube, doubling,
    round): for each doubling, and for the shortest part, those of a permutation and one more.

    Examples
    --------
    >>> keys = np.random.default_rng(1).integers(0, 2**64, size=(1, 3, ROUNDS + 1), dtype=np.uint64)
    >>> cells = _nested_cells(256, range(256), keys)[0].astype(int)
    >>> [len(set((cells[:n] * n // 256).tolist())) for n in (64, 128, 256)]
    [64, 128, 256]
    """
    n_doublings = _doublings_of(n)
    first, parts = n >> n_doublings, []
    for doubling in range(n_doublings + 1):
        size = first if doubling == 0 else first << doubling - 1
        start = 0 if doubling == 0 else size
        inside = range(max(draws.start, start) - start, min(draws.stop, start + size) - start)
        places = np.arange(inside.start, inside.stop, dtype=np.uint64)
        cells = permute(places, size, keys[:, doubling, :ROUNDS])
        if doubling > 0:
            cells = 2 * cells + (_coin(cells, keys[:, doubling]) ^ np.uint64(1))
        for finer in range(doubling + 1, n_doublings + 1):
            cells = 2 * cells + _coin(cells, keys[:, finer])
        parts.append(cells)
    return np.concatenate(parts, axis=1)


def _doublings_of(n: int) -> int:
    """Return how often n can be halved without going below ``SHORTEST``."""
    halves = 0
    while n % 2 == 0 and n // 2 >= SHORTEST:
        n, halves = n // 2, halves + 1
    return halves


def latin_points(layout: Design, name: str) -> Array:
    """Return points of Latin hypercubes in one dimension.

    Parameters
    ----------
    layout
        Layout that says which draws of which randomisations are made; of all `n_each`, each interval [i, i +
        1) / n_each holds one.
    name
        Name of the streams.

    Returns
    -------
    ndarray
        Points, (randomisation, draw).
    """
    n, draws = layout.n_each, layout.draws
    size = (_doublings_of(n) + 1, ROUNDS + 1)
    keyed = [layout.stream(name, place, "cells") for place in layout.randomisations]
    keys = np.stack([rng.integers(0, 2**64, size=size, dtype=np.uint64) for rng in keyed])
    within = [
        _random_points(layout.stream(name, place, "within cells"), draws) for place in layout.randomisations
    ]
    points: Array = (_nested_cells(n, draws, keys).astype(np.float64) + np.stack(within)) / n
    return points


def _hash(values: Words64) -> Words64:
    mixed = (values ^ (values >> SHIFTS[0])) * MULTIPLIERS[0]
    mixed = (mixed ^ (mixed >> SHIFTS[1])) * MULTIPLIERS[1]
    return mixed ^ (mixed >> SHIFTS[2])


def _coin(values: Words64, keys: Words64) -> Words64:
    """Return 0 or 1 for each value, (hypercube, draw), by the last key of each hypercube."""
    return _hash(values ^ keys[:, ROUNDS, np.newaxis]) >> np.uint64(63)


SAMPLERS = (Sampler("lhs", latin_points, most_draws=2**22), Sampler("random", _points))
