"""Files and folders that a run leaves: complete or not there at all, and sealed where they are binary.

A seal is a digest at the end of a file, over all that stands before it. HDF5 keeps no checksum of its own
over most of a file: a flipped bit gives other numbers, or errors far from their cause. So the whole file is
checked before HDF5 sees any of it. HDF5 and NetCDF readers leave what follows the end of their data alone.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.faults import Fault, InvalidInput
from sim.input_file import read_input
from sim.temporary_files import clear_abandoned, taking_turns, temporary_folder, write_by_temporary

if TYPE_CHECKING:
    import pandas as pd

PART, ASIDE = ".part-", ".old-"
WRITABLE_FOLDER = "a folder that can be written"
PATIENCE_SECONDS = 60.0

MAX_BYTES = 2**31

MARK = b"\nsha256 "
LENGTH = len(MARK) + 64 + 1
BLOCK = 2**20


@contextmanager
def writing(target: Path, allowed: str = "") -> Iterator[None]:
    """Turn what the system refuses into a fault that names the file or folder that the user knows.

    Parameters
    ----------
    target
        File or folder that the fault names.
    allowed
        What would do in its place, in words.

    Yields
    ------
    None
        Once, for what writes.
    """
    try:
        yield
    except OSError as error:
        problem = f"cannot be written: {error.strerror or error}"
        raise InvalidInput([Fault(str(target), "", problem, allowed)]) from None


def write_together(
    folder: Path, files: Iterable[tuple[str, bytes]], allowed: str = WRITABLE_FOLDER
) -> list[Path]:
    """Write files into a folder, where none stands before all are written.

    Parameters
    ----------
    folder
        Folder to write to, made if need be.
    files
        Names and contents, taken one after the other.
    allowed
        What the user is told would do in place of a folder that cannot be written.

    Returns
    -------
    list of Path
        The files, in their order.

    Raises
    ------
    InvalidInput
        If the folder cannot be written, even if there are no files.
    """
    with writing(folder, allowed):
        folder.mkdir(parents=True, exist_ok=True)
        with temporary_folder(folder, ".new-") as part:
            written = []
            for name, content in files:
                (part / name).write_bytes(content)
                written.append(name)
            return [(part / name).replace(folder / name) for name in written]


@contextmanager
def complete_or_absent(target: Path) -> Iterator[Path]:
    """Give a temporary folder to fill; on success it takes the place of `target`.

    The earlier folder is moved aside, and deleted only when the new one stands in its place. A run killed
    between the two leaves it aside, and the next run into the same parent puts it back first. Runs into one
    parent folder take turns at that moment.

    Raises
    ------
    InvalidInput
        If the folder cannot be written.
    """
    lock = target.parent / ".lock"
    with writing(target):
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


@contextmanager
def _named_as(target: Path, part: Path) -> Iterator[None]:
    """Let what is wrong with files in the temporary folder be told of the folder the user knows."""
    try:
        yield
    except InvalidInput as error:
        faults = [replace(each, file=each.file.replace(str(part), str(target))) for each in error.faults]
        raise InvalidInput(faults) from None


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


def as_json(content: object) -> str:
    """Return JSON that reads the same for the same content: sorted keys, one entry a line."""
    return f"{json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False)}\n"


def frame_csv(frame: "pd.DataFrame") -> str:
    """Return a frame as CSV with a head and without its index, every number at full precision."""
    return str(frame.to_csv(index=False, lineterminator="\n"))


def write_csv(path: Path, frame: "pd.DataFrame") -> None:
    """Write a frame as :func:`frame_csv` gives it.

    Parameters
    ----------
    path
        The file, replaced if it is there.
    frame
        The frame to write.
    """
    path.write_text(frame_csv(frame), encoding="utf-8", newline="\n")


def write_json(path: Path, content: object) -> None:
    """Write JSON as :func:`as_json` gives it.

    Parameters
    ----------
    path
        The file, replaced if it is there.
    content
        Content, which may be anything that JSON can hold.
    """
    path.write_text(as_json(content), encoding="utf-8", newline="\n")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file by way of a temporary one beside it, so that nobody ever finds half of it.

    Parameters
    ----------
    path
        The file, whose folder is made if need be.
    content
        Its bytes.

    Raises
    ------
    InvalidInput
        If it cannot be written there.
    """
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_by_temporary(path, content)


def whole_lines(path: Path) -> list[bytes]:
    """Return the lines of a file; none where there is no file.

    A last line without an end is what a killed run left half written, and is left out.

    Raises
    ------
    InvalidInput
        If it is not a plain file, or cannot be read.
    """
    return read_input(path, "a file of lines", MAX_BYTES).split(b"\n")[:-1] if path.exists() else []


def keep_line(path: Path, line: bytes) -> None:
    """Append a line, whole or not at all; runs that share a file take turns.

    Parameters
    ----------
    path
        The file, made with its folder if need be.
    line
        The line without its end.

    Raises
    ------
    InvalidInput
        If the file cannot be written.
    """
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with taking_turns(path.with_name(f".{path.name}.lock")), path.open("ab+") as stream:
            _drop_half_line(stream.fileno())
            stream.write(line + b"\n")
            stream.flush()
            os.fsync(stream.fileno())


def _drop_half_line(descriptor: int) -> None:
    """Cut what follows the last end of a line."""
    size = os.fstat(descriptor).st_size
    end = size
    while end > 0:
        start = max(0, end - 4096)
        found = os.pread(descriptor, end - start, start).rfind(b"\n")
        if found >= 0:
            end = start + found + 1
            break
        end = start
    if end < size:
        os.ftruncate(descriptor, end)


def seal(content: bytes | memoryview) -> bytes:
    r"""Return the bytes of a file followed by their sha256, as a line of text.

    Examples
    --------
    >>> seal(b"")
    b'\nsha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n'
    """
    return b"".join((content, MARK, hashlib.sha256(content).hexdigest().encode(), b"\n"))


def broken_seal(path: Path) -> str:
    """Return what is wrong with the seal of a file, in words; empty if nothing is.

    Raises
    ------
    OSError
        If the file cannot be read.
    """
    size = path.stat().st_size - LENGTH
    with path.open("rb") as stream:
        stream.seek(max(0, size))
        line = stream.read()
    if size < 0 or not line.startswith(MARK) or not line.endswith(b"\n"):
        return "no digest at its end: cut short, damaged, or not written by this version of sim"
    if line != MARK + _digest(path, size).encode() + b"\n":
        return "its bytes do not have the digest it ends with: damaged or edited"
    return ""


def _digest(path: Path, size: int) -> str:
    """Return the sha256 of the first bytes of a file, hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while size > 0 and (block := stream.read(min(BLOCK, size))):
            digest.update(block)
            size -= len(block)
    return digest.hexdigest()
