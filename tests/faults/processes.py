"""Commands in processes of their own, and what became of them."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SECONDS = 120
"""A command of these tests takes a few seconds; one that is still busy after this hangs."""


@dataclass(frozen=True)
class Finished:
    """How a process ended; the code is negative where a signal ended it."""

    code: int
    out: str
    err: str


def started(
    *arguments: object, env: Mapping[str, str] | None = None, **more: object
) -> subprocess.Popen[bytes]:
    """Start ``python -m sim`` in a process of its own."""
    command = [sys.executable, "-m", "sim", *map(str, arguments)]
    wanted = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": ROOT} | more
    return subprocess.Popen(command, env=environment(env or {}), **wanted)


def launch(*arguments: object, env: Mapping[str, str] | None = None, **more: object) -> Finished:
    """Run ``python -m sim`` to its end."""
    return ended(started(*arguments, env=env, **more))


def ended(process: subprocess.Popen[bytes]) -> Finished:
    """Wait for a process, not for ever."""
    try:
        out, err = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    said = [(part or b"").decode("utf-8", "backslashreplace") for part in (out, err)]
    return Finished(process.returncode, *said)


def environment(changes: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment with changes; an empty value takes a variable away."""
    merged = {**os.environ, "PYTHONPATH": str(ROOT), **changes}
    return {name: value for name, value in merged.items() if value or name not in changes}


def killed_after(seconds: float, number: signal.Signals, *arguments: object) -> Finished:
    """Start a command and send it a signal after a while."""
    process = started(*arguments)
    time.sleep(seconds)
    process.send_signal(number)
    return ended(process)


def assert_one_clear_refusal(found: Finished, *words: str) -> None:
    """Assert exit code 2, a short message with these words, and no traceback."""
    assert found.code == 2, (found.code, found.err[-2000:])
    assert "Traceback" not in found.err, found.err[-2000:]
    assert "Exception ignored" not in found.err, found.err[-2000:]
    said = [line for line in found.err.splitlines() if not re.match(r"\d+ s: ", line)]  # but for progress
    assert 0 < len(said) <= 6, found.err[-2000:]
    for word in words:
        assert word in found.err, found.err[-2000:]


def hidden(folder: Path) -> list[str]:
    """Return what a run should not leave: names that begin with a dot, but for the lock."""
    return sorted(
        entry.name for entry in folder.rglob("*") if entry.name.startswith(".") and entry.name != ".lock"
    )
