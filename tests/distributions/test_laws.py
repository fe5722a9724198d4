"""Every continuous family: textbook moments, inverse and cdf undo each other, densities add up to cdfs."""

from itertools import pairwise

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad

from sim.distributions import FAMILIES, ContinuousLaw, Law, implied_quantiles
from tests.distributions.builders import family
from tests.distributions.cases import CASES, Case

TAIL = 10.0 ** np.arange(-12, -2)
U = np.concatenate([TAIL, np.linspace(0.001, 0.999, 997), 1 - TAIL[::-1]])

SHAPES = [
    Case("truncated", {"of": {"distribution": "normal", "mean": 0, "sd": 1}, "low": -0.5, "high": 2}, 0, 0),
    Case("truncated", {"of": {"distribution": "student-t", "location": 0, "scale": 1, "df": 2},
                       "low": 1}, 0, 0),
    Case("truncated", {"of": {"distribution": "gamma", "shape": 0.5, "scale": 2}, "high": 9}, 0, 0),
    Case("mixture", {"components": [
        {"weight": 1, "of": {"distribution": "normal", "mean": 0, "sd": 1}},
        {"weight": 2, "of": {"distribution": "lognormal", "median": 5, "sigma": 1}},
        {"weight": 1, "of": {"distribution": "normal", "mean": 900, "sd": 0.1}},
    ]}, 0, 0),
    Case("truncated", {"of": {"distribution": "pareto", "low": 1, "shape": 0.8}, "high": 1e6}, 0, 0),
    Case("quantiles", {"p05": 0, "p25": 1, "p50": 1.1, "p75": 4, "p95": 30}, 0, 0),
    Case("quantiles", {"p10": 1, "p25": 2, "p50": 3, "p75": 6, "p90": 9, "low": 0, "high": 30}, 0, 0),
    Case("truncated", {"of": {"distribution": "quantiles", "p05": 1, "p50": 3, "p95": 9}, "low": 0}, 0, 0),
    Case("mixture", {"components": [
        {"weight": 1, "of": {"distribution": "weibull", "shape": 0.6, "scale": 2}},
        {"weight": 1, "of": {"distribution": "pareto", "low": 3, "shape": 2.5}},
        {"weight": 1, "of": {"distribution": "quantiles", "p05": 1, "p50": 2, "p95": 90, "low": 0}},
    ]}, 0, 0),
    Case("mixture", {"components": [
        {"weight": 1, "of": {"distribution": "beta", "alpha": 2, "beta": 3}},
        {"weight": 2, "of": {"distribution": "student-t", "location": 5, "scale": 1, "df": 1}},
        {"weight": 1, "of": {"distribution": "truncated", "low": 3,
                             "of": {"distribution": "exponential", "mean": 1}}},
    ]}, 0, 0),
]  # fmt: skip
every_law = pytest.mark.parametrize("case", [*CASES, *SHAPES], ids=str)


def law_of(case: Case) -> ContinuousLaw:
    law: ContinuousLaw = family(case.distribution, **case.keys).law()
    return law


def integral_of_inverse(law: Law, centre: float, power: int, scale: float) -> float:
    """E (X - centre)**power as the integral of the inverse cdf over (0, 1), in t with u = 3 t**2 - 2 t**3.

    The substitution flattens what runs off at either end; independent of any density.
    """

    def integrand(t: float) -> float:
        x = law.ppf(np.array([t * t * (3 - 2 * t)]))[0]
        return float((x - centre) ** power * 6 * t * (1 - t))

    return quad(integrand, 0, 1, limit=400, epsabs=1e-9 * scale**power, epsrel=1e-8)[0]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_moments_are_those_of_the_textbook(case: Case):
    law = law_of(case)
    scale = case.sd if np.isfinite(case.sd) else abs(case.mean)
    assert law.mean() == pytest.approx(case.mean, rel=1e-9, abs=1e-9 * scale)
    assert law.std() == pytest.approx(case.sd, rel=1e-9)


