"""What takes its time says so: a bar on a terminal, lines of words elsewhere."""

import re
from pathlib import Path

import pytest

from sim.cli import progress
from sim.evidence.hierarchical import posterior
from sim.evidence.hierarchical.settings import FitSettings
from tests.builders import parameter, scenario_text
from tests.evidence.hierarchical.builders import simulated, streams

LINE = re.compile(r"\d+ s: (.*)")


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let words be said from the beginning."""
    monkeypatch.setattr(progress, "WORDS_AFTER_SECONDS", 0.0)


def lines(text: str) -> list[str]:
    found = [LINE.fullmatch(line) for line in text.splitlines()]
    assert all(found)
    return [match[1] for match in found if match]


@pytest.mark.usefixtures("at_once")
def test_steps_are_lines_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]):
    with progress.delayed_progress(silent=False) as step:
        step("drawing [parameters]")
        step("drawing figures")
    said = capsys.readouterr()
    assert said.out == ""
    assert [line for line in lines(said.err) if line != "starting"][:1] == ["drawing [parameters]"]
    assert "drawing figures" in lines(said.err)


def test_a_step_that_goes_on_is_said_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(progress, "WORDS_AFTER_SECONDS", 0.01)
    monkeypatch.setattr(progress, "WORDS_EVERY_SECONDS", 0.01)
    said = ""
    with progress.delayed_progress(silent=False) as step:
        step("fitting")
        while said.count("s: fitting") < 3:
            said += capsys.readouterr().err
    assert "fitting" in said


@pytest.mark.usefixtures("at_once")
def test_silence(capsys: pytest.CaptureFixture[str]):
    with progress.delayed_progress(silent=True) as step:
        step("drawing")
    assert capsys.readouterr() == ("", "")


def test_what_is_quickly_done_says_nothing(capsys: pytest.CaptureFixture[str]):
    with progress.delayed_progress(silent=False) as step:
        step("drawing")
    assert capsys.readouterr() == ("", "")


@pytest.mark.usefixtures("at_once")
def test_nothing_shows_while_a_display_is_hidden(capsys: pytest.CaptureFixture[str]):
    with progress.ProgressDisplay(silent=False) as step:
        step("drawing")
        with step.hidden():
            assert "drawing" in lines(capsys.readouterr().err)
            print("the answer")
            assert capsys.readouterr() == ("the answer\n", "")
        step("drawing figures")
    assert "drawing figures" in lines(capsys.readouterr().err)


def test_things_that_are_counted(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr(progress, "WORDS_AFTER_SECONDS", 0.01)
    monkeypatch.setattr(progress, "WORDS_EVERY_SECONDS", 0.01)
    said = ""
    with progress.counted_progress("points", 3) as count:
        for done in (1, 2, 3):
            count()
            while f"{done} of 3 points" not in said:
                said += capsys.readouterr().err
    assert {line.partition(" of ")[2] for line in lines(said)} == {"3 points"}


def test_a_fit_says_which_model_it_is_at(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(posterior, "fit_unit", lambda *arguments: arguments[-1])
    said: list[str] = []
    posterior.fit_units(simulated(2, 2, seed=1), FitSettings(), streams(1), step=said.append)
    assert said == [f"fitting the model of {unit}" for unit in ("contributors", "commits", "lines")]


@pytest.mark.usefixtures("at_once")
def test_a_run_says_its_steps_unless_it_is_to_be_quiet(sim, tmp_path: Path):
    scenario = tmp_path / "tiny.toml"
    law = 'distribution = "uniform"\nlow = 1\nhigh = 2'
    scenario.write_text(scenario_text(parameter("x", law), formula="x"), encoding="utf-8")
    ended = sim("run", scenario, "--out", tmp_path)
    assert ended.code == 0
    assert "drawing figures" in lines(ended.err)
    quiet = sim("run", scenario, "--out", tmp_path, "--quiet")
    assert (quiet.code, quiet.err) == (0, "")
