"""Running a lock again: what holds, what moved, and the odds of a false alarm."""

from dataclasses import replace as changed_row
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim.faults import InvalidInput
from sim.replication.lock import Lock, LockedNumber
from sim.replication.machine import differences
from sim.replication.verify import Verification, compare, magnitudes, multiplier, rounding, verify
from tests.replication.builders import Locked, locked


def run_again(made: Locked, lock: Lock | None = None, seed: int | None = None) -> Verification:
    return verify(lock or made.lock, made.file, lambda _: None, seed)


def with_scenario(made: Locked, old: str, new: str) -> Lock:
    assert old in made.lock.scenario
    return made.lock.model_copy(update={"scenario": made.lock.scenario.replace(old, new, 1)})


def test_the_same_seed_is_identical(tmp_path: Path):
    found = run_again(locked(tmp_path))
    assert (found.verdict, found.moved, found.elsewhere, found.largest) == ("identical", (), (), 0.0)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_another_seed_holds(tmp_path: Path, seed: int):
    # false alarm odds 1 in 1,000 for each run by construction; seeds fixed
    found = run_again(locked(tmp_path), seed=seed)
    assert found.verdict == "holds"
    assert 0.01 < found.largest < 1
    assert any("seed" in words for words in found.elsewhere)


def test_five_percent_more_pay_is_found_and_named(tmp_path: Path):
    made = locked(tmp_path)
    found = run_again(made, with_scenario(made, "median = 300.0", "median = 315.0"))
    assert found.verdict == "moved"
    moved = {(each.number.quantity, each.number.statistic): each for each in found.moved}
    cost = moved["cost", "median"]
    assert cost.found == pytest.approx(1.05 * cost.number.value, rel=1e-9)  # cost is proportional to pay
    assert ("bcr", "median") in moved
    # a share of the top 1 % of draws is the same whatever the pay
    assert ("bcr", "top_share") not in moved
    words = str(cost)
    for part in ("cost", "median", "locked", "found", "allowed", "USD"):
        assert part in words


def test_five_percent_are_found_under_another_seed_too(tmp_path: Path):
    made = locked(tmp_path)
    found = run_again(made, with_scenario(made, "median = 300.0", "median = 315.0"), seed=4)
    assert ("cost", "method=few", "median") in {each.number.key[:3] for each in found.moved}


def test_last_digits_of_another_build_hold(tmp_path: Path):
    # an upgraded library rounds otherwise: every number off by 1e-12 of itself, the draws not bit-equal
    made = locked(tmp_path)
    rows = [changed_row(row, value=row.value * (1 + 1e-12)) for row in made.run.statistics.rows]
    found = compare(made.lock, rows, same_draws=False, elsewhere=())
    assert found.verdict == "holds"
    assert found.largest < 0.01


def test_a_number_that_is_gone_is_named(tmp_path: Path):
    made = locked(tmp_path)
    rows = [row for row in made.run.statistics.rows if row.statistic != "sd"]
    found = compare(made.lock, rows, same_draws=True, elsewhere=())
    assert found.verdict == "moved"
    assert {each.number.statistic for each in found.moved} == {"sd"}
    assert "not among the numbers found" in str(found.moved[0])


def test_an_exact_number_may_not_move(tmp_path: Path):
    # a Monte Carlo error of zero on both sides leaves rounding only
    made = locked(tmp_path)
    rows = [changed_row(row, value=row.value * 1.001, mc_error=0.0) for row in made.run.statistics.rows]
    numbers = tuple(number.model_copy(update={"mc_error": 0.0}) for number in made.lock.numbers)
    found = compare(made.lock.model_copy(update={"numbers": numbers}), rows, same_draws=False, elsewhere=())
    assert len(found.moved) == len([number for number in numbers if number.value])


def test_versions_that_differ_are_said(tmp_path: Path):
    lock = locked(tmp_path).lock
    older = lock.model_copy(update={"versions": {**lock.versions, "numpy": "1.0"}})
    (words,) = differences(older, lock.run.seed)
    assert words.startswith("numpy ")
    assert words.endswith("(locked: 1.0)")


def test_missing_and_altered_data_are_named_with_their_digests(tmp_path: Path):
    made = locked(tmp_path)
    expected = made.lock.data[0].sha256
    made.data.write_text("n\n1.0\n2.0\n2.5\n4.1\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"effort\.csv has been altered: its sha256 is") as caught:
        run_again(made)
    assert expected in str(caught.value)
    made.data.unlink()
    with pytest.raises(InvalidInput, match=r"no such data file: effort\.csv") as caught:
        run_again(made)
    assert expected in str(caught.value)


def test_a_scenario_that_is_not_valid_any_more_is_named_by_the_lock(tmp_path: Path):
    made = locked(tmp_path)
    lock = with_scenario(made, 'distribution = "lognormal"', 'distribution = "lognormla"')
    with pytest.raises(InvalidInput, match=r"test\.lock\.toml \(scenario\)") as caught:
        run_again(made, lock)
    assert "lognormal" in str(caught.value)


@pytest.mark.parametrize(
    ("n_numbers", "n_randomisations", "odds"), [(1, 16, 0.05), (75, 16, 1e-3), (40, 4, 0.01)]
)
def test_the_multiplier_has_the_tail_it_should(
    monkeypatch: pytest.MonkeyPatch, n_numbers: int, n_randomisations: int, odds: float
):
    # m two-sided tails of Student's t together are the odds (scipy's cdf, not its inverse)
    monkeypatch.setattr("sim.replication.verify.FALSE_ALARM_ODDS", odds)
    k = multiplier(n_numbers, n_randomisations)
    assert n_numbers * 2 * stats.t(n_randomisations - 1).sf(k) == pytest.approx(odds, rel=1e-9)


def test_false_alarms_are_no_more_often_than_stated(monkeypatch: pytest.MonkeyPatch):
    # 20 normal means, each with errors from 16 randomisations, compared 20,000 times at odds of 5 %: at most
    # 5 % alarms, plus four standard errors of the count (false alarm of this test 3e-5); seed fixed
    rng = np.random.default_rng(3)
    monkeypatch.setattr("sim.replication.verify.FALSE_ALARM_ODDS", 0.05)
    k = multiplier(20, 16)
    n_trials = 20_000
    both = rng.normal(size=(2, n_trials, 20, 16))
    errors = both.std(axis=-1, ddof=1) / 4
    moved = np.abs(np.diff(both.mean(axis=-1), axis=0)[0]) > k * np.hypot(*errors)
    rate = moved.any(axis=1).mean()
    assert rate < 0.05 + 4 * np.sqrt(0.05 * 0.95 / n_trials)
    assert rate > 0.002  # and it can fail


def test_rounding_goes_by_what_a_number_was_computed_from():
    def number(statistic: str, value: float) -> LockedNumber:
        return LockedNumber(quantity="q", statistic=statistic, value=value, mc_error=0, unit="1", printed="")

    numbers = [number("mean", -3e8), number("sd", 0.0), number("p_above", 0.5)]
    largest = magnitudes(numbers)
    assert [rounding(each, largest) for each in numbers] == pytest.approx([0.3, 0.3, 1e-9])
