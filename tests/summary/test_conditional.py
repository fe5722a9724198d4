"""Conditional Monte Carlo against closed forms and plain sampling."""

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim.engine.simulate import simulate
from sim.run_record import Run
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from sim.summary.conditional_outcome import ConditionalOutcome, integrate_out
from sim.summary.density import outcome_density
from sim.summary.estimate import estimate
from tests.builders import load_text, parameter, scenario_text

A = parameter("a", 'distribution = "lognormal"\nmedian = 2\nsigma = 0.6')
B = parameter("b", 'distribution = "lognormal"\nmedian = 3\nsigma = 0.3')
TIED = '[[correlations]]\nbetween = ["a", "b"]\nrank = 0.6\n'
DEFAULT = Path(__file__).parents[2] / "priors" / "default.toml"


def integrated(scenario: Scenario, results: Run, name: str) -> ConditionalOutcome | None:
    """Integrate the widest factor out of an outcome of a run."""
    return integrate_out(scenario, results.arrays, name, results.variable(name))


@pytest.mark.parametrize(("formula", "sigma"), [("b * a", 0.6), ("b / a", 0.6), ("b / a ** 2", 1.2)])
def test_cdf_of_a_product_of_lognormals(tmp_path: Path, formula: str, sigma: float):
    """The product is lognormal again: medians multiply, sigmas add in quadrature."""
    scenario = load_text(tmp_path, scenario_text(A, B, formula=formula, n_draws=2**13))
    found = integrated(scenario, simulate(scenario), "total")
    assert found is not None
    assert found.name == "a"
    exponent = {"b * a": 1, "b / a": -1, "b / a ** 2": -2}[formula]
    law = stats.lognorm(np.hypot(sigma, 0.3), scale=3 * 2.0**exponent)
    at = law.ppf(np.array([0.001, 0.05, 0.5, 0.95, 0.999]))
    assert found.cdf(at) == pytest.approx(law.cdf(at), rel=0.01)


def test_density_is_the_lognormals(tmp_path: Path):
    scenario = load_text(tmp_path, scenario_text(A, B, formula="a * b", n_draws=2**14))
    table = outcome_density(scenario, simulate(scenario).arrays)
    middle = np.sqrt(table["low"] * table["high"])
    expected = stats.norm(np.log(6), np.hypot(0.6, 0.3)).pdf(np.log(middle))
    assert table["density"].to_numpy() == pytest.approx(expected, abs=0.004)


def test_agrees_with_plain_sampling_on_the_default_scenario():
    scenario = load(DEFAULT)
    results = simulate(scenario)
    found = integrated(scenario, results, "bcr")
    assert found is not None
    assert found.name == "ai_value"
    draws = results.variable("bcr")
    at = np.quantile(draws, [0.025, 0.25, 0.5, 0.75, 0.975])
    # 8,192 draws of the rest, 65,536 of the whole: errors of both are under 0.004
    assert found.cdf(at) == pytest.approx([0.025, 0.25, 0.5, 0.75, 0.975], abs=0.01)


@pytest.mark.parametrize("parts", [(A, B, TIED), ()])
def test_nothing_to_integrate(tmp_path: Path, parts: tuple[str, ...]):
    """Correlated factors, or an outcome without any."""
    formula = "a * b" if parts else "2"
    scenario = load_text(tmp_path, scenario_text(*parts, formula=formula))
    assert integrated(scenario, simulate(scenario), "total") is None


@pytest.mark.parametrize(
    ("formula", "shift", "sign"), [("a + 3", 3.0, 1.0), ("3 - a", 3.0, -1.0), ("1 - 1 / a", 1.0, -1.0)]
)
def test_a_shifted_factor_alone_is_exact(tmp_path: Path, formula: str, shift: float, sign: float):
    """With nothing else varying the quantile is that of the lognormal, shifted, and has no error."""
    scenario = load_text(tmp_path, scenario_text(A, formula=formula))
    results = simulate(scenario)
    found = integrated(scenario, results, "total")
    assert found is not None
    scale = 0.5 if "/" in formula else 2.0
    law = stats.lognorm(0.6, scale=scale)
    for probability in (0.025, 0.5, 0.975):
        exact = shift + sign * law.ppf(probability if sign > 0 else 1 - probability)
        estimate = found.quantile(probability, results.variable("total"))
        assert estimate.value == pytest.approx(exact, rel=1e-8)
        assert estimate.error < 1e-8
        assert found.p_above(exact).value == pytest.approx(1 - probability, abs=1e-8)


@pytest.mark.parametrize("probability", [0.01, 0.3, 0.99])
def test_quantiles_of_a_net_benefit(tmp_path: Path, probability: float):
    """A difference a - b of lognormals, with r of both signs in a * (b - 3) - b, against plain sampling.

    Four of the larger, plain, Monte Carlo errors: one false alarm in 16,000 for a normal error.
    """
    for formula in ("a - b", "a * (b - 3) - b"):
        scenario = load_text(tmp_path, scenario_text(A, B, formula=formula, n_draws=2**16, sampler="random"))
        results = simulate(scenario)
        found = integrated(scenario, results, "total")
        assert found is not None
        draws = results.variable("total")
        smooth = found.quantile(probability, draws)
        plain = estimate(lambda values: float(np.quantile(values, probability)), draws)
        assert abs(smooth.value - plain.value) < 4 * plain.error
        assert smooth.error < plain.error


def test_a_sum_of_powers_has_no_factor(tmp_path: Path):
    scenario = load_text(tmp_path, scenario_text(A, formula="a + a ** 2"))
    assert integrated(scenario, simulate(scenario), "total") is None


@pytest.mark.parametrize(
    ("formula", "exact"),
    [("a * b", 6 * np.exp(0.225)), ("a * b / 4", 1.5 * np.exp(0.225)), ("3 - a", 3 - 2 * np.exp(0.18))],
)
def test_means_of_factors_are_exact(tmp_path: Path, formula: str, exact: float):
    """A lognormal's mean is its median times exp(sigma^2 / 2): nothing is left to average."""
    scenario = load_text(tmp_path, scenario_text(A, B, formula=formula))
    row = next(row for row in simulate(scenario).statistics.rows if row.statistic == "mean")
    assert row.quantity == "total"
    assert row.value == pytest.approx(exact, rel=1e-12)
    assert row.mc_error < 1e-12


def test_mean_of_a_ratio_has_the_smaller_error(tmp_path: Path):
    """The mean of a / b is 2/3 exp((0.36 + 0.09) / 2); four standard errors: one false alarm in 16,000."""
    scenario = load_text(tmp_path, scenario_text(A, B, formula="a / b", n_draws=2**12, sampler="random"))
    results = simulate(scenario)
    row = next(row for row in results.statistics.rows if row.statistic == "mean")
    assert abs(row.value - 2 / 3 * np.exp(0.225)) < 4 * row.mc_error
    assert row.mc_error < estimate(np.mean, results.variable("total")).error
