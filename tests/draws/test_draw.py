"""Draws are keyed by name: nothing done to one parameter moves another's draws."""

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import spearmanr

from sim.draws.draw import Draws, achieved_correlations, draw
from tests.builders import load_text, parameter, scenario_text

SALARY = parameter("salary", 'distribution = "lognormal"\nmedian = 3e5\np95 = 3.65e5')
VALUE = parameter("value", 'distribution = "normal"\nmean = 5\nsd = 1')
SHARE = parameter(
    "share", 'distribution = "dirichlet"\nmeans = { a = 0.1, b = 0.2, c = 0.7 }\nconcentration = 30'
)
COUNT = parameter("count", 'distribution = "uniform"\nlow = 1\nhigh = 2')
METHOD = "[choices.method]\none = 1\ntwo = 2\n"
TIED = '[[correlations]]\nbetween = ["salary", "value"]\nrank = 0.5\n'
SAMPLERS = ["sobol", "lhs", "random"]


def drawn(folder: Path, sampler: str, *parts: str) -> Draws:
    return draw(load_text(folder, scenario_text(*parts, sampler=sampler)))


def assert_same(one: Draws, other: Draws, names: list[str]) -> None:
    for name in names:
        assert np.array_equal(one.columns[name], other.columns[name]), name


@pytest.fixture(params=SAMPLERS)
def sampler(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_adding_and_removing_a_parameter(tmp_path: Path, sampler: str):
    with_count = drawn(tmp_path, sampler, SALARY, COUNT, SHARE, VALUE, METHOD)
    without = drawn(tmp_path, sampler, SALARY, SHARE, VALUE, METHOD)
    assert_same(with_count, without, ["salary", "value", "share.a", "share.b", "share.c"])
    assert np.array_equal(with_count.choices["method"], without.choices["method"])


def test_reordering_parameters_components_and_alternatives(tmp_path: Path, sampler: str):
    shuffled = parameter(
        "share", 'distribution = "dirichlet"\nmeans = { c = 0.7, a = 0.1, b = 0.2 }\nconcentration = 30'
    )
    method = "[choices.method]\ntwo = 2\none = 1\n"
    one = drawn(tmp_path, sampler, SALARY, VALUE, SHARE, METHOD)
    other = drawn(tmp_path, sampler, method, shuffled, VALUE, SALARY)
    assert_same(one, other, ["salary", "value", "share.a", "share.b", "share.c"])
    assert np.array_equal(one.choices["method"], other.choices["method"])


@pytest.mark.parametrize(
    "law",
    [
        'distribution = "constant"\nvalue = 1',
        'distribution = "beta"\nalpha = 2\nbeta = 3',
        'distribution = "dirichlet"\nmeans = { x = 0.5, y = 0.5 }\nconcentration = 4',
        'distribution = "discrete"\nvalues = [1, 2]\nweights = [1, 1]',
    ],
)
def test_reshaping_a_parameter(tmp_path: Path, sampler: str, law: str):
    one = drawn(tmp_path, sampler, SALARY, VALUE, SHARE, COUNT)
    other = drawn(tmp_path, sampler, SALARY, VALUE, SHARE, parameter("count", law))
    assert_same(one, other, ["salary", "value", "share.a", "share.b", "share.c"])


def test_correlating_two_parameters_moves_no_third(tmp_path: Path, sampler: str):
    one = drawn(tmp_path, sampler, SALARY, VALUE, SHARE, COUNT, METHOD)
    other = drawn(tmp_path, sampler, SALARY, VALUE, SHARE, COUNT, METHOD, TIED)
    assert_same(one, other, ["count", "share.a", "share.b", "share.c", "salary"])
    assert not np.array_equal(one.columns["value"], other.columns["value"])
    assert np.array_equal(one.choices["method"], other.choices["method"])


def test_a_new_seed_moves_everything(tmp_path: Path, sampler: str):
    one = draw(load_text(tmp_path, scenario_text(SALARY, sampler=sampler, seed=0)))
    other = draw(load_text(tmp_path, scenario_text(SALARY, sampler=sampler, seed=1)))
    assert not np.intersect1d(one.columns["salary"], other.columns["salary"]).size


def test_correlation_reaches_the_draws_on_exact_marginals(tmp_path: Path):
    text = scenario_text(SALARY, VALUE, TIED, n_draws=2**14)
    scenario = load_text(tmp_path, text)
    found = draw(scenario)
    (pair,) = achieved_correlations(scenario, found)
    assert pair.asked == 0.5
    assert pair.achieved == pytest.approx(0.5, abs=0.03)
    # exact marginals: sobol points keep every 1/n quantile, so the median is met within one cell
    assert np.median(found.columns["value"]) == pytest.approx(5.0, abs=0.02)


def test_a_dirichlet_component_can_carry_a_correlation(tmp_path: Path):
    tied = '[[correlations]]\nbetween = ["salary", "share.b"]\nrank = -0.6\n'
    scenario = load_text(tmp_path, scenario_text(SALARY, SHARE, tied, n_draws=2**14))
    found = draw(scenario)
    assert achieved_correlations(scenario, found)[0].achieved == pytest.approx(-0.6, abs=0.03)
    total = sum(found.columns[f"share.{name}"] for name in "abc")
    np.testing.assert_allclose(total, 1.0, rtol=1e-12)
    # mean and sd of beta(6, 24), the marginal of b: 0.2 and sqrt(.2 * .8 / 31) = 0.07184
    assert found.columns["share.b"].mean() == pytest.approx(0.2, abs=0.002)
    assert found.columns["share.b"].std() == pytest.approx(0.07184, rel=0.02)


def test_choices_take_their_weights(tmp_path: Path):
    found = draw(load_text(tmp_path, scenario_text(METHOD, n_draws=4096)))
    # 4 randomisations of 1,024 stratified points: the share of one third is met within 1/1,024
    assert np.mean(found.choices["method"] == 0) == pytest.approx(1 / 3, abs=1 / 1024)


def test_rows_of_a_file_stay_together(tmp_path: Path):
    (tmp_path / "pairs.csv").write_text("x,y\n1,10\n2,20\n3,30\n", encoding="utf-8")
    x = parameter("x", 'distribution = "empirical"\nfile = "pairs.csv"\ncolumn = "x"')
    y = parameter("y", 'distribution = "empirical"\nfile = "pairs.csv"\ncolumn = "y"')
    both = draw(load_text(tmp_path, scenario_text(x, y)))
    assert np.array_equal(both.columns["y"], 10 * both.columns["x"])
    alone = draw(load_text(tmp_path, scenario_text(x)))
    assert_same(both, alone, ["x"])


def test_a_lone_column_of_a_file_can_be_correlated(tmp_path: Path):
    values = "\n".join(str(value) for value in [5, 1, 4, 2, 3, 9, 7, 8, 6, 0])
    (tmp_path / "x.csv").write_text(f"x\n{values}\n", encoding="utf-8")
    x = parameter("x", 'distribution = "empirical"\nfile = "x.csv"\ncolumn = "x"')
    tied = '[[correlations]]\nbetween = ["value", "x"]\nrank = 0.8\n'
    found = draw(load_text(tmp_path, scenario_text(x, VALUE, tied, n_draws=2**14)))
    achieved = spearmanr(found.columns["x"].ravel(), found.columns["value"].ravel()).statistic
    assert achieved == pytest.approx(0.8, abs=0.03)  # ten values: ties cost about 1 %
    assert set(np.unique(found.columns["x"])) == set(range(10))
