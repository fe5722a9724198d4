"""Dirichlet shares: known mean and covariance; the first is the inverse cdf of its own uniform."""

import itertools

import numpy as np
import pytest
from scipy.special import betainc
from scipy.stats import kstest

from tests.distributions.builders import family

MEANS = {"technology": 0.2, "people": 0.7, "algorithms": 0.1}
NAMES = ("algorithms", "people", "technology")
SHARES = family("dirichlet", means=MEANS, concentration=30)


def uniforms(n: int, seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {name: rng.random(n) for name in NAMES}


@pytest.mark.parametrize("first", [None, *NAMES])
def test_mean_and_covariance(first):
    """E = m, Cov = (m_i [i = j] - m_i m_j) / (concentration + 1): Kotz, Balakrishnan, Johnson (2000), 49.1.

    Each of the 9 figures is within 5 standard errors; a right law fails one of the 36 with probability 2e-5.
    """
    n = 100_000
    drawn = SHARES.draw(uniforms(n, 49), first)
    for name in NAMES:
        assert abs(drawn[name].mean() - MEANS[name]) < 5 * drawn[name].std() / np.sqrt(n)
    for one, other in itertools.combinations_with_replacement(NAMES, 2):
        product = (drawn[one] - MEANS[one]) * (drawn[other] - MEANS[other])
        covariance = (MEANS[one] * (one == other) - MEANS[one] * MEANS[other]) / 31
        assert abs(product.mean() - covariance) < 5 * product.std() / np.sqrt(n)


@pytest.mark.parametrize("first", NAMES)
def test_every_share_follows_its_beta_law(first):
    """Kolmogorov-Smirnov against I_x(a, 30 - a) at 1e-6 each, fixed seed: 9e-6 over the nine."""
    drawn = SHARES.draw(uniforms(50_000, 50), first)
    for name in NAMES:
        alpha = 30 * MEANS[name]
        assert kstest(drawn[name], lambda x, alpha=alpha: betainc(alpha, 30 - alpha, x)).pvalue > 1e-6


@pytest.mark.parametrize("first", NAMES)
def test_first_share_is_the_inverse_cdf_of_its_own_uniform(first):
    u = uniforms(1000, 51)
    drawn = SHARES.draw(u, first)
    assert drawn[first] == pytest.approx(SHARES.marginal(first).ppf(u[first]), rel=1e-14)
    assert betainc(30 * MEANS[first], 30 - 30 * MEANS[first], drawn[first]) == pytest.approx(
        u[first], rel=1e-9
    )
    others = {name: np.full(1000, 0.5) for name in NAMES if name != first}
    assert np.array_equal(SHARES.draw({**others, first: u[first]}, first)[first], drawn[first])


def test_shares_add_to_one_and_come_by_name():
    drawn = SHARES.draw({name: u.reshape(4, 250) for name, u in uniforms(1000, 52).items()})
    assert tuple(drawn) == NAMES == SHARES.parts
    assert all(share.shape == (4, 250) and share.min() >= 0 for share in drawn.values())
    assert sum(drawn.values()) == pytest.approx(np.ones((4, 250)), abs=1e-15)


def test_last_uniforms_are_not_used():
    u = uniforms(100, 53)
    changed = SHARES.draw({**u, "technology": 1 - u["technology"]})
    assert all(np.array_equal(changed[name], share) for name, share in SHARES.draw(u).items())
    changed = SHARES.draw({**u, "people": 1 - u["people"]}, first="technology")
    assert all(np.array_equal(changed[name], share) for name, share in SHARES.draw(u, "technology").items())


def test_alphas_and_means_say_the_same():
    alphas = {name: 30 * mean for name, mean in MEANS.items()}
    u = uniforms(100, 54)
    other = family("dirichlet", alphas=alphas).draw(u)
    assert all(np.array_equal(other[name], share) for name, share in SHARES.draw(u).items())
    assert SHARES.marginal("algorithms").mean() == pytest.approx(0.1, rel=1e-12)
    assert SHARES.marginal("algorithms").std() == pytest.approx(np.sqrt(0.09 / 31), rel=1e-12)


def test_unknown_share():
    with pytest.raises(KeyError, match="money"):
        SHARES.draw(uniforms(1, 55), first="money")
    with pytest.raises(KeyError, match="money"):
        SHARES.marginal("money")
    with pytest.raises(TypeError, match="no law of one variable"):
        SHARES.law()
