"""Trials: the same numbers whatever was run before, beside or in pieces."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from sim.evidence.readings import Reading
from sim.faults import InvalidInput
from sim.parallel import SerialExecutor, executor_for
from sim.samplers.base import stream
from studies.coverage.runner import run_trials, run_trials_of_survey
from studies.coverage.scores import score
from studies.coverage.study import Study, StudySettings, set_up
from studies.coverage.tables import as_csv
from studies.coverage.trials import Trial, keep, read_trials
from tests.evidence.test_bootstrap import PERIODS


def study_of(seed: int = 3, n_draws: int = 100) -> Study:
    return set_up(StudySettings(PERIODS, n_draws=n_draws), [], seed, partial(stream, seed, "coverage"))


@pytest.fixture(scope="module")
def study() -> Study:
    return study_of()


@pytest.fixture(scope="module")
def trials(study: Study) -> list[Trial]:
    return list(
        run_trials(SerialExecutor(), study, study.keys(["model", "resampled"], ["naive", "calibrated"], 3))
    )


def test_two_workers_find_what_one_finds(study: Study, trials: list[Trial]) -> None:
    with executor_for(2) as executor:
        found = list(run_trials(executor, study, [trial.key for trial in trials]))
    assert sorted(found, key=lambda trial: trial.key) == sorted(trials, key=lambda trial: trial.key)


def test_a_trial_depends_on_its_key_alone(trials: list[Trial]) -> None:
    """Alone, last first, from a study set up anew; other seeds and numbers differ."""
    assert run_trials_of_survey(study_of(), [trials[-1].key]) == (trials[-1],)
    other = study_of(seed=4)
    assert run_trials_of_survey(other, [other.key(2, "resampled", "calibrated")])[0].rows != trials[-1].rows
    assert len({trial.rows for trial in trials}) == len(trials)


def test_methods_see_the_same_survey(trials: list[Trial]) -> None:
    naive, calibrated = trials[0], trials[1]
    assert (naive.key.method, calibrated.key.method) == ("naive", "calibrated")
    assert [row.truth for row in naive.rows] == [row.truth for row in calibrated.rows]


def test_what_is_kept_is_read_back_exactly(tmp_path: Path, trials: list[Trial]) -> None:
    store = tmp_path / "new" / "trials.jsonl"
    assert read_trials(store) == {}
    for trial in trials:
        keep(store, trial)
    assert read_trials(store) == {trial.key: trial for trial in trials}


def test_resumed_study_is_the_uninterrupted_one(tmp_path: Path, study: Study, trials: list[Trial]) -> None:
    """Killed while it wrote the sixth of twelve trials: a half line, which is dropped and run again."""
    store = tmp_path / "trials.jsonl"
    for trial in trials[:6]:
        keep(store, trial)
    store.write_bytes(store.read_bytes()[:-100])
    kept = read_trials(store)
    assert list(kept) == [trial.key for trial in trials[:5]]
    keys = [trial.key for trial in trials]
    for trial in run_trials(SerialExecutor(), study, [key for key in keys if key not in kept]):
        keep(store, trial)
    resumed = read_trials(store)
    assert as_csv(score(resumed[key] for key in keys)) == as_csv(score(trials))


def test_a_half_line_longer_than_the_step_is_cut(tmp_path: Path, trials: list[Trial]) -> None:
    store = tmp_path / "trials.jsonl"
    keep(store, trials[0])
    store.write_bytes(store.read_bytes() + b"x" * 10_000)
    keep(store, trials[1])
    assert list(read_trials(store).values()) == trials[:2]


def test_damaged_lines_are_named(tmp_path: Path, trials: list[Trial]) -> None:
    store = tmp_path / "trials.jsonl"
    keep(store, trials[0])
    store.write_bytes(b"{}\n" + store.read_bytes() + b"nonsense\n")
    with pytest.raises(InvalidInput) as caught:
        read_trials(store)
    assert [fault.key for fault in caught.value.faults] == ["line 1", "line 3"]
    assert "key" in caught.value.faults[0].problem


def test_other_settings_have_other_keys() -> None:
    kinds: list[Callable[[], StudySettings]] = [
        lambda: StudySettings(PERIODS),
        lambda: StudySettings(PERIODS, Reading(lines="corrected")),
        lambda: StudySettings(PERIODS, sizes="drawn"),
        lambda: StudySettings(PERIODS, like=5),
        lambda: StudySettings(PERIODS, n_draws=100),
        lambda: StudySettings(PERIODS, Reading(duplicates="merged")),
        lambda: StudySettings(PERIODS, references={"torch": "pytorch/pytorch"}),
    ]
    rng_for = partial(stream, 1, "coverage")
    assert len({set_up(kind(), [], 1, rng_for).setup for kind in kinds}) == len(kinds)
    assert len({set_up(StudySettings(PERIODS), [], seed, rng_for).setup for seed in (1, 2)}) == 1
