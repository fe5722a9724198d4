"""Surveys that a method refuses, and those in which a reference has no ratio."""

from collections.abc import Iterator
from functools import partial

import numpy as np
import pytest

from sim.evidence.estimands import estimands
from sim.evidence.hierarchical.model_survey import ModelSurvey
from sim.evidence.readings import UNITS
from sim.faults import InvalidInput
from sim.parallel import SerialExecutor
from sim.samplers.base import stream
from sim.types import Array
from studies.coverage.runner import run_trials
from studies.coverage.scores import score
from studies.coverage.simulators import Simulation
from studies.coverage.study import Study
from tests.evidence.test_bootstrap import sample_of

TRUTHS = {
    name: float(value)
    for name, value in estimands(np.array([6.0, 12, 120]), {"r": np.array([1.0, 2, 20])}).items()
}


class Scripted:
    """Gives surveys of one list, in order."""

    def __init__(self, *counts: dict[str, Array]) -> None:
        self.left: Iterator[dict[str, Array]] = iter(counts)

    def simulate(self, _: np.random.Generator) -> Simulation:
        sample = sample_of(next(self.left))
        ones = dict.fromkeys(UNITS, np.ones(len(sample.counts)))
        return Simulation(ModelSurvey(sample, {}, {}, ones), TRUTHS)


def study_of(*counts: dict[str, Array]) -> Study:
    simulators = {"model": Scripted(*counts)}
    return Study("a", "b", 1, partial(stream, 1, "test"), simulators, {"r": "x/r"}, 100)  # type: ignore[arg-type]


GOOD = np.array([[2.0, 4, 40], [4, 8, 80]])


def test_surveys_without_a_ratio_are_set_aside_and_counted() -> None:
    empty = {"r": np.zeros((2, 3)), "s": GOOD}
    no_lines = {"r": GOOD * [1, 1, 0], "s": GOOD}
    study = study_of(empty, no_lines, {"r": GOOD, "s": GOOD})
    table = score(
        run_trials(SerialExecutor(), study, [study.key(0, "model", m) for m in ("naive", "rescaled")])
    )
    assert table.n_without_ratio == {"model": 2}
    assert {one.n_trials for one in table.coverages} == {1}


def test_a_refusal_is_kept_with_its_reason() -> None:
    study = study_of({"r": GOOD, "s": GOOD[:1]})
    (trial,) = run_trials(SerialExecutor(), study, [study.key(0, "model", "naive")])
    assert trial.rows == ()
    assert "'s' has one period" in trial.refused
    assert score([trial]).n_refused == {("model", "naive"): 1}


def test_an_endless_run_of_surveys_without_a_ratio_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studies.coverage.runner.MOST_ATTEMPTS", 2)
    study = study_of(*[{"r": np.zeros((2, 3))}] * 3)
    with pytest.raises(InvalidInput, match="2 surveys of simulator model"):
        next(run_trials(SerialExecutor(), study, [study.key(0, "model", "naive")]))
