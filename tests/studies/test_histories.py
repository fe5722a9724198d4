"""Surveys of whole histories: truths by hand, pivots of a known law, and the table that is shipped."""

import csv
import io
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from typer.testing import CliRunner

from sim.cli.evidence import app
from sim.evidence.hierarchical.model_survey import ModelSurvey, read_model_survey
from sim.evidence.methods.pivotal import PROBABILITIES, SHIPPED
from sim.evidence.periods import read_periods
from sim.evidence.readings import Reading, read_as
from sim.faults import InvalidInput
from sim.parallel import SerialExecutor
from sim.samplers.base import stream
from studies.commands import shipped_histories
from studies.coverage.pivots import Histories, as_csv, histories_of, learn, learn_tables
from studies.coverage.runner import run_trials
from studies.coverage.scores import score
from studies.coverage.simulators import HistorySurveys
from studies.coverage.study import StudySettings, set_up_histories
from tests.evidence.test_bootstrap import PERIODS


@pytest.fixture(scope="module")
def histories() -> ModelSurvey:
    return read_model_survey(shipped_histories(), Reading(), grouped=False)


def test_truths_are_means_of_whole_histories(histories: ModelSurvey) -> None:
    """From the file, by csv and sums."""
    sums: dict[str, list[int]] = {}
    with shipped_histories().open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            own = sums.setdefault(row["repository"], [0, 0, 0, 0])
            lines = int(row["lines_added_capped"]) + int(row["lines_deleted_capped"])
            for place, value in enumerate((1, int(row["contributors"]), int(row["commits"]), lines)):
                own[place] += value
    truths = HistorySurveys(histories, {"jax": "google/jax"}).truths
    assert truths["contributors"] == pytest.approx(sum(own[1] / own[0] for own in sums.values()))
    assert truths["lines_per_year"] == pytest.approx(26 * sum(own[3] / own[0] for own in sums.values()))
    jax = sums["google/jax"]
    assert truths["commits_per_contributor_period.jax"] == pytest.approx(jax[2] / jax[1])


def test_surveys_are_five_periods_of_each_and_no_census(histories: ModelSurvey) -> None:
    """Over 400 surveys every estimate's mean is the truth, within five standard errors (odds 6e-7 each)."""
    simulator = HistorySurveys(histories, {})
    rng = np.random.default_rng(5)
    samples = [simulator.simulate(rng).survey.sample for _ in range(400)]
    assert all(len(each.counts) == 5 * 123 and each.population is None for each in samples)
    totals = np.array([each.counts.sum(axis=0) / 5 for each in samples])
    scale = np.array([1, 26, 26])
    names = ("contributors", "commits_per_year", "lines_per_year")
    truth = np.array([simulator.truths[name] for name in names]) / scale
    assert (np.abs(totals.mean(axis=0) - truth) < 5 * totals.std(axis=0) / 20).all()


