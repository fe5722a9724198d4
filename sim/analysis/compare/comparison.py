"""A comparison: everything that is said of several scenarios, as tables."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.analysis.compare.contrasts import contrasts
from sim.analysis.compare.differences import are_paired, warnings_of
from sim.analysis.compare.sources import ScenarioSource
from sim.analysis.compare.waterfall import waterfalls
from sim.engine.simulate import simulate
from sim.faults import Fault, InvalidInput
from sim.parallel import Executor, SerialExecutor
from sim.scenario.schema import Report, Scenario
from sim.summary.density import COLUMNS, density, linear_within
from sim.summary.outcome_estimates import median_of, statistics_of
from sim.summary.row import Summary
from sim.types import Array, Step

OUTCOME_COLUMNS = ["scenario", "outcome", "statistic", "at", "value", "mc_error", "unit", "estimator", "note"]


@dataclass(frozen=True, eq=False)
class Densities:
    """Densities in bins, one below the other, on one axis.

    Parameters
    ----------
    table
        ``scenario``, then the columns of :func:`sim.summary.density.density`.
    within
        Width within which the axis is linear: 0 for a log, infinity for a linear axis.
    """

    table: pd.DataFrame
    within: float


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """Several scenarios and a baseline among them.

    Parameters
    ----------
    baseline
        The scenario that the others are compared with.
    others
        The other scenarios, in the order given.
    sources
        All scenarios, in the order given.
    outcomes
        A row for each statistic of each outcome under each scenario; its ``estimator`` is ``conditional``
        where a parameter was integrated out, else ``draws``.
    contrasts
        The table of :func:`sim.analysis.compare.contrasts.contrasts`.
    waterfalls
        The table of :func:`sim.analysis.compare.waterfall.waterfalls`.
    warnings
        Why scenarios are less than comparable, in words.
    """

    baseline: ScenarioSource
    others: tuple[ScenarioSource, ...]
    sources: tuple[ScenarioSource, ...]
    outcomes: pd.DataFrame
    contrasts: pd.DataFrame
    waterfalls: pd.DataFrame
    warnings: tuple[str, ...]

    def __repr__(self) -> str:
        others = ", ".join(each.name for each in self.others)
        return f"<Comparison of {others} with {self.baseline.name}: outcomes, contrasts, waterfalls>"

    @property
    def digest(self) -> str:
        """sha256 over what is compared: the scenarios' digests and those of their numbers, baseline first."""
        keys = ("scenario_digest", "numbers_digest")
        parts = [
            "".join(str(source.run.attributes[key]) for key in keys) + source.name
            for source in (self.baseline, *self.sources)
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def densities(self, outcome: str) -> Densities:
        """Return the density of an outcome under each scenario that has it, in the order given."""
        draws = {
            source.name: source.run.variable(outcome)
            for source in self.sources
            if outcome in source.scenario.outcomes
        }
        return _densities(draws, self.baseline.scenario.report.thresholds)

    def contrast_densities(self, outcome: str) -> Densities:
        """Return the density of the ratio of each paired scenario's draws to the baseline's.

        Where the outcome is not positive in every draw, of their difference. Empty where no scenario is
        paired.
        """
        base = self.baseline.run.variable(outcome)
        draws = {
            other.name: other.run.variable(outcome)
            for other in self.others
            if outcome in other.scenario.outcomes and are_paired(self.baseline, other)
        }
        positive = (base > 0).all() and all((each > 0).all() for each in draws.values())
        contrasts = {name: each / base if positive else each - base for name, each in draws.items()}
        return _densities(contrasts, (1.0 if positive else 0.0,))


def compare(
    sources: Sequence[ScenarioSource], place: int, step: Step, executor: Executor | None = None
) -> Comparison:
    """Compare scenarios with one of them.

    Parameters
    ----------
    sources
        The scenarios with their results, two or more.
    place
        Place of the baseline among the sources.
    step
        Called with a short description when a step begins.
    executor
        Evaluates the scenarios that lie between two; this process unless stated.

    Returns
    -------
    Comparison
        The comparison, with all tables and warnings.

    Raises
    ------
    InvalidInput
        If a scenario shares no outcome with the baseline.
    """
    baseline, report = sources[place], sources[place].scenario.report
    others = tuple(source for other, source in enumerate(sources) if other != place)
    warnings = [note for source in sources for note in source.notes]
    for other in others:
        warnings += warnings_of(baseline, other)
    step("differences and ratios")
    differences = contrasts(baseline, others, report)
    found = waterfalls(baseline, others, executor or SerialExecutor(), step)
    warnings += _moved(baseline, others, found)
    rows = [row for source in sources for row in _rows(source, report)]
    outcomes = pd.DataFrame(rows, columns=OUTCOME_COLUMNS)
    return Comparison(baseline, others, tuple(sources), outcomes, differences, found, tuple(warnings))


def _moved(baseline: ScenarioSource, others: Sequence[ScenarioSource], changes: pd.DataFrame) -> list[str]:
    """Say where this program's own numbers on the baseline's draws are not those of the results given."""
    said = []
    outcome = str(changes["outcome"].iloc[0])
    medians = changes[(changes["outcome"] == outcome) & (changes["statistic"] == "median")]
    for other in others:
        rows = medians[medians["scenario"] == other.name].set_index("role")["value"]
        for source, role in ((baseline, "baseline"), (other, "scenario")):
            unit = source.scenario.outcomes[outcome].unit
            stated = source.estimated.of(median_of(outcome, unit)).statistic.value
            drawn = float(rows.loc[role])
            if not np.isclose(drawn, stated, rtol=1e-9, atol=0.0):
                said.append(
                    f"{source.name}: the median of {outcome} is {stated:.6g} in its results and {drawn:.6g} "
                    f"on the draws of {baseline.name}, on which the change to {other.name} is split"
                )
    return list(dict.fromkeys(said))


def _densities(draws: Mapping[str, Array], marks: Sequence[float]) -> Densities:
    pooled = np.concatenate([np.empty(0), *(each.ravel() for each in draws.values())])
    within = linear_within(pooled, marks)
    parts = [density(each, within=within).assign(scenario=name) for name, each in draws.items()]
    empty = pd.DataFrame({name: [] for name in ("scenario", *COLUMNS)})
    table = pd.concat(parts, ignore_index=True)[list(empty.columns)] if parts else empty
    return Densities(table, within)


def _rows(source: ScenarioSource, report: Report) -> Iterator[tuple[object, ...]]:
    """Yield every statistic of every outcome; one that the scenario itself reports is that of its run."""
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
    >>> list(wide(pd.DataFrame(rows, columns=OUTCOME_COLUMNS[:-2])).columns)
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
    scenario
        Loaded scenario with a survey.
    methods
        Evidence methods, in the order of the table.
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
        summary = simulate(changed).statistics
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
