"""Each outcome of each scenario, side by side, and the statistics that a comparison looks at."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from sim.compare.sources import Compared
from sim.scenario.schema import Report
from sim.summary.estimate import Array, Estimate, estimate
from sim.summary.intervals import interval

NAN = float("nan")
COLUMNS = ["scenario", "outcome", "statistic", "at", "value", "mc_error", "unit"]


@dataclass(frozen=True)
class Statistic:
    """A statistic of draws.

    Parameters
    ----------
    name
        ``median``, ``low``, ``high`` (ends of the credible interval), ``mean``, ``p_above``.
    at
        Probability of the interval, or threshold; else NaN.
    function
        From a flat array of draws to the statistic.
    """

    name: str
    at: float
    function: Callable[[Array], float]


def statistics_of(report: Report, outcome: str) -> tuple[Statistic, ...]:
    """Return the statistics of an outcome as a scenario reports it; thresholds are those of one outcome."""
    stated = report.interval
    ends = partial(interval, probability=stated.probability, kind=stated.kind)
    thresholds = report.thresholds if outcome == report.outcome else ()
    return (
        Statistic("median", NAN, np.median),
        Statistic("low", stated.probability, lambda draws: ends(draws)[0]),
        Statistic("high", stated.probability, lambda draws: ends(draws)[1]),
        Statistic("mean", NAN, np.mean),
        *(Statistic("p_above", threshold, partial(share_above, at=threshold)) for threshold in thresholds),
    )


def share_above(draws: Array, at: float) -> float:
    """Return the share of draws above a value.

    Examples
    --------
    >>> share_above(np.array([1.0, 2.0, 3.0, 4.0]), at=3)
    0.25
    """
    return float(np.mean(draws > at))


def side_by_side(sources: Sequence[Compared], report: Report) -> pd.DataFrame:
    """Return every outcome of every scenario.

    Parameters
    ----------
    sources
        What is compared.
    report
        Whose interval and thresholds are used, for all alike: the baseline's.

    Returns
    -------
    DataFrame
        One row for each scenario, outcome and statistic: ``scenario``, ``outcome``, ``statistic``, ``at``
        (probability of the interval, or threshold), ``value``, ``mc_error``, ``unit``.
    """
    return pd.DataFrame([row for source in sources for row in _rows(source, report)], columns=COLUMNS)


def _rows(source: Compared, report: Report) -> Iterator[tuple[object, ...]]:
    for name, outcome in source.scenario.outcomes.items():
        draws = source.results.variable(name)
        for statistic in statistics_of(report, name):
            found: Estimate = estimate(statistic.function, draws)
            unit = "1" if statistic.name == "p_above" else outcome.unit
            yield (source.name, name, statistic.name, statistic.at, found.value, found.error, unit)


def wide(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each scenario and outcome: each statistic a column, its error the next.

    Examples
    --------
    >>> rows = [("a", "bcr", "median", NAN, 120.0, 0.5, "1"), ("a", "bcr", "p_above", 4.0, 0.9, 0.01, "1")]
    >>> list(wide(pd.DataFrame(rows, columns=COLUMNS)).columns)
    ['scenario', 'outcome', 'unit', 'median', 'median_mc_error', 'p_above_4', 'p_above_4_mc_error']
    """
    records: dict[tuple[str, str], dict[str, object]] = {}
    for row in table.itertuples(index=False):
        key = (str(row.scenario), str(row.outcome))
        record = records.setdefault(key, {"scenario": key[0], "outcome": key[1], "unit": row.unit})
        column = f"p_above_{row.at:g}" if row.statistic == "p_above" else str(row.statistic)
        record |= {column: row.value, f"{column}_mc_error": row.mc_error}
    return pd.DataFrame(list(records.values()))
