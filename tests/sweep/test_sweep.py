"""Sweeps against closed forms, and what cannot be swept."""

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim.analysis.sweep.grid import SweepGrid, read_axes, read_grid
from sim.analysis.sweep.points import keep_point, read_points, run_points, sweep_table
from sim.engine.simulate import simulate
from sim.faults import InvalidInput
from sim.parallel import SerialExecutor, executor_for
from tests.builders import parameter, scenario_text, write_scenario

VALUE = parameter("value", 'distribution = "lognormal"\nmedian = 600.0\nsigma = 0.5')
PAY = parameter("pay", 'distribution = "constant"\nvalue = 3.0')
SHARES = parameter(
    "shares", 'distribution = "dirichlet"\nmeans = { one = 0.1, two = 0.3, rest = 0.6 }\nconcentration = 20'
)
ALPHAS = parameter("shares", 'distribution = "dirichlet"\nalphas = { one = 2, two = 6, rest = 12 }')


def scenario(folder: Path, *parts: str, formula: str) -> Path:
    return write_scenario(folder, scenario_text(*parts, formula=formula))


def grid_of(path: Path, *over: str) -> SweepGrid:
    return read_grid(path, [], read_axes(over))


def medians(grid: SweepGrid, n_workers: int = 1) -> list[float]:
    with executor_for(n_workers) as executor:
        found = {each.digest: each for each in run_points(executor, grid.points)}
    table = sweep_table(grid, found)
    return table.loc[table["statistic"] == "median", "value"].to_list()


def test_the_median_goes_with_the_reciprocal_of_pay(tmp_path: Path):
    grid = grid_of(scenario(tmp_path, VALUE, PAY, formula="value / pay"), "pay.value=1:100:5:log")
    found = medians(grid)
    assert [point.texts[0] for point in grid.points][::2] == ["1", "10", "100"]
    # one seed: the median of value / pay times pay is one number, that of value itself
    times_pay = np.array(found) * grid.axes[0].numbers
    np.testing.assert_allclose(times_pay, times_pay[0], rtol=1e-12)
    # 256 random draws would give the median to 1.25 * 0.5 / 16 = 4 %, Sobol' points to less; seed fixed
    assert times_pay[0] == pytest.approx(600, rel=0.02)


@pytest.mark.parametrize("shares", [SHARES, ALPHAS])
def test_the_mean_of_a_share(tmp_path: Path, shares: str):
    # share two is beta(20 m, 20 (1 - m)) by itself; rest keeps six sevenths of what two leaves, share one one
    path = scenario(tmp_path, shares, formula="shares.two")
    for key in ("shares.two.mean", "parameters.shares.two.mean"):
        grid = grid_of(path, f"{key}=0.2,0.5")
        for point, mean in zip(grid.points, (0.2, 0.5), strict=True):
            law = point.scenario.parameters["shares"]
            assert law.means == pytest.approx(
                {"one": (1 - mean) / 7, "two": mean, "rest": 6 * (1 - mean) / 7}
            )
        expected = [stats.beta(20 * m, 20 * (1 - m)).median() for m in (0.2, 0.5)]
        # sd 0.11 at most: 256 random draws would give the median to 1.25 * 0.11 / 16 = 0.009; seed fixed
        np.testing.assert_allclose(medians(grid), expected, atol=0.02)


def test_words_and_two_axes(tmp_path: Path):
    grid = grid_of(
        scenario(tmp_path, VALUE, PAY, formula="value / pay"), "pay.value=2,1", "sampling.sampler=lhs,random"
    )
    assert [point.texts for point in grid.points] == [
        ("1", "lhs"), ("1", "random"), ("2", "lhs"), ("2", "random"),
    ]  # fmt: skip
    found = medians(grid)
    assert found[0] == pytest.approx(2 * found[2], rel=1e-12)
    assert found[1] == pytest.approx(2 * found[3], rel=1e-12)
    assert found[0] != found[1]


def test_years_and_other_whole_numbers(tmp_path: Path):
    """By any annuity table 1 a year at 4 % is worth 4.4518 for 5 years, 8.1109 for 10, 11.1184 for 15."""
    years = "[horizon]\nstart = 2025\nyears = 20\ndiscounting = 'end'\n"
    path = scenario(tmp_path, PAY, years, formula="present_value(1, 0.04)")
    assert np.round(medians(grid_of(path, "horizon.years=5:15:3")), 4).tolist() == [4.4518, 8.1109, 11.1184]
    with pytest.raises(
        InvalidInput, match=r"point horizon.years=2.5: horizon.years: 2.5 is no number of years"
    ):
        grid_of(path, "horizon.years=2.5,3")


