"""Streams with one draw a year: exact variances, draws by name and year, groups in analyses."""

from pathlib import Path

import numpy as np
import pytest

from sim.analysis.sensitivity.moment_independent_measures import rank_correlations
from sim.analysis.sensitivity.tornado import tornado
from sim.engine.experiment import Experiment
from sim.engine.inputs import inputs_of
from sim.engine.simulate import simulate
from sim.engine.variants import Variants
from sim.parallel import SerialExecutor
from sim.scenario.load import load
from sim.scenario.power_form import power_form
from sim.scenario.schema import Scenario
from sim.types import Array
from tests.builders import parameter, simulate_streaming, write_scenario
from tests.streams.by_year import horizon, loaded, stream, totals

NORMAL = 'distribution = "normal"\nmean = 2\nsd = 3\n'
N_YEARS, RHO = 25, 0.6
INDEPENDENT = NORMAL + 'by_year = "independent"'
AR1 = NORMAL + f'by_year = "ar1"\ncorrelation = {RHO}'
WALK = NORMAL + 'by_year = "random-walk"'


def by_year(scenario: Scenario, name: str) -> Array:
    """Return the draws of a stream, (year, draw)."""
    columns = simulate(scenario).arrays.columns
    return np.stack([draws.ravel() for each, draws in columns.items() if each.startswith(f"{name}.")])


LAGS = np.abs(np.subtract.outer(np.arange(N_YEARS), np.arange(N_YEARS)))
COVARIANCES = {
    INDEPENDENT: 9.0 * np.eye(N_YEARS),
    AR1: 9.0 * RHO**LAGS,
    WALK: 9.0 * (1.0 + np.minimum.outer(np.arange(N_YEARS), np.arange(N_YEARS))),
}


@pytest.mark.parametrize("law", COVARIANCES, ids=["independent", "ar1", "random-walk"])
def test_the_variance_of_a_sum_over_years_is_exact(tmp_path: Path, law: str):
    # Var(sum) = 1' C 1 with the covariances C above: of AR(1), sd**2 (n + 2 sum_k (n - k) rho**k)
    scenario = loaded(tmp_path, horizon(N_YEARS), stream("x", law), formula="sum(x)", n_draws=2**15)
    exact = COVARIANCES[law].sum()
    found = totals(scenario).ravel()
    # the variance of a normal sample has the relative standard error sqrt(2 / n): five of them
    assert np.var(found) == pytest.approx(exact, rel=5 * np.sqrt(2 / found.size))
    n_sums = np.arange(1, N_YEARS + 1).sum() if law == WALK else N_YEARS
    assert np.mean(found) == pytest.approx(2.0 * n_sums, abs=5 * np.sqrt(exact / found.size))


@pytest.mark.parametrize("law", COVARIANCES, ids=["independent", "ar1", "random-walk"])
def test_every_pair_of_years_has_the_stated_covariance(tmp_path: Path, law: str):
    scenario = loaded(tmp_path, horizon(N_YEARS), stream("x", law), formula="sum(x)", n_draws=2**15)
    found, exact = np.cov(by_year(scenario, "x")), COVARIANCES[law]
    error = np.sqrt((np.outer(np.diag(exact), np.diag(exact)) + exact**2) / 2**15)
    assert np.abs((found - exact) / error).max() < 5.5  # of 325 pairs, one in 20,000 right programs fails


def test_each_year_of_ar1_follows_the_law_whatever_it_is(tmp_path: Path):
    law = 'distribution = "lognormal"\np05 = 1\np95 = 4\nby_year = "ar1"\ncorrelation = -0.4'
    scenario = loaded(tmp_path, horizon(12), stream("x", law), formula="sum(x)", n_draws=2**14)
    draws = by_year(scenario, "x")
    np.testing.assert_allclose(np.quantile(draws, [0.05, 0.5, 0.95], axis=1).T, [[1, 2, 4]] * 12, rtol=0.04)
    logs = np.log(draws)
    assert np.corrcoef(logs[3], logs[4])[0, 1] == pytest.approx(-0.4, abs=0.04)


@pytest.mark.parametrize("law", COVARIANCES, ids=["independent", "ar1", "random-walk"])
def test_a_longer_horizon_leaves_the_draws_of_earlier_years_alone(tmp_path: Path, law: str):
    short = loaded(tmp_path, horizon(5), stream("x", law), formula="sum(x)")
    other = stream("w", INDEPENDENT)
    long = loaded(tmp_path, horizon(40), other, stream("x", law), formula="sum(x)", name="long.toml")
    np.testing.assert_array_equal(by_year(long, "x")[:5], by_year(short, "x"))
    assert not np.array_equal(by_year(long, "w")[0], by_year(long, "x")[0])


def test_a_year_is_a_year_of_the_calendar(tmp_path: Path):
    early = loaded(tmp_path, horizon(10, start=2020), stream("x", INDEPENDENT), formula="sum(x)")
    late = loaded(
        tmp_path, horizon(10, start=2023), stream("x", INDEPENDENT), formula="sum(x)", name="b.toml"
    )
    np.testing.assert_array_equal(by_year(early, "x")[3:], by_year(late, "x")[:7])


GAIN = parameter("gain", 'distribution = "lognormal"\nmedian = 3\np95 = 5')
NOISE = stream("noise", 'distribution = "lognormal"\nmedian = 1\np95 = 2\nby_year = "ar1"\ncorrelation = 0.3')
NOISY = (horizon(8), GAIN, NOISE, stream("net", "formula = 'gain * noise'"))
FORMULA = "present_value(net, 0.04)"


