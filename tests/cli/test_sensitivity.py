"""``sim sensitivity``: of a scenario file and of a run, and wrong inputs."""

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.builders import parameter, scenario_text, write_scenario

PARTS = [
    parameter("a", 'distribution = "lognormal"\nmedian = 1\nsigma = 0.3'),
    parameter("b", 'distribution = "lognormal"\nmedian = 1\nsigma = 0.4'),
]
TABLES = {
    "sensitivity_indices",
    "variance_by_kind",
    "rank_correlations",
    "tornado",
    "moment_independent",
    "drivers",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_scenario(tmp_path, scenario_text(*PARTS, formula="a * b", n_draws=2**12))


def test_of_a_scenario_file_and_then_of_its_run(sim, path: Path, tmp_path: Path):
    """Log variances 0.09 and 0.16: the shares are 0.36 and 0.64."""
    first = sim("sensitivity", path, "--out", tmp_path / "results", "--json")
    assert first.code == 0, first.err
    tables = json.loads(first.out)
    assert set(tables) == TABLES
    shares = {
        row["group"]: row["value"]
        for row in tables["sensitivity_indices"]
        if (row["scale"], row["index"]) == ("log", "total")
    }
    assert shares == pytest.approx({"a": 0.36, "b": 0.64}, abs=0.01)
    (folder,) = (tmp_path / "results").glob("test-*")
    before = {name: (folder / "tables" / f"{name}.csv").read_bytes() for name in TABLES}
    again = sim("sensitivity", folder)
    assert again.code == 0, again.err
    assert "Shares of the variance of log(total)" in again.out
    assert before == {name: (folder / "tables" / f"{name}.csv").read_bytes() for name in TABLES}
    assert len(pd.read_csv(folder / "tables" / "drivers.csv")) == 1024


def test_the_summary_tells_how_much_rests_on_judgement_without_a_source(sim, tmp_path: Path):
    """Of a, sourced, 0.36 of the variance; of b, with a rationale only, 0.64."""
    sourced = parameter("a", 'distribution = "lognormal"\nmedian = 1\nsigma = 0.3', 'source = "made up"')
    path = write_scenario(tmp_path, scenario_text(sourced, PARTS[1], formula="a * b", n_draws=2**12))
    ended = sim("run", path, "--out", tmp_path / "results")
    assert "variance of log(total): 100 % judgement, 64 % without a source" in ended.out
    assert "without a source: b" in ended.out.splitlines()
    summary = json.loads(next((tmp_path / "results").glob("test-*/summary.json")).read_text())
    assert summary["support"]["unsourced"] == pytest.approx(0.64, abs=0.01)
    assert summary["support"]["names"] == ["b"]


def test_nothing_varies(sim, tmp_path: Path):
    fixed = parameter("fixed", 'distribution = "constant"\nvalue = 3')
    path = write_scenario(tmp_path, scenario_text(fixed, formula="fixed"))
    ended = sim("sensitivity", path, "--out", tmp_path / "results")
    assert ended.code == 0
    assert "nothing to split" in ended.out


@pytest.mark.parametrize("name", ["missing.toml", "missing", ""])
def test_what_is_not_there(sim, tmp_path: Path, name: str):
    ended = sim("sensitivity", tmp_path / name)
    assert ended.code == 2
    assert "Traceback" not in ended.err
    assert str(tmp_path / name) in ended.err.replace("\n", "")


def test_settings_need_a_scenario_file(sim, path: Path, tmp_path: Path):
    sim("run", path, "--out", tmp_path / "results", "--quiet")
    (folder,) = (tmp_path / "results").glob("test-*")
    ended = sim("sensitivity", folder, "--set", "seed=1")
    assert ended.code == 2
    assert "a finished run cannot be changed" in ended.err
