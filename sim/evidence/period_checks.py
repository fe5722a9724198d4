"""The faults a period file can have, column by column."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from sim.evidence.period_table import PeriodTable
from sim.faults import Fault, nearest_name

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

A_COUNT = "a whole number, 0 or larger"
A_DATE = "a calendar date, as 2020-02-16"
A_NAME = {"label": "the listed tool's name", "repository": "org/project"}
FORMS = {
    "label": re.compile(r".+"),
    "repository": re.compile(r"[^/\s]+/[^/\s]+"),
    **dict.fromkeys(DATES, re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")),
    **dict.fromkeys(COUNTS, re.compile(r"[0-9]{1,15}")),
}


@dataclass(frozen=True)
class Cells:
    """A CSV file as text.

    Parameters
    ----------
    lines
        (row): line in the file.
    columns
        (row) by column, without blanks around.
    """

    lines: tuple[int, ...]
    columns: Mapping[str, tuple[str, ...]]


def missing_columns(cells: Cells, file: str) -> list[Fault]:
    """Return a fault for each column that the file lacks, with the nearest name it has."""
    others = [name for name in cells.columns if name not in COLUMNS]
    return [
        Fault(file, "line 1", f"missing column {name!r}", ", ".join(COLUMNS), nearest_name(name, others))
        for name in COLUMNS
        if name not in cells.columns
    ]


def cell_faults(cells: Cells, file: str) -> list[Fault]:
    """Return a fault for each cell that is no name, no date or no count.

    Parameters
    ----------
    cells
        The file as text, with every column of ``COLUMNS``.
    file
        The file as the user named it.
    """
    return [
        Fault(file, f"line {line}, column {column}", _what_is_wrong(column, value), _allowed(column))
        for column in COLUMNS
        for line, value in zip(cells.lines, cells.columns[column], strict=True)
        if not FORMS[column].fullmatch(value) or (column in DATES and not _is_date(value))
    ]


def period_faults(table: PeriodTable) -> list[Fault]:
    """Return the faults that show only between cells: dates, repeated periods, parts and wholes."""
    return [*_dates(table), *_repeated(table), *_repositories(table), *_parts(table)]


def _dates(table: PeriodTable) -> Iterator[Fault]:
    for place in np.flatnonzero(table.end < table.start):
        problem = f"end {table.end[place]} lies before start {table.start[place]}"
        yield Fault(table.source, f"line {table.lines[place]}, column end", problem)


def _repeated(table: PeriodTable) -> Iterator[Fault]:
    seen: set[tuple[str, str]] = set()
    for line, label, start in zip(table.lines, table.label, table.start.astype(str), strict=True):
        if (label, start) in seen:
            problem = f"repeated period: {label!r} has a period from {start} already"
            allowed = "one row for each label and start"
            yield Fault(table.source, f"line {line}, column start", problem, allowed)
        seen.add((label, start))


def _repositories(table: PeriodTable) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for line, label, repository in zip(table.lines, table.label, table.repository, strict=True):
        known = first.setdefault(label, repository)
        if repository != known:
            problem = f"{repository!r}, but {label!r} is {known!r} further up"
            allowed = "one repository for each label"
            yield Fault(table.source, f"line {line}, column repository", problem, allowed)


def _parts(table: PeriodTable) -> Iterator[Fault]:
    for name in PLAIN_COUNTS:
        part, whole = table.counts[AUTOMATION + name], table.counts[name]
        for place in np.flatnonzero(part > whole):
            yield Fault(
                table.source,
                f"line {table.lines[place]}, column {AUTOMATION}{name}",
                f"{part[place]} is larger than {name} of the same period, {whole[place]}",
                f"0 to {whole[place]}: a part of {name}",
            )


def _allowed(column: str) -> str:
    return A_COUNT if column in COUNTS else A_DATE if column in DATES else A_NAME[column]


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _what_is_wrong(column: str, value: str) -> str:
    if not value:
        return "empty cell"
    if value.lower() in {"nan", "na", "n/a", "null", "none"}:
        return f"{value} (not a number, or missing)"
    if column not in COUNTS:
        return f"{value!r} is not {_allowed(column)}"
    if value.startswith("-") and value[1:].isdigit():
        return f"negative count {value}"
    return f"{value!r} is not a whole number"
