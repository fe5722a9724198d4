"""Opening a run: only parts that belong together."""

import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest
from pandas.testing import assert_frame_equal

from sim.engine.simulate import simulate
from sim.faults import InvalidInput
from sim.recipe import Destination, run_and_write
from sim.results_file import write
from sim.run_folder import open_run
from sim.run_record import Run
from sim.scenario.data_files import resolved_toml
from sim.scenario.load import load
from tests.replication.builders import locked


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = locked(tmp_path)
    folder = tmp_path / "results" / "test-1"
    folder.mkdir(parents=True)
    write(made.run.content, folder / "results.nc")
    (folder / "scenario.toml").write_text(resolved_toml(made.scenario, folder), encoding="utf-8")
    return folder


def test_a_folder_and_its_file_open_the_same(folder: Path):
    one, other = open_run(folder), open_run(folder / "results.nc")
    assert one.scenario == other.scenario
    assert one.folder == other.folder == folder
    assert one.variable("bcr").shape == (16, 512)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("..", "no results.nc in this folder"),
        ("../tset-1", "no such folder of results"),
        ("scenario.toml", "is a scenario, not the folder of a run"),
    ],
)
def test_other_paths_are_refused(folder: Path, path: str, words: str):
    with pytest.raises(InvalidInput, match=words):
        open_run(folder / path)


def test_the_nearest_folder_is_named(folder: Path):
    with pytest.raises(InvalidInput) as caught:
        open_run(folder.parent / "test-2")
    assert caught.value.faults[0].nearest == str(folder)


def test_an_edited_scenario_does_not_belong(folder: Path):
    file = folder / "scenario.toml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("median = 300.0", "median = 301.0"), encoding="utf-8"
    )
    with pytest.raises(InvalidInput, match="do not belong together"):
        open_run(folder)


def test_altered_data_do_not_belong(folder: Path):
    (folder.parents[1] / "effort.csv").write_text("n\n1.0\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="do not belong together"):
        open_run(folder)


def test_missing_parts_are_named(folder: Path, tmp_path: Path):
    (folder.parents[1] / "effort.csv").unlink()
    with pytest.raises(InvalidInput, match=r"no such data file: .*effort\.csv"):
        open_run(folder)
    shutil.copy(folder / "results.nc", tmp_path / "alone.nc")
    with pytest.raises(InvalidInput, match=r"no scenario\.toml beside alone\.nc"):
        open_run(tmp_path / "alone.nc")


@pytest.mark.parametrize("name", ["default", "capital"])
def test_what_a_run_answers_is_what_its_folder_answers(tmp_path: Path, name: str):
    made = run_and_write(load(Path(name), ["sampling.n_draws=1024"]), Destination(tmp_path, ["sim", "run"]))
    opened = open_run(made.folder)
    assert {*opened.tables} == {*made.tables}
    for table in made.tables:
        assert_frame_equal(opened.tables[table], made.tables[table], check_exact=True)
        assert opened.tables[table].attrs == made.tables[table].attrs
    assert_frame_equal(opened.summary, made.summary, check_exact=True)
    assert opened.draws.identical(made.draws)
    assert (opened.attributes, opened.notes, opened.support) == (made.attributes, made.notes, made.support)
    assert_same_arrays(opened, made)


@pytest.mark.parametrize("kept", [[], ["sampling.keep_draws=256"]], ids=["all", "some"])
def test_a_run_sent_from_a_worker_is_the_same(kept: list[str]):
    made = simulate(load(Path("default"), ["sampling.n_draws=1024", *kept]))
    sent = pickle.loads(pickle.dumps(made))
    assert (sent.attributes, sent.notes, sent.digest) == (made.attributes, made.notes, made.digest)
    assert repr(sent.statistics.rows) == repr(made.statistics.rows)
    assert_same_arrays(sent, made)


def test_a_run_that_nobody_analysed_says_so():
    """It has its summary, which is of its draws, and no tables in place of those it would have."""
    made = simulate(load(Path("default"), ["sampling.n_draws=256"]))
    assert made["bcr"].median == made.statistics.find("bcr", "median").value
    for ask in (lambda: made.tables, lambda: made.support):
        with pytest.raises(ValueError, match=r"default-\w{8} has been drawn and not analysed"):
            ask()


def assert_same_arrays(one: Run, other: Run) -> None:
    """Compare draws and outcomes, and the variables of the file, to the last digit and in their order."""
    for each in ("columns", "choices", "outcomes"):
        ours, theirs = getattr(one.arrays, each), getattr(other.arrays, each)
        assert [*ours] == [*theirs]
        assert all(np.array_equal(ours[name], theirs[name]) for name in ours)
    assert one.arrays.by_choice.keys() == other.arrays.by_choice.keys()
    for choice, held in one.arrays.by_choice.items():
        assert all(np.array_equal(held[name], other.arrays.by_choice[choice][name]) for name in held)
    assert (one.arrays.shape, one.arrays.notes) == (other.arrays.shape, other.arrays.notes)
    assert one.groups.keys() == other.groups.keys()
