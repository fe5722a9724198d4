"""Files of lines that are kept one by one, each as soon as it is finished."""

import os
from pathlib import Path

from sim.faults import Fault, InvalidInputError
from sim.input_file import read_input
from sim.temporary import taking_turns

MAX_BYTES = 2**31


def whole_lines(path: Path) -> list[bytes]:
    """Return the lines of a file; none where there is no file.

    A last line without an end is what a killed run left half written, and is left out.

    Raises
    ------
    InvalidInputError
        If it is not a plain file, or cannot be read.
    """
    return read_input(path, "a file of lines", MAX_BYTES).split(b"\n")[:-1] if path.exists() else []


def keep_line(path: Path, line: bytes) -> None:
    """Append a line, whole or not at all; runs that share a file take turns.

    Parameters
    ----------
    path
        The file; made, with its folder, if need be.
    line
        Without its end.

    Raises
    ------
    InvalidInputError
        If the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with taking_turns(path.with_name(f".{path.name}.lock")), path.open("ab+") as stream:
            _drop_half_line(stream.fileno())
            stream.write(line + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        fault = Fault(str(path), "", f"cannot be written: {error.strerror or error}")
        raise InvalidInputError([fault]) from None


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
