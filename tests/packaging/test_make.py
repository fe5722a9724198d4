"""``make`` finds a Python that is new enough under any name, and says in one line what is missing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ("sh", "make", "cat", "cp", "grep", "mkdir", "touch")

FAKE = """#!/bin/sh
case "$*" in
  *version_info*) echo {version}; exit {old} ;;
  *ensurepip*) exit {without_venv} ;;
  "-m venv"*) mkdir -p "$4/bin"; echo "$0" > "$4/made_by"; cp "$0" "$4/bin/python" ;;
esac
"""
"""Answers what a Python would, and makes an environment of itself."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder for the PATH, with nothing but the tools that make and the shell need."""
    path = tmp_path / "bin"
    path.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found is not None
        (path / tool).symlink_to(found)
    return path


def add(folder: Path, name: str, version: str, without_venv: bool = False) -> None:
    old = tuple(map(int, version.split("."))) < (3, 12)
    file = folder / name
    file.write_text(
        FAKE.format(version=version, old=int(old), without_venv=int(without_venv)), encoding="utf-8"
    )
    file.chmod(0o755)


def make(folder: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Build an environment beside the folder with nothing else on the PATH."""
    venv = folder.parent / "venv"
    return subprocess.run(
        ["make", "--silent", f"VENV={venv}", f"{venv}/.ready", *arguments],
        cwd=ROOT,
        env={"PATH": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("there", "taken"),
    [
        ({"python3": "3.13"}, "python3"),
        ({"python": "3.12"}, "python"),
        ({"python3": "3.9", "python": "2.7", "python3.12": "3.12"}, "python3.12"),
        ({"python3": "3.9", "python": "3.12"}, "python"),
        ({"python3.12": "3.12", "python3.13": "3.13", "python3": "3.11"}, "python3.13"),
    ],
)
def test_a_python_is_found(folder: Path, there: dict[str, str], taken: str):
    for name, version in there.items():
        add(folder, name, version)
    ended = make(folder)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    made_by = (folder.parent / "venv" / "made_by").read_text(encoding="utf-8").strip()
    assert Path(made_by).name == taken
    assert (folder.parent / "venv" / ".ready").exists()


def test_a_named_python_is_taken(folder: Path):
    add(folder, "python3", "3.13")
    add(folder, "other", "3.14")
    assert make(folder, "PYTHON=other").returncode == 0
    assert "other" in (folder.parent / "venv" / "made_by").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("there", "options", "said"),
    [
        ({}, (), "make: Python 3.12 or later is needed, no python3 or python is on the PATH; make PYTHON="),
        (
            {"python3": "3.9", "python": "2.7"},
            (),
            "make: Python 3.12 or later is needed, python3 is 3.9, python is 2.7; make PYTHON=",
        ),
        ({"python3": "3.13", "old": "3.11"}, ("PYTHON=old",), "is needed, old is 3.11; make PYTHON="),
        ({"python3": "3.13"}, ("PYTHON=nothing",), "is needed, no nothing is on the PATH; make PYTHON="),
        (
            {"python3": "3.12 without venv"},
            (),
            "make: python3 has no venv module; install it (Debian and Ubuntu: apt install python3.12-venv)",
        ),
    ],
)
def test_what_is_missing_is_said_in_a_line(
    folder: Path, there: dict[str, str], options: tuple[str, ...], said: str
):
    for name, version in there.items():
        add(folder, name, version.split()[0], "without venv" in version)
    ended = make(folder, *options)
    assert ended.returncode != 0
    first, *rest = ended.stderr.splitlines()
    assert said in first
    assert all(line.startswith("make: *** ") for line in rest)  # make's own word on the target
    assert not (folder.parent / "venv" / ".ready").exists()


def test_no_network_is_said_in_a_line(folder: Path):
    file = folder / "python3"
    file.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n', encoding="utf-8")
    file.chmod(0o755)
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "HOME": os.environ["HOME"]}
    ended = make(folder, **nowhere, PIP_NO_CACHE_DIR="1", PIP_CONFIG_FILE=os.devnull)
    assert ended.returncode != 0
    first, *rest = ended.stderr.splitlines()
    assert first.startswith("make: no network: pip cannot reach the index")
    assert all(line.startswith("make: *** ") for line in rest)
    assert not (folder.parent / "venv" / ".ready").exists()
