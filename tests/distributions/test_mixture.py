"""Mixtures: one uniform in, the exact inverse of the mixture's cdf out."""

import math

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from tests.distributions.builders import family


def normals(*parts: tuple[float, float, float]):
    components = [
        {"weight": weight, "of": {"distribution": "normal", "mean": mean, "sd": sd}}
        for weight, mean, sd in parts
    ]
    return family("mixture", components=components).law()


def test_inverse_against_a_solver_of_its_own():
    law = normals((1, 0, 1), (3, 2, 0.5))
    for u in (1e-9, 0.01, 0.26, 0.5, 0.9, 1 - 1e-9):
        x = brentq(lambda x, u=u: 0.25 * ndtr(x) + 0.75 * ndtr((x - 2) / 0.5) - u, -50, 50, xtol=1e-14)
        assert law.ppf(np.array([u]))[0] == pytest.approx(x, rel=1e-6 if u > 0.999 else 1e-11, abs=1e-12)


def test_moments():
    """E X = 0.25 * 0 + 0.75 * 2, E X**2 = 0.25 * 1 + 0.75 * (0.25 + 4)."""
    law = normals((1, 0, 1), (3, 2, 0.5))
    assert law.mean() == pytest.approx(1.5, rel=1e-12)
    assert law.std() == pytest.approx(math.sqrt(0.25 + 0.75 * 4.25 - 1.5**2), rel=1e-12)


def test_components_far_apart_keep_their_own_quantiles():
    """With a share of 0.3 at 0 and 0.7 at a million, u below 0.3 picks the quantile u / 0.3 of the first."""
    law = normals((0.3, 0, 1), (0.7, 1e6, 1))
    u = np.array([1e-6, 0.1, 0.29])
    assert law.ppf(u) == pytest.approx(ndtri(u / 0.3), rel=1e-11)
    u = np.array([0.31, 0.5, 0.9, 1 - 1e-6])
    assert law.ppf(u) == pytest.approx(1e6 + ndtri((u - 0.3) / 0.7), abs=1e-8)


def test_tails_belong_to_the_wider_component():
    """P(X > x) = 0.01 * Phi(-x / 9) far out, where the narrow component has nothing."""
    law = normals((99, 0, 1), (1, 0, 9))
    p = np.array([1e-6, 1e-12, 1e-20])
    assert law.isf(p) == pytest.approx(-9 * ndtri(p / 0.01), rel=1e-11)
    assert law.ppf(p) == pytest.approx(9 * ndtri(p / 0.01), rel=1e-11)


def test_equal_components_and_weights_of_zero():
    u = np.linspace(0.001, 0.999, 200)
    assert normals((1, 3, 2), (5, 3, 2)).ppf(u) == pytest.approx(3 + 2 * ndtri(u), rel=1e-12, abs=1e-12)
    assert np.array_equal(normals((1, 3, 2), (0, 90, 2)).ppf(u), normals((1, 3, 2)).ppf(u))


def test_a_gap_between_supports_is_jumped():
    parts = [{"weight": 1, "of": {"distribution": "uniform", "low": low, "high": low + 1}} for low in (0, 10)]
    x = family("mixture", components=parts).law().ppf(np.array([0.25, 0.4999999, 0.5000001, 0.75]))
    assert x == pytest.approx([0.5, 0.9999998, 10.0000002, 10.5], rel=1e-12)


def test_many_draws_follow_the_mixture():
    """A million draws in ten equal bins: chi-square below its 1 - 1e-6 quantile for 9 degrees, 45.1."""
    law = normals((1, 0, 1), (1, 4, 0.3))
    rng = np.random.default_rng(4)
    chosen = rng.random(1_000_000) < 0.5  # the two-floor draw: which component, then its value
    values = np.where(chosen, rng.normal(0, 1, chosen.size), rng.normal(4, 0.3, chosen.size))
    edges = law.ppf(np.linspace(0.1, 0.9, 9))
    counts = np.bincount(np.searchsorted(edges, values), minlength=10)
    assert np.sum((counts - 100_000) ** 2 / 100_000) < 45.1


def lumpy(*atoms: tuple[float, float], rest: float):
    """Return a mixture of single values, each with its weight, and of an exponential law of mean 1."""
    parts = [
        {"weight": weight, "of": {"distribution": "constant", "value": value}} for weight, value in atoms
    ]
    return family(
        "mixture", components=[*parts, {"weight": rest, "of": {"distribution": "exponential", "mean": 1}}]
    )


