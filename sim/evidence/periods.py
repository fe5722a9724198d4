"""The period file: its table, what can be wrong with it, and how it is read."""

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.evidence.period_columns import (
    AUTOMATION,
    COUNTS,
    DATES,
    PAIRS,
    PLAIN_COUNTS,
    POPULATION,
    SUMS,
    WANTED,
    CsvText,
    read_date,
    read_period_cells,
    slash_order,
)
from sim.faults import Fault, InvalidInput, refuse
from sim.input_file import MAX_TABLE_BYTES, read_input
from sim.types import Array, Integers

if TYPE_CHECKING:
    import pandas

Dates = np.ndarray[tuple[int, ...], np.dtype[np.datetime64]]


@dataclass(frozen=True, eq=False)
class PeriodTable:
    """A survey's sampled periods, in every reading.

    Parameters
    ----------
    source
        The file as the user named it.
    digest
        SHA-256 of the file's bytes, hexadecimal.
    lines
        Line in the file, (period).
    label
        The listed tool's name, the repository itself where none is listed, (period).
    repository
        ``org/project``, (period).
    start
        First day, (period).
    end
        Last day, (period).
    counts
        Counts by column, in the order of :data:`sim.evidence.period_columns.COUNTS`, (period). Where the file
        has no others, all readings of lines are the lines themselves, and automation made none.
    given
        The counts that the file has.
    population
        How many periods the life of the label has, infinite where the file does not say, (period); ``None``
        where it says so of none.
    """

    source: str
    digest: str
    lines: tuple[int, ...]
    label: tuple[str, ...]
    repository: tuple[str, ...]
    start: Dates
    end: Dates
    counts: Mapping[str, Integers]
    given: frozenset[str]
    population: Array | None = None

    @cached_property
    def frame(self) -> "pandas.DataFrame":
        """The whole table, (period, column); the index is the line in the file."""
        import pandas

        columns = {
            "label": list(self.label),
            "repository": list(self.repository),
            "start": self.start.astype("datetime64[us]"),
            "end": self.end.astype("datetime64[us]"),
        }
        return pandas.DataFrame({**columns, **self.counts}, index=list(self.lines))


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


def _populations(table: PeriodTable) -> Iterator[Fault]:
    """Give a fault for each label that has two populations, or one smaller than its periods."""
    if table.population is None:
        return
    places: dict[str, list[int]] = {}
    for place, label in enumerate(table.label):
        places.setdefault(label, []).append(place)
    for label, own in places.items():
        stated = [float(table.population[place]) for place in own]
        key = f"line {table.lines[own[-1]]}, column {POPULATION}"
        if len(set(stated)) > 1:
            yield Fault(table.source, key, f"{label!r} has more than one", "one for each label")
        elif stated[0] < len(own):
            problem = f"{stated[0]:.0f} is less than the {len(own)} periods of {label!r}"
            yield Fault(table.source, key, problem, f"{len(own)} or more")


def read_periods(path: Path) -> PeriodTable:
    """Read and check a file of sampled periods.

    Any survey in this form will do: any number of periods for a label, differing between labels, in any
    order. Six columns are enough, in any order: ``repository``, ``start``, ``end``, ``contributors``,
    ``commits``, ``lines``. Others are for what they are for: ``label``, ``lines_added`` and ``lines_deleted``
    in place of ``lines``, its further readings, and the part of automation. Any beyond those are left alone.

    Parameters
    ----------
    path
        CSV file with a header.

    Raises
    ------
    InvalidInput
        If the file is missing, empty or not CSV; a column is missing; a cell is empty, not a whole number,
        negative, or no date; a period ends before it starts or is there twice; or automation accounts have
        more than the whole. With every fault found.
    """
    return _read(str(path), _bytes(path))


@lru_cache(maxsize=4)  # a scenario's survey is read by its check and by its draws
def _read(file: str, content: bytes) -> PeriodTable:
    table = _parsed(read_period_cells(content, file), file, hashlib.sha256(content).hexdigest())
    faults = [*_dates(table), *_repeated(table), *_repositories(table), *_parts(table), *_populations(table)]
    refuse(faults)
    return table


def _bytes(path: Path) -> bytes:
    content = read_input(path, WANTED, MAX_TABLE_BYTES)
    if not content.strip():
        raise InvalidInput([Fault(str(path), "", "the file is empty", WANTED)])
    return content


def _parsed(cells: CsvText, file: str, digest: str) -> PeriodTable:
    columns = cells.columns
    order = slash_order(value for column in DATES for value in columns[column])
    start, end = (np.array([read_date(value, order) for value in columns[name]], "M8[D]") for name in DATES)
    names = [name for name in (*COUNTS, *SUMS.values()) if name in columns]
    stated = {name: np.array(columns[name], np.str_).astype(np.int64) for name in names}
    return PeriodTable(
        source=file,
        digest=digest,
        lines=cells.lines,
        label=columns.get("label", columns["repository"]),
        repository=columns["repository"],
        start=start,
        end=end,
        counts={name: _filled_count(name, stated) for name in COUNTS},
        given=frozenset(name for name in COUNTS if _is_stated(name, stated)),
        population=np.array([float(cell or "inf") for cell in columns[POPULATION]])
        if any(columns.get(POPULATION, ()))
        else None,
    )


def _is_stated(name: str, stated: Collection[str]) -> bool:
    """Tell whether a file states a count, by itself or in the sum of lines added and deleted."""
    total = SUMS.get(name)
    return name in stated if total is None else total in stated or set(PAIRS[total]) <= set(stated)


def _filled_count(name: str, stated: Mapping[str, Integers]) -> Integers:
    """Return a column of counts, (period), filled from others where the file does not have it."""
    none = np.zeros_like(stated["contributors"])
    total = SUMS.get(name)
    if _is_stated(name, stated):
        if total is None or set(PAIRS[total]) <= set(stated):
            return stated[name]
        return none if "deleted" in name else stated[total]
    plain, whole = re.sub("_(published|capped)$", "", name), name.removeprefix(AUTOMATION)
    return none if plain == name or _is_stated(whole, stated) else _filled_count(plain, stated)