@pytest.mark.parametrize("case", [case for case in CASES if case.sd < 5 * abs(case.mean) + 9], ids=str)
def test_draws_have_the_moments_of_the_textbook(case: Case):
    law = law_of(case)
    if case.distribution == "student-t" and np.isinf(case.sd):
        pytest.skip("no second moment to integrate")
    assert integral_of_inverse(law, case.mean, 1, case.sd) == pytest.approx(0, abs=1e-6 * case.sd)
    heavy = 1e-2 if case.keys.get("df") in (3, 4) else 1e-5  # u near 1 has too few digits for E T**2 there
    assert integral_of_inverse(law, case.mean, 2, case.sd) == pytest.approx(case.sd**2, rel=heavy)


@every_law
def test_inverse_and_cdf_undo_each_other(case: Case):
    law = law_of(case)
    x, y = law.ppf(U), law.isf(U)
    bits, more_bits = 4 * np.spacing(np.abs(x)), 4 * np.spacing(np.abs(y))
    slack = 1e-12 * U + 3e-16
    assert np.all(law.cdf(x - bits) <= U + slack)
    assert np.all(law.cdf(x + bits) >= U - slack)
    assert np.all(law.sf(y + more_bits) <= U + slack)
    assert np.all(law.sf(y - more_bits) >= U - slack)


@every_law
def test_inverse_ascends_within_the_support(case: Case):
    law = law_of(case)
    u = np.sort(
        np.concatenate([U, np.linspace(0.4999, 0.5001, 301), [1e-300, 1e-40, 2.0**-53, 1 - 2.0**-53]])
    )
    x = law.ppf(u)
    low, high = law.support()
    assert np.all(np.isfinite(x))
    assert np.all(np.diff(x) >= -4 * np.spacing(np.abs(x[1:])))
    assert low <= x.min() and x.max() <= high


@every_law
def test_density_adds_up_to_the_cdf(case: Case):
    law = law_of(case)
    edges = law.ppf(np.array([0.03, 0.2, 0.5, 0.501, 0.8, 0.97]))
    for low, high in pairwise(edges):
        inner = np.linspace(low, high, 40)[1:-1].tolist()
        area = quad(lambda x: float(law.pdf(np.array([x]))[0]), low, high, points=inner, limit=400)[0]
        gained = law.cdf(np.array([high])) - law.cdf(np.array([low]))
        assert area == pytest.approx(float(gained[0]), rel=1e-6)


@every_law
def test_shape_of_what_is_asked_is_kept_and_values_stand_alone(case: Case):
    law = law_of(case)
    u = np.linspace(0.01, 0.99, 60).reshape(4, 15)
    x = law.ppf(u)
    assert x.shape == u.shape
    assert np.array_equal(x[2, 3:5], law.ppf(u[2, 3:5]))


def test_every_continuous_family_is_among_the_cases():
    continuous = {*FAMILIES} - {"constant", "discrete", "dirichlet", "empirical", "bootstrap"}
    continuous -= {"poisson", "binomial"}
    assert {case.distribution for case in [*CASES, *SHAPES]} == continuous


def test_implied_quantiles():
    low, middle, high = implied_quantiles(family("lognormal", median=3e5, p95=3.65e5).law())
    assert low == pytest.approx(3e5**2 / 3.65e5, rel=1e-12)  # symmetric in the logarithm
    assert (middle, high) == (pytest.approx(3e5, rel=1e-12), pytest.approx(3.65e5, rel=1e-12))


@pytest.mark.parametrize(
    ("law", "scipys"),
    [
        (family("normal", mean=-3.3, sd=0.7).law(), stats.norm(-3.3, 0.7)),
        (family("lognormal", median=3e11, sigma=0.58).law(), stats.lognorm(0.58, scale=3e11)),
    ],
    ids=["normal", "lognormal"],
)
def test_inverses_written_out_are_scipys_to_the_last_bit(law: ContinuousLaw, scipys):
    u = np.concatenate([np.random.default_rng(5).random(20_000), U, [1e-300, 1.0]])
    np.testing.assert_array_equal(law.ppf(u), scipys.ppf(u))
    assert np.isnan(law.ppf(np.array([-0.5, 1.5, np.nan]))[1:]).all()