def test_single_values_beside_a_density():
    """F steps by 0.6 at 0 and by 0.2 at 1, and rises as 0.2 (1 - exp(-x)) elsewhere: inverted by hand."""
    mixture = lumpy((0.6, 0.0), (0.2, 1.0), rest=0.2)
    law = mixture.law()
    at_one = 0.6 + 0.2 * -math.expm1(-1)
    assert not mixture.has_density
    assert law.ppf(np.array([1e-300, 0.3, 0.6])).tolist() == [0.0, 0.0, 0.0]
    assert law.ppf(np.array([0.65, 0.7])) == pytest.approx([-math.log1p(-0.25), -math.log1p(-0.5)], rel=1e-12)
    assert law.ppf(np.array([at_one + 1e-9, at_one + 0.1, at_one + 0.2 - 1e-9])).tolist() == [1.0, 1.0, 1.0]
    assert law.ppf(np.array([0.99])) == pytest.approx([-math.log(0.01 / 0.2)], rel=1e-12)
    assert law.cdf(np.array([-1e-9, 0.0, 1.0])) == pytest.approx([0.0, 0.6, at_one + 0.2], rel=1e-12)
    assert law.mean() == pytest.approx(0.4, rel=1e-12)
    assert law.std() == pytest.approx(math.sqrt(0.2 + 0.2 * 2 - 0.4**2), rel=1e-12)
    assert law.support() == (0.0, math.inf)


def test_single_values_in_a_gap_of_the_density():
    """Halves at -1..0 and 9..10 around a value at 5: nothing is drawn in between."""
    ends = [{"weight": 1, "of": {"distribution": "uniform", "low": low, "high": low + 1}} for low in (-1, 9)]
    middle = {"weight": 2, "of": {"distribution": "discrete", "values": [5.0], "weights": [1.0]}}
    x = family("mixture", components=[*ends, middle]).law().ppf(np.arange(0.0005, 1, 0.001))
    assert np.count_nonzero(x == 5.0) == 500  # from 0.25 to 0.75
    assert np.all((x <= 0) | (x == 5.0) | (x >= 9))
    assert np.all(np.diff(x) >= 0)


def test_single_values_alone_and_one_in_two_components():
    """1/4 of a discrete with halves at 1 and 2, 3/4 at 2: P(1) = 1/8."""
    parts = [
        {"weight": 1, "of": {"distribution": "discrete", "values": [1, 2], "weights": [1, 1]}},
        {"weight": 3, "of": {"distribution": "constant", "value": 2}},
    ]
    law = family("mixture", components=parts).law()
    assert law.cdf(np.array([0.9, 1.0, 2.0])) == pytest.approx([0.0, 0.125, 1.0], rel=1e-12)
    assert law.std() == pytest.approx(math.sqrt(7) / 8, rel=1e-12)


def test_components_of_no_weight_leave_a_density():
    parts = [
        {"weight": 0, "of": {"distribution": "constant", "value": 2}},
        {"weight": 3, "of": {"distribution": "normal", "mean": 0, "sd": 1}},
    ]
    assert family("mixture", components=parts).has_density


def test_truncated_single_values():
    """A value on the bound is left: given X >= 1, of 0.2 + 0.2 exp(-1) the value 1 has 0.2."""
    cut = family("truncated", of=lumpy((0.6, 0.0), (0.2, 1.0), rest=0.2).model_dump(), low=1.0)
    law, left = cut.law(), 0.2 + 0.2 * math.exp(-1)
    assert not cut.has_density
    assert law.cdf(np.array([0.999, 1.0])) == pytest.approx([0.0, 0.2 / left], rel=1e-12)
    assert law.ppf(np.array([1 - 0.01 / left])) == pytest.approx([-math.log(0.01 / 0.2)], rel=1e-11)
    assert law.mean() == pytest.approx((0.2 + 0.2 * math.exp(-1) * 2) / left, rel=1e-9)


def test_weights_of_any_size():
    parts = [
        {"weight": weight, "of": {"distribution": "constant", "value": value}}
        for weight, value in ((1e308, 0), (1e308, 1), (1e-308, 2))
    ]
    assert family("mixture", components=parts).law().mean() == pytest.approx(0.5, rel=1e-12)
