"""Reading an input file that somebody else wrote, TOML among it: of bounded size, or one clear refusal."""

import errno
import os
import stat
import tomllib
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Collection
from pathlib import Path
from typing import Any

from sim.faults import Fault, InvalidInput, nearest_name

MAX_TABLE_BYTES = 2**30
"""Largest table of data that is read: 1 GiB."""

MAX_COLUMNS = 10_000
SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How a zip archive begins, which workbooks are, and how those of old Excel do."""
DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}
"""What stands between columns in files that are called CSV all the same."""
MAX_DEPTH = 64
"""Tables and lists within each other; no file of this program goes deeper than about ten."""
TomlTable = dict[str, Any]


def read_input(path: Path, wanted: str, max_bytes: int) -> bytes:
    """Return the bytes of a plain file.

    A FIFO, a socket or a device is refused without waiting for it, a file that is too large before any of it
    is read.

    Parameters
    ----------
    path
        The file.
    wanted
        What it should be, in words, for the message: "a TOML file".
    max_bytes
        Largest size that is read.

    Returns
    -------
    bytes
        Content of the file, at most `max_bytes`.

    Raises
    ------
    InvalidInput
        If it is missing (with the nearest name beside it), a folder, not a plain file, reached over symbolic
        links that go in a circle, too large, or cannot be read.

    Examples
    --------
    >>> read_input(Path("/"), "a TOML file", 10)
    Traceback (most recent call last):
    ...
    sim.faults.InvalidInput: /: is a folder, not a plain file
        allowed: a TOML file
    """
    try:
        # without O_NONBLOCK, opening a FIFO waits until somebody writes to it
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as stream:
            problem = _unfit(os.fstat(handle), max_bytes)
            if not problem:
                content = stream.read(max_bytes + 1)
                if len(content) <= max_bytes:
                    return content
                problem = f"too large: more than {max_bytes:,} bytes"  # it grew, or its size was not known
    except FileNotFoundError:
        raise InvalidInput([_missing(path)]) from None
    except IsADirectoryError:
        problem = "is a folder, not a plain file"
    except (OSError, ValueError) as error:  # a path with a null byte is a ValueError
        problem = _unreadable(error)
    allowed = f"at most {max_bytes:,} bytes" if problem.startswith("too large") else wanted
    raise InvalidInput([Fault(str(path), "", problem, allowed)])


def text_of(content: bytes) -> str:
    """Return the text in the bytes of a file, which must be UTF-8, with a byte order mark or without.

    Raises
    ------
    ValueError
        If it is in another encoding; the message names the likely one, the line, and the cure.

    Examples
    --------
    >>> text_of("naïve".encode("latin-1"))
    Traceback (most recent call last):
    ...
    ValueError: not UTF-8 text: line 1 holds the byte 0xef, 'ï' in Latin-1 or Windows-1252; save it as UTF-8
    """
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) or b"\0" in content[:2]:
        raise ValueError("UTF-16 text, which spreadsheets call Unicode; save it as UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        wrong, place = content[error.start], error.start
    line = content.count(b"\n", 0, place) + 1
    letter = bytes([wrong]).decode("cp1252", "replace")
    likely = f", {letter!r} in Latin-1 or Windows-1252" if letter.isprintable() and letter != "\ufffd" else ""
    raise ValueError(f"not UTF-8 text: line {line} holds the byte 0x{wrong:02x}{likely}; save it as UTF-8")


def csv_text(content: bytes, needed: Collection[str]) -> str:
    r"""Return the text of a table in CSV, without a byte order mark.

    Parameters
    ----------
    content
        Bytes of the file.
    needed
        Names of columns that it must have, by which another delimiter is recognised.

    Returns
    -------
    str
        The text as it stands in the file.

    Raises
    ------
    ValueError
        If it is a spreadsheet, its first line has more than 10,000 columns, it is not UTF-8, or its columns
        are separated by semicolons, tabs or bars.

    Examples
    --------
    >>> csv_text(b"x,y\n1.5,2\n", ["x"])
    'x,y\n1.5,2\n'
    """
    _refuse_spreadsheet(content)
    refuse_too_wide(content)
    text = text_of(content)
    header = text.partition("\n")[0]
    if not set(needed) & _names(header, ","):
        for delimiter, words in DELIMITERS.items():
            if set(needed) & _names(header, delimiter) or (delimiter in header and "," not in header):
                cure = "save it with commas between columns and points in numbers"
                raise ValueError(f"its columns are separated by {words}; {cure}")
    return text


def _names(header: str, delimiter: str) -> set[str]:
    return {name.strip().strip("\"'") for name in header.split(delimiter)}


def _refuse_spreadsheet(content: bytes) -> None:
    r"""Refuse a workbook of Excel or LibreOffice, and say how to save its table.

    Examples
    --------
    >>> _refuse_spreadsheet(b"PK\x03\x04...")
    Traceback (most recent call last):
    ...
    ValueError: a spreadsheet; save its table as CSV UTF-8 (File, Save As) and name that file
    """
    if content.startswith(SPREADSHEETS):
        raise ValueError("a spreadsheet; save its table as CSV UTF-8 (File, Save As) and name that file")


def refuse_too_wide(content: bytes) -> None:
    """Refuse a table in CSV whose first line has more than 10,000 columns, which no table here has.

    Raises
    ------
    ValueError
        If it has; the message says how many columns.
    """
    n_columns = content.partition(b"\n")[0].count(b",") + 1
    if n_columns > MAX_COLUMNS:
        raise ValueError(f"{n_columns:,} columns in the first line; at most {MAX_COLUMNS:,} are read")


def _unfit(status: os.stat_result, max_bytes: int) -> str:
    if stat.S_ISDIR(status.st_mode):
        return "is a folder, not a plain file"
    if not stat.S_ISREG(status.st_mode):
        return "not a plain file"
    return f"too large: {status.st_size:,} bytes" if status.st_size > max_bytes else ""


def _missing(path: Path) -> Fault:
    close = ""
    if path.parent.is_dir():
        beside = [entry.name for entry in path.parent.iterdir() if entry.suffix == path.suffix]
        close = nearest_name(path.name, [name for name in beside if name != path.name])
    return Fault(str(path), "", "no such file", nearest=str(path.parent / close) if close else "")


def _unreadable(error: OSError | ValueError) -> str:
    if isinstance(error, OSError) and error.errno == errno.ELOOP:
        return "cannot be read: its symbolic links go in a circle"
    if isinstance(error, OSError) and error.errno == errno.ENXIO:
        return "not a plain file"  # a socket
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return f"cannot be read: {reason}"


class TomlError(ValueError):
    """A text is not TOML that can be read: why not, with the line at fault.

    Parameters
    ----------
    problem
        Why the text cannot be read.
    place
        The line, and the column where the line does not say enough.
    instead
        What to type there, where that is known.
    """

    def __init__(self, problem: str, place: str = "", instead: str = "") -> None:
        super().__init__(": ".join(part for part in (place, problem) if part))
        self.problem = problem
        self.place = place
        self.instead = instead


def parse_toml(text: str) -> TomlTable:
    """Parse a whole TOML document.

    Raises
    ------
    TomlError
        If it is not TOML, holds a number of thousands of digits, or is nested more than 64 deep.

    Examples
    --------
    >>> parse_toml("a.b = 1")
    {'a': {'b': 1}}
    >>> parse_toml("a" + ".a" * 10_000 + " = 1")
    Traceback (most recent call last):
    ...
    sim.input_file.TomlError: nested more than 64 deep
    """
    try:
        table = tomllib.loads(text)
    except RecursionError:
        raise TomlError("nested too deeply to be read") from None
    except ValueError as error:  # tomllib's own error, and Python's for a number of thousands of digits
        from sim.toml_cures import diagnosis

        place, problem, instead = diagnosis(text, str(error))
        raise TomlError(problem, place, instead) from None
    if _deeper_than(table, MAX_DEPTH):
        raise TomlError(f"nested more than {MAX_DEPTH} deep")
    return table


def read_toml_table(path: Path, max_bytes: int) -> TomlTable:
    """Read a TOML file.

    Parameters
    ----------
    path
        The file.
    max_bytes
        Largest size that is read.

    Returns
    -------
    dict
        Content of the file.

    Raises
    ------
    InvalidInput
        If it cannot be read, or is no TOML; with the place, and what to type instead where that is known.
    """
    content = read_input(path, "a TOML file", max_bytes)
    try:
        return parse_toml(text_of(content))
    except TomlError as error:
        fault = Fault(str(path), error.place, f"not TOML: {error.problem}", error.instead)
    except ValueError as error:
        fault = Fault(str(path), "", str(error), "UTF-8 text")
    raise InvalidInput([fault])


def _deeper_than(table: TomlTable, limit: int) -> bool:
    level: list[Any] = [table]
    for _ in range(limit):
        below = (outer.values() if isinstance(outer, dict) else outer for outer in level)
        level = [inner for each in below for inner in each if isinstance(inner, dict | list)]
    return bool(level)


def short_name(path: str | Path) -> str:
    """Return a file with its folder, which tells the period files of two surveys apart.

    Examples
    --------
    >>> short_name("/data/mloss-2022/periods.csv")
    'mloss-2022/periods.csv'
    """
    return "/".join(Path(path).parts[-2:])
