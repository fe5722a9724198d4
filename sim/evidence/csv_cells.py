"""Cells of a CSV file as text, and as numbers, with what is wrong said by line and column."""

import io
import warnings
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from sim.faults import Fault, InvalidInput, nearest_name
from sim.input_file import MAX_TABLE_BYTES, csv_text, read_input

FIRST_ROW_LINE = 2


def read_cells(path: Path, needed: tuple[str, ...]) -> pd.DataFrame:
    """Return the cells of a CSV file as text, empty where there is none.

    Parameters
    ----------
    path
        The file.
    needed
        Columns that must be there.

    Returns
    -------
    DataFrame
        (row, column), each cell a text.

    Raises
    ------
    InvalidInput
        If the file is missing or not CSV, or a column is missing.
    """
    file = str(path)
    content = read_input(path, "a CSV file", MAX_TABLE_BYTES)
    try:
        text = csv_text(content, needed)
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # else it drops cells beyond the header
            cells = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False, index_col=False)
    except (ValueError, pd.errors.ParserWarning) as error:
        raise InvalidInput([Fault(file, "", f"not CSV: {error}", "comma-separated UTF-8 text")]) from error
    faults = [
        Fault(
            file, "line 1", f"missing column {name!r}", ", ".join(needed), nearest_name(name, cells.columns)
        )
        for name in needed
        if name not in cells.columns
    ]
    if faults:
        raise InvalidInput(faults)
    return cells.fillna("")


def numbers(path: Path, cells: pd.DataFrame, names: list[str], form: str) -> pd.DataFrame:
    """Return columns of cells as numbers.

    Parameters
    ----------
    path
        The file the cells are of.
    cells
        From :func:`read_cells`.
    names
        The columns.
    form
        Regular expression that every cell must match.

    Returns
    -------
    DataFrame
        (row, column) of floats.

    Raises
    ------
    InvalidInput
        With every cell of another form, by line and column.
    """
    faults = [
        Fault(str(path), f"line {line}, column {name}", f"{value!r} is not a number", "0 or larger")
        for name in names
        for line, value in _lines(cells.loc[~cells[name].str.fullmatch(form), name])
    ]
    if faults:
        raise InvalidInput(faults)
    return cells[names].astype("float64")


def _lines(cells: pd.Series) -> Iterator[tuple[int, str]]:
    for place, value in cells.items():
        yield int(str(place)) + FIRST_ROW_LINE, str(value)
