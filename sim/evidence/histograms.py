"""The tables behind the figure of contributions: counts in doubling bins, winsorised as the paper does."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.evidence.frequencies import Bin, bins_up_to, place_of
from sim.evidence.readings import LINE_COLUMNS
from sim.evidence.survey_files import SurveyFiles
from sim.evidence.survey_format import CONTRIBUTOR_PERIOD, REPOSITORY_PERIOD

READ, PUBLISHED = "read properly", "as published"
COUNTS = {"commits": {"": "commits"}, "lines": {READ: "lines", PUBLISHED: "lines_published"}}
"""For each unit drawn, the readings shown together, and the count of each in the shipped files."""

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
        (reading and bin): ``reading``, ``low``, ``high``, ``n``, ``per_doubling``; all values above the 99 %
        quantile are counted in its bin. ``per_doubling = n / log2((high + 1/2) / (low - 1/2))``, so that bins
        of unequal width on a log axis compare by area; the bin of zero has no width and keeps its number.
    marks
        (reading): ``reading``, ``median``, ``q99``, both of the values before winsorising.
    """

    unit: str
    level: str
    bars: pd.DataFrame
    marks: pd.DataFrame


def contribution_histograms(shipped: SurveyFiles) -> tuple[Histogram, ...]:
    """Return commits and lines per contributor-period, then commits and lines per repository-period.

    The contributors are counted in ``frequencies.csv``, the repositories in ``periods.csv``; medians and
    quantiles are those of ``quantiles.csv``.
    """
    return tuple(
        _histogram(shipped, unit, level)
        for level in (CONTRIBUTOR_PERIOD, REPOSITORY_PERIOD)
        for unit in COUNTS
    )


def _histogram(shipped: SurveyFiles, unit: str, level: str) -> Histogram:
    count_in_bins = _contributors_in_bins if level == CONTRIBUTOR_PERIOD else _repositories_in_bins
    bars: list[tuple[str, int, int, int, float]] = []
    marks: list[tuple[str, float, float]] = []
    for reading, name in COUNTS[unit].items():
        summary = shipped.quantiles[level, name]
        numbers = winsorised(count_in_bins(shipped, name), summary.q99)
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


def winsorised(numbers: Sequence[int], quantile: float) -> tuple[int, ...]:
    """Return the numbers per bin once every value above a quantile is set to that quantile.

    Exact: such values move to the bin of the quantile, all others stay.

    Parameters
    ----------
    numbers
        Per bin.
    quantile
        At which larger values are held.

    Returns
    -------
    tuple
        Up to the bin of the quantile.

    Examples
    --------
    >>> winsorised([0, 5, 4, 3, 2, 1], 2.5)
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
