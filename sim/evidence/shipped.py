"""The shipped files of a survey, read together and checked against each other."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sim.evidence.about import About, read_about
from sim.evidence.bins import Bin, bins_up_to
from sim.evidence.periods import PeriodTable, read_periods
from sim.evidence.source.importer import FREQUENCIES, PERIODS, QUANTILES
from sim.evidence.source.tallies import (
    AUTOMATION,
    CONTRIBUTOR_PERIOD,
    FREQUENCY_KEYS,
    MARKS,
    PEOPLE,
    QUANTILE_COLUMNS,
    REPOSITORY_PERIOD,
    TRUNCATED,
)
from sim.faults import Fault, InvalidInputError, nearest_name

FIRST_ROW_LINE = 2
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
    path = folder / FREQUENCIES
    cells = _cells(path, FREQUENCY_KEYS)
    bins = _bins(path, cells)
    names = [each.name for each in bins]
    frequencies = cells[list(FREQUENCY_KEYS)].join(_numbers(path, cells, names, r"\d{1,15}").astype("int64"))
    _refuse_other_sums(path, frequencies, names, periods.frame)
    return Shipped(periods, frequencies, bins, _quantiles(folder / QUANTILES), read_about(folder))


def _quantiles(path: Path) -> Mapping[tuple[str, str], Quantiles]:
    cells = _cells(path, QUANTILE_COLUMNS)
    keys = list(zip(cells["level"], cells["count"], strict=True))
    missing = [
        Fault(str(path), f"{level}, {count}", "no such row")
        for level, count in LEVELS
        if (level, count) not in keys
    ]
    if missing:
        raise InvalidInputError(missing)
    numbers = _numbers(path, cells, list(QUANTILE_COLUMNS[2:]), r"\d{1,15}(\.\d{1,15})?")
    rows = zip(*(numbers[name] for name in QUANTILE_COLUMNS[2:]), strict=True)
    return {key: Quantiles(int(n), *rest) for key, (n, *rest) in zip(keys, rows, strict=True)}


def _cells(path: Path, needed: tuple[str, ...]) -> pd.DataFrame:
    file = str(path)
    if not path.is_file():
        siblings = [other.name for other in path.parent.iterdir()]
        raise InvalidInputError(
            [Fault(file, "", "no such file", "a CSV file", nearest_name(path.name, siblings))]
        )
    try:
        text = path.read_text(encoding="utf-8")
        cells = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False, index_col=False)
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InvalidInputError(
            [Fault(file, "", f"not CSV: {error}", "comma-separated UTF-8 text")]
        ) from error
    faults = [
        Fault(
            file, "line 1", f"missing column {name!r}", ", ".join(needed), nearest_name(name, cells.columns)
        )
        for name in needed
        if name not in cells.columns
    ]
    if faults:
        raise InvalidInputError(faults)
    return cells.fillna("")


def _bins(path: Path, cells: pd.DataFrame) -> tuple[Bin, ...]:
    names = [name for name in cells.columns if name not in FREQUENCY_KEYS]
    bins = bins_up_to(0 if len(names) < 2 else 2 ** (len(names) - 2))
    wanted = [each.name for each in bins]
    if names != wanted:
        fault = Fault(str(path), "line 1", f"bins are {', '.join(names)}", ", ".join(wanted))
        raise InvalidInputError([fault])
    return bins


def _numbers(path: Path, cells: pd.DataFrame, names: list[str], form: str) -> pd.DataFrame:
    faults = [
        Fault(str(path), f"line {line}, column {name}", f"{value!r} is not a number", "0 or larger")
        for name in names
        for line, value in _lines(cells.loc[~cells[name].str.fullmatch(form), name])
    ]
    if faults:
        raise InvalidInputError(faults)
    return cells[names].astype("float64")


def _lines(cells: pd.Series) -> Iterator[tuple[int, str]]:
    for place, value in cells.items():
        yield int(str(place)) + FIRST_ROW_LINE, str(value)


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
    if faults:
        raise InvalidInputError(faults)
