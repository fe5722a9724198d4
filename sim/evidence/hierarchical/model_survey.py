"""The survey as the models see it: contributors by period, grouped into doubling bins of what they did."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from sim.evidence.estimands import COUNTED
from sim.evidence.frequencies import Bin, read_frequencies
from sim.evidence.periods import PeriodTable, read_periods
from sim.evidence.readings import SUNDAY, SUNDAY_FACTORS, UNITS, NameArray, PeriodSample, Reading, read_as
from sim.evidence.survey_format import CAP_LINES, FREQUENCIES, PEOPLE
from sim.faults import Fault, refuse
from sim.types import Array, Flags, Integers

PUBLISHED_CAP = 2 * 999
"""Most lines a contributor can have where both added and deleted end at the thousands comma."""
GROUPED_LINES = {"corrected": "lines", "capped": "lines", "published": "lines_published"}
CAPS = {"corrected": np.inf, "capped": float(CAP_LINES), "published": float(PUBLISHED_CAP)}


@dataclass(frozen=True, eq=False)
class ModelSurvey:
    """A survey with its contributors grouped by what they did.

    Parameters
    ----------
    sample
        The survey in one reading; its counts are at exposure one.
    frequencies
        Contributors by bin of each period, (period, bin) by unit, ``commits`` and ``lines``; whole numbers as
        counted. Each row adds up to the period's contributors, the same for both units.
    upper
        Largest count in each bin, (bin) by unit; the first is 0, each next bin starts one above.
    exposures
        What the source counted for each unit there was, (period) by unit. One, but in periods that the source
        counts for longer.
    caps
        Count at which each contributor is held in the estimands, by unit, for units that have one. The
        frequencies are not held.
    """

    sample: PeriodSample
    frequencies: Mapping[str, Integers]
    upper: Mapping[str, Integers]
    exposures: Mapping[str, Array]
    caps: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def contributors(self) -> Integers:
        """Contributors as counted, (period)."""
        return np.asarray(self.frequencies[COUNTED[0]].sum(axis=1), dtype=np.int64)

    @cached_property
    def active(self) -> Flags:
        """Whether the period has contributors, (period)."""
        return np.asarray(self.contributors > 0)

    @cached_property
    def names(self) -> NameArray:
        """Names of the strata, sorted, (stratum)."""
        return np.unique(self.sample.stratum)

    @cached_property
    def stratum(self) -> Integers:
        """Place of each period's stratum in `names`, (period)."""
        return np.searchsorted(self.names, self.sample.stratum).astype(np.int64)

    @cached_property
    def periods_by_stratum(self) -> Integers:
        """Sampled periods of each stratum, (stratum)."""
        return np.bincount(self.stratum, minlength=len(self.names)).astype(np.int64)

    @cached_property
    def log_size(self) -> Array:
        """Log of the mean contributors of a stratum's active periods, (stratum); zero where it has none."""
        n_active = np.bincount(self.stratum, self.active, len(self.names))
        total = np.bincount(self.stratum, self.sample.contributors, len(self.names))
        return np.log(np.where(n_active > 0, total, 1.0) / np.maximum(n_active, 1.0))

    @cached_property
    def deviation(self) -> Array:
        """Log of contributors over the stratum's mean active contributors, (period); zero if empty."""
        present = np.where(self.active, self.sample.contributors, 1.0)
        return np.where(self.active, np.log(present) - self.log_size[self.stratum], 0.0)

    def cap(self, unit: str) -> float:
        """Return the count at which a contributor's unit is held, infinite where it is not."""
        return self.caps.get(unit, np.inf)


def read_model_survey(periods: Path, reading: Reading, grouped: bool = True) -> ModelSurvey:
    """Read a period file and the ``frequencies.csv`` beside it, in any reading.

    Lines ``corrected`` and ``capped`` share the frequencies of lines read properly, the latter with a cap;
    ``published`` has its own, and a cap that two counts below 1,000 cannot pass. Without bots only people are
    in the bins. Periods that start on a Sunday, where they hold three weekly bins, are counted as they are,
    with an exposure above one.

    Parameters
    ----------
    periods
        The period file.
    reading
        How the file is read: lines, duplicates, weeks and bots.
    grouped
        Whether to read the frequencies, which some methods do not need.

    Returns
    -------
    ModelSurvey
        Sample, frequencies by unit, exposures and caps.

    Raises
    ------
    InvalidInput
        If either file is missing or at fault, the frequencies do not add up to the contributors, or a
        contributor has no commit.
    """
    table = read_periods(periods)
    sample, exposures, caps = (
        read_as(table, reading),
        _exposures(table, reading),
        {"lines": CAPS[reading.lines]},
    )
    if not grouped:
        return ModelSurvey(sample, {}, {}, exposures, caps)
    path = periods.parent / FREQUENCIES
    found = read_frequencies(path, table)
    rows = found.rows if reading.bots == "kept" else found.rows[found.rows["who"] == PEOPLE]
    counts = {"commits": "commits", "lines": GROUPED_LINES[reading.lines]}
    frequencies = {unit: _matrix(rows, count, found.bins, table) for unit, count in counts.items()}
    _refuse_idle_contributors(path, table, frequencies["commits"])
    upper = np.array([each.high for each in found.bins], dtype=np.int64)
    return ModelSurvey(sample, frequencies, dict.fromkeys(COUNTED, upper), exposures, caps)


