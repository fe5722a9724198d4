"""Stated Monte Carlo errors of quantiles and interval ends against their spread over seeds.

The exact value comes from the law each time. Over 64 seeds the root mean square of the deviations from it is
that of the stated errors but for 9 %, its own noise, and for a few in a hundred that the noise of the errors
takes from it. Bounds of 1.4 are passed wrongly less than once in 10,000. Stratified draws in one dimension
may have errors that are stated too large; below 0.3 they would say nothing.
"""

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import brentq, minimize_scalar

from sim.engine.simulate import simulate
from sim.samplers.base import Design
from sim.scenario.load import load
from sim.summary.estimate import ByRandomisation, by_randomisation
from sim.summary.intervals import interval, of_shortest
from sim.summary.order import OrderedDraws
from sim.summary.quantiles import quantile_of
from sim.summary.statistic import standard_deviation
from tests.builders import parameter, write_scenario

N_SEEDS = 64
SAMPLERS = ["sobol", "lhs", "random"]
LEVELS = [0.025, 0.05, 0.5, 0.95, 0.975]
LAWS = {
    "logarithm of a uniform": lambda u: np.log(0.1 + u),
    "normal": stats.norm.ppf,
    "lognormal": stats.lognorm(0.7).ppf,
    "pareto": lambda u: (1.0 - u) ** -0.5,
}


def ratio(found: list[ByRandomisation], exact: float) -> float:
    """Return the root mean square of the deviations over that of the stated errors."""
    off = np.array([each.value for each in found]) - exact
    return float(np.sqrt(np.mean(off**2) / np.mean([each.error**2 for each in found])))


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("law", LAWS)
def test_quantiles_in_one_dimension(law: str, sampler):
    ordered = [OrderedDraws(LAWS[law](Design(seed, sampler, 2**12).uniforms("x"))) for seed in range(N_SEEDS)]
    for level in LEVELS:
        found = [quantile_of(each, level) for each in ordered]
        assert 0.3 < ratio(found, float(LAWS[law](np.float64(level)))) < 1.4


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_quantiles_of_a_sum(sampler):
    # of two normals: normal
    def draws(seed: int) -> OrderedDraws:
        design = Design(seed, sampler, 2**12)
        return OrderedDraws(stats.norm.ppf(design.uniforms("x")) + 0.5 * stats.norm.ppf(design.uniforms("y")))

    ordered = [draws(seed) for seed in range(N_SEEDS)]
    for level in LEVELS:
        exact = np.sqrt(1.25) * stats.norm.ppf(level)
        assert 0.5 < ratio([quantile_of(each, level) for each in ordered], exact) < 1.4


def end(place: int, values: np.ndarray) -> float:
    return interval(values, 0.9, "shortest")[place]


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_ends_of_shortest_intervals(sampler):
    # of a lognormal: its densities at both ends are equal
    law = stats.lognorm(0.5)
    below = minimize_scalar(lambda p: law.ppf(p + 0.9) - law.ppf(p), bounds=(1e-9, 0.1 - 1e-9)).x
    found: tuple[list[ByRandomisation], list[ByRandomisation]] = ([], [])
    for seed in range(N_SEEDS):
        draws = law.ppf(Design(seed, sampler, 2**12).uniforms("x"))
        for place in (0, 1):
            found[place].append(of_shortest(by_randomisation(partial(end, place), draws)))
    for place, level in enumerate((below, below + 0.9)):
        assert 0.4 < ratio(found[place], law.ppf(level)) < 1.5


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_standard_deviation_of_stratified_points_is_not_too_large(sampler):
    # of the logarithm of a uniform on (0.1, 1.1): integrals of ln and ln^2, in closed form
    def moments(x: float) -> tuple[float, float]:
        return x * np.log(x) - x, x * np.log(x) ** 2 - 2 * x * np.log(x) + 2 * x

    first, second = (np.subtract(a, b) for a, b in zip(moments(1.1), moments(0.1), strict=True))
    draws = [np.log(0.1 + Design(seed, sampler, 2**12).uniforms("x")) for seed in range(N_SEEDS)]
    assert 0.5 < ratio([standard_deviation(each) for each in draws], np.sqrt(second - first**2)) < 1.4


CHOICE = '[choices.c]\none = 0.7\ntwo = 0.3\nrationale = "for a test"\n[outcomes.y]\nby = "c"\n'
A = parameter("a", 'distribution = "lognormal"\nmedian = 1\nsigma = 0.5')
B = parameter("b", 'distribution = "lognormal"\nmedian = 1\nsigma = 0.4')
HEAD = (
    'title = "A test"\nseed = {}\nsampling = {{ n_draws = 4096, sampler = "{}" }}\n[report]\noutcome = "y"\n'
)


def mixed(t: float) -> float:
    return float(0.7 * stats.lognorm(0.5).cdf(t) + 0.3 * stats.lognorm(0.5, scale=3.0).cdf(t))


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize(
    ("text", "cdf"),
    [
        ('[outcomes.y]\nformula = "a * b"\n', stats.lognorm(np.hypot(0.5, 0.4)).cdf),
        (CHOICE + 'one = "a"\ntwo = "3 * a"\n', mixed),
    ],
)
def test_quantiles_by_conditional_monte_carlo(tmp_path: Path, text: str, cdf, sampler: str):
    found: dict[str, list[ByRandomisation]] = {"low": [], "median": [], "high": []}
    for seed in range(N_SEEDS):
        scenario = load(write_scenario(tmp_path, HEAD.format(seed, sampler) + A + B + text))
        summary = simulate(scenario).statistics
        for statistic, each in found.items():
            row = summary.find("y", statistic)
            assert row.mc_error > 0.0
            each.append(
                ByRandomisation(row.value, row.value + row.mc_error * np.sqrt(15) * np.tile([1, -1], 8))
            )
    for statistic, level in (("low", 0.025), ("median", 0.5), ("high", 0.975)):
        exact = brentq(lambda t, level=level: cdf(t) - level, 1e-3, 1e3, xtol=1e-13)
        assert ratio(found[statistic], exact) < 1.4
