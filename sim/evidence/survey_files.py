"""The files of a survey, read together and checked against each other, with what is known beyond them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import ConfigDict, NonNegativeInt, ValidationError

from sim.citations import Cited
from sim.evidence.frequencies import Bin, numbers, read_cells, read_frequencies
from sim.evidence.periods import PeriodTable, read_periods
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
from sim.faults import Fault, InvalidInput, nearest_name
from sim.input_file import read_input, text_of
from sim.toml_input import TomlError, parse_toml

NAME = "survey.toml"
MAX_BYTES = 2**20

LEVELS = (
    *((CONTRIBUTOR_PERIOD, name) for name in (*MARKS, TRUNCATED)),
    *((REPOSITORY_PERIOD, name) for name in ("contributors", *MARKS)),
)
"""The rows of ``quantiles.csv``."""


class SurveyFacts(Cited):
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
    content = read_input(path, "a TOML file", MAX_BYTES)
    try:
        table = parse_toml(text_of(content))
    except TomlError as error:
        fault = Fault(str(path), error.place, f"not TOML: {error.problem}", error.instead or "a TOML file")
        raise InvalidInput([fault]) from error
    except ValueError as error:
        raise InvalidInput([Fault(str(path), "", str(error), "a TOML file")]) from error
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
class Quantiles:
    """How one count is spread over contributor-periods, or over repository-periods that are not empty.

    Parameters
    ----------
    n
        How many there are.
    median, q99, mean, largest
        Of the count.
    """

    n: int
    median: float
    q99: float
    mean: float
    largest: float


@dataclass(frozen=True, eq=False)
class SurveyFiles:
    """A survey as it is shipped.

    Parameters
    ----------
    periods
        ``periods.csv``, checked.
    frequencies
        (row, column): ``label``, ``start``, ``who``, ``count`` and a column for each bin.
    bins
        The bins, in the order of their columns.
    quantiles
        By level and count.
    about
        ``survey.toml``, if there is one.
    """

    periods: PeriodTable
    frequencies: pd.DataFrame
    bins: tuple[Bin, ...]
    quantiles: Mapping[tuple[str, str], Quantiles]
    about: SurveyFacts | None


def read_survey_files(folder: Path) -> SurveyFiles:
    """Read the files that an import wrote.

    Raises
    ------
    InvalidInput
        With every fault of the first file that has any: missing, empty or not CSV, a column missing, a cell
        that is no count; or frequencies that do not add up to the contributors of a period.
    """
    periods = read_periods(folder / PERIODS)
    found = read_frequencies(folder / FREQUENCIES, periods)
    return SurveyFiles(
        periods, found.rows, found.bins, _quantiles(folder / QUANTILES), read_survey_facts(folder)
    )


def _quantiles(path: Path) -> Mapping[tuple[str, str], Quantiles]:
    cells = read_cells(path, QUANTILE_COLUMNS)
    keys = list(zip(cells["level"], cells["count"], strict=True))
    missing = [
        Fault(str(path), f"{level}, {count}", "no such row")
        for level, count in LEVELS
        if (level, count) not in keys
    ]
    if missing:
        raise InvalidInput(missing)
    found = numbers(path, cells, list(QUANTILE_COLUMNS[2:]), r"\d{1,15}(\.\d{1,15})?")
    rows = zip(*(found[name] for name in QUANTILE_COLUMNS[2:]), strict=True)
    return {key: Quantiles(int(n), *rest) for key, (n, *rest) in zip(keys, rows, strict=True)}
