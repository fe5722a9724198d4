"""Malformed scenario files end with exit code 2 and a message: no traceback, no hang."""

import contextlib
import io
import shutil
import signal
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from sim.__main__ import main
from tests.properties.mutation import mutated

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "priors").glob("*.toml"))
SECONDS = 120
N_FAST, N_SLOW, N_RUN = 22, 400, 12
"""Files made of each shipped scenario: checked in every run of the suite, checked and run in the slow one."""


class HungError(Exception):
    """A command was still busy after its time."""


@contextlib.contextmanager
def time_limit(seconds: int) -> Iterator[None]:
    def ring(*_: object) -> None:
        raise HungError(f"still busy after {seconds} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Copy the shipped scenarios, beside their data."""
    shutil.copytree(ROOT / "priors", tmp_path / "priors")
    shutil.copytree(ROOT / "data", tmp_path / "data")
    return tmp_path / "priors"


def ended(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> tuple[int, str]:
    """Run the command line in this process; return its exit code and what it said."""
    monkeypatch.setattr(sys, "argv", ["sim", *map(str, arguments)])
    said = io.StringIO()
    with (
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
        time_limit(SECONDS),
        pytest.raises(SystemExit) as caught,
    ):
        main()
        sys.exit(0)
    return int(caught.value.code or 0), said.getvalue()


def assert_ends_well(
    path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, n_files: int, n_run: int
) -> None:
    rng = np.random.default_rng(list(path.stem.encode()))
    text = path.read_text(encoding="utf-8")
    target = folder / "mutated.toml"
    n_refused = 0
    for place in range(n_files):
        content = mutated(text, rng)
        target.write_bytes(content)
        try:
            code, said = ended(monkeypatch, "check", target)
            if code == 0 and place < n_run:
                options = ("--quiet", "--draws", 64, "--out", folder / "out")
                code, said = ended(monkeypatch, "run", target, *options)
        except BaseException as error:
            raise AssertionError(f"{path.name}, file {place}:\n{content!r}") from error
        assert code in (0, 2), content
        if code == 2:
            n_refused += 1
            assert said.strip() and "Traceback" not in said, content
            assert max(map(len, said.splitlines())) < 20_000, content
    assert n_refused > n_files / 4  # most changes matter


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_some_malformed_files(path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch):
    assert_ends_well(path, folder, monkeypatch, N_FAST, 0)


@pytest.mark.slow
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_thousands_of_malformed_files(path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch):
    """What is valid after all is run, too, with few draws: no number must end in a traceback."""
    with warnings.catch_warnings():
        warnings.simplefilter("default")  # overflow is not an error here; what it leads to must be refused
        assert_ends_well(path, folder, monkeypatch, N_SLOW, N_RUN)
