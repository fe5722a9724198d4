"""The shipped files of a survey, read together and checked against each other."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sim.evidence.about import About, read_about
from sim.evidence.bins import Bin
from sim.evidence.csv_cells import numbers, read_cells
from sim.evidence.frequencies import read_frequencies
from sim.evidence.period_table import PeriodTable
from sim.evidence.periods import read_periods
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
from sim.faults import Fault, InvalidInputError

LEVELS = (
    *((CONTRIBUTOR_PERIOD, name) for name in (*MARKS, TRUNCATED)),
    *((REPOSITORY_PERIOD, name) for name in ("contributors", *MARKS)),
)
"""The rows of ``quantiles.csv``."""


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
class Shipped:
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
    about: About | None


def read_shipped(folder: Path) -> Shipped:
    """Read the files that an import wrote.

    Raises
    ------
    InvalidInputError
        With every fault of the first file that has any: missing, empty or not CSV, a column missing, a cell
        that is no count; or frequencies that do not add up to the contributors of a period.
    """
    periods = read_periods(folder / PERIODS)
    found = read_frequencies(folder / FREQUENCIES, periods)
    return Shipped(periods, found.rows, found.bins, _quantiles(folder / QUANTILES), read_about(folder))


def _quantiles(path: Path) -> Mapping[tuple[str, str], Quantiles]:
    cells = read_cells(path, QUANTILE_COLUMNS)
    keys = list(zip(cells["level"], cells["count"], strict=True))
    missing = [
        Fault(str(path), f"{level}, {count}", "no such row")
        for level, count in LEVELS
        if (level, count) not in keys
    ]
    if missing:
        raise InvalidInputError(missing)
    found = numbers(path, cells, list(QUANTILE_COLUMNS[2:]), r"\d{1,15}(\.\d{1,15})?")
    rows = zip(*(found[name] for name in QUANTILE_COLUMNS[2:]), strict=True)
    return {key: Quantiles(int(n), *rest) for key, (n, *rest) in zip(keys, rows, strict=True)}
