"""Bad input from Python: one kind of exception, in the words of the command line."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.results_file import read, write
from tests.interface.conftest import appraisal


def with_key(path: str, value: object) -> dict[str, Any]:
    """Return the appraisal with one key changed, or added."""
    table: Any = appraisal()
    *above, last = path.split(".")
    inner = table
    for key in above:
        inner = inner[key]
    inner[last] = value
    return table


CASES: dict[str, tuple[Callable[[sim.Run], object], list[str]]] = {
    "a name that is no shipped scenario": (
        lambda _: sim.run("defualt"),
        ["defualt: no such file, and no scenario of this name", "nearest: default"],
    ),
    "the same where a run is wanted": (
        lambda _: sim.plot("defualt", "tornado"),
        ["defualt: no such file", "nearest: default"],
    ),
    "a file that is not there": (
        lambda _: sim.load("nowhere/mine.toml"),
        ["nowhere/mine.toml: no such file"],
    ),
    "TOML in place of a path": (
        lambda _: sim.run("seed = 1\ntitle = 2"),
        ["several lines of text", "tomllib"],
    ),
    "no scenario": (lambda _: sim.run(5), ["scenario: int '5' is no scenario", "a path, a shipped name"]),
    "a dict with a wrong key": (
        lambda _: sim.load(with_key("parameters.care.hihg", 3)),
        ["dict: parameters.care.hihg: unknown key 'hihg'", "nearest: high"],
    ),
    "a dict with a wrong key at its top": (
        lambda _: sim.load(with_key("paramters", {})),
        ["dict: paramters: unknown key", "nearest: parameters"],
    ),
    "a value that is none": (
        lambda _: sim.load(with_key("seed", None)),
        ["dict: seed: None cannot stand in a scenario"],
    ),
    "a value of another kind": (
        lambda _: sim.load(with_key("parameters.care.low", {1, 2})),
        ["dict: parameters.care.low: set '{1, 2}'"],
    ),
    "a time of a day": (
        lambda _: sim.load("census", {"evidence.since": datetime(2021, 2, 19, 5, tzinfo=UTC)}),
        ["overrides: evidence.since: datetime '2021-02-19 05:00:00", "a date"],
    ),
    "a key that is no text": (lambda _: sim.load({3: 1}), ["dict: 3: 3 is no key"]),
    "a parameter's name": (
        lambda _: sim.load(with_key("outcomes.cost", {"formula": "planting + cair", "unit": "EUR/year"})),
        ["dict: outcomes.cost", "'cair'", "nearest: care"],
    ),
    "a keyword that is no key": (
        lambda _: sim.run(appraisal(), sede=1),
        ["overrides: sede: unknown key 'sede'", "nearest: seed"],
    ),
    "an override of nothing": (
        lambda _: sim.run(appraisal(), {"parameters.caer.low": 1}),
        ["overrides: parameters.caer", "care"],
    ),
    "overrides that are no dict": (
        lambda _: sim.run(appraisal(), "seed=3"),
        ["overrides: str 'seed=3' is no dict"],
    ),
    "an empty key": (
        lambda _: sim.load(appraisal(), {"parameters..low": 1}),
        ["'parameters..low' is no key path"],
    ),
    "draws": (lambda _: sim.run(appraisal(), draws="many"), ["overrides: sampling.n_draws", "'many'"]),
    "workers": (lambda _: sim.sweep(appraisal(), {"seed": [1, 2]}, workers="all"), ["'all' workers"]),
    "a path that is no path": (lambda _: sim.open(3), ["path: int '3' is no path"]),
    "no run": (lambda _: sim.open("nowhere"), ["nowhere: no such folder of results"]),
    "one to compare": (sim.compare, ["compare: a comparison needs two scenarios or more"]),
    "a baseline": (
        lambda run: sim.compare(run, run, baseline="street-trees"),
        ["--baseline: no scenario 'street-trees'", "nearest: street-trees-2026"],
    ),
    "a run that would change": (
        lambda run: sim.sensitivity(run, seed=3),
        ["overrides: seed: a finished run cannot be changed"],
    ),
    "a quantity": (lambda run: run["raito"], ["the run has no quantity 'raito'", "nearest: ratio"]),
    "a quantile": (lambda run: run["ratio"].quantile(95), ["quantile: 95 is not the probability"]),
    "a table": (
        lambda run: run.tables["tornadoes"],
        ["the run has no table 'tornadoes'", "nearest: tornado"],
    ),
    "a probability of no formula": (
        lambda run: run.probability("ratio >"),
        ["probability: ratio >: not a formula"],
    ),
    "a probability of no condition": (
        lambda run: run.probability("ratio * 2"),
        ["ratio * 2: not a condition on the draws"],
    ),
    "a probability of no quantity": (lambda run: run.probability("raito > 1"), ["'raito'", "nearest: ratio"]),
    "a probability of a number": (lambda run: run.probability(1), ["1 is not text", "such as bcr > 100"]),
    "a probability of nothing drawn": (
        lambda run: run.probability("1 > 0"),
        ["1 > 0: not a condition on the draws"],
    ),
    "a threshold": (lambda run: sim.decide(run, thresholds=["one"]), ["--threshold: one is not a threshold"]),
    "a pair": (lambda run: sim.decide(run, pair=["care", "shad"]), ["shad", "nearest: shade"]),
    "an axis": (
        lambda _: sim.sweep(appraisal(), {"caer.low": [1, 2]}),
        ["--over: caer.low", "nearest: care"],
    ),
    "an axis of one value": (
        lambda _: sim.sweep(appraisal(), {"care.low": [1]}),
        ["not a list of two values"],
    ),
    "an axis of no values": (
        lambda _: sim.sweep(appraisal(), {"care.low": 5}),
        ["5 is not a list of values"],
    ),
    "no axis": (lambda _: sim.sweep(appraisal(), {}), ["--over: 0 axes", "one or two"]),
    "axes that are no dict": (lambda _: sim.sweep(appraisal(), "seed=1,2"), ["'seed=1,2' is no dict"]),
    "a figure": (
        lambda run: sim.plot(run, "tornados"),
        ["--figure: tornados: no such figure", "nearest: tornado"],
    ),
    "a figure that this scenario has not": (
        lambda run: sim.plot(run, "prior_posterior"),
        ["the scenario of this run has no such figure"],
    ),
    "every figure": (lambda run: sim.plot(run, "all"), ["--figure: all: is several figures"]),
    "a width": (lambda run: sim.plot(run, "tornado", width="wide"), ["--width: 'wide'", "single, double"]),
    "a style": (lambda run: sim.plot(run, "tornado", style="poster"), ["--style: 'poster'", "paper, slides"]),
    "a format": (lambda run: run.export("xslx"), ["--to: 'xslx' is no format", "nearest: xlsx"]),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_refused_in_words(
    case: str, trees: sim.Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    act, words = CASES[case]
    with pytest.raises(sim.InvalidInput) as caught:
        act(trees)
    assert all(word in str(caught.value) for word in words), caught.value
    assert not list(tmp_path.iterdir())


def test_a_run_of_another_version_is_told_as_such(written: sim.Run, tmp_path: Path):
    """As an earlier version would have left it: its scenario has a key that this one does not know."""
    old = tmp_path / "old"
    shutil.copytree(written.folder, old)
    scenario = old / "scenario.toml"
    scenario.write_text("forgotten = 1\n" + scenario.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(sim.InvalidInput, match="forgotten: unknown key"):
        sim.open(old)
    versions = str(written.attributes["versions"]).replace(f"sim {sim.__version__}", "sim 0.0.3")
    groups, attributes = read(old / "results.nc")
    write((groups, {**attributes, "versions": versions}), old / "results.nc")
    with pytest.raises(sim.InvalidInput) as caught:
        sim.open(old)
    first, allowed, *rest = str(caught.value).splitlines()
    assert first == f"{old}: a run of sim 0.0.3, which this, sim {sim.__version__}, cannot read"
    assert f"sim run {scenario}" in allowed
    assert "forgotten: unknown key" in "".join(rest)


def test_results_in_the_format_of_another_version_say_whose_they_are(written: sim.Run, tmp_path: Path):
    old = tmp_path / "old"
    shutil.copytree(written.folder, old)
    write(written.replace(stamp={"format": "sim results 0"}).content, old / "results.nc")
    with pytest.raises(sim.InvalidInput, match=r"not results of this version: sim results 0, of sim 0\.1\.0"):
        sim.open(old)
