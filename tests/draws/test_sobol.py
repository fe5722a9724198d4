"""Sobol' points by name: the arithmetic against scipy, the stratification against its definition."""

import numpy as np
import pytest
from scipy.stats import kstest, qmc

from sim.samplers.base import Design, fitting_n_draws, stream
from sim.samplers.sobol import BitMatrix, listed_matrix, scramble


def all_points(matrix: BitMatrix, rng: np.random.Generator) -> np.ndarray:
    return scramble(matrix, rng).points(range(2 ** matrix.shape[1]))


class NoScramble:
    """Stands for a generator that draws zeros only, so that the unscrambled points remain."""

    def integers(self, _low: int, _high: int, size=None, dtype=np.uint64):
        return np.zeros(size or (), dtype=dtype)


@pytest.mark.parametrize("dimension", range(34))
def test_listed_coordinates_are_scipys_points(dimension: int):
    # scipy's unscrambled Sobol' sequence is the independent implementation; it goes in Gray code order,
    # so the sets are compared. Ours has half a unit in the 52nd place added.
    ours = all_points(listed_matrix(dimension, 10), NoScramble())  # type: ignore[arg-type]
    scipys = qmc.Sobol(34, scramble=False).random(2**10)[:, dimension]
    np.testing.assert_allclose(np.sort(ours), np.sort(scipys), rtol=0, atol=2.0**-52)


def test_listed_coordinates_keep_scipys_pairing():
    points = [all_points(listed_matrix(d, 8), NoScramble()) for d in range(3)]  # type: ignore[arg-type]
    ours = {tuple(np.floor(row * 256).astype(int)) for row in np.stack(points, axis=1)}
    scipys = {tuple(np.floor(row * 256).astype(int)) for row in qmc.Sobol(3, scramble=False).random(2**8)}
    assert ours == scipys


@pytest.mark.parametrize("name", ["salary", "ai_value", "x"])
@pytest.mark.parametrize("sampler", ["sobol", "lhs"])
def test_every_interval_of_one_draw_holds_one_point(sampler, name: str):
    design = Design(seed=5, sampler=sampler, n_draws=2**14, n_randomisations=4)
    cells = np.floor(design.uniforms(name) * 2**12).astype(int)
    assert all(np.array_equal(np.sort(row), np.arange(2**12)) for row in cells)


def test_scrambled_points_are_uniform_beyond_the_stratified_digits():
    # digits 11 to 52 of the points: Kolmogorov-Smirnov, false alarm once in 10^4 runs of another seed
    points = all_points(listed_matrix(6, 10), stream(1, "s"))
    assert kstest(points * 2**10 % 1.0, "uniform").pvalue > 1e-4


def test_sobol_beats_random_on_a_product_of_four_by_a_hundred_to_one_in_variance():
    # E[prod of (u + 1/2)] = 1 exactly. Ratio of mean square errors over 40 seeds; measured about 2,000.
    names = ["a", "b", "c", "d"]

    def mean_square_error(sampler: str) -> float:
        errors = []
        for seed in range(40):
            design = Design(seed, sampler, 2**12, 4, dimensions=names)  # type: ignore[arg-type]
            errors.append(np.prod([design.uniforms(name) + 0.5 for name in names], axis=0).mean() - 1.0)
        return float(np.mean(np.square(errors)))

    assert mean_square_error("random") > 100 * mean_square_error("sobol")


def test_number_of_draws_is_raised_to_one_that_fits():
    assert fitting_n_draws("sobol", 65_536, 16) == 65_536
    assert fitting_n_draws("sobol", 65_537, 16) == 131_072
    assert fitting_n_draws("random", 65_537, 16) == 65_552