def _matrix(rows: pd.DataFrame, count: str, bins: tuple[Bin, ...], table: PeriodTable) -> Integers:
    """Return contributors of one count, (period, bin), in the order of the period file."""
    names = [each.name for each in bins]
    summed = rows[rows["count"] == count].groupby(["label", "start"])[names].sum()
    keys = pd.MultiIndex.from_arrays([table.frame["label"], table.frame["start"].dt.strftime("%Y-%m-%d")])
    return summed.reindex(keys, fill_value=0).to_numpy(dtype=np.int64)


def _exposures(table: PeriodTable, reading: Reading) -> dict[str, Array]:
    on_sunday = (table.frame["start"].dt.day_of_week == SUNDAY).to_numpy() & (reading.weeks == "weekly-bins")
    return {
        unit: np.where(on_sunday, 1 / factor, 1.0) for unit, factor in zip(UNITS, SUNDAY_FACTORS, strict=True)
    }


def _refuse_idle_contributors(path: Path, table: PeriodTable, commits: Integers) -> None:
    places = np.flatnonzero(commits[:, 0])
    faults = [
        Fault(
            str(path),
            f"{table.frame['label'].iloc[place]}, {table.frame['start'].iloc[place]:%Y-%m-%d}, commits",
            f"{commits[place, 0]} contributors without a commit",
            "contributors have one commit or more",
        )
        for place in places
    ]
    refuse(faults)


OFFSETS = {"commits": 0, "lines": 1}
"""A count x is ceil(X) - offset of a continuous X > 0: commits start at 1, lines at 0."""
BELOW_ALL = -1e6
"""Stands for log 0, the lower end of the first bin: finite, so that no gradient is 0 times infinity."""


@dataclass(frozen=True, eq=False)
class Cells:
    """The filled cells of one unit's frequencies.

    A count x in a bin (l, u] is X in (l + offset, u + offset].

    Parameters
    ----------
    n_strata
        Number of strata.
    stratum
        Place of the stratum of each active period, (active period).
    deviation
        Log contributors less the stratum's mean, at exposure one, (active period).
    log_exposure
        Log of what the source counts of the unit per contributor it counts, (active period).
    period
        Place of each cell's period among the active periods, (cell).
    lower
        Lower end of the bin on the log scale of X, (cell).
    upper
        Upper end of the bin on the log scale of X, (cell).
    contributors
        How many contributors the cell holds, one or more, (cell).
    """

    n_strata: int
    stratum: Integers
    deviation: Array
    log_exposure: Array
    period: Integers
    lower: Array
    upper: Array
    contributors: Array


def log_edges(upper: Integers, offset: int) -> tuple[Array, Array]:
    """Return the lower and upper end of each bin on the log scale, (bin) each.

    Parameters
    ----------
    upper
        Largest count in each bin, from 0 on, (bin).
    offset
        Offset of the unit, 0 or 1.

    Returns
    -------
    tuple
        Lower and upper end, (bin) each; ``BELOW_ALL`` stands for log 0.

    Examples
    --------
    >>> low, high = log_edges(np.array([0, 1, 2, 4]), 1)
    >>> np.exp(high).round(6).tolist()
    [1.0, 2.0, 3.0, 5.0]
    """
    ends = upper.astype(np.float64) + offset
    high = np.where(ends > 0, np.log(np.maximum(ends, 1.0)), BELOW_ALL)
    return np.concatenate([[BELOW_ALL], high[:-1]]), high


def cells_of(survey: ModelSurvey, unit: str) -> Cells:
    """Return the filled cells of a unit.

    Parameters
    ----------
    survey
        The survey.
    unit
        ``commits`` or ``lines``.

    Returns
    -------
    Cells
        The active periods and their filled cells.
    """
    active = np.flatnonzero(survey.active)
    table = survey.frequencies[unit][active]
    period, place = np.nonzero(table)
    lower, upper = log_edges(survey.upper[unit], OFFSETS[unit])
    exposure = survey.exposures[unit][active] / survey.exposures["contributors"][active]
    return Cells(
        n_strata=len(survey.names),
        stratum=survey.stratum[active],
        deviation=survey.deviation[active],
        log_exposure=np.log(exposure),
        period=period.astype(np.int64),
        lower=lower[place],
        upper=upper[place],
        contributors=table[period, place].astype(np.float64),
    )
