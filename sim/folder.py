"""The folder a run leaves behind: complete, or not there at all."""

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from sim.faults import Fault, InvalidInputError
from sim.temporary import clear_abandoned, taking_turns, temporary_folder, write_by_temporary

PART, ASIDE = ".part-", ".old-"
PATIENCE_SECONDS = 60.0


@contextmanager
def complete_or_absent(target: Path) -> Iterator[Path]:
    """Give a temporary folder to fill; on success it takes the place of `target`.

    The earlier folder is moved aside, and deleted only when the new one stands in its place. A run killed
    between the two leaves it aside, and the next run into the same parent puts it back first. Runs into one
    parent folder take turns at that moment.

    Parameters
    ----------
    target
        The folder to make or replace.

    Raises
    ------
    InvalidInputError
        If the folder cannot be written.
    """
    lock = target.parent / ".lock"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            with taking_turns(lock, PATIENCE_SECONDS):
                _put_back_interrupted(target.parent)
                clear_abandoned(target.parent, f"{PART}*")
                part = stack.enter_context(temporary_folder(target.parent, f"{PART}{target.name}-"))
            with _named_as(target, part):
                yield part
            part.chmod(0o755)
            with taking_turns(lock, PATIENCE_SECONDS):
                _swap(part, target)
    except OSError as error:
        raise _unwritable(target, error) from None


@contextmanager
def _named_as(target: Path, part: Path) -> Iterator[None]:
    """Let what is wrong with files in the temporary folder be told of the folder the user knows."""
    try:
        yield
    except InvalidInputError as error:
        faults = [replace(each, file=each.file.replace(str(part), str(target))) for each in error.faults]
        raise InvalidInputError(faults) from None


def _unwritable(target: Path, error: OSError) -> InvalidInputError:
    return InvalidInputError([Fault(str(target), "", f"cannot be written: {error.strerror or error}")])


def _put_back_interrupted(parent: Path) -> None:
    """Bring back the earlier folders that runs killed while swapping had moved aside."""
    for aside in parent.glob(f"{ASIDE}*"):
        target = parent / aside.name.removeprefix(ASIDE)
        if aside.is_dir() and not target.exists():
            aside.rename(target)
        shutil.rmtree(aside, ignore_errors=True)


def _swap(part: Path, target: Path) -> None:
    aside = target.with_name(f"{ASIDE}{target.name}")
    if target.exists():
        target.rename(aside)
    try:
        part.rename(target)
    except OSError:
        if aside.exists():
            aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def write_json(path: Path, content: object) -> None:
    """Write JSON that reads the same for the same content: sorted keys, one entry a line."""
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False)
    path.write_text(f"{text}\n", encoding="utf-8", newline="\n")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file by way of a temporary one beside it, so that nobody ever finds half of it.

    Raises
    ------
    InvalidInputError
        If it cannot be written there.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_by_temporary(path, content)
    except OSError as error:
        raise _unwritable(path, error) from None
