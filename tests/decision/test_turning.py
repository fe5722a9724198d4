"""Acceptability, switching and break-even values against closed forms."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.analysis.decision.acceptability import acceptability
from sim.analysis.decision.break_even import break_even_table, break_evens
from sim.analysis.decision.response import Response, columns_read
from sim.analysis.decision.switching_values import switching_values
from tests.builders import parameter
from tests.decision.experiments import experiment_of, shipped

X = parameter("x", 'distribution = "lognormal"\nmedian = 8\nsigma = 0.5')
Y = parameter("y", 'distribution = "lognormal"\nmedian = 2\nsigma = 0.3')
Z95 = stats.norm.ppf(0.975)


def row(table: pd.DataFrame, name: str, threshold: float) -> pd.Series:
    found = table[(table["parameter"] == name) & (table["threshold"] == threshold)]
    assert len(found) == 1
    return found.iloc[0]


def test_acceptability_of_a_lognormal_is_its_survival_function(tmp_path: Path):
    # ln(x/y) ~ N(ln 4, 0.5^2 + 0.3^2). 123 correlated points within 6 errors of 3 degrees of freedom, and
    # 1e-3 where the error is itself zero: fixed seed, false alarm below 1 %.
    experiment = experiment_of(tmp_path, X, Y, formula="x / y", dimensions=["x", "y"])
    table = acceptability(experiment, (1.0, 4.0))
    exact = stats.lognorm(np.hypot(0.5, 0.3), scale=4.0).sf(table["threshold"])
    assert {1.0, 4.0} <= set(table["threshold"]) and 120 <= len(table) <= 122
    np.testing.assert_array_less(np.abs(table["probability"] - exact), 6 * table["error"] + 1e-3)
    steps = np.diff(np.log(table["threshold"]))
    assert steps.max() < 0.1, "equal steps of the logarithm, at most one inserted threshold in each"


def test_acceptability_has_the_published_value_and_a_linear_grid_where_negative(tmp_path: Path):
    published = '[report.published]\nsource = "s"\nvalues.total = 0.25\n'
    normal = parameter("z", 'distribution = "normal"\nmean = 0\nsd = 1')
    table = acceptability(experiment_of(tmp_path, normal, published, formula="z"), ())
    assert 0.25 in set(table["threshold"])
    assert table["threshold"].min() == pytest.approx(stats.norm.ppf(0.001), rel=0.02)
    at = table[table["threshold"] == 0.25].iloc[0]
    assert at["probability"] == pytest.approx(stats.norm.sf(0.25), abs=1e-3)  # 4 nets of 4,096 points


@pytest.mark.parametrize("formula", ["x / y", "x / y + 0 * max(y, 3)", "min(x / y, 1e9) + 0"])
def test_switching_and_break_even_of_a_ratio_of_lognormals(tmp_path: Path, formula: str):
    # median(x / y | x = v) = v / 2 and median(x / y | y = v) = 8 / v: at 3, v = 6 and v = 8/3. In the draw
    # with y, x must be 3 y: lognormal, median 6, sigma 0.3. The second formula says the same in a form that
    # only the root finder can do. Medians of 16,384 (8,192, 4,096) Sobol' draws of a smooth function are good
    # to 0.2 %, the ends of the interval to 2 %.
    experiment = experiment_of(tmp_path, X, Y, formula=formula)
    turning = switching_values(experiment, (3.0,))
    for name, value, law in (
        ("x", 6.0, stats.lognorm(0.5, scale=8)),
        ("y", 8 / 3, stats.lognorm(0.3, scale=2)),
    ):
        found = row(turning, name, 3.0)
        assert found["verdict"] == "turns"
        assert found["value"] == pytest.approx(value, rel=5e-3)
        assert found["percentile"] == pytest.approx(law.cdf(found["value"]), rel=1e-9)
    found = row(break_even_table(break_evens(experiment, (3.0,))), "x", 3.0)
    assert found["median"] == pytest.approx(6.0, rel=5e-3)
    assert found["low"] == pytest.approx(6 * np.exp(-0.3 * Z95), rel=0.02)
    assert found["high"] == pytest.approx(6 * np.exp(0.3 * Z95), rel=0.02)
    assert (found["probability"], found["share_without"]) == (0.95, 0.0)


def test_closed_form_and_root_finder_agree_draw_by_draw(tmp_path: Path):
    # the same outcome, once as a power of x that power_form recognises, once hidden in a sum with zero
    tables = [
        break_even_table(
            break_evens(experiment_of(tmp_path, X, Y, formula=formula, n_draws=4096), (2.0, 50.0))
        )
        for formula in ("x ** 2 / y", "x ** 2 / y + 0 * exp(0 * x)")
    ]
    for column in ("low", "median", "high"):
        np.testing.assert_allclose(tables[0][column], tables[1][column], rtol=1e-7)


def test_a_share_moves_its_siblings(tmp_path: Path):
    # s ~ beta(2, 6), rest r1, r2 in proportion: with s = v the others are (1 - v) in all, so that
    # s / (r1 + r2) = v / (1 - v) = 1/2 at v = 1/3 in every draw; beta(2, 6) has cdf(1/3) there.
    shares = parameter("w", 'distribution = "dirichlet"\nalphas = { s = 2, r1 = 3, r2 = 3 }')
    experiment = experiment_of(tmp_path, shares, formula="w.s / (w.r1 + w.r2)")
    found = row(switching_values(experiment, (0.5,)), "w.s", 0.5)
    assert found["value"] == pytest.approx(1 / 3, rel=1e-6)
    assert found["percentile"] == pytest.approx(stats.beta(2, 6).cdf(1 / 3), rel=1e-6)
    even = row(break_even_table(break_evens(experiment, (0.5,))), "w.s", 0.5)
    assert even[["low", "median", "high"]].to_numpy(dtype=float) == pytest.approx([1 / 3] * 3, rel=1e-6)


def test_no_value_inside_the_support_is_said(tmp_path: Path):
    # u in [0, 1] and y with median 2: u * y reaches 3 in the median only at u = 1.5. In a draw it does if
    # y >= 3: P(y < 3) = Phi(ln(3/2)/0.3) has no value. 16,384 draws, stratified: 3e-4.
    unit = parameter("u", 'distribution = "uniform"\nlow = 0\nhigh = 1')
    experiment = experiment_of(tmp_path, unit, Y, formula="u * y")
    found = row(switching_values(experiment, (3.0,)), "u", 3.0)
    assert found["verdict"] == "median always below" and np.isnan(found["value"])
    assert np.isnan(found["percentile"])
    even = row(break_even_table(break_evens(experiment, (3.0,))), "u", 3.0)
    assert even["share_without"] == pytest.approx(stats.norm.cdf(np.log(1.5) / 0.3), abs=1e-3)
    assert even["high"] <= 1.0
    assert row(switching_values(experiment, (-1.0,)), "u", -1.0)["verdict"] == "median always above"


def test_a_hump_is_not_taken_for_one_that_never_turns(tmp_path: Path):
    # (n - 1)^2 is 4 at n = -1 and n = 3; both ends are above. They are 2.2 and 1.8 from the median, 1.2.
    normal = parameter("n", 'distribution = "normal"\nmean = 1.2\nsd = 1')
    experiment = experiment_of(tmp_path, normal, formula="(n - 1) ** 2")
    found = row(switching_values(experiment, (4.0,)), "n", 4.0)
    assert found["value"] == pytest.approx(3.0, rel=1e-6)
    assert found["percentile"] == pytest.approx(stats.norm.cdf(1.8), rel=1e-6)
    even = row(break_even_table(break_evens(experiment, (4.0,))), "n", 4.0)
    assert even["median"] == pytest.approx(3.0, rel=1e-6)


def test_a_pole_in_the_support_does_not_stop_the_search(tmp_path: Path):
    # 1 / (n - 5) is infinite at 5, where no draw falls; it is 1 at n = 6
    normal = parameter("n", 'distribution = "normal"\nmean = 6.2\nsd = 0.1')
    experiment = experiment_of(tmp_path, normal, formula="1 / (n - 5)")
    assert row(switching_values(experiment, (1.0,)), "n", 1.0)["value"] == pytest.approx(6.0, rel=1e-6)


def test_discrete_parameters_switch_but_have_no_break_even(tmp_path: Path):
    steps = parameter("d", 'distribution = "discrete"\nvalues = [1, 5]\nweights = [1, 3]')
    experiment = experiment_of(tmp_path, steps, Y, formula="d * y")
    found = row(switching_values(experiment, (4.0,)), "d", 4.0)
    assert found["value"] == pytest.approx(2.0, rel=5e-3) and found["percentile"] == 0.25
    assert set(break_even_table(break_evens(experiment, (4.0,)))["parameter"]) == {"y"}


def test_a_conditioned_parameter_has_its_posteriors_percentile(tmp_path: Path):
    # prior N(0, 1), one value 2 with sd 1, no spread between sources: posterior N(1, 1/2) in closed form
    normal = parameter("n", 'distribution = "normal"\nmean = 0\nsd = 1')
    observed = '[evidence.observations.n]\nvalues = [2]\nsd = 1\nscale = "natural"\nsource = "s"\n'
    experiment = experiment_of(tmp_path, normal, observed, formula="n")
    found = row(switching_values(experiment, (1.5,)), "n", 1.5)
    assert found["value"] == pytest.approx(1.5, rel=1e-6)
    assert found["percentile"] == pytest.approx(stats.norm(1, np.sqrt(0.5)).cdf(1.5), rel=1e-6)
    # far out in the posterior's tail, yet inside its support
    assert row(switching_values(experiment, (50.0,)), "n", 50.0)["value"] == pytest.approx(50.0, rel=1e-6)


def test_nothing_varies_in_the_published_scenario_but_its_method():
    experiment = shipped("published")
    assert switching_values(experiment, (1.0,)).empty
    assert break_even_table(break_evens(experiment, (1.0,))).empty


def test_scan_stays_inside_the_support_and_ascends():
    experiment = shipped("default", "sampling.n_draws=1024")
    for column in columns_read(Response(experiment)):
        grid = column.grid()
        assert np.all(np.diff(grid) > 0)
        assert column.support[0] < grid[0] and grid[-1] < column.support[1]


def test_default_switching_values_are_the_threshold_over_the_median():
    # the outcome is proportional to AI value and to the share, and inversely to pay: at the switching value
    # of AI value a the median of bcr / a is t / v, by numpy alone
    experiment = shipped("default")
    table = switching_values(experiment, (1.0, 100.0))
    columns, bcr = experiment.first.columns, experiment.outcome
    for name, power in (("ai_value", 1), ("attribution.algorithms", 1), ("salary", -1)):
        rest = np.median(bcr / columns[name] ** power)
        for threshold in (1.0, 100.0):
            expected = (threshold / rest) ** (1 / power)
            assert row(table, name, threshold)["value"] == pytest.approx(expected, rel=1e-9)
    # `contributors` prices a third of the draws only: the median moves, but not in proportion
    assert row(table, "contributors", 1.0)["verdict"] == "median always above"
    value = row(table, "contributors", 100.0)["value"]
    sample = experiment.first.replace({"contributors": np.full(experiment.first.shape, value)}, {})
    assert np.median(experiment.evaluate(sample)) == pytest.approx(100.0, rel=0.02)  # 8,192 of 65,536 draws
