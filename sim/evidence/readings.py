"""Readings of the survey: each defect of the source is a declared switch."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from sim.evidence.period_columns import AUTOMATION, COUNTS
from sim.evidence.periods import Dates, PeriodTable
from sim.evidence.survey_format import Bots, Duplicates, LineReading, Weeks
from sim.faults import Fault, refuse
from sim.types import Array, Indices

NameArray = np.ndarray[tuple[int, ...], np.dtype[np.str_]]

UNITS = ("contributors", "commits", "lines")
LINE_COLUMNS = {
    "corrected": ("lines_added", "lines_deleted"),
    "published": ("lines_added_published", "lines_deleted_published"),
    "capped": ("lines_added_capped", "lines_deleted_capped"),
}
SUNDAY = 6
DAY_OF_WEEK_OF_1970 = 3
"""A Thursday, where Monday is 0."""
SUNDAY_FACTORS = (1 / 1.19, 2 / 3, 2 / 3)


@dataclass(frozen=True)
class Reading:
    """How the period file is read.

    Parameters
    ----------
    lines
        ``corrected``: every digit; ``published``: only the digits before the thousands comma, as the paper
        read them; ``capped``: every digit, held at the file's cap for each contributor and period.
    duplicates
        ``listed``: each listed tool is a stratum; ``merged``: the listings of one repository are one stratum.
    weeks
        ``weekly-bins``: the source counts by weeks that start on Sunday, so a period that starts on a Sunday
        holds three weekly bins and the others two; its commits and lines are multiplied by 2/3 and its
        contributors divided by 1.19. ``as-dated`` leaves all as it is.
    bots
        ``dropped``: what automation accounts did is subtracted.
    """

    lines: LineReading = "capped"
    duplicates: Duplicates = "listed"
    weeks: Weeks = "as-dated"
    bots: Bots = "kept"


@dataclass(frozen=True, eq=False)
class Stratum:
    """The sampled periods of one stratum.

    Parameters
    ----------
    name
        Label of the tool, or repository where listings are merged.
    repository
        ``org/project``.
    counts
        Counts, (period, unit), units in the order of ``UNITS``; periods by start.
    population
        N, how many periods the stratum's life has; infinite where it is not known.
    """

    name: str
    repository: str
    counts: Array
    population: float = np.inf

    @property
    def unsampled(self) -> float:
        """Share of the stratum's life that the survey leaves out, 1 - n/N: 0 for a census."""
        return max(0.0, 1.0 - len(self.counts) / self.population)

    @property
    def resampled(self) -> Array:
        r"""Counts as bootstraps pick them, (period, unit), with the finite-population correction.

        .. math:: \bar y + \sqrt{1 - n/N}\,(y_j - \bar y)

        keeps the mean and multiplies the variance of every resample's mean by 1 - n/N (Cochran 1977, section
        2.6): a census has no sampling error.
        """
        if self.unsampled == 1.0:
            return self.counts
        mean = self.counts.mean(axis=0)
        return np.asarray(mean + np.sqrt(self.unsampled) * (self.counts - mean), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class PeriodSample:
    """The survey in one reading: a sample of periods, stratified by listed tool or repository.

    Parameters
    ----------
    source
        The period file as the user named it.
    stratum
        Name of the stratum, (period).
    repository
        ``org/project``, (period).
    start
        First day, (period).
    counts
        Persons, commits, lines (added plus deleted), (period, unit).
    notes
        What the file does not have that the reading asks for, in plain words.
    population
        How many periods the life of the stratum has, infinite where it is not known, (period).
    line_reading
        How lines are read: ``corrected`` where the file has no capped ones.
    """

    source: str
    stratum: NameArray
    repository: NameArray
    start: Dates
    counts: Array
    notes: tuple[str, ...] = ()
    population: Array | None = None
    line_reading: LineReading = "capped"

    @property
    def contributors(self) -> Array:
        """Contributors, (period)."""
        return self.counts[:, 0]

    @property
    def commits(self) -> Array:
        """Commits, (period)."""
        return self.counts[:, 1]

    @property
    def lines(self) -> Array:
        """Lines added and deleted, (period)."""
        return self.counts[:, 2]

    @cached_property
    def strata(self) -> tuple[Stratum, ...]:
        """The strata, sorted by name, each with its periods in order of start."""
        keys = (*self.counts.T, self.start, self.stratum)
        order = np.lexsort(keys)
        names, first = np.unique(self.stratum[order], return_index=True)
        places = np.split(order, first[1:])
        return tuple(
            Stratum(str(name), str(self.repository[place[0]]), self.counts[place], self._population(place))
            for name, place in zip(names, places, strict=True)
        )

    def _population(self, place: Indices) -> float:
        return np.inf if self.population is None else float(self.population[place].max())

    def strata_of(self, repository: str) -> tuple[Stratum, ...]:
        """Return the strata of a repository: one, or each of its listings."""
        return tuple(stratum for stratum in self.strata if stratum.repository == repository)


def read_as(table: PeriodTable, reading: Reading) -> PeriodSample:
    """Return the period sample that a reading makes of a period file.

    Automation accounts are subtracted first; then periods that start on a Sunday are scaled.

    Parameters
    ----------
    table
        The period file.
    reading
        How it is read.

    Returns
    -------
    PeriodSample
        Counts of every period, in the file's order.

    Raises
    ------
    InvalidInput
        If the reading is the published one, or drops automation accounts, and the file lacks columns for it.
    """
    notes = _missing_columns(table, reading)
    counts = _counts(table, "", reading)
    if reading.bots == "dropped":
        counts = counts - _counts(table, AUTOMATION, reading)
    if reading.weeks == "weekly-bins":
        on_sunday = (table.start.astype(np.int64) + DAY_OF_WEEK_OF_1970) % 7 == SUNDAY
        counts = np.where(on_sunday[:, np.newaxis], counts * np.array(SUNDAY_FACTORS), counts)
    stratum = table.label if reading.duplicates == "listed" else table.repository
    return PeriodSample(
        source=table.source,
        stratum=np.array(stratum, dtype=np.str_),
        repository=np.array(table.repository, dtype=np.str_),
        start=table.start,
        counts=counts,
        notes=notes,
        population=table.population,
        line_reading=reading.lines if table.given.issuperset(LINE_COLUMNS[reading.lines]) else "corrected",
    )


def _missing_columns(table: PeriodTable, reading: Reading) -> tuple[str, ...]:
    """Refuse a reading without its columns; lines that the file does not cap are all counted, with a note."""
    missing = {name for name in LINE_COLUMNS[reading.lines] if name not in table.given}
    faults = []
    if missing and reading.lines == "published":
        faults.append(_unread(table, 'lines = "published"', missing, 'lines = "corrected"'))
    lines = LINE_COLUMNS["corrected" if missing else reading.lines]
    by_automation = {AUTOMATION + name for name in ("contributors", "commits", *lines)} - table.given
    if by_automation and reading.bots == "dropped":
        faults.append(_unread(table, 'bots = "dropped"', by_automation, 'bots = "kept"'))
    refuse(faults)
    return (f"{Path(table.source).name} has no capped lines: every line counts",) if missing else ()


def _unread(table: PeriodTable, reading: str, missing: Collection[str], instead: str) -> Fault:
    needed = ", ".join(name for name in COUNTS if name in missing)
    return Fault(table.source, "line 1", f"{reading} needs columns {needed}", f"those, or {instead}")


def _counts(table: PeriodTable, prefix: str, reading: Reading) -> Array:
    added, deleted = (table.counts[prefix + name] for name in LINE_COLUMNS[reading.lines])
    columns = (table.counts[f"{prefix}contributors"], table.counts[f"{prefix}commits"], added + deleted)
    return np.stack([column.astype(np.float64) for column in columns], axis=1)
