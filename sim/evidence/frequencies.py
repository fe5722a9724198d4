"""The frequency file beside a period file: contributors in doubling bins 0, 1, 2, 3-4, 5-8, ..., checked."""

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sim.evidence.periods import PeriodTable
from sim.evidence.survey_format import (
    AUTOMATION,
    CAP_LINES,
    FREQUENCY_KEYS,
    LINE_READINGS,
    MARKS,
    PEOPLE,
    PERIODS,
)
from sim.faults import Fault, InvalidInput, nearest_name, refuse
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
        The cells, (row, column), each a text.

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
    refuse(faults)
    return cells.fillna("")


def numbers(path: Path, cells: pd.DataFrame, names: list[str], form: str) -> pd.DataFrame:
    """Return columns of cells as numbers.

    Parameters
    ----------
    path
        The file the cells are of, for messages.
    cells
        The cells, from :func:`read_cells`.
    names
        Names of the columns.
    form
        Regular expression that every cell must match.

    Returns
    -------
    DataFrame
        The numbers, (row, column), as floats.

    Raises
    ------
    InvalidInput
        If a cell has another form; with every such cell, by line and column.
    """
    faults = [
        Fault(str(path), f"line {line}, column {name}", f"{value!r} is not a number", "0 or larger")
        for name in names
        for line, value in _lines(cells.loc[~cells[name].str.fullmatch(form), name])
    ]
    refuse(faults)
    return cells[names].astype("float64")


def _lines(cells: pd.Series) -> Iterator[tuple[int, str]]:
    for place, value in cells.items():
        yield int(str(place)) + FIRST_ROW_LINE, str(value)


@dataclass(frozen=True)
class Bin:
    """Whole numbers from `low` to `high`, both included.

    Parameters
    ----------
    low
        Lower end. Zero has a bin of its own; every other bin is ``2**(k - 1) < x <= 2**k``, k = 0, 1, 2, ...
    high
        Upper end.
    """

    low: int
    high: int

    @property
    def name(self) -> str:
        """Column name, such as ``5-8``."""
        return str(self.low) if self.low == self.high else f"{self.low}-{self.high}"


def place_of(count: int) -> int:
    """Return the place of a count among the bins, 0 for none.

    Examples
    --------
    >>> [place_of(count) for count in (0, 1, 2, 3, 4, 5, 8, 9)]
    [0, 1, 2, 3, 3, 4, 4, 5]
    """
    return 0 if count == 0 else (count - 1).bit_length() + 1


def bins_up_to(largest: int) -> tuple[Bin, ...]:
    """Return all bins from 0 to the one that holds the largest count.

    Examples
    --------
    >>> [bin.name for bin in bins_up_to(9)]
    ['0', '1', '2', '3-4', '5-8', '9-16']
    """
    beyond_one = (Bin(2 ** (k - 1) + 1, 2**k) for k in range(1, place_of(largest)))
    return (Bin(0, 0), Bin(1, 1), *beyond_one)[: place_of(largest) + 1]


@dataclass(frozen=True, eq=False)
class Frequencies:
    """How many contributors fell into each bin, in the order of the bins.

    Parameters
    ----------
    rows
        A table of ``label``, ``start``, ``who``, ``count`` and a column of whole numbers for each bin, (row,
        column).
    bins
        The bins, in order.
    """

    rows: pd.DataFrame
    bins: tuple[Bin, ...]


def read_frequencies(path: Path, periods: PeriodTable) -> Frequencies:
    """Read a frequency file.

    An empty cell is 0. A file without rows of a further reading of lines has those of the lines themselves,
    held at the cap for the capped reading.

    Parameters
    ----------
    path
        The file.
    periods
        The survey's periods, which the frequencies must add up to.

    Returns
    -------
    Frequencies
        Rows and bins, as checked.

    Raises
    ------
    InvalidInput
        If it is missing, not CSV, has other columns or bins, a cell that is no count, or does not add up to
        the contributors of every period.
    """
    cells = read_cells(path, FREQUENCY_KEYS)
    bins = _bins(path, cells)
    names = [each.name for each in bins]
    cells[names] = cells[names].replace("", "0")
    rows = cells[list(FREQUENCY_KEYS)].join(numbers(path, cells, names, r"\d{1,15}").astype("int64"))
    rows = _with_readings(rows, bins)
    _refuse_other_sums(path, rows, names, periods.frame)
    return Frequencies(rows, bins)


def _with_readings(rows: pd.DataFrame, bins: tuple[Bin, ...]) -> pd.DataFrame:
    """Return rows with those of each reading of lines that the file leaves out."""
    there = set(rows["count"])
    lines = rows[rows["count"] == "lines"]
    added = [lines.assign(count=name) for name in LINE_READINGS if name not in there]
    for each in added if "lines" in there else ():
        if each["count"].iat[0] == "lines_capped":
            held, *above = [bin.name for bin in bins[place_of(CAP_LINES) :]] or [""]
            if above:
                each[held] += each[above].sum(axis=1)
                each[above] = 0
    return pd.concat([rows, *added], ignore_index=True) if "lines" in there else rows


def _bins(path: Path, cells: pd.DataFrame) -> tuple[Bin, ...]:
    names = [name for name in cells.columns if name not in FREQUENCY_KEYS]
    bins = bins_up_to(0 if len(names) < 2 else 2 ** (len(names) - 2))
    wanted = [each.name for each in bins]
    if names != wanted:
        fault = Fault(str(path), "line 1", f"bins are {', '.join(names)}", ", ".join(wanted))
        raise InvalidInput([fault])
    return bins


def _refuse_other_sums(
    path: Path, frequencies: pd.DataFrame, names: list[str], periods: pd.DataFrame
) -> None:
    """Refuse frequencies that do not add up, for each count, to the contributors of a period."""
    expected = pd.DataFrame(
        {
            "label": periods["label"],
            "start": periods["start"].dt.strftime("%Y-%m-%d"),
            PEOPLE: periods["contributors"] - periods["automation_contributors"],
            AUTOMATION: periods["automation_contributors"],
        }
    ).melt(["label", "start"], var_name="who", value_name="expected")
    wanted = expected[expected["expected"] > 0].merge(pd.DataFrame({"count": list(MARKS)}), how="cross")
    found = frequencies[list(FREQUENCY_KEYS)].assign(found=frequencies[names].sum(axis=1))
    both = found.merge(wanted, on=list(FREQUENCY_KEYS), how="outer").fillna({"found": 0, "expected": 0})
    others = both[both["found"] != both["expected"]]
    faults = [
        Fault(
            str(path),
            ", ".join(str(name) for name in key),
            f"{int(there)} contributors in the bins",
            f"{int(wants)}, as in {PERIODS}",
        )
        for *key, there, wants in others[[*FREQUENCY_KEYS, "found", "expected"]].itertuples(index=False)
    ]
    refuse(faults)
