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