def test_pivots_of_a_normal_ratio_are_students(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ratios whose periods err alike in every repository: pooled over 40, Z is nearly normal.

    Contributors are constant, so the log of a ratio is, for a small spread, the mean of five normal errors
    over their standard deviation: with own variances alone a t on 4 degrees of freedom, 2.776, with pooled
    ones alone nearly normal, 1.960. Both tails are alike. 12,000 pivots of each unit: their ends err by 0.03.
    """
    rng = np.random.default_rng(8)
    counts = tuple(
        np.column_stack([np.full(4000, 10.0), *(1000 * np.exp(0.02 * rng.standard_normal((2, 4000))))])
        for _ in range(40)
    )
    made = Histories(tuple(f"o/r{k}" for k in range(40)), counts, ("commits", "lines"))
    ends = {}
    for own_share in (0.0, 0.75, 1.0):
        monkeypatch.setattr("sim.evidence.methods.pivotal.OWN_SHARE", own_share)
        found = learn(made, 5, 300, np.random.default_rng(9))
        assert found.values.shape == (300, 40, 2)
        assert found.held(0.95).mean() == pytest.approx(0.95, abs=0.005)
        low, ends[own_share] = np.nanquantile(found.values, [0.025, 0.975])
        assert -low == pytest.approx(ends[own_share], rel=0.06)
    assert ends[1.0] == pytest.approx(stats.t.ppf(0.975, 4), rel=0.05)
    assert 1.9 < ends[0.0] < 2.15
    assert ends[0.0] < ends[0.75] < ends[1.0]


def test_a_repository_left_out_has_no_part_in_its_table() -> None:
    """One repository is wild; the table without it is that of the others alone."""
    rng = np.random.default_rng(8)
    tame = [np.column_stack([np.full(200, 10.0), *rng.integers(80, 120, (2, 200))]) for _ in range(3)]
    wild = np.column_stack([np.full(200, 5.0), *(rng.pareto(0.7, (2, 200)) + 1)])
    made = Histories(("o/a", "o/b", "o/c", "o/w"), (*tame, wild), ("commits", "lines"))
    tables = learn_tables(made, partial(stream, 1), (5,), 400)
    assert set(tables) == {"", "o/a", "o/b", "o/c", "o/w"}
    found = learn(made, 5, 400, stream(1, "5 periods")).values
    kept = [one for one, place in enumerate(made.largest) if made.names[place] != "o/w"]
    expected = np.nanquantile(found[:, kept, 0], PROBABILITIES)
    assert tables["o/w"].of("commits", 5) == pytest.approx(expected)
    assert tables[""].of("commits", 5)[-1] > 1.2 * expected[-1]


def test_the_shipped_table_is_made_again() -> None:
    """By `sim evidence pivots`, to the fourth decimal: two numbers of periods, each with its own stream."""
    table = read_periods(shipped_histories())
    samples = {
        "lines_capped": read_as(table, Reading(lines="capped")),
        "lines": read_as(table, Reading(lines="corrected")),
    }
    made = learn_tables(histories_of(samples), partial(stream, 2022, "pivots"), (2, 5))[""]
    shipped = SHIPPED.read_text(encoding="utf-8").splitlines()
    kept = [line for line in shipped if line.split(",")[1] in ("periods", "2", "5")]
    again = list(csv.reader(io.StringIO(as_csv(made))))
    for line, row in zip(kept, again, strict=True):
        cells = line.split(",")
        assert cells[:2] == row[:2]
        assert [float(each) for each in cells[2:]] == pytest.approx(
            [float(each) for each in row[2:]], abs=2e-4
        )


def test_the_command_prints_a_table(tmp_path: Path) -> None:
    run = CliRunner().invoke(app, ["pivots", "--surveys", "10", "--out", str(tmp_path / "pivots.csv")])
    assert run.exit_code == 0, run.output
    rows = list(csv.DictReader((tmp_path / "pivots.csv").read_text(encoding="utf-8").splitlines()))
    assert {row["count"] for row in rows} == {"commits", "lines_capped", "lines"}
    assert {row["periods"] for row in rows} == {"2", "3", "4", "5", "7", "10", "20", "50"}


def test_pivotal_intervals_hold_where_t_intervals_are_too_low() -> None:
    """40 surveys of the shipped histories, 80 ratios each, every reference's own history left out.

    Means over references of nominal 95 % intervals; references of one survey are nearly independent, so 3,200
    intervals of each unit err by 0.4 points and a right program stays within four of that.
    """
    settings = StudySettings(shipped_histories(), n_draws=400)
    study = set_up_histories(settings, ["calibrated", "pivotal"], 5, partial(stream, 5, "coverage"))
    assert len(study.references) == 40
    found = score(
        run_trials(SerialExecutor(), study, study.keys(["histories"], ["calibrated", "pivotal"], 40))
    )
    shares: dict[str, list[float]] = {}
    too_low: dict[str, list[float]] = {}
    for one in found.coverages:
        if one.nominal == 0.95 and "_per_contributor_period" in one.row:
            shares.setdefault(one.method, []).append(one.share)
            too_low.setdefault(one.method, []).append(one.n_low / one.n_trials)
    assert np.mean(shares["pivotal"]) == pytest.approx(0.95, abs=0.02)
    assert np.mean(shares["calibrated"]) < np.mean(shares["pivotal"])
    assert np.mean(too_low["calibrated"]) > 2 * np.mean(too_low["pivotal"])


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--survey", str(PERIODS)], "histories are not whole"),
        (["--simulator", "model"], "another survey than the others"),
        (["--reference", "x=no/where"], "'no/where' is not in the file"),
    ],
)
def test_what_is_no_whole_history_is_refused(tmp_path: Path, more: list[str], said: str) -> None:
    plain = ["coverage", "--simulator", "histories", "--simulations", "1", "--out", str(tmp_path)]
    result = CliRunner().invoke(app, [*plain, *more])
    assert isinstance(result.exception, InvalidInput)
    assert said in str(result.exception.faults[0])
    assert not list(tmp_path.iterdir())


def test_tables_name_the_lowest_reference(tmp_path: Path) -> None:
    plain = ["--simulator", "histories", "--method", "naive", "--simulations", "2", "--draws", "100"]
    result = CliRunner().invoke(
        app, ["coverage", *plain, "--workers", "1", "--out", str(tmp_path), "--format", "markdown"]
    )
    assert result.exit_code == 0, result.output
    assert "mean over references, and the lowest" in result.stdout
    assert "Nominal 95% intervals that lie too low and too high" in result.stdout
    assert "| google/jax |" in result.stdout
