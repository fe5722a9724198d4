"""Whole runs against closed forms."""

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim.engine.simulate import simulate
from sim.scenario.load import load
from sim.summary.row import Summary
from tests.builders import parameter, scenario_text, write_scenario

LOGNORMALS = (
    parameter("value", 'distribution = "lognormal"\nmedian = 3e11\nsigma = 0.5', 'unit = "USD/year"'),
    parameter("pay", 'distribution = "lognormal"\nmedian = 2e8\nsigma = 0.3', 'unit = "USD/year"'),
)
RATIO = '[report]\noutcome = "bcr"\nthresholds = [1000, 2000]\n[outcomes.bcr]\nformula = "value / pay"\n'


def summary_of(folder: Path, *parts: str, **options: object) -> Summary:
    text = scenario_text(*parts, **options).replace('[report]\noutcome = "total"\n', "", 1)  # type: ignore[arg-type]
    scenario = load(write_scenario(folder, text))
    return simulate(scenario).statistics


@pytest.mark.parametrize("sampler", ["sobol", "lhs", "random"])
def test_a_ratio_of_lognormals_is_lognormal(tmp_path: Path, sampler: str):
    # ln(value / pay) is normal with mean ln 1500 and variance 0.5^2 + 0.3^2: every statistic is known.
    # Four Monte Carlo errors with 15 degrees of freedom: false alarm about 1e-3 for each, seed fixed.
    summary = summary_of(tmp_path, *LOGNORMALS, RATIO, n_draws=2**16, sampler=sampler)
    sigma = np.hypot(0.5, 0.3)
    exact = stats.lognorm(sigma, scale=1500)
    value, pay = stats.lognorm(0.5, scale=3e11), stats.lognorm(0.3, scale=2e8)
    expected = {
        "mean": exact.mean(),
        "median": 1500.0,
        "sd": exact.std(),
        "low": exact.ppf(0.025),
        "high": exact.ppf(0.975),
        "ratio_of_means": value.mean() / pay.mean(),
        "top_share": stats.norm.cdf(sigma - stats.norm.ppf(0.99)),
    }
    for statistic, number in expected.items():
        row = summary.find("bcr", statistic)
        assert row.value == pytest.approx(number, abs=4 * row.mc_error, rel=1e-9), statistic
    for threshold in (1000, 2000):
        row = summary.find("bcr", "p_above", at=threshold)
        assert row.value == pytest.approx(exact.sf(threshold), abs=4 * row.mc_error)
    net = summary.find("value - pay", "mean")
    assert net.value == pytest.approx(value.mean() - pay.mean(), abs=4 * net.mc_error)
    assert net.unit == "USD/year"


def test_an_outcome_that_is_no_ratio_has_no_ratio_of_means(tmp_path: Path):
    product = RATIO.replace("value / pay", "value * pay").replace(
        "[outcomes.bcr]", '[outcomes.bcr]\nunit = "USD^2/year^2"'
    )
    summary = summary_of(tmp_path, *LOGNORMALS, product)
    assert not summary.has("bcr", "ratio_of_means")


def test_a_choice_is_a_mixture_of_its_alternatives(tmp_path: Path):
    parts = (
        "[choices.method]\na = 1\nb = 3\n",
        '[outcomes.x]\nby = "method"\na = "1"\nb = "5"\n[report]\noutcome = "x"\n',
    )
    summary = summary_of(tmp_path, *parts, n_draws=4096)
    # mean 1/4 * 1 + 3/4 * 5 = 4; sd sqrt(3/16) * 4; stratified points hit the weights to 1/1,024
    assert summary.find("x", "mean").value == pytest.approx(4.0, abs=4 / 1024)
    assert summary.find("x", "sd").value == pytest.approx(np.sqrt(3), rel=2e-3)
    assert summary.find("x", "mean", "method=a").value == 1.0
    assert summary.find("x", "mean", "method=b").value == 5.0


def test_scaling_a_parameter_scales_the_outcome_draw_by_draw(tmp_path: Path):
    def ratio(median: float) -> np.ndarray:
        parts = (LOGNORMALS[0], LOGNORMALS[1].replace("2e8", repr(median)), RATIO)
        text = scenario_text(*parts).replace('[report]\noutcome = "total"\n', "", 1)
        return simulate(load(write_scenario(tmp_path, text))).variable("bcr")

    np.testing.assert_allclose(ratio(2e8), 2 * ratio(4e8), rtol=1e-14)


def test_the_default_scenario_against_numpy_written_by_hand():
    # plain NumPy with its own generator; costs by row are those of Table 1 at 300,000 (capped lines as
    # `sim table1 --lines capped` prints them), the survey taken without error
    path = Path(__file__).parents[1] / "priors" / "default.toml"
    scenario = load(path, ["evidence.method=point"])
    summary = simulate(scenario).statistics
    rng, n_draws, z95 = np.random.default_rng(7), 1_000_000, 1.6448536269514722
    pay = 300e3 * np.exp(np.log(365 / 300) / z95 * rng.standard_normal(n_draws))
    value = 300e9 * np.exp(np.log(1300 / 300) / z95 * rng.standard_normal(n_draws))
    share = rng.dirichlet([3, 6, 21], n_draws)[:, 0]
    effort = np.array([233.70e6, 295.47e6, 120.13e6, 342.60e6, 174.02e6]) / 300e3
    cost = pay * effort[rng.choice(5, n_draws, p=[2 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6])]
    bcr = value * share / cost
    by_hand = {
        "mean": bcr.mean(),
        "median": np.median(bcr),
        "low": np.quantile(bcr, 0.025),
        "high": np.quantile(bcr, 0.975),
        "ratio_of_means": (value * share).mean() / cost.mean(),
    }
    for statistic, number in by_hand.items():
        # a million plain draws of this ratio have a relative error of 0.15 % to 0.3 % in these statistics
        assert summary.find("bcr", statistic).value == pytest.approx(number, rel=0.015), statistic
    for threshold in (1, 4, 100):
        found = summary.find("bcr", "p_above", at=threshold).value
        assert found == pytest.approx(np.mean(bcr > threshold), abs=0.003)
