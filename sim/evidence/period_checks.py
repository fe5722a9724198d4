"""The faults a period file can have, column by column."""

from collections.abc import Iterator

import pandas as pd

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


def missing_columns(cells: pd.DataFrame, file: str) -> list[Fault]:
    """Return a fault for each column that the file lacks, with the nearest name it has."""
    present = list(cells.columns)
    others = [name for name in present if name not in COLUMNS]
    return [
        Fault(file, "line 1", f"missing column {name!r}", ", ".join(COLUMNS), nearest_name(name, others))
        for name in COLUMNS
        if name not in present
    ]


def cell_faults(cells: pd.DataFrame, file: str) -> list[Fault]:
    """Return a fault for each cell that is no name, no date or no count.

    Parameters
    ----------
    cells
        The file as text, (period, column), with every column of ``COLUMNS``; its index is the line.
    file
        The file as the user named it.
    """
    found: list[Fault] = []
    for column in COLUMNS:
        text = cells[column].str.strip()
        if column in COUNTS:
            good, allowed = text.str.fullmatch(r"\d{1,15}"), A_COUNT
        elif column in DATES:
            good, allowed = _is_date(text), A_DATE
        else:
            pattern = r"[^/\s]+/[^/\s]+" if column == "repository" else r".+"
            good, allowed = text.str.fullmatch(pattern), A_NAME[column]
        found += [
            Fault(file, f"line {line}, column {column}", _what_is_wrong(column, value), allowed)
            for line, value in _lines(text[~good])
        ]
    return found


def period_faults(frame: pd.DataFrame, file: str) -> list[Fault]:
    """Return the faults that show only between cells: dates, repeated periods, parts and wholes.

    Parameters
    ----------
    frame
        Parsed file, (period, column); its index is the line.
    file
        The file as the user named it.
    """
    text = frame.astype(str)
    found = [
        Fault(file, f"line {line}, column end", f"end {row['end']} lies before start {row['start']}")
        for line, row in _rows(text[frame["end"] < frame["start"]])
    ]
    found += [
        Fault(
            file,
            f"line {line}, column start",
            f"repeated period: {row['label']!r} has a period from {row['start']} already",
            "one row for each label and start",
        )
        for line, row in _rows(text[frame.duplicated(["label", "start"])])
    ]
    text["first"] = frame.groupby("label")["repository"].transform("first")
    found += [
        Fault(
            file,
            f"line {line}, column repository",
            f"{row['repository']!r}, but {row['label']!r} is {row['first']!r} further up",
            "one repository for each label",
        )
        for line, row in _rows(text[frame["repository"] != text["first"]])
    ]
    for name in PLAIN_COUNTS:
        part = AUTOMATION + name
        found += [
            Fault(
                file,
                f"line {line}, column {part}",
                f"{row[part]} is larger than {name} of the same period, {row[name]}",
                f"0 to {row[name]}: a part of {name}",
            )
            for line, row in _rows(text[frame[part] > frame[name]])
        ]
    return found


def _is_date(text: "pd.Series[str]") -> "pd.Series[bool]":
    parsed = pd.to_datetime(text, format="%Y-%m-%d", errors="coerce")
    return text.str.fullmatch(r"\d{4}-\d{2}-\d{2}") & parsed.notna()


def _what_is_wrong(column: str, value: str) -> str:
    if not value:
        return "empty cell"
    if value.lower() in {"nan", "na", "n/a", "null", "none"}:
        return f"{value} (not a number, or missing)"
    if column not in COUNTS:
        return f"{value!r} is not {A_DATE if column in DATES else A_NAME[column]}"
    if value.startswith("-") and value[1:].isdigit():
        return f"negative count {value}"
    return f"{value!r} is not a whole number"


def _lines(cells: "pd.Series[str]") -> Iterator[tuple[int, str]]:
    for place, value in cells.items():
        yield int(str(place)), value


def _rows(text: pd.DataFrame) -> Iterator[tuple[int, dict[str, str]]]:
    for place, row in text.iterrows():
        yield int(str(place)), {str(name): str(value) for name, value in row.items()}
