"""A small scenario, a finished run of it, and commands in processes of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import parameter, scenario_text, write_scenario
from tests.cli.conftest import sim
from tests.faults.processes import launch

__all__ = ["sim"]

X = parameter("x", 'distribution = "normal"\nmean = 3\nsd = 1')
PAY = parameter("pay", 'distribution = "lognormal"\nmedian = 4\np95 = 9')
TINY = scenario_text(X, PAY, formula="x * pay", n_draws=64)


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """Write a scenario of 64 draws without a survey."""
    return write_scenario(tmp_path, TINY, "tiny.toml")


@pytest.fixture(scope="session")
def shared_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the small scenario once; the folder it left. Not to be written to."""
    folder = tmp_path_factory.mktemp("run")
    scenario = write_scenario(folder, TINY, "tiny.toml")
    ended = launch("run", scenario, "--out", folder / "results", "--quiet")
    assert ended.code == 0, ended.err
    return Path(ended.out.strip())


@pytest.fixture
def finished(shared_run: Path, tmp_path: Path) -> Path:
    """Copy the finished run, to be damaged."""
    copied = tmp_path / "results" / shared_run.name
    copied.parent.mkdir()
    subprocess.run(["cp", "-r", str(shared_run), str(copied)], check=True)
    return copied


@pytest.fixture
def small_disk(tmp_path: Path):
    """Mount a file system of 400 kB in memory; skip where this is not allowed."""
    where = tmp_path / "disk"
    where.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(where)], capture_output=True, check=False
    ) if sys.platform == "linux" and os.geteuid() == 0 else None  # fmt: skip
    if mounted is None or mounted.returncode:
        pytest.skip("mounting a file system takes root and the right to mount")
    yield where
    subprocess.run(["umount", "-l", str(where)], check=True)
