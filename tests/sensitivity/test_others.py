"""Rank correlations, tornado, PAWN, and the tables, against closed forms and other implementations."""

from pathlib import Path

import numpy as np
import pytest
from SALib.analyze import pawn
from scipy import stats

from sim.analysis.sensitivity.analysis import sensitivity_tables
from sim.analysis.sensitivity.moment_independent_measures import distance, pawn_indices, rank_correlations
from sim.analysis.sensitivity.tornado import tornado
from sim.engine.experiment import Experiment
from sim.engine.simulate import simulate
from sim.scenario.load import load
from tests.builders import parameter
from tests.sensitivity.conftest import Make

LOGNORMALS = [
    parameter(name, f'distribution = "lognormal"\nmedian = {median}\nsigma = {sigma}')
    for name, median, sigma in (("a", 2, 0.3), ("b", 3, 0.6), ("c", 5, 0.1))
]
WAY = "[choices.way]\nonce = 1\nthrice = 3\n[outcomes.y]\nby = 'way'\nonce = 'a * b'\nthrice = '2 * a * b'\n"


def test_rank_correlations_by_regression_of_ranks(experiment: Make):
    """The partial one is the correlation of what is left of two ranks after regression on all others."""
    made = experiment(*LOGNORMALS, formula="a * b + c")
    found = rank_correlations(made).set_index("name")
    y = stats.rankdata(made.outcome.ravel())
    ranks = {name: stats.rankdata(made.first.columns[name].ravel()) for name in "abc"}
    for name in "abc":
        assert found.loc[name, "spearman"] == pytest.approx(
            stats.spearmanr(made.first.columns[name].ravel(), made.outcome.ravel()).statistic
        )
        others = np.column_stack([np.ones_like(y), *(ranks[other] for other in "abc" if other != name)])
        left = [v - others @ np.linalg.lstsq(others, v)[0] for v in (ranks[name], y)]
        assert found.loc[name, "partial"] == pytest.approx(np.corrcoef(*left)[0, 1], abs=1e-9)


def test_rank_correlations_of_the_only_input(experiment: Make):
    """Ranks rise or fall with those of the only input; what another adds below rounding explains nothing."""
    only, falling = (experiment(LOGNORMALS[0], formula=formula) for formula in ("exp(a)", "1 / a"))
    for made, right in ((only, 1.0), (falling, -1.0)):
        (found,) = rank_correlations(made).itertuples()
        assert (found.spearman, found.partial) == pytest.approx((right, right), abs=1e-9)
    found = rank_correlations(experiment(*LOGNORMALS[:2], formula="a + 1e-20 * b"))
    assert tuple(found["partial"]) == pytest.approx((1.0, 0.0), abs=1e-6)


def test_shares_of_huge_outcomes_are_those_of_small_ones(experiment: Make):
    """Shares of a variance do not depend on the unit, though squares of 1e300 overflow."""
    small, huge = (
        sensitivity_tables(experiment(*LOGNORMALS, formula=f"{size} * (a - b)")) for size in (1, 1e300)
    )
    for name in ("sensitivity_indices", "moment_independent", "rank_correlations"):
        one, other = (table[name].select_dtypes("number").to_numpy(float) for table in (small, huge))
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-9)


def test_tornado_of_a_product(experiment: Make):
    """Others at medians: y runs from 3 * q05(a) * 5 to 3 * q95(a) * 5."""
    swing = tornado(experiment(*LOGNORMALS, formula="a * b / c")).set_index("group")
    assert swing["centre"].unique() == pytest.approx(2 * 3 / 5, rel=1e-3)
    z = stats.norm.ppf(0.95)
    assert swing.loc["b", "at_low"] == pytest.approx(1.2 * np.exp(-0.6 * z), rel=2e-3)
    assert swing.loc["b", "at_high"] == pytest.approx(1.2 * np.exp(0.6 * z), rel=2e-3)
    assert (swing.loc["b", "direction"], swing.loc["c", "direction"]) == ("rising", "falling")
    assert swing.loc["c", "at_low"] > swing.loc["c", "at_high"]


def test_tornado_averages_over_an_open_choice(experiment: Make):
    """Weights 1/4 and 3/4 of a b and 2 a b: the centre is 1.75 * 6; the choice runs from 6 to 12."""
    swing = tornado(experiment(*LOGNORMALS[:2], WAY, formula="y")).set_index("group")
    assert swing["centre"].unique() == pytest.approx(1.75 * 6, rel=1e-3)
    assert swing.loc["way", "at_low"] == pytest.approx(6, rel=1e-3)
    assert swing.loc["way", "at_high"] == pytest.approx(12, rel=1e-3)


