"""The folder a run leaves behind: complete, or not there at all."""

import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from sim.faults import Fault, InvalidInputError

ABANDONED_AFTER_SECONDS = 24 * 3600.0


@contextmanager
def complete_or_absent(target: Path) -> Iterator[Path]:
    """Give a temporary folder to fill; on success it takes the place of `target`.

    The earlier folder is moved aside, and deleted only when the new one stands in its place. A run killed
    between the two leaves it aside, and the next run puts it back first. Runs into one parent folder take
    turns at that moment.

    Parameters
    ----------
    target
        The folder to make or replace.

    Raises
    ------
    InvalidInputError
        If the folder cannot be written.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".part-{target.name}-", dir=target.parent))
    except OSError as error:
        raise _unwritable(target, error) from None
    try:
        yield part
        part.chmod(0o755)
        with FileLock(target.parent / ".lock"):
            _put_back_interrupted(target)
            _swap(part, target)
            _clear_abandoned(target)
    except OSError as error:
        raise _unwritable(target, error) from None
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _unwritable(target: Path, error: OSError) -> InvalidInputError:
    return InvalidInputError([Fault(str(target), "", f"cannot be written: {error.strerror or error}")])


def _put_back_interrupted(target: Path) -> None:
    aside = _aside(target)
    if aside.is_dir() and not target.exists():
        aside.rename(target)
    shutil.rmtree(aside, ignore_errors=True)


def _swap(part: Path, target: Path) -> None:
    aside = _aside(target)
    if target.exists():
        target.rename(aside)
    try:
        part.rename(target)
    except OSError:
        if aside.exists():
            aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _clear_abandoned(target: Path) -> None:
    """Delete what killed runs left half-made, once nobody can still be writing it."""
    for part in target.parent.glob(f".part-{target.name}-*"):
        if time.time() - part.stat().st_mtime > ABANDONED_AFTER_SECONDS:
            shutil.rmtree(part, ignore_errors=True)


def _aside(target: Path) -> Path:
    return target.with_name(f".old-{target.name}")


def write_json(path: Path, content: object) -> None:
    """Write JSON that reads the same for the same content: sorted keys, one entry a line."""
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False)
    path.write_text(f"{text}\n", encoding="utf-8", newline="\n")
