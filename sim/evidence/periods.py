"""The period file: one row for each listed tool and sampled period, checked."""

import csv
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sim.evidence.period_checks import COLUMNS, COUNTS, DATES, cell_faults, missing_columns, period_faults
from sim.faults import Fault, InvalidInputError
from sim.input_file import MAX_TABLE_BYTES, read_input, refuse_too_wide

WANTED = "a CSV file of periods"


@dataclass(frozen=True, eq=False)
class PeriodTable:
    """A survey's sampled periods, in every reading.

    Parameters
    ----------
    source
        The file as the user named it.
    digest
        SHA-256 of the file's bytes, hexadecimal.
    frame
        (period, column): ``label``, ``repository``, ``start``, ``end`` and the counts of
        :data:`sim.evidence.period_checks.COUNTS`, whole numbers.
    """

    source: str
    digest: str
    frame: pd.DataFrame


def read_periods(path: Path) -> PeriodTable:
    """Read and check a file of sampled periods.

    Any survey in this form will do: any number of periods for a label, differing between labels, in any
    order. Columns beyond those needed are left alone.

    Parameters
    ----------
    path
        CSV file with a header.

    Raises
    ------
    InvalidInputError
        With every fault found: file missing, empty or not CSV; a column missing; a cell that is empty, not a
        whole number, negative, or no date; a period that ends before it starts or is there twice; automation
        accounts with more than the whole.
    """
    file = str(path)
    content = _bytes(path)
    cells = _cells(content, file)
    _stop_at(missing_columns(cells, file))
    if cells.empty:
        _stop_at([Fault(file, "", "no periods: the file ends after its header", "one row for each period")])
    _stop_at(cell_faults(cells, file))
    frame = _parsed(cells)
    _stop_at(period_faults(frame, file))
    return PeriodTable(file, hashlib.sha256(content).hexdigest(), frame)


def _bytes(path: Path) -> bytes:
    content = read_input(path, WANTED, MAX_TABLE_BYTES)
    if not content.strip():
        raise InvalidInputError([Fault(str(path), "", "the file is empty", WANTED)])
    return content


def _cells(content: bytes, file: str) -> pd.DataFrame:
    """Return the file as text, (line, column); the index is the line in the file."""
    try:
        refuse_too_wide(content)
        text = content.decode("utf-8-sig")
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except (ValueError, csv.Error) as error:
        allowed = f"comma-separated UTF-8 text with columns {', '.join(COLUMNS)}"
        raise InvalidInputError([Fault(file, "", f"not CSV: {error}", allowed)]) from error
    if not rows:
        _stop_at([Fault(file, "", "the file is empty", WANTED)])
    header = [name.strip() for name in rows[0][1]]
    _stop_at(
        [
            Fault(file, f"line {line}", f"{len(row)} cells", f"{len(header)}, as in the header")
            for line, row in rows[1:]
            if len(row) != len(header)
        ]
        + [
            Fault(file, "line 1", f"column {name!r} is there {header.count(name)} times", "each column once")
            for name in COLUMNS
            if header.count(name) > 1
        ]
    )
    return pd.DataFrame([row for _, row in rows[1:]], columns=header, index=[line for line, _ in rows[1:]])


def _parsed(cells: pd.DataFrame) -> pd.DataFrame:
    frame = pd.DataFrame({name: cells[name].str.strip() for name in COLUMNS})
    for name in DATES:
        frame[name] = pd.to_datetime(frame[name], format="%Y-%m-%d")
    return frame.astype(dict.fromkeys(COUNTS, "int64"))


def _stop_at(faults: list[Fault]) -> None:
    if faults:
        raise InvalidInputError(faults)
