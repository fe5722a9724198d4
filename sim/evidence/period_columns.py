"""The columns of a file of sampled periods, and what their cells must hold; read as text, and checked."""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from sim.faults import Fault, InvalidInput, nearest_name, refuse
from sim.input_file import csv_text

PLAIN_COUNTS = (
    "contributors",
    "commits",
    "lines_added",
    "lines_deleted",
    "lines_added_published",
    "lines_deleted_published",
    "lines_added_capped",
    "lines_deleted_capped",
)
AUTOMATION = "automation_"
COUNTS = PLAIN_COUNTS + tuple(AUTOMATION + name for name in PLAIN_COUNTS)
DATES = ("start", "end")
COLUMNS = ("label", "repository", *DATES, *COUNTS)
"""Columns of a file with every reading."""

SUMS = {name: re.sub("_(added|deleted)", "", name) for name in COUNTS if "lines" in name}
"""Column that may stand for lines added and lines deleted, by either of them."""
PAIRS = {total: [name for name, of in SUMS.items() if of == total] for total in SUMS.values()}

ENOUGH = ("repository", *DATES, "contributors", "commits", "lines")
"""Columns that are enough."""

POPULATION = "population"
"""How many periods the life of a label has, of which those of the file are all or a sample."""

KNOWN = tuple(dict.fromkeys((*COLUMNS, *SUMS.values(), POPULATION)))

FORMS = {
    "label": re.compile(r".+"),
    "repository": re.compile(r"[^/\s]+/[^/\s]+"),
    **dict.fromkeys((*COUNTS, *SUMS.values()), re.compile(r"[0-9]{1,15}")),
    POPULATION: re.compile(r"[1-9][0-9]{0,14}|"),
}


A_COUNT = "a whole number, 0 or larger"
A_DATE = "a calendar date, as 2020-02-16"
ANY_ORDER = "a date that names its month: 2024-04-03, 3 April 2024"
A_NAME = {"label": "the listed tool's name", "repository": "org/project"}

WANTED = "a CSV file of periods"

DateOrder = Literal["day", "month", ""]

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
MONTH = r"(?P<name>[A-Za-z]{3,9})\.?"
SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
DATE_FORMS = (
    re.compile(r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})"),
    re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"),
    re.compile(r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})"),
    re.compile(rf"(?P<day>\d{{1,2}})\.?[\s-]{MONTH}[\s-](?P<year>\d{{4}})"),
    re.compile(rf"{MONTH}\s(?P<day>\d{{1,2}})(st|nd|rd|th)?,?\s(?P<year>\d{{4}})"),
)
MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?Z?")


def _needed_columns(given: Collection[str]) -> Iterator[str]:
    """Give the columns that a file must have: six, and both of lines added and lines deleted, if either."""
    for name in ENOUGH:
        if name != "lines":
            yield name
    for total, pair in PAIRS.items():
        parts = [name for name in pair if name in given]
        if total not in given and len(parts) != 2 and (parts or total == "lines"):
            yield from pair if parts else (total,)


@dataclass(frozen=True)
class CsvText:
    """A CSV file as text.

    Parameters
    ----------
    lines
        Line in the file of each row, (row).
    columns
        Cells without blanks around, (row) by column.
    """

    lines: tuple[int, ...]
    columns: Mapping[str, tuple[str, ...]]


def read_period_cells(content: bytes, file: str) -> CsvText:
    """Read a file of periods as text, and check each of its cells.

    Parameters
    ----------
    content
        The file's bytes.
    file
        The file as the user named it.

    Returns
    -------
    CsvText
        The file as text, with the columns that are needed.

    Raises
    ------
    InvalidInput
        If the file is empty or not CSV, or lacks a column; with every cell that is no name, no date or no
        count.
    """
    cells = _cells(content, file)
    refuse(_missing_columns(cells, file))
    if not cells.lines:
        refuse([Fault(file, "", "no periods: the file ends after its header", "one row for each period")])
    refuse(_cell_faults(cells, file))
    return cells


def _cells(content: bytes, file: str) -> CsvText:
    """Return the file as text."""
    try:
        text = csv_text(content, KNOWN)
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except (ValueError, csv.Error) as error:
        allowed = f"comma-separated UTF-8 text with columns {', '.join(ENOUGH)}"
        raise InvalidInput([Fault(file, "", f"not CSV: {error}", allowed)]) from error
    if not rows:
        refuse([Fault(file, "", "the file is empty", WANTED)])
    header = [name.strip() for name in rows[0][1]]
    refuse(
        [
            Fault(file, f"line {line}", f"{len(row)} cells", f"{len(header)}, as in the header")
            for line, row in rows[1:]
            if len(row) != len(header)
        ]
        + [
            Fault(file, "line 1", f"column {name!r} is there {header.count(name)} times", "each column once")
            for name in KNOWN
            if header.count(name) > 1
        ]
    )
    columns = zip(*(row for _, row in rows), strict=True)  # heads first, so that columns without rows count
    texts = {
        head: tuple(cell.strip() for cell in cells) for head, (_, *cells) in zip(header, columns, strict=True)
    }
    return CsvText(tuple(line for line, _ in rows[1:]), texts)


