"""Disks without locks, as network disks may be: the call for a lock is made to fail, and all works."""

import errno
import fcntl
import multiprocessing
import os
from pathlib import Path

import pytest

from sim.files import complete_or_absent, keep_line, whole_lines, write_whole
from sim.results_file import read
from sim.temporary_files import taking_turns

ANSWERS = [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS]


@pytest.fixture(params=ANSWERS, ids=lambda number: errno.errorcode[number])
def without_locks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(request.param, os.strerror(request.param))

    monkeypatch.setattr(fcntl, "flock", refuse)
    monkeypatch.setattr(fcntl, "lockf", refuse)


@pytest.mark.usefixtures("without_locks")
def test_folders_files_and_lines_are_written(tmp_path: Path):
    for content in ("first", "second"):
        with complete_or_absent(tmp_path / "run") as folder:
            (folder / "a").write_text(content)
        write_whole(tmp_path / "b", content.encode())
        keep_line(tmp_path / "lines", content.encode())
    assert (tmp_path / "run" / "a").read_text() == (tmp_path / "b").read_text() == "second"
    assert whole_lines(tmp_path / "lines") == [b"first", b"second"]
    assert {entry.name for entry in tmp_path.iterdir()} - {".lock", ".lines.lock"} == {"run", "b", "lines"}


@pytest.mark.usefixtures("without_locks")
def test_others_wait_for_their_turn(tmp_path: Path):
    """Sixteen lines of four processes: each of them whole, and none lost."""
    context = multiprocessing.get_context("fork")  # so that they have no locks either
    workers = [context.Process(target=_keep_four, args=(tmp_path / "lines",)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0] * 4
    assert whole_lines(tmp_path / "lines") == [b"x" * 1000] * 16


def _keep_four(path: Path) -> None:
    for _ in range(4):
        keep_line(path, b"x" * 1000)


@pytest.mark.usefixtures("without_locks")
def test_what_a_killed_process_held_is_free(tmp_path: Path):
    context = multiprocessing.get_context("fork")
    killed = context.Process(target=_hold_and_die, args=(tmp_path / ".lock",))
    killed.start()
    killed.join(60)
    assert killed.exitcode == 9
    with taking_turns(tmp_path / ".lock", timeout=30):
        pass


def _hold_and_die(path: Path) -> None:
    with taking_turns(path):
        os._exit(9)


def test_results_are_read_without_a_lock(finished: Path):
    """HDF5 asks for its lock in C: another holds one on the file, so that asking would be refused."""
    with (finished / "results.nc").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        assert read(finished / "results.nc")[0]["/outcomes"]
