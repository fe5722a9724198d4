"""Truncated laws against closed forms: moments, and tails far out."""

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.special import log_ndtr, ndtr
from scipy.stats import truncnorm

from sim.distributions.mixture_law import MixtureLaw
from tests.distributions.builders import family

U = np.array([1e-12, 0.01, 0.3, 0.5, 0.7, 0.99, 1 - 1e-12])
NORMAL = {"distribution": "normal", "mean": 0, "sd": 1}


def cut(of, **bounds):
    return family("truncated", of=of, **bounds).law()


@pytest.mark.parametrize("low, high", [(-1, 2), (0, 0.5), (1, 9), (-3, -1)])
def test_normal_between_bounds(low, high):
    law, known = cut(NORMAL, low=low, high=high), truncnorm(low, high)
    assert law.ppf(U) == pytest.approx(known.ppf(U), rel=1e-9)
    assert (law.mean(), law.std()) == (
        pytest.approx(known.mean(), rel=1e-9),
        pytest.approx(known.std(), rel=1e-9),
    )
    assert law.support() == (low, high)


@pytest.mark.parametrize("c", [5, 12, 30])
def test_far_upper_tail_of_a_normal(c):
    """Above c: mean m = phi(c) / Phi(-c), variance 1 + c m - m**2, median where Phi(-x) = Phi(-c) / 2."""
    law = cut(NORMAL, low=c)
    m = math.exp(-c * c / 2 - math.log(math.sqrt(2 * math.pi)) - float(log_ndtr(-c)))
    assert law.mean() == pytest.approx(m, rel=1e-10)
    assert law.std() ** 2 == pytest.approx(1 + c * m - m * m, rel=1e-6)  # what is left of 1 + c m - m m
    assert float(log_ndtr(-law.ppf(np.array([0.5]))[0])) == pytest.approx(
        log_ndtr(-c) - math.log(2), rel=1e-12
    )
    mirrored = cut(NORMAL, high=-c)
    assert mirrored.ppf(U[1:-1]) == pytest.approx(-law.isf(U[1:-1]), rel=1e-12)


def test_exponential_has_no_memory():
    """Above c an exponential is c plus the same exponential: ppf(u) = c - mean * log(1 - u)."""
    law = cut({"distribution": "exponential", "mean": 2}, low=100)
    assert law.ppf(U) == pytest.approx(100 - 2 * np.log1p(-U), rel=1e-12)
    assert (law.mean(), law.std()) == (pytest.approx(102, rel=1e-12), pytest.approx(2, rel=1e-9))


def test_triangular_in_exact_fractions():
    """Density 2 x / c up to c = 3/10 and 2 (1 - x) / (1 - c) beyond, integrated between 1/10 and 9/10."""
    c, low, high = Fraction(3, 10), Fraction(1, 10), Fraction(9, 10)

    def raw(k: int) -> Fraction:
        rising = 2 / c * (c ** (k + 2) - low ** (k + 2)) / (k + 2)
        flat = (high ** (k + 1) - c ** (k + 1)) / (k + 1) - (high ** (k + 2) - c ** (k + 2)) / (k + 2)
        return rising + 2 / (1 - c) * flat

    mean = raw(1) / raw(0)
    variance = raw(2) / raw(0) - mean**2
    law = cut({"distribution": "triangular", "low": 0, "mode": 0.3, "high": 1}, low=0.1, high=0.9)
    assert law.mean() == pytest.approx(float(mean), rel=1e-10)
    assert law.std() ** 2 == pytest.approx(float(variance), rel=1e-9)


def test_heavy_lognormal():
    """E (X | X > a)**k = exp(k**2 s**2 / 2) Phi(k s - log(a) / s) / Phi(-log(a) / s)."""
    s, a = 3.0, 10.0
    law = cut({"distribution": "lognormal", "median": 1, "sigma": s}, low=a)
    z = math.log(a) / s
    first, second = (math.exp(k * k * s * s / 2) * ndtr(k * s - z) / ndtr(-z) for k in (1, 2))
    assert law.mean() == pytest.approx(first, rel=1e-9)
    assert law.std() == pytest.approx(math.sqrt(second - first**2), rel=1e-9)


def test_cauchy_between_bounds_has_a_mean_and_open_has_none():
    """Between a and b the mean is log((1 + b**2) / (1 + a**2)) / (2 (atan b - atan a))."""
    cauchy = {"distribution": "student-t", "location": 0, "scale": 1, "df": 1}
    law = cut(cauchy, low=-1, high=5)
    assert law.mean() == pytest.approx(math.log(26 / 2) / (2 * (math.atan(5) + math.atan(1))), rel=1e-10)
    assert cut(cauchy, low=0).mean() == math.inf
    assert cut(cauchy, high=0).mean() == -math.inf
    assert cut({**cauchy, "df": 2}, low=0).mean() == pytest.approx(math.sqrt(2), rel=1e-9)  # E |T|, df 2
    assert cut({**cauchy, "df": 2}, low=0).std() == math.inf


def test_bounds_beyond_the_support_change_nothing():
    whole = family("beta", alpha=2, beta=3).law()
    law = cut({"distribution": "beta", "alpha": 2, "beta": 3}, low=-1, high=7)
    assert law.support() == (0, 1)
    assert law.ppf(U) == pytest.approx(whole.ppf(U), rel=1e-12)
    assert law.mean() == pytest.approx(0.4, rel=1e-12)


def test_cut_twice_is_cut_once():
    once = cut(NORMAL, low=1, high=2)
    twice = cut({"distribution": "truncated", "of": NORMAL, "low": 1}, high=2)
    assert twice.ppf(U) == pytest.approx(once.ppf(U), rel=1e-9)
    assert twice.mean() == pytest.approx(once.mean(), rel=1e-9)


def test_a_mixture_is_cut_component_by_component():
    """Half uniform on (0, 1), half on (10, 11), above 0.5: weights 1/3 and 2/3."""
    parts = [{"weight": 1, "of": {"distribution": "uniform", "low": low, "high": low + 1}} for low in (0, 10)]
    law = cut({"distribution": "mixture", "components": parts}, low=0.5)
    assert isinstance(law, MixtureLaw)
    assert law.mean() == pytest.approx((0.75 + 2 * 10.5) / 3, rel=1e-12)
    second = (0.75**2 + 0.5**2 / 12 + 2 * (10.5**2 + 1 / 12)) / 3
    assert law.std() ** 2 == pytest.approx(second - law.mean() ** 2, rel=1e-10)
    assert law.ppf(np.array([1 / 6, 2 / 3])) == pytest.approx([0.75, 10.5], rel=1e-12)
    alone = cut({"distribution": "mixture", "components": parts}, high=5)
    assert alone.support() == (0, 1)
