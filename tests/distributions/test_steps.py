"""Constant and discrete laws: steps where the weights say."""

import numpy as np
import pytest

from sim.distributions.steps import step_law
from tests.distributions.builders import family


def test_constant():
    law = family("constant", value=-2).law()
    assert np.array_equal(law.ppf(np.array([[0.0, 0.3], [0.9, 1.0]])), np.full((2, 2), -2.0))
    assert np.array_equal(law.cdf(np.array([-3.0, -2.0, 0.0])), [0, 1, 1])
    assert (law.mean(), law.std(), law.support()) == (-2, 0, (-2, -2))


def test_discrete_by_hand():
    """Values 1, 4, 9 with probabilities 1/2, 1/4, 1/4: mean 3.75, E X**2 = 1/2 + 4 + 81/4 = 24.75."""
    law = family("discrete", values=[9, 1, 7, 4], weights=[2, 4, 0, 2]).law()
    u = np.array([1e-300, 0.5, 0.5000001, 0.75, 0.7500001, 1 - 2**-53])
    assert np.array_equal(law.ppf(u), [1, 1, 4, 4, 9, 9])
    assert np.array_equal(law.cdf(np.array([0.0, 1, 3.9, 4, 7, 9, 10])), [0, 0.5, 0.5, 0.75, 0.75, 1, 1])
    assert law.mean() == 3.75
    assert law.std() == pytest.approx(np.sqrt(24.75 - 3.75**2), rel=1e-12)
    assert law.support() == (1, 9)


def test_weights_that_do_not_add_to_one_exactly():
    law = family("discrete", values=list(range(10)), weights=[0.1] * 10).law()
    assert law.ppf(np.array([1 - 2**-53]))[0] == 9
    assert law.cdf(np.array([9.0]))[0] == 1
    huge = family("discrete", values=[1, 2], weights=[1e308, 1e308]).law()
    assert huge.mean() == 1.5


def test_repeated_values_are_one_step():
    law = step_law(np.array([2.0, 1.0, 2.0]), np.array([0.25, 0.5, 0.25]))
    assert np.array_equal(law.values, [1, 2])
    assert np.array_equal(law.probabilities, [0.5, 0.5])


def test_frequencies_are_the_weights():
    """100,000 draws: chi-square below its 1 - 1e-6 quantile for 2 degrees of freedom, 2 log(1e6) = 27.63."""
    u = np.random.default_rng(8).random(100_000)
    x = family("discrete", values=[1, 2, 3], weights=[1, 2, 7]).law().ppf(u)
    expected = np.array([10_000, 20_000, 70_000])
    counts = np.array([np.sum(x == value) for value in (1, 2, 3)])
    assert np.sum((counts - expected) ** 2 / expected) < 27.63
