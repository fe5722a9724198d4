"""The program itself: its version, its help, completion, and how wide it writes."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

import sim as package
from sim.cli.app import app

ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
COLUMNS = 80


def test_version(sim):
    ended = sim("--version")
    assert (ended.code, ended.out) == (0, f"sim {package.__version__}\n")


def test_help_says_how_to_complete(sim):
    words = " ".join(sim("--help").out.split())
    assert "bash, zsh and fish" in words and "--install-completion" in words


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_completes_commands(shell: str):
    """What the script asks that ``sim --show-completion`` prints for a shell."""
    asked = {"COMP_WORDS": "sim ru", "COMP_CWORD": "1", "_TYPER_COMPLETE_ARGS": "sim ru"}
    asked |= {"_SIM_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    ended = subprocess.run(
        [sys.executable, "-m", "sim"], env=os.environ | asked, capture_output=True, text=True, check=False
    )
    assert {"run", "runs"} <= set(re.findall(r"\bruns?\b", ended.stdout)), ended


def commands(group: object, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = [path]
    for name in group.list_commands(None) if hasattr(group, "list_commands") else ():
        found += commands(group.get_command(None, name), (*path, name))
    return found


@pytest.mark.parametrize("path", commands(typer.main.get_command(app)), ids=" ".join)
def test_help_is_no_wider_than_the_terminal(sim, monkeypatch: pytest.MonkeyPatch, path: tuple[str, ...]):
    monkeypatch.setenv("COLUMNS", str(COLUMNS))
    ended = sim(*path, "--help")
    assert ended.code == 0
    assert max(map(len, ended.out.splitlines())) <= COLUMNS


def test_what_is_printed_is_no_wider_than_the_terminal(sim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", str(COLUMNS))
    monkeypatch.setenv("FORCE_COLOR", "1")  # as on a terminal
    for command in (
        ("new", "mine", "--blank"),
        ("check", "mine"),
        ("explain", "mine"),
        ("run", "mine", "--set", "sampling.n_draws=1024", "--figures", "none"),
        ("runs",),
        ("evidence", "show"),
        ("check", "default"),
        ("run", "default", "--draws", "1024", "--figures", "none"),
    ):
        ended = sim(*command)
        assert ended.code == 0, ended.err
        lines = ESCAPES.sub("", ended.out).splitlines()
        assert max(map(len, lines)) <= COLUMNS, (command, [line for line in lines if len(line) > COLUMNS])
