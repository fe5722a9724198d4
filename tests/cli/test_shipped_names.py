"""Scenarios and data that come with the program, by name, from a folder that holds neither."""

import json
import shutil
from pathlib import Path

import pytest

from sim.faults import InvalidInput
from sim.scenario.data_files import scenario_digest
from sim.scenario.load import load
from sim.scenario.shipped_files import scenario_file, shipped, shipped_names

ROOT = Path(__file__).parents[2]
FEW = "sampling.n_draws=64"


@pytest.fixture(autouse=True)
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make an empty folder the working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_scenario_of_the_repository_is_shipped():
    files = [*(ROOT / "priors").glob("*.toml"), *(ROOT / "priors" / "discounting").glob("*.toml")]
    assert shipped_names() == tuple(sorted(path.stem for path in files))
    for path in files:
        assert shipped(path.stem) == shipped(path.name) == path
        assert scenario_digest(load(Path(path.stem))) == scenario_digest(load(path))


@pytest.mark.parametrize(
    "name", ["", "deflaut", "pyproject", "../priors/default", "priors/default.toml", "a\0b"]
)
def test_what_is_no_shipped_name(name: str):
    assert shipped(name) is None


def test_what_lies_at_the_path_is_meant_first(empty: Path):
    written = 'extends = "default"\nseed = 7\n'
    (empty / "default").write_text(written, encoding="utf-8")
    (empty / "frontier.toml").write_text(written, encoding="utf-8")
    (empty / "mine.toml").write_text(written, encoding="utf-8")
    # a file of just this name
    assert load(Path("frontier.toml")).seed == 7
    assert scenario_file(Path("default")) == Path("default")
    # a shipped scenario rather than a file with another name
    assert load(Path("frontier")).seed == 2022
    # a file whose ending is left out
    assert load(Path("mine")).seed == 7


def test_extends_finds_what_lies_beside_first(empty: Path):
    (empty / "mine.toml").write_text('extends = ["default", "frontier.toml"]\n', encoding="utf-8")
    assert load(Path("mine.toml")).parameters == load(ROOT / "priors" / "frontier.toml").parameters
    shutil.copy(ROOT / "priors" / "default.toml", empty / "frontier.toml")
    text = (empty / "frontier.toml").read_text(encoding="utf-8").replace("seed = 2022", "seed = 7")
    text = text.replace("../data", str(ROOT / "data"))
    (empty / "frontier.toml").write_text(text, encoding="utf-8")
    (empty / "mine.toml").write_text('extends = "frontier.toml"\n', encoding="utf-8")
    assert load(Path("mine.toml")).seed == 7
    # a scenario of the user's that has the name of a shipped one can extend it
    (empty / "skeptical.toml").write_text('extends = "skeptical"\nseed = 8\n', encoding="utf-8")
    mine, theirs = load(Path("skeptical.toml")), load(Path("skeptical"))
    assert (mine.seed, mine.parameters) == (8, theirs.parameters)


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("defualt", "default"), ("defualt.toml", "default"), ("fronteer", "frontier"), ("mnie", "mine")],
)
def test_a_name_that_is_none_is_told_with_the_nearest(empty: Path, name: str, nearest: str):
    (empty / "mine.toml").write_text('extends = "default"\n', encoding="utf-8")
    with pytest.raises(InvalidInput) as raised:
        load(Path(name))
    (fault,) = raised.value.faults
    assert (fault.file, fault.nearest) == (name, nearest)
    assert fault.problem == "no such file, and no scenario of this name comes with sim"
    assert fault.allowed == f"{', '.join(shipped_names())}, or a file's path"


def test_commands_take_names(sim, empty: Path):
    for command in (
        ("check", "default", "frontier"),
        ("explain", "skeptical"),
        ("run", "default", "--set", FEW, "--figures", "none"),
        ("sensitivity", "default", "--set", FEW),
        ("compare", "default", "frontier", "--draws", "64"),
        ("new", "mine", "--extends", "frontier"),
        ("new", "default"),
        ("check", "mine", "default.toml"),
        ("table1",),
        ("evidence", "show"),
    ):
        ended = sim(*command)
        assert ended.code == 0, (command, ended.err)
    assert (empty / "mine.toml").read_text(encoding="utf-8").count('extends = "frontier"') == 1
    assert load(Path("mine")).parameters == load(Path("frontier")).parameters
    # as if from its file
    by_name = json.loads(sim("run", "default", "--set", FEW, "--json").out)
    by_file = json.loads(sim("run", ROOT / "priors" / "default.toml", "--set", FEW, "--json").out)
    assert by_name == by_file
    # a run of a scenario by name is found again, data and all
    (folder,) = (path for path in (empty / "results").glob("default-*") if (path / "results.nc").is_file())
    assert sim("lock", folder).code == 0


@pytest.mark.parametrize("command", ["plot", "lock", "report", "reweight --tipping"])
def test_a_scenario_is_no_run(sim, command: str):
    name, *options = command.split()
    ended = sim(name, "default", *options)
    assert ended.code == 2
    assert "default: is a scenario, not the folder of a run" in ended.err
    assert "allowed: a folder that `sim run default` wrote" in ended.err


@pytest.mark.parametrize("command", ["run", "check", "explain", "sensitivity", "decide", "sweep", "compare"])
def test_every_command_names_the_nearest(sim, command: str):
    more = {"sweep": ("--over", "seed=1,2"), "compare": ("default",)}
    ended = sim(command, "skeptcal.toml", *more.get(command, ()))
    assert ended.code == 2
    assert "skeptcal.toml: no such file" in ended.err and "nearest: skeptical" in ended.err
