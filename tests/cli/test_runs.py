"""``sim runs``: what a folder of results holds."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from tests.builders import parameter, scenario_text

LAW = 'distribution = "uniform"\nlow = 1\nhigh = 2'


@pytest.fixture
def here(sim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run two scenarios in an empty folder, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    for name, formula in (("first", "x"), ("second", "-1e6 * x")):
        Path(f"{name}.toml").write_text(scenario_text(parameter("x", LAW), formula=formula), encoding="utf-8")
        assert sim("run", name, "--quiet", "--figures", "none").code == 0
    return tmp_path


@pytest.mark.usefixtures("here")
def test_runs_are_listed_with_their_answers(sim):
    ended = sim("runs")
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert len(lines) == 8
    place = next(place for place, line in enumerate(lines) if line.startswith("first-"))
    first, answer, title, command = lines[place : place + 4]
    assert re.fullmatch(r"first-\w{8}  \d{4}-\d\d-\d\d \d\d:\d\d UTC  256 draws", first)
    # the median of a uniform from 1 to 2, and 95 % of it
    assert re.fullmatch(r"    total 1\.50*, 1\.0\d* to 1\.9\d*", answer)
    assert (title, command) == ("    A test", "    sim run first --quiet --figures none")


def test_the_json_has_numbers_in_full(sim, here: Path):
    found = {each["scenario"]: each for each in json.loads(sim("runs", "--json").out)}
    assert set(found) == {"first", "second"}
    for name, each in found.items():
        folder = here / "results" / each["folder"]
        summary = pd.read_csv(folder / "summary.csv").query("quantity == 'total'")
        for statistic in ("median", "low", "high"):
            (value,) = summary.loc[summary["statistic"] == statistic, "value"]
            assert each[statistic] == value
        assert (each["title"], each["n_draws"], each["outcome"], each["unit"]) == (
            "A test",
            256,
            "total",
            "1",
        )
        assert each["command"] == f"sim run {name} --quiet --figures none"
        age = datetime.now(UTC) - datetime.fromisoformat(each["created"])
        assert timedelta(0) <= age + timedelta(seconds=1)


def test_the_newest_comes_first(sim, here: Path):
    for folder in (here / "results").glob("first-*"):
        path = folder / "provenance.json"
        content = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps(content | {"created": "2099-01-01T00:00:00+00:00"}), encoding="utf-8")
    found = json.loads(sim("runs", "--json").out)
    assert [each["scenario"] for each in found] == ["first", "second"]


def test_what_cannot_be_read_is_left_out_and_said(sim, here: Path):
    (broken,) = (here / "results").glob("first-*")
    (broken / "summary.json").write_text("{", encoding="utf-8")
    (here / "results" / "notes").mkdir()
    ended = sim("runs")
    assert ended.code == 0
    assert "second-" in ended.out and "first-" not in ended.out
    assert f"left out: results/{broken.name}/summary.json: not JSON" in ended.err
    (broken / "summary.json").write_text('{"rows": []}', encoding="utf-8")
    assert "not as a run left it: KeyError 'median'" in sim("runs").err


@pytest.mark.parametrize(
    ("folder", "code", "said"),
    [
        ("empty", 0, "empty: no runs in it"),
        ("nowhere", 2, "nowhere: no such folder\n    allowed: the folder that runs were written into"),
        ("file", 2, "file: is not a folder"),
    ],
)
def test_folders_without_runs(
    sim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, code: int, said: str
):
    monkeypatch.chdir(tmp_path)
    Path("empty").mkdir()
    Path("file").write_text("", encoding="utf-8")
    ended = sim("runs", folder)
    assert ended.code == code
    assert said in ended.out + ended.err
