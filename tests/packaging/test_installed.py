"""The wheel and the source archive, each installed into an environment of its own, away from the checkout."""

import csv
import json
import os
import subprocess
import sys
import sysconfig
import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "results" / "locks" / "default.lock.toml"

OF_ITS_ERROR = 1e-2
"""How far a number may move from the lock's, over its Monte Carlo error: as tests/test_golden.py allows."""


@dataclass(frozen=True)
class Installed:
    """An environment with the package, and an empty folder to work in.

    Parameters
    ----------
    commands
        Folder with ``python`` and ``sim``.
    here
        The empty folder.
    """

    commands: Path
    here: Path

    def run(self, command: str, *arguments: str) -> str:
        """Run a command of the environment in the folder; return what it printed."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "SIM_"))}
        ended = subprocess.run(
            [str(self.commands / command), *arguments],
            cwd=self.here,
            env=kept,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Build both archives, without fetching anything."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return {"wheel": next(folder.glob("*.whl")), "sdist": next(folder.glob("*.tar.gz"))}


@pytest.fixture(scope="module", params=["wheel", "sdist"])
def installed(
    request: pytest.FixtureRequest, archives: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Installed:
    """Install an archive beside the packages of the lock, which the environment borrows."""
    folder = tmp_path_factory.mktemp(request.param)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], check=True)
    commands = folder / "venv" / "bin"
    asked = [commands / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    own = Path(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip())
    # a path named here is one of modules; .pth files in it, the checkout's among them, are not read
    (own / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "--python", str(commands / "python"), "install", "--quiet"]
    alone = ["--no-index", "--no-deps", "--no-build-isolation", "--ignore-installed"]
    subprocess.run([*pip, *alone, str(archives[request.param])], cwd=folder, check=True)
    here = folder / "here"
    here.mkdir()
    return Installed(commands, here)


def test_the_package_is_the_one_installed(installed: Installed):
    found = installed.run(
        "python", "-c", "import sim, studies; print(sim.__file__, studies.__file__)"
    ).split()
    assert all(Path(each).is_relative_to(installed.commands.parent) for each in found)
    listed = "from sim.scenario.shipped_files import shipped_names; print(*shipped_names())"
    folders = (ROOT / "priors", ROOT / "priors" / "discounting")
    names = sorted(path.stem for folder in folders for path in folder.glob("*.toml"))
    assert installed.run("python", "-c", listed).split() == names
    package = Path(found[0]).parent / "resources"
    for name in ("priors", "data"):
        for file in (path for path in (ROOT / name).rglob("*") if path.is_file()):
            assert (package / name / file.relative_to(ROOT / name)).read_bytes() == file.read_bytes()


def test_numbers_are_those_of_the_lock(installed: Installed):
    folder = installed.here / installed.run("sim", "run", "default", "--quiet").strip()
    lock = tomllib.loads(LOCK.read_text(encoding="utf-8"))
    assert (
        json.loads((folder / "summary.json").read_bytes())["scenario_digest"]
        == lock["run"]["scenario_digest"]
    )
    with (folder / "summary.csv").open(encoding="utf-8", newline="") as stream:
        rows = {key_of(row): row for row in csv.DictReader(stream)}
    assert len(lock["numbers"]) > 70
    for number in lock["numbers"]:
        row = rows[key_of(number)]
        allowed = OF_ITS_ERROR * number["mc_error"] + 1e-9 * abs(number["value"])
        assert float(row["value"]) == pytest.approx(number["value"], abs=allowed), number


def key_of(row: dict[str, object]) -> tuple[str, ...]:
    at = row.get("at") or np.nan
    return str(row["quantity"]), str(row.get("alternative", "")), str(row["statistic"]), f"{float(str(at)):g}"


def test_commands_find_what_is_shipped(installed: Installed):
    few = ("--draws", "256")
    assert "default" in installed.run("sim", "compare", "default", "frontier", *few)
    assert "(extends frontier)" in installed.run("sim", "new", "mine", "--extends", "frontier")
    assert "mine: valid" in installed.run("sim", "check", "mine")
    assert "Table 1" in installed.run("sim", "table1")
    assert "139" in installed.run("sim", "evidence", "show")
