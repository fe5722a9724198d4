"""The two-way map against closed forms, and what it refuses."""

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim.analysis.decision.acceptability import default_pair, pair_named, threshold_map
from sim.faults import InvalidInput
from tests.builders import parameter
from tests.decision.experiments import experiment_of, shipped

A = parameter("a", 'distribution = "lognormal"\nmedian = 1\nsigma = 1')
B = parameter("b", 'distribution = "normal"\nmean = 5\nsd = 0.5')
C = parameter("c", 'distribution = "lognormal"\nmedian = 1\nsigma = 0.2')


def test_map_of_a_product(tmp_path: Path):
    # with a and b set, a b c is lognormal around a b with sigma 0.2: median and tail in closed form. 4,096
    # Sobol' draws hold a probability to 3e-3, the median to 0.2 %.
    experiment = experiment_of(tmp_path, A, B, C, formula="a * b * c")
    table = threshold_map(experiment, *pair_named(experiment, ("a", "b")), threshold=5.0)
    assert len(table) == 41 * 41 and len(table.drop_duplicates(["x", "y"])) == 41 * 41
    product = table["x"] * table["y"]
    np.testing.assert_allclose(table["median"], product, rtol=2e-3)
    exact = stats.norm.cdf(np.log(product / 5) / 0.2)
    np.testing.assert_allclose(table["p_above"], exact, atol=3e-3)
    x, y = np.unique(table["x"]), np.unique(table["y"])
    np.testing.assert_allclose(np.diff(np.log(x)), np.diff(np.log(x))[0], rtol=1e-6)  # 95/5 ratio is e^3.3
    np.testing.assert_allclose(np.diff(y), np.diff(y)[0], rtol=1e-6)  # a support with negative values
    assert (x[0], x[-1]) == pytest.approx(stats.lognorm(1).ppf([0.01, 0.99]))
    assert set(table["x_name"]) == {"a"} and set(table["threshold"]) == {5.0}


def test_an_event_is_at_its_own_values_alone(tmp_path: Path):
    """Without the event the outcome is 0; with it a c, a lognormal with median 1 and sigma 1."""
    event = parameter("event", 'distribution = "discrete"\nvalues = [0, 1]\nweights = [3, 7]')
    experiment = experiment_of(tmp_path, A, C, event, formula="a * event * c")
    table = threshold_map(experiment, *pair_named(experiment, ("c", "event")), threshold=1.0)
    assert len(table) == 41 * 2
    assert sorted(set(table["y"])) == [0.0, 1.0]
    assert (table.loc[table["y"] == 0, ["median", "p_above"]] == 0).all(axis=None)
    at = table[table["y"] == 1]
    exact = stats.norm.cdf(np.log(at["x"]))  # a c > 1 where a > 1 / c
    np.testing.assert_allclose(at["p_above"], exact, atol=3e-3)


def test_default_pair_is_of_the_strongest_and_of_two_groups():
    # log variances: AI value 0.79, share (beta(3, 27)) 0.35, pay 0.014; costs by method and survey between,
    # but each survey column prices a sixth or a third of the draws only
    x, y = default_pair(shipped("default", "sampling.n_draws=4096")) or pytest.fail("no pair")
    assert (x.name, y.name) == ("ai_value", "attribution.algorithms")


def test_one_group_has_no_pair(tmp_path: Path):
    assert default_pair(experiment_of(tmp_path, A, formula="a", n_draws=256)) is None


def test_two_shares_of_one_whole(tmp_path: Path):
    # s + q above 1 cannot be; below, the third share is what is left
    shares = parameter("w", 'distribution = "dirichlet"\nalphas = { s = 2, q = 2, r = 2 }')
    experiment = experiment_of(tmp_path, shares, formula="w.r + 2 * w.s + 3 * w.q", n_draws=256)
    table = threshold_map(experiment, *pair_named(experiment, ("w.s", "w.q")), threshold=1.5)
    impossible = table["x"] + table["y"] > 1
    assert impossible.any() and table.loc[impossible, ["median", "p_above"]].isna().all(axis=None)
    kept = table[~impossible]
    np.testing.assert_allclose(kept["median"], 1 + kept["x"] + 2 * kept["y"], rtol=1e-12)


def test_wrong_names_are_refused_with_the_nearest(tmp_path: Path):
    shares = parameter("w", 'distribution = "dirichlet"\nalphas = { s = 2, q = 2 }')
    experiment = experiment_of(tmp_path, A, B, shares, formula="a * b * w.s * (1 + w.q)", n_draws=256)
    with pytest.raises(InvalidInput, match=r"'w\.z' is no uncertain quantity(.|\n)*nearest: w\.s"):
        pair_named(experiment, ("a", "w.z"))
    with pytest.raises(InvalidInput, match="two different names"):
        pair_named(experiment, ("a", "a"))
    with pytest.raises(InvalidInput, match="two different names"):
        pair_named(experiment, ("a",))
    with pytest.raises(InvalidInput, match="add to 1"):
        pair_named(experiment, ("w.s", "w.q"))
