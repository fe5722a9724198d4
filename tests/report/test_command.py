"""``sim report``: what it writes and what it refuses."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.recipe import Destination, run_and_write
from sim.report.page import render_report
from sim.run_folder import open_run
from sim.scenario.load import load
from tests.cli.conftest import Ended
from tests.report.conftest import DEFAULT

Sim = Callable[..., Ended]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Leave the folder of a run of the default scenario with 1,024 draws."""
    scenario = load(DEFAULT, ["sampling.n_draws=1024"])
    out = tmp_path_factory.mktemp("out")
    return run_and_write(scenario, Destination(out, ["sim", "run"])).folder


def test_it_writes_the_page_of_the_run(sim: Sim, results: Path, tmp_path: Path):
    page = tmp_path / "page.html"
    ended = sim("report", results, "-o", page)
    assert (ended.code, ended.out.strip()) == (0, f"written: {page}")
    first = page.read_bytes()
    assert sim("report", results / "results.nc", "-o", page).code == 0
    assert page.read_bytes() == first
    assert first.decode("utf-8") == render_report([open_run(results)])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page.html"]


def test_several_runs(sim: Sim, results: Path, tmp_path: Path):
    page = tmp_path / "page.html"
    assert sim("report", results, results, "-o", page).code == 0
    assert "Scenarios side by side" in page.read_text(encoding="utf-8")


def test_every_fault_of_every_run_at_once(sim: Sim, results: Path, tmp_path: Path):
    page = tmp_path / "page.html"
    ended = sim("report", results, tmp_path / "none", DEFAULT, "-o", page)
    assert ended.code == 2
    assert f"{tmp_path / 'none'}: no such folder of results" in ended.err
    assert f"{DEFAULT}: is a scenario, not the folder of a run" in ended.err
    assert "Traceback" not in ended.err
    assert not page.exists()


def test_a_damaged_table_is_named(sim: Sim, results: Path, tmp_path: Path):
    table = results / "tables" / "tornado.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace("0.05", "five", 1), encoding="utf-8")
    ended = sim("report", results, "-o", tmp_path / "page.html")
    table.write_text(text, encoding="utf-8")
    assert ended.code == 2
    assert "tornado.csv: line 2, level_low: 'five'" in ended.err


def test_a_folder_is_no_page(sim: Sim, results: Path, tmp_path: Path):
    ended = sim("report", results, "-o", tmp_path)
    assert (ended.code, ended.out) == (2, "")
    assert f"{tmp_path} is a folder" in ended.err


def test_a_page_that_cannot_be_written(sim: Sim, results: Path, tmp_path: Path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    ended = sim("report", results, "-o", tmp_path / "file" / "page.html")
    assert ended.code == 2
    assert "cannot be written" in ended.err


def test_runs_of_different_outcomes(sim: Sim, results: Path, tmp_path: Path):
    path = tmp_path / "test.toml"
    path.write_text(
        'title = "Other"\nseed = 1\n[outcomes.total]\nformula = "1"\n[report]\noutcome = "total"\n',
        encoding="utf-8",
    )
    scenario = load(path)
    other = run_and_write(scenario, Destination(tmp_path / "out", ["sim"])).folder
    ended = sim("report", results, other, "-o", tmp_path / "page.html")
    assert ended.code == 2
    assert "outcomes.bcr: no such outcome" in ended.err


def test_a_run_leaves_the_page_that_the_command_writes(sim: Sim, results: Path, tmp_path: Path):
    page = tmp_path / "page.html"
    assert sim("report", results, "-o", page).code == 0
    assert (results / "report.html").read_bytes() == page.read_bytes()


def test_the_page_of_a_run_says_what_turns_the_verdict(sim: Sim, results: Path):
    """The switching values are those that the command for decisions finds from the stored draws."""
    table = (results / "tables" / "switching_values.csv").read_bytes()
    assert sim("decide", results).code == 0
    assert (results / "tables" / "switching_values.csv").read_bytes() == table
    assert "For the middle estimate to be 100" in (results / "report.html").read_text(encoding="utf-8")
