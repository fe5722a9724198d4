"""Which moments of laws exist, against the laws' own tails and the integrals that scipy gives."""

import math

import numpy as np
import pytest
from scipy.integrate import quad

from tests.distributions.builders import family
from tests.distributions.cases import CASES, Case

INF = math.inf
POWER_TAILS = [
    ("student-t", {"location": 5, "scale": 1, "df": 1}, 1),
    ("student-t", {"location": -5e9, "scale": 1e9, "df": 2.5}, 2.5),
    ("truncated", {"of": {"distribution": "student-t", "location": 0, "scale": 1e-12, "df": 2}, "low": 0}, 2),
    ("pareto", {"low": 3e-12, "shape": 1}, 1),
    ("pareto", {"low": 3e12, "shape": 0.4}, 0.4),
    # a log-logistic: its quantiles are the odds to the power of 1/2, here with a bound on either side
    ("quantiles", {"p10": 1 / 3, "p50": 1, "p90": 3, "low": 0}, 2),
    ("quantiles", {"p10": -3, "p50": -1, "p90": -1 / 3, "high": 0}, 2),
]
ZEROS = [
    ("gamma", {"shape": 0.5, "scale": 3}, 0.5),
    ("gamma", {"shape": 4, "scale": 1e-12}, 4),
    ("exponential", {"mean": 1e12}, 1),
    ("beta", {"alpha": 3, "beta": 2}, 3),
    ("beta", {"alpha": 3, "beta": 2, "low": -1, "high": 0}, 2),
    ("uniform", {"low": 0, "high": 4}, 1),
    ("uniform", {"low": -3, "high": 4}, 1),
    ("arcsine", {"low": 0, "high": 2}, 0.5),
    ("triangular", {"low": 0, "mode": 1, "high": 2}, 2),
    ("triangular", {"low": 0, "mode": 0, "high": 2}, 1),
    ("triangular", {"low": -2, "mode": -1, "high": 0}, 2),
    ("pert", {"low": 0, "mode": 1, "high": 5}, 1.8),
    ("trapezoidal", {"low": 0, "mode_low": 1, "mode_high": 3, "high": 7}, 2),
    ("trapezoidal", {"low": 0, "mode_low": 0, "mode_high": 3, "high": 7}, 1),
    ("curvilinear-trapezoidal", {"low": 1, "high": 3, "inexactness": 1 - 1e-15}, INF),
    ("weibull", {"shape": 0.7, "scale": 1e12}, 0.7),
    ("weibull", {"shape": 3, "scale": 2}, 3),
    ("quantiles", {"p10": 1 / 3, "p50": 1, "p90": 3, "low": 0}, 2),
    ("quantiles", {"p10": 1 / 3, "p50": 1, "p90": 3, "low": -1}, 1),
    ("quantiles", {"p05": 2 / 20, "p50": 1, "p95": 38 / 20, "low": 0, "high": 2}, 1),  # a uniform
    ("quantiles", {"p05": -1, "p50": 1, "p95": 2}, 1),
    ("normal", {"mean": 1, "sd": 1}, 1),
    ("student-t", {"location": 1, "scale": 1, "df": 3}, 1),
    ("truncated", {"of": {"distribution": "normal", "mean": 1, "sd": 1}, "low": 0}, 1),
    ("truncated", {"of": {"distribution": "gamma", "shape": 3, "scale": 1}, "low": 0, "high": 2}, 3),
]
NEVER_NEAR_ZERO = [
    ("lognormal", {"median": 1, "sigma": 2}),
    ("pareto", {"low": 1e-12, "shape": 0.1}),
    ("quantiles", {"p10": 1, "p50": 3, "p90": 4, "low": 0, "curve": "monotone"}),
    ("quantiles", {"p10": 1, "p50": 3, "p90": 4, "low": 0.5}),
    ("uniform", {"low": 0.1, "high": 1}),
    ("loguniform", {"low": 1e-300, "high": 1}),
    ("beta", {"alpha": 0.5, "beta": 0.5, "low": 1, "high": 2}),
    ("truncated", {"of": {"distribution": "normal", "mean": 0, "sd": 1}, "low": 0.5}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_textbook_sd_is_finite_just_where_the_second_moment_exists(case: Case):
    law = family(case.distribution, **case.keys).law()
    assert (law.orders().tail > 2) == math.isfinite(case.sd)


@pytest.mark.parametrize(("distribution", "keys", "index"), POWER_TAILS)
def test_a_tail_falls_as_the_power_of_its_order(distribution: str, keys: dict[str, object], index: float):
    """Where P(X > x) falls as x^-a, E|X|^k is finite for k < a alone; the slope is the law's own."""
    law = family(distribution, **keys).law()
    assert law.orders().tail == pytest.approx(index, rel=1e-12)
    scale = float(law.isf(np.array([1e-6]))[0])
    tail = law.sf if keys.get("high") != 0 else lambda x: law.cdf(-x)
    far = max(np.abs(scale), 1.0 if keys.get("high") == 0 else 0.0) * np.array([1e6, 1e7])
    slope = -np.diff(np.log(tail(far)))[0] / math.log(10.0)
    assert slope == pytest.approx(index, rel=1e-3)


@pytest.mark.parametrize(("distribution", "keys", "order"), ZEROS)
def test_the_probability_of_being_near_zero_falls_as_the_power_of_its_order(
    distribution: str, keys: dict[str, object], order: float
):
    """Where P(|X| < e) falls as e^a, E|X|^-k is finite for k < a alone."""
    law = family(distribution, **keys).law()
    assert law.orders().zero == pytest.approx(order)
    if order == INF:
        return
    size = max(abs(float(law.ppf(np.array([0.5]))[0])), 1e-300)
    near = size * np.array([1e-4, 1e-5])
    mass = law.cdf(near) - law.cdf(-near)
    assert -np.diff(np.log(mass))[0] / math.log(10.0) == pytest.approx(order, rel=0.01)


@pytest.mark.parametrize(("distribution", "keys"), NEVER_NEAR_ZERO)
def test_all_moments_of_the_reciprocal_exist(distribution: str, keys: dict[str, object]):
    assert family(distribution, **keys).law().orders().zero == INF


@pytest.mark.parametrize(
    ("distribution", "keys", "rate"),
    [
        ("exponential", {"mean": 0.5}, 2),
        ("gamma", {"shape": 3, "scale": 4}, 0.25),
        ("gamma", {"mean": 3, "sd": 3}, 1 / 3),
        ("weibull", {"shape": 1, "scale": 3}, 1 / 3),
    ],
)
def test_exponentials_of_light_tails(distribution: str, keys: dict[str, float], rate: float):
    """E exp(rX) just below the order, by quadrature of the density: finite, and growing without end at it."""
    law = family(distribution, **keys).law()
    assert law.orders().above == pytest.approx(rate)

    def up_to(end: float, r: float) -> float:
        return quad(lambda x: math.exp(r * x) * float(law.pdf(np.array(x))), 0, end, limit=200)[0]

    scale = 1 / rate
    assert up_to(300 * scale, 0.9 * rate) == pytest.approx(up_to(200 * scale, 0.9 * rate), rel=1e-6)
    assert up_to(300 * scale, rate) > 1.9 * up_to(150 * scale, rate)


@pytest.mark.parametrize(
    ("distribution", "keys", "above", "below"),
    [
        ("normal", {"mean": 0, "sd": 9}, INF, INF),
        ("lognormal", {"median": 1, "sigma": 0.1}, 0, INF),
        ("student-t", {"location": 0, "scale": 1, "df": 30}, 0, 0),
        ("beta", {"alpha": 0.1, "beta": 0.1}, INF, INF),
        ("weibull", {"shape": 0.9, "scale": 1}, 0, INF),
        ("weibull", {"shape": 1.1, "scale": 1}, INF, INF),
        ("pareto", {"low": 1, "shape": 99}, 0, INF),
        ("quantiles", {"p05": 1, "p50": 2, "p95": 3, "curve": "monotone"}, INF, INF),
        ("quantiles", {"p05": 1, "p50": 2, "p95": 3, "low": 0}, 0, INF),
    ],
)
def test_exponentials_of_other_laws(distribution: str, keys: dict[str, float], above: float, below: float):
    """Known from textbooks: of a normal all exist, of a lognormal none to the right, of Student's t none."""
    orders = family(distribution, **keys).law().orders()
    assert (orders.above, orders.below) == (above, below)


def test_a_mixture_has_what_all_components_have():
    heavy = {"distribution": "student-t", "location": 0, "scale": 1, "df": 1.5}
    light = {"distribution": "gamma", "shape": 0.7, "scale": 2}
    none = {"distribution": "normal", "mean": 0, "sd": 1}
    parts = [{"weight": 1e-6, "of": heavy}, {"weight": 1, "of": light}, {"weight": 0, "of": none}]
    orders = family("mixture", components=parts).law().orders()
    assert (orders.tail, orders.zero, orders.above) == (1.5, 0.7, 0)


def test_bounds_take_the_tail_away():
    t = {"distribution": "student-t", "location": 0, "scale": 1, "df": 1}
    both = family("truncated", of=t, low=-1e6, high=1e6).law().orders()
    below = family("truncated", of=t, high=-1).law().orders()
    assert (both.tail, both.above, both.below, both.zero) == (INF, INF, INF, 1)
    assert (below.tail, below.above, below.below, below.zero) == (1, INF, 0, INF)
    inner = {"distribution": "mixture", "components": [{"weight": 1, "of": t}, {"weight": 1, "of": t}]}
    assert family("truncated", of=inner, low=-5, high=5).law().orders().tail == INF


def test_single_values():
    zero = family("discrete", values=[0, 1], weights=[1, 3]).law().orders()
    assert (zero.tail, zero.zero) == (INF, 0)
    assert family("constant", value=-2).law().orders().zero == INF
    parts = [{"weight": 1, "of": {"distribution": "constant", "value": 0}}]
    parts.append({"weight": 1, "of": {"distribution": "lognormal", "median": 1, "sigma": 1}})
    assert family("mixture", components=parts).law().orders().zero == 0
