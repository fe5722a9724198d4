"""FIFOs, devices, folders, links in a circle and huge files where a file should be: for every command."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.faults import InvalidInput
from sim.input_file import read_input
from tests.builders import scenario_text
from tests.faults.processes import ROOT
from tests.properties.test_malformed import time_limit

SECONDS = 60
GIGABYTE = 2**30


def fifo(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def folder(path: Path) -> None:
    path.mkdir()


def circle(path: Path) -> None:
    path.symlink_to(path.with_name("other"))
    path.with_name("other").symlink_to(path)


def dangling(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere"))


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(GIGABYTE + 1)  # sparse: it takes no room


MAKERS = (fifo, device, folder, circle, dangling, huge)

# the command, and the name of the file it is given
COMMANDS = {
    "run": (["run"], "special.toml"),
    "check": (["check"], "special.toml"),
    "explain": (["explain"], "special.toml"),
    "sensitivity": (["sensitivity"], "special.toml"),
    "decide": (["decide"], "special.toml"),
    "sweep": (["sweep", "--over", "seed=1,2"], "special.toml"),
    "compare": (["compare", str(ROOT / "priors" / "default.toml")], "special.toml"),
    "decide results": (["decide"], "special.nc"),
    "reweight": (["reweight", "--set", "seed=1"], "special.nc"),
    "lock": (["lock"], "special.nc"),
    "plot": (["plot", "--figure", "all"], "results.nc"),
    "verify": (["verify"], "special.lock"),
    "scenarios": (["scenarios"], "special.toml"),
    "table1": (["table1", "--data"], "special"),
    "evidence show": (["evidence", "show", "--data"], "special"),
    "evidence import": (["evidence", "import"], "special"),
    "evidence fit": (["evidence", "fit", "--data"], "special"),
    "evidence coverage": (
        ["evidence", "coverage", "--method", "naive", "--simulations", "1", "--survey"],
        "special.csv",
    ),
    "evidence pivots": (["evidence", "pivots", "--surveys", "10"], "special.csv"),
    "evidence methods": (["evidence", "methods"], "special.toml"),
}


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command(sim, tmp_path: Path, command: str, make: Callable[[Path], None]):
    arguments, name = COMMANDS[command]
    make(tmp_path / name)
    with time_limit(SECONDS):
        found = sim(*arguments, tmp_path / name)
    assert found.code == 2, (found.code, found.out, found.err)
    assert name in found.err, found.err
    assert 0 < len(found.err) < 3_000 and "Traceback" not in found.err


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
@pytest.mark.parametrize("key", ["evidence.periods", "parameters.x.file", "extends"])
def test_files_that_a_scenario_names(sim, tmp_path: Path, key: str, make: Callable[[Path], None]):
    name = "b.toml" if key == "extends" else "b.csv"
    make(tmp_path / name)
    extra = {
        "extends": f'extends = "{name}"\n',
        "evidence.periods": scenario_text(f'[evidence]\nperiods = "{name}"\n'),
        "parameters.x.file": (
            'title = "a"\nseed = 1\n[parameters.x]\ndistribution = "empirical"\nunit = "1"\n'
            f'file = "{name}"\ncolumn = "x"\nrationale = "a test"\n[outcomes.y]\nformula = "x"\n'
            '[report]\noutcome = "y"\n'
        ),
    }
    (tmp_path / "a.toml").write_text(extra[key], encoding="utf-8")
    with time_limit(SECONDS):
        found = sim("check", tmp_path / "a.toml")
    # a link is followed first: what is told may be its end
    told = (name, "must end in", "/dev/zero: not a plain file", "nowhere: no such file")
    assert found.code == 2 and any(each in found.err for each in told), found.err


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (fifo, "not a plain file"),
        (device, "not a plain file"),
        (folder, "is a folder"),
        (circle, "symbolic links go in a circle"),
        (dangling, "no such file"),
        (huge, "too large: 1,073,741,825 bytes"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_is_said(tmp_path: Path, make: Callable[[Path], None], problem: str):
    make(tmp_path / "a")
    with time_limit(5), pytest.raises(InvalidInput, match=problem):
        read_input(tmp_path / "a", "anything", 100)


def test_a_name_with_a_null_byte(tmp_path: Path):
    with pytest.raises(InvalidInput, match="null"):
        read_input(tmp_path / "a\x00b", "anything", 100)


def test_a_file_that_grows_while_it_is_read():
    """What the kernel calls empty and gives bytes of all the same."""
    with pytest.raises(InvalidInput, match="more than 2 bytes"):
        read_input(Path("/proc/self/status"), "anything", 2)
