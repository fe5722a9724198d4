"""The files of a survey, read together and checked against each other, and histograms of what they count."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pydantic import ConfigDict, NonNegativeInt, ValidationError

from sim.citations import Citations
from sim.evidence.estimands import COUNTED
from sim.evidence.frequencies import Bin, bins_up_to, numbers, place_of, read_cells, read_frequencies
from sim.evidence.periods import PeriodTable, read_periods
from sim.evidence.readings import LINE_COLUMNS
from sim.evidence.survey_format import (
    CONTRIBUTOR_PERIOD,
    FREQUENCIES,
    MARKS,
    PERIODS,
    QUANTILE_COLUMNS,
    QUANTILES,
    REPOSITORY_PERIOD,
    TRUNCATED,
)
from sim.faults import Fault, InvalidInput, nearest_name, refuse
from sim.input_file import read_toml_table

NAME = "survey.toml"
MAX_BYTES = 2**20

LEVELS = (
    *((CONTRIBUTOR_PERIOD, name) for name in (*MARKS, TRUNCATED)),
    *((REPOSITORY_PERIOD, name) for name in ("contributors", *MARKS)),
)
"""The rows of ``quantiles.csv``."""


class SurveyFacts(Citations):
    """The content of ``survey.toml``.

    Parameters
    ----------
    title
        Name of the survey.
    citation
        Where it was published.
    licence
        Terms of the data.
    extracted
        Day by which the source had been surveyed.
    published_contributor_periods
        Number of contributor-periods in the publication, where it differs from the data.
    notes
        What the counts cannot show, one sentence each.
    collection
        How the survey was taken from git histories: design, versions, each repository's head, days and what
        was unreadable.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    citation: str
    licence: str
    extracted: date | None = None
    published_contributor_periods: NonNegativeInt | None = None
    notes: tuple[str, ...] = ()
    collection: dict[str, Any] | None = None


def read_survey_facts(folder: Path) -> SurveyFacts | None:
    """Read ``survey.toml``, which a folder of survey files may have.

    Raises
    ------
    InvalidInput
        If the file is there and is not TOML, lacks a key, or has one unknown or of the wrong type.
    """
    path = folder / NAME
    if not path.exists():
        return None
    table = read_toml_table(path, MAX_BYTES)
    try:
        return SurveyFacts.model_validate(table)
    except ValidationError as error:
        raise InvalidInput(
            [_fault(path, *item["loc"], problem=item["msg"]) for item in error.errors()]
        ) from None


def _fault(path: Path, *key: str | int, problem: str) -> Fault:
    names = list(SurveyFacts.model_fields)
    nearest = nearest_name(str(key[0]), names) if key and key[0] not in names else ""
    return Fault(str(path), ".".join(map(str, key)), problem, ", ".join(names), nearest)


@dataclass(frozen=True)
class SurveyQuantiles:
    """How one count is spread over contributor-periods, or over repository-periods that are not empty.

    Parameters
    ----------
    n
        How many contributor-periods or repository-periods there are.
    median
        Median of the count.
    q99
        99 % quantile of the count.
    mean
        Mean of the count.
    largest
        Largest count.
    """

    n: int
    median: float
    q99: float
    mean: float
    largest: float


@dataclass(frozen=True, eq=False)
class SurveyFiles:
    """A survey as it is shipped: its files, checked.

    Parameters
    ----------
    periods
        Content of ``periods.csv``.
    frequencies
        Content of ``frequencies.csv``: ``label``, ``start``, ``who``, ``count`` and a column for each bin,
        (row, column).
    bins
        The bins of the frequencies, in order.
    quantiles
        Content of ``quantiles.csv``, by level and count.
    about
        Content of ``survey.toml``; ``None`` where the file is not there.
    """

    periods: PeriodTable
    frequencies: pd.DataFrame
    bins: tuple[Bin, ...]
    quantiles: Mapping[tuple[str, str], SurveyQuantiles]
    about: SurveyFacts | None


def read_survey_files(folder: Path) -> SurveyFiles:
    """Read the files that an import wrote.

    Raises
    ------
    InvalidInput
        If a file is missing, empty or not CSV, a column is missing, a cell is no count, or frequencies do not
        add up to the contributors of a period; with every fault of the first file that has any.
    """
    periods = read_periods(folder / PERIODS)
    found = read_frequencies(folder / FREQUENCIES, periods)
    return SurveyFiles(
        periods, found.rows, found.bins, _quantiles(folder / QUANTILES), read_survey_facts(folder)
    )


