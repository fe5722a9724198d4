"""The bootstrap family against enumeration, closed forms and SciPy's own bootstrap."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim.analysis.sensitivity.shapley import ValueFunction
from sim.analysis.sensitivity.sobol_indices import sobol_indices
from sim.draws.draw import draw
from sim.engine.experiment import Experiment
from sim.engine.simulate import simulate
from sim.faults import InvalidInput
from sim.scenario.load import load
from tests.builders import load_text, parameter, scenario_text, write_scenario
from tests.distributions.builders import family

TEN = "x,y\n1,2\n2,1\n3,7\n4,3\n5,9\n6,2\n7,8\n8,9\n9,5\n10,12\n"


def bootstrap(name: str, statistic: str, more: str = "", column: str = "x") -> str:
    law = f'distribution = "bootstrap"\nfile = "a.csv"\ncolumn = "{column}"\nstatistic = "{statistic}"\n'
    return parameter(name, law + more)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.csv").write_text(TEN, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("sampler", ["sobol", "lhs", "random"])
def test_three_rows_by_enumeration(tmp_path: Path, sampler: str):
    """All 27 resamples are as likely; four standard errors of a share, one false alarm in 16,000."""
    (tmp_path / "a.csv").write_text("x\n0\n1\n5\n", encoding="utf-8")
    text = scenario_text(
        bootstrap("m", "mean"), bootstrap("s", "sd"), formula="m + s", n_draws=2**16, sampler=sampler
    )
    drawn = draw(load_text(tmp_path, text)).columns
    every = np.array(list(product([0.0, 1.0, 5.0], repeat=3)))
    for name, expected in (("m", every.mean(axis=1)), ("s", every.std(axis=1, ddof=1))):
        for value in np.unique(expected.round(9)):
            share = np.mean(np.isclose(expected, value, atol=1e-6))
            found = np.mean(np.isclose(drawn[name], value, atol=1e-6))
            assert abs(found - share) < 4 * np.sqrt(share * (1 - share) / 2**16), (name, value)


def test_correlation_as_by_scipys_bootstrap(folder: Path):
    """Both of 2^16 resamples; a standard deviation's relative error is under 0.5 % each, 1.5 % is allowed."""
    text = scenario_text(bootstrap("r", "correlation", 'against = "y"'), formula="r", n_draws=2**16)
    drawn = draw(load_text(folder, text)).columns["r"]
    x, y = np.loadtxt(folder / "a.csv", delimiter=",", skiprows=1).T
    theirs = stats.bootstrap(
        (x, y),
        lambda a, b, axis: stats.pearsonr(a, b, axis=axis).statistic,
        paired=True,
        vectorized=True,
        n_resamples=2**16,
        method="percentile",
        rng=np.random.default_rng(3),
    )
    assert drawn.std() == pytest.approx(theirs.standard_error, rel=0.015)
    for level in (0.1, 0.5, 0.9):
        found, other = np.quantile(drawn, level), np.quantile(theirs.bootstrap_distribution, level)
        assert found == pytest.approx(other, abs=0.012), level


def test_parameters_of_one_file_share_the_resample(folder: Path):
    parts = [bootstrap("a", "mean"), bootstrap("b", "mean"), bootstrap("c", "mean", column="y")]
    drawn = draw(load_text(folder, scenario_text(*parts, formula="a"))).columns
    assert np.array_equal(drawn["a"], drawn["b"])
    x, y = np.loadtxt(folder / "a.csv", delimiter=",", skiprows=1).T
    # the correlation of means over one resample is the rows' own; 2^16 / 256 draws: sd of r about 0.04
    assert np.corrcoef(drawn["a"].ravel(), drawn["c"].ravel())[0, 1] == pytest.approx(
        np.corrcoef(x, y)[0, 1], abs=0.16
    )


