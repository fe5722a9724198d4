"""Any part of a layout's uniforms is that part of all of them."""

import numpy as np
import pytest
from scipy.stats import chisquare, qmc

from sim.samplers.base import Design, stream
from sim.samplers.latin_hypercube import ROUNDS, SHORTEST, latin_points, permute
from sim.samplers.sobol import listed_matrix
from tests.draws.test_sobol import all_points


def hypercubes(n_randomisations: int, n_each: int) -> Design:
    return Design(1, "lhs", n_randomisations * n_each, n_randomisations)


@pytest.mark.parametrize("sampler", ["sobol", "lhs", "random"])
@pytest.mark.parametrize("draws", [range(4096, 8192), range(100), range(5000, 5001), range(3000, 9000)])
def test_a_part_is_a_part_of_the_whole(sampler, draws: range):
    design = Design(5, sampler, n_draws=4 * 2**14, n_randomisations=4, dimensions=["b"])
    for name in ("a", "b"):
        part = design.of(range(1, 3), draws).uniforms(name)
        np.testing.assert_array_equal(part, design.uniforms(name)[1:3, draws.start : draws.stop])


def test_listed_columns_are_read_off_scipys_points():
    # the columns as they were read before: from all points at once
    for dimension in (0, 3, 7):
        digits = (qmc.Sobol(8, scramble=False).random(2**12)[:, dimension] * 2**12).astype(np.uint64)
        columns = digits[2 ** np.arange(1, 13) - 1]
        places = np.arange(11, -1, -1, dtype=np.uint64)
        expected = (columns[np.newaxis, :] >> places[:, np.newaxis]) & np.uint64(1)
        np.testing.assert_array_equal(listed_matrix(dimension, 12), expected)


def test_a_far_block_is_what_bits_say():
    # the digital construction written out for one index: xor of the columns of its ones
    matrix = listed_matrix(2, 20)
    near = all_points(matrix, stream(1, "s"))
    design = Design(1, "sobol", n_draws=4 * 2**20, n_randomisations=4, dimensions=["x", "y", "z"])
    block = design.of(range(3, 4), range(2**20 - 2**12, 2**20)).uniforms("z")[0]
    whole = all_points(matrix, stream(1, "uniforms", "z", "3"))
    np.testing.assert_array_equal(block, whole[-(2**12) :])
    assert len(np.unique(near)) == 2**20


def keys(seed: int, *size: int) -> np.ndarray:
    return stream(seed, "p").integers(0, 2**64, size=(1, *size), dtype=np.uint64)


@pytest.mark.parametrize("n", [1, 2, 3, 5, 1000, 1024, 65_537])
def test_the_keyed_permutation_is_one(n: int):
    found = permute(np.arange(n, dtype=np.uint64), n, keys(3, ROUNDS))
    np.testing.assert_array_equal(np.sort(found[0]), np.arange(n))


def test_the_keyed_permutation_is_even():
    # places of 0, 1 and 2 over 6,000 keys among the six orders of three cells: chi-square with 5 degrees of
    # freedom; false alarm 1e-4, seed fixed
    orders = permute(np.arange(3, dtype=np.uint64), 3, keys(1, 6000, ROUNDS)[0])
    _, counts = np.unique(orders, axis=0, return_counts=True)
    assert len(counts) == 6
    assert chisquare(counts).pvalue > 1e-4


@pytest.mark.parametrize("n", [64, 127, 4 * 75, 2**12])
def test_the_first_half_of_a_latin_hypercube_is_one_itself(n: int):
    points = latin_points(hypercubes(2, n), "a")
    while n % 2 == 0 and n >= SHORTEST:
        cells = np.sort((points[:, :n] * n).astype(int), axis=1)
        np.testing.assert_array_equal(cells, np.broadcast_to(np.arange(n), (2, n)))
        n //= 2


def test_neighbours_in_a_keyed_latin_hypercube_are_unrelated():
    # Pearson correlation of successive points and of two names, 2^14 points: sd 1/128 each; five sd, 6e-7
    n = 2**14
    one, other = (latin_points(hypercubes(1, n), name)[0] for name in ("a", "b"))
    np.testing.assert_array_equal(np.sort((one * n).astype(int)), np.arange(n))
    assert abs(np.corrcoef(one[:-1], one[1:])[0, 1]) < 5 / 128
    assert abs(np.corrcoef(one, other)[0, 1]) < 5 / 128


def test_pairs_of_names_fill_the_square_as_random_points_do():
    # 400 pairs of hypercubes of 256 points. Variance of the mean of (u - 1/2)(v - 1/2) times 256 over that
    # of one point, 1/144: a random pairing of all has 1 + 1/255, parts of 64 and of 128 add 1/64 and 1/128.
    # Its measurement has the relative sd sqrt(2/400) = 0.07; bounds five of them, false alarm 6e-7
    one, other = (latin_points(hypercubes(400, 256), name) - 0.5 for name in ("a", "b"))
    gain = np.var((one * other).mean(axis=1)) * 256 * 144
    assert 0.65 < gain < 1.4


def test_a_latin_hypercube_of_very_many_draws_is_made_by_parts():
    design = Design(2, "sobol", n_draws=4 * 1_200_000, n_randomisations=4)
    parts = [
        design.of(range(1), range(start, start + 300_000)).uniforms("x")
        for start in range(0, 1_200_000, 300_000)
    ]
    cells = np.sort((np.concatenate(parts, axis=1)[0] * 1_200_000).astype(int))
    np.testing.assert_array_equal(cells, np.arange(1_200_000))
