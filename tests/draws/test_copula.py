"""The Gaussian copula: exact marginals, stated rank correlations, repairs that are said."""

import numpy as np
import pytest
from scipy.stats import kstest, spearmanr

from sim.draws.copula import RankCorrelation, blocks, correlated_uniforms
from sim.draws.uniforms import Design

DESIGN = Design(seed=11, n_draws=2**14, n_randomisations=4, sampler="random")


@pytest.mark.parametrize("rank", [-0.9, -0.3, 0.3, 0.9])
def test_rank_correlation_is_the_one_asked_for(rank: float):
    (block,) = blocks([RankCorrelation("a", "b", rank)])
    drawn = correlated_uniforms(block, DESIGN.uniforms)
    achieved = spearmanr(drawn["a"].ravel(), drawn["b"].ravel()).statistic
    # standard error of Spearman's r is at most 1.1/sqrt(n) here; four of them: false alarm 6e-5
    assert achieved == pytest.approx(rank, abs=4 * 1.1 / np.sqrt(2**14))


def test_marginals_stay_uniform_and_the_first_name_keeps_its_draws():
    (block,) = blocks([RankCorrelation("b", "a", 0.7), RankCorrelation("c", "b", -0.5)])
    drawn = correlated_uniforms(block, DESIGN.uniforms)
    assert np.array_equal(drawn["a"], DESIGN.uniforms("a"))
    for name in "abc":
        assert kstest(drawn[name].ravel(), "uniform").pvalue > 1e-4  # false alarm 1e-4 each


def test_perfect_correlation_is_possible():
    (block,) = blocks([RankCorrelation("a", "b", 1.0)])
    drawn = correlated_uniforms(block, DESIGN.uniforms)
    np.testing.assert_allclose(drawn["a"], drawn["b"], atol=1e-3)


def test_correlations_that_cannot_hold_together_are_moved_and_said():
    # a ~ b and b ~ c at 0.9 force a ~ c above 0; -0.9 is impossible
    asked = [RankCorrelation("a", "b", 0.9), RankCorrelation("b", "c", 0.9), RankCorrelation("a", "c", -0.9)]
    (block,) = blocks(asked)
    assert len(block.repairs) == 3
    assert "a ~ c was moved from rank -0.900" in " ".join(block.repairs)
    matrix = block.factor @ block.factor.T
    np.testing.assert_allclose(np.diag(matrix), 1.0, rtol=1e-12)


def test_possible_correlations_are_left_alone():
    (block,) = blocks([RankCorrelation("a", "b", 0.5), RankCorrelation("b", "c", 0.5)])
    assert block.repairs == ()
    matrix = block.factor @ block.factor.T
    # Kruskal (1958): r = 2 sin(pi r_s / 6)
    assert matrix[0, 1] == pytest.approx(2 * np.sin(np.pi * 0.5 / 6))
    assert matrix[0, 2] == pytest.approx(0.0, abs=1e-15)