def test_a_factor_of_every_year_is_integrated_out_beside_noise_by_year(tmp_path: Path):
    scenario = loaded(tmp_path, *NOISY, formula=FORMULA, n_draws=2**13)
    results = simulate(scenario)
    median = next(row for row in results.statistics.rows if row.statistic == "median")
    draws = results.variable("total")
    plain = np.std(np.median(draws, axis=1)) / np.sqrt(len(draws))
    assert median.mc_error < plain / 3
    assert median.value == pytest.approx(np.median(draws), abs=5 * plain)


def test_the_draws_of_all_years_are_one_input(tmp_path: Path):
    scenario = loaded(tmp_path, *NOISY, formula=FORMULA, n_draws=1024)
    assert [(each.name, len(each.columns)) for each in inputs_of(scenario)] == [("gain", 1), ("noise", 8)]
    experiment = Experiment(scenario, simulate(scenario).arrays)
    fresh = experiment.mixed({"noise"})
    np.testing.assert_array_equal(fresh.columns["gain"], experiment.first.columns["gain"])
    assert all(
        (fresh.columns[name] != experiment.first.columns[name]).all()
        for name in inputs_of(scenario)[1].columns
    )
    assert list(tornado(experiment)["group"]) == ["gain", "noise"]
    ranks = rank_correlations(experiment)
    assert list(ranks["name"]) == ["gain", "noise"]
    assert (ranks["spearman"] > 0.3).all()


def test_a_summary_has_no_rows_by_year(tmp_path: Path):
    scenario = loaded(tmp_path, *NOISY, formula=FORMULA)
    assert {row.quantity for row in simulate(scenario).statistics.rows} == {"total", "gain"}


def test_draws_do_not_depend_on_what_is_made_with_them(tmp_path: Path):
    scenario = loaded(tmp_path, *NOISY, formula=FORMULA, n_draws=2**15)
    stored = simulate(scenario)
    streamed = simulate_streaming(1, scenario, executor=SerialExecutor())
    n_kept = streamed.variable("total").shape[1]
    np.testing.assert_array_equal(streamed.variable("noise.2031"), stored.variable("noise.2031")[:, :n_kept])
    rows = [
        next(row for row in each.statistics.rows if (row.quantity, row.statistic) == ("total", "sd"))
        for each in (stored, streamed)
    ]
    assert rows[1].value == pytest.approx(rows[0].value, rel=1e-12)
    varied = Variants().run(scenario)
    np.testing.assert_array_equal(varied.variable("total"), stored.variable("total"))


def test_a_scenario_with_laws_by_year_survives_its_own_words(tmp_path: Path):
    # values and file are keys of families too
    coins = stream(
        "coins", 'distribution = "discrete"\nvalues = [1, 2]\nweights = [1, 3]\nby_year = "independent"'
    )
    (tmp_path / "seen.csv").write_text("x\n1\n4\n")
    seen = stream(
        "seen", 'distribution = "empirical"\nfile = "seen.csv"\ncolumn = "x"\nby_year = "independent"'
    )
    scenario = loaded(tmp_path, horizon(3), coins, seen, formula="sum(coins) + sum(seen)")
    assert load(scenario.table) == scenario
    assert Scenario.model_validate_json(scenario.model_dump_json()) == scenario
    columns = simulate(scenario).arrays.columns
    assert set(columns["coins.2026"].flat) == {1.0, 2.0}
    assert np.mean(columns["coins.2026"] == 2.0) == pytest.approx(0.75, abs=0.01)
    assert set(columns["seen.2025"].flat) == {1.0, 4.0}


LIFE = parameter("life", 'distribution = "discrete"\nvalues = [2, 3, 5]\nweights = [1, 1, 2]')


def test_a_stream_is_nothing_after_its_end(tmp_path: Path):
    outcomes = "".join(
        f'[outcomes.o{place}]\nformula = "{formula}"\n'
        for place, formula in enumerate(
            ["present_value(7, 0.1)", "mean(t)", "at(t, 2028)", "at(cumulative(t), 2029)"]
        )
    )
    scenario = loaded(tmp_path, horizon("life"), LIFE, outcomes, formula="sum(t + 1)")
    found = simulate(scenario)
    life = found.variable("life")
    assert set(life.flat) == {2.0, 3.0, 5.0}
    np.testing.assert_allclose(found.variable("total"), life * (life + 1) / 2)
    np.testing.assert_allclose(found.variable("o0"), 7 * (1 - 1.1**-life) / (1 - 1 / 1.1), rtol=1e-14)
    np.testing.assert_allclose(found.variable("o1"), (life - 1) / 2)
    np.testing.assert_allclose(found.variable("o2"), np.where(life > 3, 3.0, 0.0))
    np.testing.assert_allclose(found.variable("o3"), np.where(life > 4, 10.0, 0.0))


def test_the_number_of_years_is_no_factor(tmp_path: Path):
    scenario = loaded(tmp_path, horizon("life"), LIFE, *NOISY[1:], formula=FORMULA)
    assert power_form(scenario, "total", "life") is None
    assert power_form(scenario, "total", "noise.2026") is None


def test_the_draws_of_a_law_are_as_many_as_the_longest_life(tmp_path: Path):
    scenario = loaded(tmp_path, horizon("life"), LIFE, NOISE, formula="sum(noise)")
    assert len(by_year(scenario, "noise")) == 5


def test_an_overlay_may_state_a_stream_another_way(tmp_path: Path):
    loaded(tmp_path, *NOISY, formula=FORMULA)
    text = 'title = "b"\nextends = "test.toml"\n[streams.noise]\nformula = "1 + t"\n'
    scenario = load(write_scenario(tmp_path, text, "b.toml"))
    assert scenario.streams["noise"].law is None
