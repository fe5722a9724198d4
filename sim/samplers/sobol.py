"""Sobol' points of the names that a scenario lists.

Names in ``sampling.dimensions`` take Joe and Kuo's coordinates 1, 2, 3, ... in that order, so
that the draws of a name depend on its place in the list and on no other parameter. All other names have a
Latin hypercube, for the reason given in :mod:`sim.samplers.latin_hypercube`.

Scrambling is Matousek's random linear scramble with a digital shift, drawn per name and randomisation.

References
----------
Sobol' I.M. (1967) USSR Comput. Math. Math. Phys. 7:86. Joe S., Kuo F.Y. (2008) SIAM J. Sci. Comput. 30:2635.
Matousek J. (1998) J. Complexity 14:527. Owen A.B. (1997) Ann. Stat. 25:1541.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sim.samplers.base import Design, Sampler
from sim.samplers.latin_hypercube import latin_points
from sim.types import Array

BITS = 52
"""Binary digits of a point; with half a unit added it is still exact in double precision."""

JOE_KUO: tuple[tuple[int, tuple[int, ...]], ...] = (
    (3, (1,)),
    (7, (1, 3)),
    (11, (1, 3, 1)),
    (13, (1, 1, 1)),
    (19, (1, 1, 3, 3)),
    (25, (1, 3, 5, 13)),
    (37, (1, 1, 5, 5, 17)),
    (41, (1, 1, 5, 5, 5)),
    (47, (1, 1, 7, 11, 19)),
    (55, (1, 1, 5, 1, 1)),
    (59, (1, 1, 1, 3, 11)),
    (61, (1, 3, 5, 5, 31)),
    (67, (1, 3, 3, 9, 7, 49)),
    (91, (1, 1, 1, 15, 21, 21)),
    (97, (1, 3, 1, 13, 27, 49)),
    (103, (1, 1, 1, 15, 7, 5)),
    (109, (1, 3, 1, 15, 13, 25)),
    (115, (1, 1, 5, 5, 19, 61)),
    (131, (1, 3, 7, 11, 23, 15, 103)),
    (137, (1, 3, 7, 13, 13, 15, 69)),
    (143, (1, 1, 3, 13, 7, 35, 63)),
    (145, (1, 3, 5, 9, 1, 25, 53)),
    (157, (1, 3, 1, 13, 9, 35, 107)),
    (167, (1, 3, 1, 5, 27, 61, 31)),
    (171, (1, 1, 5, 11, 19, 41, 61)),
    (185, (1, 3, 5, 3, 3, 13, 69)),
    (191, (1, 1, 7, 13, 1, 19, 1)),
    (193, (1, 3, 7, 5, 13, 19, 59)),
    (203, (1, 1, 3, 9, 25, 29, 41)),
    (211, (1, 3, 5, 13, 23, 1, 55)),
    (213, (1, 3, 7, 3, 13, 59, 17)),
)
"""Coordinates 2 to 32 in ``new-joe-kuo-6``: the primitive polynomial in binary digits, the first odd
numbers. Coordinates beyond are read off scipy's points, which takes half a second to import.
"""

BitMatrix = np.ndarray[tuple[int, ...], np.dtype[np.uint64]]


@lru_cache(maxsize=64)
def listed_matrix(dimension: int, log2_draws: int) -> BitMatrix:
    """Return the generator matrix of one of Joe and Kuo's coordinates.

    Parameters
    ----------
    dimension
        Number of the coordinate, 0 for the first.
    log2_draws
        Number of digits of the index.

    Returns
    -------
    Matrix
        The matrix of zeros and ones, (digit, digit of the index).
    """
    digits = np.array(_direction_numbers(dimension, log2_draws), dtype=np.uint64)
    places = np.arange(log2_draws - 1, -1, -1, dtype=np.uint64)
    matrix: BitMatrix = (digits[np.newaxis, :] >> places[:, np.newaxis]) & np.uint64(1)
    return matrix


def _direction_numbers(dimension: int, log2_draws: int) -> list[int]:
    """Return the points whose index has one digit, in units of one over the number of draws.

    Each is the one m before it and 2^j times the one j before it, over the terms of the polynomial of degree
    m, added without carry (Bratley and Fox 1988, ACM TOMS 14:88).
    """
    if dimension > len(JOE_KUO):
        return [int(point * 2**log2_draws) for point in _by_scipy(dimension, log2_draws)]
    polynomial, first = JOE_KUO[dimension - 1] if dimension else (1, (1,) * log2_draws)
    degree, numbers = polynomial.bit_length() - 1, [*first]
    for k in range(len(first), log2_draws):
        number = numbers[k - degree]
        for j in range(1, degree + 1):
            if polynomial >> (degree - j) & 1:
                number ^= numbers[k - j] << j
        numbers.append(number)
    return [number << (log2_draws - k) for k, number in enumerate(numbers[:log2_draws], start=1)]


def _by_scipy(dimension: int, log2_draws: int) -> Array:
    """Return the points whose index has one digit, (digit), without making those between."""
    from scipy.stats import qmc  # here, where it is needed: it takes half a second

    engine = qmc.Sobol(dimension + 1, scramble=False)
    points, at = np.empty(log2_draws), 0
    for digit in range(log2_draws):
        place = (
            2 ** (digit + 1) - 1
        )  # scipy goes in Gray code order, in which this index has only that digit set
        engine.fast_forward(place - at)
        points[digit], at = engine.random(1)[0, dimension], place + 1
    return points


@dataclass(frozen=True, eq=False)
class Scramble:
    r"""One randomisation of a coordinate, of which any range of points can be made.

    The point of index i is :math:`s \oplus \bigoplus_{k: i_k = 1} c_k`, read as a binary fraction with half a
    unit added, so that 2^b points from a multiple of 2^b on are those of the first 2^b, all shifted by the
    columns of the higher digits.

    Parameters
    ----------
    columns
        Scrambled column of each digit of the index, c, (digit).
    shift
        Digital shift, s.
    """

    columns: BitMatrix
    shift: np.uint64

    def points(self, draws: range) -> Array:
        """Return the points of a range of indices, in (0, 1), dimension draw."""
        n_low = (draws.start ^ max(draws.start, draws.stop - 1)).bit_length()
        first = draws.start >> n_low << n_low
        integers = np.array([self._at(first)], dtype=np.uint64)
        for column in self.columns[:n_low]:
            integers = np.concatenate([integers, integers ^ column])
        inside = integers[draws.start - first : draws.stop - first]
        return (inside.astype(np.float64) + 0.5) / 2.0**BITS

    def _at(self, index: int) -> np.uint64:
        found = self.shift
        for digit, column in enumerate(self.columns):
            if index >> digit & 1:
                found ^= column
        return found


def scramble(matrix: BitMatrix, rng: np.random.Generator) -> Scramble:
    """Return one randomisation of a coordinate.

    Parameters
    ----------
    matrix
        Generator matrix, (digit, digit of the index).
    rng
        Stream of the coordinate's name and randomisation.

    Returns
    -------
    Scramble
        The coordinate's points, scrambled and shifted.
    """
    n_digits = matrix.shape[1]
    mixing = np.tril(rng.integers(0, 2, size=(BITS, n_digits), dtype=np.uint64), k=-1)
    mixing += np.eye(BITS, n_digits, dtype=np.uint64)
    shift = np.uint64(rng.integers(0, 2**BITS, dtype=np.uint64))
    weights = np.uint64(1) << np.arange(BITS - 1, -1, -1, dtype=np.uint64)
    return Scramble(weights @ ((mixing @ matrix) & np.uint64(1)), shift)


def _points(layout: Design, name: str) -> Array:
    if name not in layout.places:
        return latin_points(layout, name)
    log2_draws = layout.n_each.bit_length() - 1
    randomised = [
        _randomised(layout.places[name], log2_draws, layout.seed, name, place)
        for place in layout.randomisations
    ]
    return np.stack([each.points(layout.draws) for each in randomised])


@lru_cache(maxsize=4096)
def _randomised(dimension: int, log2_draws: int, seed: int, name: str, place: int) -> Scramble:
    return scramble(listed_matrix(dimension, log2_draws), Design(seed).stream(name, place))


SAMPLERS = (Sampler("sobol", _points, in_powers_of_two=True),)