def test_two_workers_give_the_same_numbers(tmp_path: Path):
    grid = grid_of(
        scenario(tmp_path, VALUE, PAY, SHARES, formula="value * shares.one / pay"),
        "pay.value=1:3:2", "shares.one.mean=0.2:0.4:2",
    )  # fmt: skip
    assert medians(grid, 1) == medians(grid, 2)


def test_points_are_kept_and_damaged_lines_done_again(tmp_path: Path):
    grid = grid_of(scenario(tmp_path, VALUE, PAY, formula="value / pay"), "pay.value=1:3:3")
    store = tmp_path / "kept" / "points.jsonl"
    for found in run_points(SerialExecutor(), grid.points):
        keep_point(store, found)
    kept, n_damaged = read_points(store)
    assert (n_damaged, set(kept)) == (0, {point.digest for point in grid.points})
    lines = store.read_bytes().splitlines(keepends=True)
    store.write_bytes(lines[0] + b'{"digest": 3}\n' + lines[2][:40])  # one damaged, one half written
    kept, n_damaged = read_points(store)
    assert (n_damaged, list(kept)) == (1, [grid.points[0].digest])
    (again,) = run_points(SerialExecutor(), grid.points[2:])
    keep_point(store, again)
    assert read_points(store)[0][again.digest] == again
    assert store.read_bytes().splitlines(keepends=True)[2] == lines[2]


@pytest.mark.parametrize(
    ("over", "said"),
    [
        (["pay.value"], "not a key and values"),
        (["pay.value=1:2"], "'1:2' is not a range"),
        (["pay.value=1:2:3:lin"], "is not a range"),
        (["pay.value=2:1:3"], "low = 2 is not below high = 1"),
        (["pay.value=0:1:3:log"], "low = 0 is not above 0"),
        (["pay.value=1:x:3"], "high = 'x' is not a finite number"),
        (["pay.value=1:inf:3"], "high = 'inf' is not a finite number"),
        (["pay.value=1:2:1"], "n = '1' is not a whole number from 2"),
        (["pay.value=1"], "not a list of two values"),
        (["pay.value=a,b,a"], "'a' stands there twice"),
        (["pay.value=1,1.0"], "two of its values are equal"),
        (["a.b=1,2", "a.c=1,2", "a.d=1,2"], "3 axes"),
        (["a.b=1,2", "a.b=3,4"], "stands on both axes"),
        (["a.b=1:2:500", "a.c=1:2:500"], "250,000 points"),
    ],
)
def test_wrong_ranges(over: list[str], said: str):
    with pytest.raises(InvalidInput) as refused:
        read_axes(over)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ("pya.value=1,2", "nearest: pay"),
        ("pay.vlaue=1,2", "nearest: value"),
        ("shares.tow.mean=0.1,0.2", "nearest: two"),
        ("shares.two.mean=0.5,1.5", "1.5 is not the mean of a share"),
        ("evidnce.method=naive,point", "nearest: evidence"),
        ("sampling.sampler=sobol,halton", "point sampling.sampler=halton: sampling.sampler"),
        ("value.sigma=-1:1:3", "point value.sigma=-1: parameters.value.sigma"),
    ],
)
def test_wrong_keys_and_invalid_points(tmp_path: Path, over: str, said: str):
    path = scenario(tmp_path, VALUE, PAY, SHARES, formula="value * shares.one / pay")
    with pytest.raises(InvalidInput) as refused:
        grid_of(path, over)
    assert said in str(refused.value)


def test_many_invalid_points_are_counted(tmp_path: Path):
    path = scenario(tmp_path, VALUE, PAY, formula="value / pay")
    with pytest.raises(InvalidInput) as refused:
        grid_of(path, "value.sigma=-20:-1:20")
    assert "20 of 20 points are invalid" in str(refused.value)


@pytest.mark.parametrize("n_workers", [1, 2])
def test_an_outcome_that_is_not_finite_names_its_point(tmp_path: Path, n_workers: int):
    grid = grid_of(scenario(tmp_path, VALUE, PAY, formula="value / pay"), "pay.value=0,1")
    with pytest.raises(InvalidInput) as refused, executor_for(n_workers) as executor:
        list(run_points(executor, grid.points))
    assert "point pay.value=0: outcomes.total" in str(refused.value)


def test_a_point_has_the_numbers_of_a_run(tmp_path: Path):
    """Value and error of each statistic to the last digit, conditional Monte Carlo and all."""
    path = scenario(tmp_path, VALUE, PAY, formula="value / pay")
    grid = grid_of(path, "pay.value=2,5")
    found = {each.digest: each for each in run_points(SerialExecutor(), grid.points)}
    for point in grid.points:
        summary = simulate(point.scenario).statistics
        for value in found[point.digest].values:
            row = summary.find(value.outcome, value.statistic, at=value.at)
            assert (value.value, value.mc_error) == (row.value, row.mc_error), value
