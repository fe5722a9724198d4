"""The frequency file beside a period file, checked against it."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sim.evidence.bins import Bin
from sim.evidence.periods import PeriodTable
from sim.evidence.shipped import _bins, _cells, _numbers, _refuse_other_sums
from sim.evidence.source.tallies import FREQUENCY_KEYS


@dataclass(frozen=True, eq=False)
class Frequencies:
    """How many contributors fell into each bin.

    Parameters
    ----------
    rows
        (row, column): ``label``, ``start``, ``who``, ``count`` and a column of whole numbers for each bin.
    bins
        The bins, in the order of their columns.
    """

    rows: pd.DataFrame
    bins: tuple[Bin, ...]


def read_frequencies(path: Path, periods: PeriodTable) -> Frequencies:
    """Read a frequency file.

    Raises
    ------
    InvalidInputError
        If it is missing, not CSV, has other columns or bins, a cell that is no count, or does not add up to
        the contributors of every period.
    """
    cells = _cells(path, FREQUENCY_KEYS)
    bins = _bins(path, cells)
    names = [each.name for each in bins]
    rows = cells[list(FREQUENCY_KEYS)].join(_numbers(path, cells, names, r"\d{1,15}").astype("int64"))
    _refuse_other_sums(path, rows, names, periods.frame)
    return Frequencies(rows, bins)