def test_pawn_of_the_outcome_itself(experiment: Make):
    """Y = x: a slice of probability 1/10 lies max(s, 9 - s)/10 from the whole; the median of those is 0.7."""
    x = parameter("x", 'distribution = "uniform"\nlow = 1\nhigh = 2')
    idle = parameter("idle", 'distribution = "uniform"\nlow = 1\nhigh = 2')
    found = pawn_indices(experiment(x, idle, formula="x + 0 * idle")).set_index("group")["pawn"]
    assert found["x"] == pytest.approx(0.7, abs=0.01)
    assert found["idle"] < 0.08


def test_pawn_is_salibs_on_the_same_draws(experiment: Make):
    made = experiment(*LOGNORMALS, formula="a * b / c", n_draws=4096)
    x = np.column_stack([made.first.columns[name].ravel() for name in "abc"])
    problem = {"num_vars": 3, "names": list("abc"), "bounds": [[0, 1]] * 3}
    theirs = pawn.analyze(problem, x, made.outcome.ravel(), S=10)
    ours = pawn_indices(made).set_index("group")["pawn"]
    assert [ours[name] for name in "abc"] == pytest.approx(list(theirs["median"]))


def test_distance_of_distributions_is_scipys():
    """Continuous draws, draws with ties, samples of unlike sizes: the statistic of scipy.

    The last digit may differ: scipy rounds to multiples of 1 over the common multiple of the sizes.
    """
    rng = np.random.default_rng(7)
    pairs = [
        (rng.normal(size=40), rng.normal(0.3, size=401)),
        (rng.integers(5, size=30), rng.integers(6, size=70)),
    ]
    pairs += [(whole[:n], whole) for n, whole in ((1, rng.normal(size=9)), (102, rng.normal(size=1024)))]
    for part, whole in pairs:
        assert distance(part, whole) == pytest.approx(stats.ks_2samp(part, whole).statistic, rel=1e-14)


@pytest.fixture(scope="module")
def default() -> Experiment:
    scenario = load(Path(__file__).parents[2] / "priors" / "default.toml")
    return Experiment(scenario, simulate(scenario).arrays)


def test_tables_of_the_default_scenario(default: Experiment):
    """Log BCR is additive in salary, AI value and attribution: their shares are variances of logarithms."""
    tables = sensitivity_tables(default)
    indices = tables["sensitivity_indices"].set_index(["scale", "index", "group"])["value"]
    variance = np.var(np.log(default.outcome))
    exact = {
        "salary": (np.log(365 / 300) / stats.norm.ppf(0.95)) ** 2,  # lognormal sigma
        "ai_value": (np.log(1300 / 300) / stats.norm.ppf(0.95)) ** 2,
        "attribution": float(np.var(np.log(stats.beta(3, 27).ppf((np.arange(10**6) + 0.5) / 10**6)))),
    }
    for name, sigma2 in exact.items():
        for index in ("first", "total", "shapley"):
            assert indices["log", index, name] == pytest.approx(sigma2 / variance, rel=0.03, abs=1e-3)
    kinds = tables["variance_by_kind"].set_index(["scale", "kind"])["shapley"]
    assert kinds["log"].sum() == pytest.approx(1.0)
    assert kinds["log", "judgement"] == pytest.approx(sum(exact.values()) / variance, rel=0.02)
    assert len(tables["drivers"]) == 1024
    assert list(tables["tornado"]["share"]) == sorted(tables["tornado"]["share"], reverse=True)


def test_pawn_ranks_as_the_variance_does():
    """With calibrated draws, where every input's share of the variance stands apart from the next."""
    scenario = load(Path(__file__).parents[2] / "priors" / "default.toml", ["evidence.method=calibrated"])
    pawn_ranks = sensitivity_tables(Experiment(scenario, simulate(scenario).arrays))["moment_independent"]
    assert (pawn_ranks["rank_by_pawn"] == pawn_ranks["rank_by_total"]).all()


def test_nothing_varies_nothing_to_split(experiment: Make):
    fixed = parameter("fixed", 'distribution = "constant"\nvalue = 3')
    assert sensitivity_tables(experiment(fixed, formula="fixed * 2")) == {}