def _quantiles(path: Path) -> Mapping[tuple[str, str], SurveyQuantiles]:
    cells = read_cells(path, QUANTILE_COLUMNS)
    keys = list(zip(cells["level"], cells["count"], strict=True))
    missing = [
        Fault(str(path), f"{level}, {count}", "no such row")
        for level, count in LEVELS
        if (level, count) not in keys
    ]
    refuse(missing)
    found = numbers(path, cells, list(QUANTILE_COLUMNS[2:]), r"\d{1,15}(\.\d{1,15})?")
    rows = zip(*(found[name] for name in QUANTILE_COLUMNS[2:]), strict=True)
    return {key: SurveyQuantiles(int(n), *rest) for key, (n, *rest) in zip(keys, rows, strict=True)}


READ, PUBLISHED = "read properly", "as published"
"""Readings of lines that a figure shows together."""

PERIOD_COLUMNS = {
    "commits": ("commits",),
    "lines": LINE_COLUMNS["corrected"],
    "lines_published": LINE_COLUMNS["published"],
}


@dataclass(frozen=True, eq=False)
class Histogram:
    """How often a count fell into each bin.

    Parameters
    ----------
    unit
        ``commits`` or ``lines``.
    level
        ``contributor-period`` or ``repository-period`` (those that are not empty).
    bars
        A row for each reading and bin: ``reading``, ``low``, ``high``, ``n``, ``per_doubling``; all values
        above the 99 % quantile are counted in its bin. ``per_doubling = n / log2((high + 1/2) / (low -
        1/2))``, so that bins of unequal width on a log axis compare by area; the bin of zero has no width and
        keeps its number.
    marks
        A row for each reading: ``reading``, ``median``, ``q99``, both of the values before winsorising.
    """

    unit: str
    level: str
    bars: pd.DataFrame
    marks: pd.DataFrame


def contribution_histograms(shipped: SurveyFiles) -> tuple[Histogram, ...]:
    """Return commits and lines per contributor-period, then commits and lines per repository-period.

    Lines as published are shown beside lines read properly where the survey has both.

    The contributors are counted in ``frequencies.csv``, the repositories in ``periods.csv``; medians and
    quantiles are those of ``quantiles.csv``.
    """
    return tuple(
        _histogram(shipped, unit, level)
        for level in (CONTRIBUTOR_PERIOD, REPOSITORY_PERIOD)
        for unit in COUNTED
    )


def _readings(shipped: SurveyFiles, unit: str) -> Mapping[str, str]:
    """Return the count of each reading that the survey has of a unit, by its name beside another."""
    if unit == "lines" and shipped.periods.given >= set(LINE_COLUMNS["published"]):
        return {READ: "lines", PUBLISHED: "lines_published"}
    return {"": unit}


def _histogram(shipped: SurveyFiles, unit: str, level: str) -> Histogram:
    count_in_bins = _contributors_in_bins if level == CONTRIBUTOR_PERIOD else _repositories_in_bins
    bars: list[tuple[str, int, int, int, float]] = []
    marks: list[tuple[str, float, float]] = []
    for reading, name in _readings(shipped, unit).items():
        summary = shipped.quantiles[level, name]
        numbers = winsorise(count_in_bins(shipped, name), summary.q99)
        bins = bins_up_to(math.ceil(summary.q99))
        bars += [
            (reading, each.low, each.high, n, n / _doublings(each))
            for each, n in zip(bins, numbers, strict=True)
        ]
        marks.append((reading, summary.median, summary.q99))
    return Histogram(
        unit,
        level,
        pd.DataFrame(bars, columns=["reading", "low", "high", "n", "per_doubling"]),
        pd.DataFrame(marks, columns=["reading", "median", "q99"]),
    )


def _doublings(each: Bin) -> float:
    return math.log2((each.high + 0.5) / (each.low - 0.5)) if each.low > 0 else 1.0


def winsorise(numbers: Sequence[int], quantile: float) -> tuple[int, ...]:
    """Return the numbers per bin once every value above a quantile is set to that quantile.

    Exact: such values move to the bin of the quantile, all others stay.

    Parameters
    ----------
    numbers
        Number of values in each bin.
    quantile
        Quantile at which larger values are held.

    Returns
    -------
    tuple
        Numbers up to the bin of the quantile.

    Examples
    --------
    >>> winsorise([0, 5, 4, 3, 2, 1], 2.5)
    (0, 5, 4, 6)
    """
    last = place_of(math.ceil(quantile))
    return (*numbers[:last], sum(numbers[last:]))


def _contributors_in_bins(shipped: SurveyFiles, name: str) -> Sequence[int]:
    rows = shipped.frequencies[shipped.frequencies["count"] == name]
    return [int(rows[each.name].sum()) for each in shipped.bins]


def _repositories_in_bins(shipped: SurveyFiles, name: str) -> Sequence[int]:
    frame = shipped.periods.frame
    values = frame.loc[frame["contributors"] > 0, list(PERIOD_COLUMNS[name])].sum(axis=1)
    places = [place_of(int(value)) for value in values]
    return [int(number) for number in np.bincount(places, minlength=len(shipped.bins))]
