"""How the statistics of the reported outcome settle as draws are added."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import numpy as np
import pandas as pd

from sim.results import Results
from sim.scenario.schema import Scenario
from sim.summary.conditional import integrated
from sim.summary.estimate import estimate
from sim.summary.intervals import interval
from sim.summary.row import DOES_NOT_EXIST, status_of
from sim.summary.rows import trust_of
from sim.summary.statistic import NAN, Statistic, keyed_results

SMALLEST = 16


def convergence(scenario: Scenario, results: Results) -> pd.DataFrame:
    """Return statistics of the first draws of every randomisation, at doubling numbers of draws.

    Parameters
    ----------
    scenario
        What was run.
    results
        What came out.

    Returns
    -------
    DataFrame
        ``statistic`` (``median``, ``low``, ``high``, ``mean``), ``n_draws`` in all, ``value`` and its Monte
        Carlo ``error``, in the outcome's unit, each taken as in the summary; the last number of draws is
        that of the run. A mean that does not exist settles nowhere, and is left out.
    """
    draws = results.variable(scenario.report.outcome)
    stated = scenario.report.interval
    ends = partial(interval, probability=stated.probability, kind=stated.kind)
    smooth = integrated(scenario, results, scenario.report.outcome)
    tail = (1.0 - stated.probability) / 2.0
    levels = {"median": 0.5} | ({"low": tail, "high": 1.0 - tail} if stated.kind == "eti" else {})
    statistics: dict[str, Callable[..., float]] = {
        "median": lambda values: float(np.median(values)),
        "low": lambda values: ends(values)[0],
        "high": lambda values: ends(values)[1],
        "mean": lambda values: float(np.mean(values)),
    }
    key = (scenario.report.outcome, "")
    note = trust_of(scenario, keyed_results(scenario, results)).note(Statistic(*key, "mean", NAN, "", (key,)))
    if status_of(note) == DOES_NOT_EXIST:
        del statistics["mean"]
    rows = []
    for name, statistic in statistics.items():
        for n_each in _numbers(draws.shape[1]):
            first = draws[:, :n_each]
            if smooth is not None and name in levels:
                found = smooth.thinned(n_each).quantile(levels[name], first).estimate()
            else:
                found = estimate(statistic, first)
            rows.append((name, n_each * len(draws), found.value, found.error))
    return pd.DataFrame(rows, columns=["statistic", "n_draws", "value", "error"])


def with_tolerances(table: pd.DataFrame, tolerances: Mapping[str, float]) -> pd.DataFrame:
    """Return a table of convergence with the ``tolerance`` of each statistic that has one, else nothing.

    Parameters
    ----------
    table
        From :func:`convergence`.
    tolerances
        By statistic, in its unit.

    Returns
    -------
    DataFrame
        The table with one column more.
    """
    return table.assign(tolerance=table["statistic"].map(dict(tolerances)).astype(float))


def _numbers(n: int) -> Iterator[int]:
    """Yield doubling numbers up to `n`, `n` itself last."""
    each = min(SMALLEST, n)
    while each < n:
        yield each
        each *= 2
    yield n
