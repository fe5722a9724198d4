"""The period file: one row for each listed tool and sampled period, checked."""

import csv
import hashlib
import io
from pathlib import Path

import numpy as np

from sim.evidence.period_checks import COLUMNS, COUNTS, Cells, cell_faults, missing_columns, period_faults
from sim.evidence.period_table import PeriodTable
from sim.faults import Fault, InvalidInputError
from sim.input_file import MAX_TABLE_BYTES, csv_text, read_input

WANTED = "a CSV file of periods"


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
    if not cells.lines:
        _stop_at([Fault(file, "", "no periods: the file ends after its header", "one row for each period")])
    _stop_at(cell_faults(cells, file))
    table = _parsed(cells, file, hashlib.sha256(content).hexdigest())
    _stop_at(period_faults(table))
    return table


def _bytes(path: Path) -> bytes:
    content = read_input(path, WANTED, MAX_TABLE_BYTES)
    if not content.strip():
        raise InvalidInputError([Fault(str(path), "", "the file is empty", WANTED)])
    return content


def _cells(content: bytes, file: str) -> Cells:
    """Return the file as text."""
    try:
        text = csv_text(content, COLUMNS)
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
    columns = zip(*(row for _, row in rows), strict=True)  # heads first, so that columns without rows count
    texts = {
        head: tuple(cell.strip() for cell in cells) for head, (_, *cells) in zip(header, columns, strict=True)
    }
    return Cells(tuple(line for line, _ in rows[1:]), texts)


def _parsed(cells: Cells, file: str, digest: str) -> PeriodTable:
    columns = cells.columns
    return PeriodTable(
        source=file,
        digest=digest,
        lines=cells.lines,
        label=columns["label"],
        repository=columns["repository"],
        start=np.array(columns["start"], dtype="datetime64[D]"),
        end=np.array(columns["end"], dtype="datetime64[D]"),
        counts={name: np.array(columns[name], dtype=np.str_).astype(np.int64) for name in COUNTS},
    )


def _stop_at(faults: list[Fault]) -> None:
    if faults:
        raise InvalidInputError(faults)