def test_the_law_by_itself_and_the_draws_are_one(folder: Path):
    """The law is of 2^14 Sobol' points, the draws of others: quantiles within 1 % of the spread."""
    text = scenario_text(bootstrap("m", "mean"), formula="m", n_draws=2**16)
    scenario = load_text(folder, text)
    drawn = draw(scenario).columns["m"]
    law = family("bootstrap", file="a.csv", column="x", statistic="mean").read(folder).law()
    assert law.mean() == pytest.approx(5.5, abs=0.01)
    assert law.std() == pytest.approx(np.sqrt(8.25 / 10), rel=0.01)  # population variance 8.25, 10 rows
    for level in (0.05, 0.25, 0.5, 0.75, 0.95):
        assert float(law.ppf(np.array(level))) == pytest.approx(np.quantile(drawn, level), abs=0.1)


def test_resamples_without_a_correlation_are_drawn_anew(tmp_path: Path):
    """Four rows in general position: 4 of 256 resamples have none; the others by enumeration."""
    (tmp_path / "a.csv").write_text("x,y\n0.1,1\n1.3,0\n2.7,5.1\n5,3.3\n", encoding="utf-8")
    text = scenario_text(bootstrap("r", "correlation", 'against = "y"'), formula="r", n_draws=2**16)
    drawn = draw(load_text(tmp_path, text)).columns["r"]
    rows = np.array([[0.1, 1.0], [1.3, 0.0], [2.7, 5.1], [5.0, 3.3]])
    every = [rows[list(picks)] for picks in product(range(4), repeat=4) if len(set(picks)) > 1]
    exact = np.array([np.corrcoef(each.T)[0, 1] for each in every])
    assert len(exact) == 252
    assert np.isfinite(drawn).all()
    # a mean of 2^16 draws: five standard errors
    assert drawn.mean() == pytest.approx(exact.mean(), abs=5 * exact.std() / 2**8)
    assert drawn.std() == pytest.approx(exact.std(), rel=0.01)


def test_it_is_one_input_of_the_sensitivity_analysis(folder: Path):
    """Mean of rows plus an independent normal of the same variance: half each.

    The sum is positive in all draws of the run, but not in all mixtures: there is no log scale.
    """
    spread = float(np.sqrt(8.25 / 10))
    parts = [bootstrap("m", "mean"), parameter("e", f'distribution = "normal"\nmean = 0\nsd = {spread!r}')]
    scenario = load_text(folder, scenario_text(*parts, formula="m + e", n_draws=2**14, seed=1))
    made = Experiment(scenario, simulate(scenario).arrays)
    found = {each.group.name: each for each in sobol_indices(made)}
    assert made.outcome.min() > 0
    assert {each.scale for each in found.values()} == {"raw"} == set(ValueFunction(made).transforms)
    assert found["m"].first.value == pytest.approx(0.5, abs=0.03)
    assert found["e"].total.value == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize(
    "content, law, said",
    [
        ("x\n1\n", 'statistic = "mean"', "has 1 rows"),
        ("x\n" + "1\n" * 10_001, 'statistic = "mean"', "has 10,001 rows"),
        ("x,y\n" + "1,2\n" * 9 + "2,3\n", 'statistic = "correlation"\nagainst = "y"', "too few different"),
        (TEN, 'statistic = "correlation"\nagainst = "z"', "no such column"),
    ],
)
def test_files_that_cannot_be_resampled(tmp_path: Path, content: str, law: str, said: str):
    (tmp_path / "a.csv").write_text(content, encoding="utf-8")
    text = scenario_text(
        parameter("r", f'distribution = "bootstrap"\nfile = "a.csv"\ncolumn = "x"\n{law}'), formula="r"
    )
    with pytest.raises(InvalidInput, match=said):
        simulate(load(write_scenario(tmp_path, text)))


def test_neither_correlated_nor_indexed(tmp_path: Path):
    (tmp_path / "a.csv").write_text(TEN, encoding="utf-8")
    parts = [
        bootstrap("r", "mean", 'unit = "USD"\nprice_year = 2020\nprice_index = { factor = 2, source = "s" }'),
        parameter("e", 'distribution = "normal"\nmean = 0\nsd = 1'),
        '[[correlations]]\nbetween = ["r", "e"]\nrank = 0.5\n',
    ]
    text = "price_year = 2024\n" + scenario_text(*parts, formula="e")
    with pytest.raises(InvalidInput) as caught:
        load(write_scenario(tmp_path, text))
    said = str(caught.value)
    assert "a statistic of rows takes no index" in said
    assert "'r' is not a parameter that can be correlated" in said
