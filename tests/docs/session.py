"""One page's session: a folder laid out as the repository, and the commands run in it."""

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from sim.__main__ import main
from tests.docs.blocks import ROOT

SHELL = frozenset("|&;<>$`*?(){}~")
COPIED = ("priors", "data", "docs")
PROGRESS = re.compile(r"^\d+ s: .*\n", re.MULTILINE)
"""What commands say on standard error where this machine takes its time."""

SURROUNDINGS = {"COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb"}


@dataclass(frozen=True)
class Session:
    """Where the blocks of a page run, and the Python names they share."""

    folder: Path
    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "__main__"})

    def write(self, name: str, text: str) -> Path:
        """Write a file a block stands for; it may not leave the folder."""
        path = (self.folder / name).resolve()
        assert path.is_relative_to(self.folder), f"{name} lies outside the page's folder"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def command(self, line: str) -> tuple[int, str]:
        """Run a command; return how it ended and all it printed."""
        words = shlex.split(line)
        if words[0] == "sim" and not SHELL & set(line):
            return _in_process(words)
        ran = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", line], check=False, text=True, capture_output=True
        )
        return ran.returncode, ran.stdout + PROGRESS.sub("", ran.stderr)


@contextmanager
def session(folder: Path) -> Iterator[Session]:
    """Open a folder with copies of what pages refer to, ``sim`` on the path of its commands."""
    place = (folder / "repository").resolve()
    programs = folder / "programs"
    programs.mkdir()
    for name in COPIED:
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("images", "*.md"))
    program = programs / "sim"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m sim "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    path = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    before = Path.cwd()
    with mock.patch.dict(os.environ, SURROUNDINGS | path):
        os.chdir(place)
        try:
            yield Session(place)
        finally:
            os.chdir(before)


def _in_process(words: list[str]) -> tuple[int, str]:
    out, err = io.StringIO(), io.StringIO()
    with mock.patch.object(sys, "argv", words), redirect_stdout(out), redirect_stderr(err):
        try:
            main()
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
    return code, out.getvalue() + PROGRESS.sub("", err.getvalue())
