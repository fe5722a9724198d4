"""Scenarios side by side, or one scenario under each evidence method."""

from collections.abc import Iterator, Sequence

import pandas as pd

from sim.analysis.compare.sources import ScenarioSource
from sim.engine.simulate import simulate
from sim.faults import Fault, InvalidInput
from sim.scenario.schema import Report, Scenario
from sim.summary.outcome_estimates import statistics_of
from sim.summary.row import Summary
from sim.summary.rows import summarise
from sim.types import Step

COLUMNS = ["scenario", "outcome", "statistic", "at", "value", "mc_error", "unit", "estimator", "note"]


def side_by_side(sources: Sequence[ScenarioSource], report: Report) -> pd.DataFrame:
    """Return every outcome of every scenario.

    Parameters
    ----------
    sources, report
        What is compared; whose interval and thresholds are used, for all alike: the baseline's.

    Returns
    -------
    DataFrame
        One row for each scenario, outcome and statistic: ``scenario``, ``outcome``, ``statistic``, ``at``
        (probability of the interval, or threshold), ``value``, ``mc_error``, ``unit``, ``estimator``
        (``conditional`` where a parameter was integrated out, else ``draws``), ``note`` (as in
        :class:`sim.summary.row.Row`). A statistic that the scenario itself reports is that of its run, to
        the last digit.
    """
    return pd.DataFrame([row for source in sources for row in _rows(source, report)], columns=COLUMNS)


def _rows(source: ScenarioSource, report: Report) -> Iterator[tuple[object, ...]]:
    for name, outcome in source.scenario.outcomes.items():
        for wanted in statistics_of(report, name, outcome.unit):
            found = source.estimated.of(wanted)
            value, error, note = found.statistic.value, found.statistic.error, found.statistic.note
            stated = (wanted.statistic, wanted.at, value, error, wanted.unit, found.estimator, note)
            yield (source.name, name, *stated)


def wide(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each scenario and outcome: each statistic a column, its error the next.

    A third column has the notes of a statistic, where some scenario has one.

    Examples
    --------
    >>> nan = float("nan")
    >>> rows = [("a", "bcr", "median", nan, 120.0, 0.5, "1"), ("a", "bcr", "p_above", 4.0, 0.9, 0.01, "1")]
    >>> list(wide(pd.DataFrame(rows, columns=COLUMNS[:-2])).columns)
    ['scenario', 'outcome', 'unit', 'median', 'median_mc_error', 'p_above_4', 'p_above_4_mc_error']
    """
    records: dict[tuple[str, str], dict[str, object]] = {}
    for row in table.itertuples(index=False):
        key = (str(row.scenario), str(row.outcome))
        record = records.setdefault(key, {"scenario": key[0], "outcome": key[1], "unit": row.unit})
        column = f"p_above_{row.at:g}" if row.statistic == "p_above" else str(row.statistic)
        record |= {column: row.value, f"{column}_mc_error": row.mc_error}
        if getattr(row, "note", ""):
            record[f"{column}_note"] = row.note
    return pd.DataFrame(list(records.values()))


def methods_side_by_side(scenario: Scenario, methods: Sequence[str], step: Step) -> pd.DataFrame:
    """Run a scenario with each evidence method, everything else as it is.

    Parameters
    ----------
    scenario, methods
        Loaded scenario with a survey; evidence methods, in the order of the table.
    step
        Called with a short description when a step begins.

    Returns
    -------
    DataFrame
        One row for each quantity and method: ``quantity``, ``alternative`` (empty for the outcome over all
        alternatives), ``method``, ``low``, ``median``, ``high``, ``mc_error`` of the median, ``unit``.

    Raises
    ------
    InvalidInput
        If the scenario names no survey, or a method refuses it.
    """
    if scenario.evidence is None or scenario.evidence.periods is None:
        raise InvalidInput([Fault(scenario.name, "evidence", "names no survey", "periods = a file")])
    rows = []
    for method in methods:
        step(f"method {method}")
        evidence = scenario.evidence.model_copy(update={"method": method})
        changed = scenario.model_copy(update={"evidence": evidence})
        summary = Summary(summarise(changed, simulate(changed)))
        rows += [{"method": method, **row} for row in _rows_of_method(changed, summary)]
    table = pd.DataFrame(rows)
    order = table[["quantity", "alternative"]].drop_duplicates().reset_index(drop=True)
    return order.merge(table, on=["quantity", "alternative"], sort=False)


def _rows_of_method(scenario: Scenario, summary: Summary) -> list[dict[str, object]]:
    """Return the reported outcome and those stated by alternative, under each alternative and overall."""
    reported = scenario.report.outcome
    by = {name: outcome.by for name, outcome in scenario.outcomes.items() if outcome.by is not None}
    keys: list[tuple[str, str]] = []
    for name in dict.fromkeys((reported, *by)):
        for stated, choice in by.items():
            if name in (reported, stated):
                alternatives = scenario.outcomes[stated].formulas
                keys += [(name, f"{choice}={alternative}") for alternative in alternatives]
        keys.append((name, ""))
    known = {(row.quantity, row.alternative) for row in summary.rows}
    rows: list[dict[str, object]] = []
    for quantity, alternative in filter(known.__contains__, dict.fromkeys(keys)):
        low, median, high = (summary.find(quantity, key, alternative) for key in ("low", "median", "high"))
        values = {"low": low.value, "median": median.value, "high": high.value}
        about = {"quantity": quantity, "alternative": alternative}
        rows.append({**about, **values, "mc_error": median.mc_error, "unit": median.unit})
    return rows
