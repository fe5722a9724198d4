"""Temporary files and folders that never outlive the next run, and turns that processes take.

Each is locked by the process that made it. The system drops the lock when that process ends, however it
ends; what nobody holds any more was left by a killed run, whatever the clock says, and may be deleted.
"""

import errno
import glob
import os
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, SoftFileLock

NO_LOCKS = {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS}
"""What a disk without locks answers, as network disks may be."""

ABANDONED_AFTER_SECONDS = 24 * 3600.0
"""Age of what may be deleted where the system has no such locks."""


@contextmanager
def taking_turns(lock: Path, timeout: float = -1.0) -> Iterator[None]:
    """Let one process at a time do what is done within, on a disk without locks too.

    There, a file beside stands for the lock while it is held; what a killed process of this machine left of
    it is taken away by the next.

    Parameters
    ----------
    lock
        An empty file, which stays there.
    timeout
        How many seconds to wait for others; for ever unless stated.

    Yields
    ------
    None
        Once, while the turn lasts.

    Raises
    ------
    OSError
        If the file cannot be made, or others took too long.
    """
    turn: FileLock | SoftFileLock = FileLock(lock, timeout=timeout)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # that it does the same as is done here, for ENOSYS
            turn.acquire()
    except OSError as error:
        if error.errno not in NO_LOCKS:
            raise
        turn = SoftFileLock(lock.with_name(f"{lock.name}-held"), timeout=timeout)
        turn.acquire()
    try:
        yield
    finally:
        turn.release()


@contextmanager
def temporary_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """Give a new folder, deleted in the end if it still stands there; older ones nobody holds are deleted.

    Parameters
    ----------
    parent
        Folder to make it in.
    prefix
        What its name starts with: a dot and its purpose.

    Yields
    ------
    Path
        The folder.

    Raises
    ------
    OSError
        If it cannot be made.
    """
    clear_abandoned(parent, f"{prefix}*")
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    held = _hold(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if held is not None:
            os.close(held)


def write_by_temporary(path: Path, content: bytes) -> None:
    """Write a file by way of a temporary one beside it, which takes its place when it is whole.

    Parameters
    ----------
    path
        The file, replaced if it is there.
    content
        Its bytes.

    Raises
    ------
    OSError
        If it cannot be written there.
    """
    prefix = f".{path.name}-"
    clear_abandoned(path.parent, f"{glob.escape(prefix)}{'[a-z0-9_]' * 8}")
    handle, name = tempfile.mkstemp(prefix=prefix, dir=path.parent)
    part = Path(name)
    held = _hold(part)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        part.chmod(0o644)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
        if held is not None:
            os.close(held)


def clear_abandoned(parent: Path, pattern: str) -> None:
    """Delete temporary files and folders of this name that no process holds.

    Parameters
    ----------
    parent
        Folder in which they lie.
    pattern
        Pattern of their names, as for a shell.
    """
    for part in parent.glob(pattern):
        with suppress(OSError):  # a process holds it, or has just put it away itself
            held = _hold(part)
            if held is None and time.time() - part.stat().st_mtime < ABANDONED_AFTER_SECONDS:
                continue
            if part.is_dir():
                shutil.rmtree(part, ignore_errors=True)
            else:
                part.unlink()
            if held is not None:
                os.close(held)


def _hold(part: Path) -> int | None:
    """Lock a file or folder that no other process holds; ``None`` where the system has no such locks."""
    if sys.platform == "win32":
        return None
    import fcntl

    handle = os.open(part, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise
    except OSError:
        os.close(handle)
        return None
    return handle
