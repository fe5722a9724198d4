"""The Gaussian copula: exact marginals, stated rank correlations, repairs that are said."""

import numpy as np
import pytest
from scipy.stats import kstest, spearmanr

from sim.draws.copula import conditional_uniforms, correlated_uniforms
from sim.samplers.base import Design
from sim.scenario.correlations import Block, blocks, lower_factor, nearest_root
from sim.scenario.schema import Correlation

DESIGN = Design(seed=11, n_draws=2**14, n_randomisations=4, sampler="random")


def tied(*stated: str | float) -> Block:
    """Return the block of some pairs of letters, each followed by its rank."""
    pairs, ranks = stated[::2], stated[1::2]
    (block,) = blocks(
        tuple(
            Correlation(between=tuple(str(pair)), rank=rank) for pair, rank in zip(pairs, ranks, strict=True)
        )
    )
    return block


@pytest.mark.parametrize("rank", [-0.9, -0.3, 0.3, 0.9])
def test_rank_correlation_is_the_one_asked_for(rank: float):
    block = tied("ab", rank)
    drawn = correlated_uniforms(block, DESIGN.uniforms)
    achieved = spearmanr(drawn["a"].ravel(), drawn["b"].ravel()).statistic
    # standard error of Spearman's r is at most 1.1/sqrt(n) here; four of them: false alarm 6e-5
    assert achieved == pytest.approx(rank, abs=4 * 1.1 / np.sqrt(2**14))


def test_marginals_stay_uniform_and_the_first_name_keeps_its_draws():
    block = tied("ba", 0.7, "cb", -0.5)
    drawn = correlated_uniforms(block, DESIGN.uniforms)
    assert np.array_equal(drawn["a"], DESIGN.uniforms("a"))
    for name in "abc":
        assert kstest(drawn[name].ravel(), "uniform").pvalue > 1e-4  # false alarm 1e-4 each


def test_names_tied_perfectly_have_one_draw_or_its_complement():
    block = tied("ba", 1.0, "cb", -1.0)
    drawn = correlated_uniforms(block, DESIGN.uniforms)
    np.testing.assert_array_equal(drawn["a"], drawn["b"])
    np.testing.assert_array_equal(drawn["a"], 1.0 - drawn["c"])


def test_a_name_tied_perfectly_to_one_that_stands_stands_too():
    block = tied("ab", 1.0, "bc", 0.5)
    fresh = Design(seed=12, n_draws=2**14, n_randomisations=4, sampler="random")
    anew = conditional_uniforms(block, ["a"], DESIGN.uniforms, fresh.uniforms)
    np.testing.assert_allclose(anew["b"], DESIGN.uniforms("a"), rtol=1e-9)
    # c has rank 0.5 with both in every case; four standard errors of Spearman's r, false alarm 6e-5
    assert spearmanr(anew["b"].ravel(), anew["c"].ravel()).statistic == pytest.approx(0.5, abs=4 * 1.1 / 128)


def test_a_factor_makes_its_matrix_singular_or_not():
    rng = np.random.default_rng(1)
    for rank in (1, 3, 5):
        rows = rng.normal(size=(5, rank))
        matrix = rows @ rows.T
        factor = lower_factor(matrix)
        np.testing.assert_allclose(factor @ factor.T, matrix, atol=1e-9)
        np.testing.assert_array_equal(factor, np.tril(factor))


def test_the_nearest_correlation_matrix_is_the_published_one():
    # Higham (2002), section 4, and the manual of NAG's g02aa: the nearest to rows (1, 1, 0), (1, 1, 1), (0,
    # 1, 1) has 0.7607 and 0.1573. Ranks of 1 are names that are one here, so the least squares are called
    # themselves.
    targets = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 1.0, 1.0]])
    root = nearest_root(targets, np.ones((3, 3)) - np.eye(3))
    found = root @ root.T
    np.testing.assert_allclose([found[0, 1], found[1, 2], found[0, 2]], [0.7607, 0.7607, 0.1573], atol=5e-5)


def test_the_nearest_of_many_is_optimal():
    # Higham (2002), theorem 2.5: X is nearest to A if and only if X = A + V D V' + diag(t), where V spans
    # the null space of X, and D is positive semidefinite. So X - A has no part between the null space and
    # its complement but for the diagonal: checked by solving for t, of which X (X - A - diag(t)) = 0 is
    # linear.
    rng = np.random.default_rng(3)
    for n in (4, 8, 12):
        asked = np.clip(rng.uniform(-1.0, 1.0, (n, n)), -0.95, 0.95)
        asked = np.tril(asked, -1) + np.tril(asked, -1).T + np.eye(n)
        root = nearest_root(asked, np.ones((n, n)) - np.eye(n))
        nearest = root @ root.T
        np.testing.assert_allclose(np.diag(nearest), 1.0, rtol=1e-12)
        moved = nearest - asked
        diagonal = np.diag(nearest @ moved)  # that of X diag(t), since X has a unit diagonal
        rest = moved - np.diag(diagonal)
        np.testing.assert_allclose(nearest @ rest, 0.0, atol=2e-4)
        assert np.linalg.eigvalsh(rest).min() > -2e-4


def test_correlations_that_cannot_hold_together_are_moved_and_said():
    # a ~ b and b ~ c at 0.9 force a ~ c above 0.63; by symmetry -0.9 and they meet at score correlation 1/2
    block = tied("ab", 0.9, "bc", 0.9, "ac", -0.9)
    assert [move.becomes for move in block.moves] == [0.483, -0.483, 0.483]
    np.testing.assert_allclose(np.diag(block.matrix), 1.0, rtol=1e-12)


def test_possible_correlations_are_left_alone():
    block = tied("ab", 0.5, "bc", 0.5)
    assert block.moves == ()
    matrix = block.matrix
    # Kruskal (1958): r = 2 sin(pi r_s / 6)
    assert matrix[0, 1] == pytest.approx(2 * np.sin(np.pi * 0.5 / 6))
    assert matrix[0, 2] == pytest.approx(0.0, abs=1e-15)