def _missing_columns(cells: CsvText, file: str) -> list[Fault]:
    """Return a fault for each column that the file lacks, with the nearest name it has."""
    others = [name for name in cells.columns if name not in KNOWN]
    return [
        Fault(file, "line 1", f"missing column {name!r}", ", ".join(ENOUGH), nearest_name(name, others))
        for name in _needed_columns(cells.columns)
        if name not in cells.columns
    ]


def _cell_faults(cells: CsvText, file: str) -> list[Fault]:
    """Return a fault for each cell that is no name, no date or no count."""
    order = slash_order(value for column in DATES for value in cells.columns[column])
    return [
        Fault(file, f"line {line}, column {column}", _what_is_wrong(column, value), _allowed(column, value))
        for column, wrong in ((column, _wrong(column, cells, order)) for column in KNOWN)
        if wrong
        for line, value in zip(cells.lines, cells.columns[column], strict=True)
        if value in wrong
    ]


def _wrong(column: str, cells: CsvText, order: DateOrder) -> set[str]:
    """Return the values of a column that are no name, no date or no count; each is looked at once."""
    values = set(cells.columns.get(column, ()))
    if column in DATES:
        return {value for value in values if read_date(value, order) is None}
    return {value for value in values if not FORMS[column].fullmatch(value)}


def _allowed(column: str, value: str) -> str:
    if column in DATES:
        return ANY_ORDER if SLASHES.match(value) else A_DATE
    return A_NAME.get(column, A_COUNT)


def _what_is_wrong(column: str, value: str) -> str:
    if not value:
        return "empty cell"
    if value.lower() in {"nan", "na", "n/a", "null", "none"}:
        return f"{value} (not a number, or missing)"
    if column in DATES and (read_date(value, "day") or read_date(value, "month")):
        return f"{value!r} may be two dates, and no other date of the file shows which"
    if column in DATES or column in A_NAME:
        return f"{value!r} is not {A_NAME.get(column, A_DATE)}"
    if value.startswith("-") and value[1:].isdigit():
        return f"negative count {value}"
    return f"{value!r} is not a whole number"


def slash_order(texts: Iterable[str]) -> DateOrder:
    """Return what stands first in dates with slashes, as those of a file show that cannot be otherwise.

    ``day``, or ``month``, which ``2/16/2020`` shows; empty where no date shows it, or they contradict each
    other.

    Examples
    --------
    >>> slash_order(["3/4/2024", "17/4/2024"]), slash_order(["3/4/2024"])
    ('day', '')
    """
    parts = [(int(found[1]), int(found[2])) for text in texts if (found := SLASHES.match(text))]
    day_first, month_first = any(first > 12 for first, _ in parts), any(second > 12 for _, second in parts)
    return "" if day_first == month_first else "day" if day_first else "month"


@lru_cache(maxsize=4096)
def read_date(text: str, order: DateOrder) -> date | None:
    """Return the date that a text states, or ``None`` where it states none, or more than one.

    Parameters
    ----------
    text
        ``2020-02-16``, ``16.2.2020``, ``2/16/2020``, ``16 February 2020``, ``Feb 16, 2020``, with or without
        midnight after it, as spreadsheets write it.
    order
        What stands first in dates with slashes.

    Returns
    -------
    date
        A calendar date.

    Examples
    --------
    >>> print(read_date("16 Feb 2020", ""), read_date("4/3/2024", "day"), read_date("4/3/2024", ""))
    2020-02-16 2024-03-04 None
    """
    text = MIDNIGHT.sub("", text)
    if found := SLASHES.fullmatch(text):
        first, second, year = map(int, found.groups())
        day, month = (first, second) if order == "day" or first == second else (second, first)
        return _calendar(year, month, day) if order or first == second else None
    for form in DATE_FORMS:
        if found := form.fullmatch(text):
            parts = found.groupdict()
            month = int(parts["month"]) if "month" in parts else _month(parts["name"])
            return _calendar(int(parts["year"]), month, int(parts["day"]))
    return None


def _month(name: str) -> int:
    """Return the number of a month by its English name or three letters of it, or 0."""
    letters = name.lower()
    return next((place for place, each in enumerate(MONTHS, 1) if letters in (each, each[:3], each[:4])), 0)


def _calendar(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
