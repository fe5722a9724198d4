"""Contributors grouped by what they did, as a list of filled cells: the data of a grouped likelihood."""

from dataclasses import dataclass

import numpy as np

from sim.evidence.hierarchical.grouped import GroupedSurvey, Integers
from sim.types import Array

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
        (active period): place of its stratum.
    deviation
        (active period): log contributors less the stratum's mean, at exposure one.
    log_exposure
        (active period): log of what the source counts of the unit per contributor it counts.
    period
        (cell): place among the active periods.
    lower, upper
        (cell): ends of the bin on the log scale of X.
    contributors
        (cell): how many, one or more.
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
        (bin): largest count in each bin, from 0 on.
    offset
        Of the unit.

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


def cells_of(survey: GroupedSurvey, unit: str) -> Cells:
    """Return the filled cells of ``commits`` or ``lines``.

    Parameters
    ----------
    survey
        The survey.
    unit
        ``commits`` or ``lines``.

    Returns
    -------
    Cells
        Active periods and filled cells.
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
