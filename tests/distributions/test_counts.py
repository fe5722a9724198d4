"""Poisson and binomial against the closed forms of their probabilities, scipy, and their moments."""

import math

import numpy as np
import pytest
from scipy import stats
from scipy.special import gammaincc

from tests.distributions.builders import family

LAWS = [
    *[("poisson", {"mean": mean}, stats.poisson(mean)) for mean in (1e-12, 0.3, 2, 77.5, 1e4)],
    *[
        ("binomial", {"n": n, "p": p}, stats.binom(n, p))
        for n, p in ((1, 0.3), (10, 1e-12), (40, 0.5), (3000, 0.999))
    ],
]
every = pytest.mark.parametrize(
    ("name", "keys", "theirs"), LAWS, ids=[f"{name} {keys}" for name, keys, _ in LAWS]
)


@every
def test_probabilities_are_scipys(name: str, keys: dict[str, float], theirs):
    found = family(name, **keys).masses()
    numbers = np.array([*found])
    assert np.array_equal(numbers, np.arange(numbers[0], numbers[-1] + 1))
    # scipy's logarithms of factorials have 1e-16 of some k log k, which a probability has relative to itself
    np.testing.assert_allclose([*found.values()], theirs.pmf(numbers), rtol=1e-10)
    assert math.fsum(found.values()) == pytest.approx(1, abs=1e-14)


@every
def test_quantiles_and_moments_are_scipys(name: str, keys: dict[str, float], theirs):
    law = family(name, **keys).law()
    u = np.concatenate(
        [10.0 ** np.arange(-14, -1), np.linspace(0.0101, 0.9901, 99), 1 - 10.0 ** -np.arange(3, 13)]
    )
    np.testing.assert_array_equal(law.ppf(u), theirs.ppf(u))
    assert (law.mean(), law.std()) == pytest.approx((theirs.mean(), theirs.std()), rel=1e-12)


@every
def test_a_quantile_steps_just_above_the_probability_of_its_atom(name: str, keys: dict[str, float], theirs):
    """The least number whose cdf reaches u: at u itself it is the number, a little above it the next."""
    law = family(name, **keys).law()
    numbers = [number for number in theirs.ppf([0.1, 0.5, 0.9]) if 1e-6 < theirs.cdf(number) < 1 - 1e-6]
    reached = theirs.cdf(numbers)
    np.testing.assert_array_equal(law.ppf(reached * (1 - 1e-10)), numbers)
    np.testing.assert_array_equal(law.ppf(reached * (1 + 1e-10)), np.array(numbers) + 1)


def test_a_mean_of_a_billion():
    """The cdf is the incomplete gamma function: P(X <= k) = Q(k + 1, mean).

    That of scipy 1.18 loses itself five standard deviations above.
    """
    law = family("poisson", mean=1e9).law()
    numbers = 1e9 + np.round(math.sqrt(1e9) * np.array([-6.0, -2.0, -0.1, 0.0, 1.0, 4.0]))
    np.testing.assert_allclose(law.cdf(numbers), gammaincc(numbers + 1, 1e9), rtol=1e-9)
    assert (law.mean(), law.std()) == pytest.approx((1e9, math.sqrt(1e9)), rel=1e-12)


def test_a_trillion_rare_trials_are_as_good_as_a_poisson():
    """Le Cam: the distance in total variation is at most p = 1e-11."""
    rare, limit = family("binomial", n=10**12, p=1e-11).law(), family("poisson", mean=10).law()
    numbers = np.arange(60.0)
    np.testing.assert_allclose(rare.cdf(numbers), limit.cdf(numbers), atol=2e-11)


def test_no_trial_or_every_trial_succeeds():
    assert family("binomial", n=7, p=0.0).masses() == {0.0: 1.0}
    assert family("binomial", n=7, p=1.0).masses() == {7.0: 1.0}


def test_at_least_one():
    """Given that it is not 0, a Poisson has the mean m / (1 - exp(-m)); a rare one is next to certainly 1."""
    for mean in (1e-12, 0.7, 3.0):
        law = family("truncated", of={"distribution": "poisson", "mean": mean}, low=1).law()
        assert law.support()[0] == 1
        assert law.mean() == pytest.approx(mean / -math.expm1(-mean), rel=1e-12)


def test_inside_a_mixture_atoms_keep_their_place():
    """Half a Poisson of mean 1, half a uniform from 0 to 4: P(X <= 0.5) = (1/e + 1/8) / 2."""
    parts = [{"weight": 1, "of": {"distribution": "poisson", "mean": 1.0}}]
    parts.append({"weight": 1, "of": {"distribution": "uniform", "low": 0.0, "high": 4.0}})
    law = family("mixture", components=parts).law()
    assert float(law.cdf(np.array([0.5]))[0]) == pytest.approx((math.exp(-1) + 0.125) / 2, rel=1e-12)
    u = np.array([math.exp(-1) / 2, (2 * math.exp(-1) + 0.25) / 2])  # up to the atoms at 0 and at 1
    np.testing.assert_array_equal(law.ppf(u * (1 - 1e-12)), [0, 1])


@pytest.mark.parametrize(("name", "keys"), [("poisson", {"mean": 0.5}), ("binomial", {"n": 4, "p": 0.2})])
def test_reciprocals_have_no_moments_where_nothing_may_happen(name: str, keys: dict[str, float]):
    orders = family(name, **keys).law().orders()
    assert (orders.tail, orders.zero, orders.gaps) == (math.inf, 0, True)
