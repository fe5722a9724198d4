"""A run: what was asked and what came out, in memory or opened from its folder, alike."""

import json
import math
from copy import copy
from functools import cached_property
from pathlib import Path

import numpy as np

from sim.analysis.sensitivity.analysis import Effects, effects_of
from sim.analysis.sensitivity.support import JUDGEMENT, Support, stored_support, support
from sim.draws.draw import design_of
from sim.draws.draws import Draws
from sim.engine.experiment import Experiment
from sim.engine.inputs import too_many_to_split
from sim.engine.stages import Stages
from sim.faults import Fault, InvalidInput
from sim.input_file import read_input
from sim.outcomes import Outcomes
from sim.results import Results, read
from sim.run_tables import StoredTables, Tables, make_tables, with_trace
from sim.scenario.schema import Report, Scenario
from sim.scenario.titles import title_of
from sim.summary.estimate import Estimate, estimate
from sim.summary.outcome_estimates import statistics_of
from sim.summary.row import Row, Summary
from sim.summary.rows import summarise
from sim.summary.statistic import Statistic, of_draws
from sim.types import Step, silent

RESULTS, SCENARIO, SUMMARY, TABLES = "results.nc", "scenario.toml", "summary.json", "tables"
MAX_SUMMARY_BYTES = 2**28
NUMBERS = ("value", "mc_error", "at")
"""Of a row of the summary, which holds none that is not known."""


class Run:
    """A scenario with its draws, outcomes, summary and tables.

    Its summary and tables are computed when they are first asked for, or read from its folder where it was
    opened from one.

    Parameters
    ----------
    scenario
        What was run.
    results
        Draws and outcomes with notes and stamp; read from the folder when first asked for unless stated.
    folder
        That it is opened from; ``None`` where it has just been made.
    stages
        Of a run that drew until its figures had settled.
    step
        Called with a short description when a step begins.
    """

    def __init__(
        self,
        scenario: Scenario,
        results: Results | None = None,
        folder: Path | None = None,
        stages: Stages | None = None,
        step: Step = silent,
    ) -> None:
        self.scenario, self.stages = scenario, stages
        self._results, self._step = results, step
        self._folder = self._opened_from = folder

    @property
    def folder(self) -> Path:
        """Where it stands, which the paths in its resolved scenario are relative to.

        Raises
        ------
        ValueError
            If it is in memory only.
        """
        if self._folder is None:
            raise ValueError("the run has not been written to a folder")
        return self._folder

    @cached_property
    def results(self) -> Results:
        """Draws and outcomes with units, notes and stamp, as in the file ``results.nc``."""
        if self._results is not None:
            return self._results
        if self._opened_from is None:
            raise ValueError("a run needs results, or a folder that holds them")
        return read(self._opened_from / RESULTS)

    @property
    def draws(self) -> Draws:
        """Joint draws of parameters, survey columns and choices."""
        return self.results.draws

    @property
    def outcomes(self) -> Outcomes:
        """The outcomes of these draws."""
        return self.results.outcomes

    @property
    def attributes(self) -> dict[str, object]:
        """Stamp of the run: seed, digests, versions, and once it is written time and command."""
        return {str(name): value for name, value in self.results.tree.attrs.items()}

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know before quoting a number."""
        return self.results.notes

    @property
    def n_draws(self) -> int:
        """Number of draws, kept or not."""
        return design_of(self.scenario).n_draws

    @property
    def name(self) -> str:
        """Name of the folder: the scenario's, with the first eight digits of its digest."""
        return f"{self.scenario.name}-{str(self.attributes['scenario_digest'])[:8]}"

    @cached_property
    def summary(self) -> Summary:
        """One row for each statistic of each quantity."""
        if self._opened_from is not None and (self._opened_from / SUMMARY).is_file():
            return _read_summary(self._opened_from / SUMMARY, self.scenario)
        self._step("summarising")
        return Summary(summarise(self.scenario, self.results))

    @cached_property
    def tables(self) -> Tables:
        """Analyses by name: what its figures are drawn from, what drives the outcome, what turns it."""
        if self._opened_from is not None:
            return StoredTables(self.scenario, self._opened_from / TABLES)
        _ = self.support
        tables = make_tables(self.results, self.summary, self._experiment, self._effects, self._step)
        del self._experiment, self._effects  # which hold further samples
        return tables if self.stages is None else with_trace(tables, self.stages.trace)

    @cached_property
    def support(self) -> Support | None:
        """What the variance of the reported outcome rests on, if it varies."""
        if self._opened_from is not None:
            return stored_support(self.scenario, self.tables)
        if self._effects is None or not self._effects.are_known:
            return None
        scale, shares = next(iter(self._effects.inputs.items()))
        judged = [each.name for each in self._experiment.inputs if each.kind == JUDGEMENT]
        return support(self.scenario, scale, {name: shares[name].value for name in judged})

    @cached_property
    def _experiment(self) -> Experiment:
        return Experiment(self.scenario, self.results)

    @cached_property
    def _effects(self) -> Effects | None:
        if too_many_to_split(self.scenario):
            return None
        self._step("splitting the variance")
        return effects_of(self._experiment)

    def estimates(self, report: Report) -> dict[Statistic, Estimate]:
        """Return what a report states of its outcome: from the summary, or from the draws where it lacks it.

        Parameters
        ----------
        report
            Of this run's scenario, or of another whose outcome it has.
        """
        found: dict[Statistic, Estimate] = {}
        for each in statistics_of(report, report.outcome, self.scenario.outcomes[report.outcome].unit):
            if _is_reported(each, self.scenario.report):
                row = self.summary.find(
                    each.quantity, each.statistic, at=None if math.isnan(each.at) else each.at
                )
                found[each] = Estimate(row.value, row.mc_error)
            else:
                found[each] = of_draws(each, [self.results.variable(report.outcome)]).estimate()
        return found

    def exceedance(self, threshold: float) -> Estimate:
        """Return the probability that the reported outcome is above a threshold, among the draws kept."""
        draws = self.results.variable(self.outcome)
        return estimate(lambda each: float(np.mean(each > threshold)), draws)

    def complete(self) -> None:
        """Compute all that is otherwise computed when it is first asked for: the summary, then the tables."""
        _ = self.summary, self.tables

    @property
    def outcome(self) -> str:
        """Name of the reported outcome."""
        return self.scenario.report.outcome

    @property
    def title(self) -> str:
        """Title of the reported outcome, or its name in words."""
        return title_of(self.scenario, self.outcome)

    @property
    def unit(self) -> str:
        """Unit of the reported outcome in pint's notation; empty where it has none."""
        unit = self.scenario.outcomes[self.outcome].unit
        return "" if unit == "1" else unit

    def with_unit(self, text: str) -> str:
        """Return a number of the reported outcome with its unit."""
        return f"{text} {self.unit}".strip()

    def replace(self, folder: Path, results: Results | None = None, tables: Tables | None = None) -> "Run":
        """Return the same run as it stands in a folder, with all that it has computed.

        Parameters
        ----------
        folder
            Where it stands.
        results
            The same results with a further stamp.
        tables
            In place of its own.

        Returns
        -------
        Run
            A copy, which shares the tables and results not replaced.
        """
        other = copy(self)
        other._folder = folder
        if results is not None:
            other.results = results
        if tables is not None:
            other.tables = tables
        return other


def _is_reported(statistic: Statistic, own: Report) -> bool:
    """Tell whether a run's own summary has a statistic of another's."""
    match statistic.statistic:
        case "low" | "high":
            return (statistic.at, statistic.kind) == (own.interval.probability, own.interval.kind)
        case "p_above":
            return own.outcome == statistic.quantity and statistic.at in own.thresholds
        case _:
            return True


def _read_summary(path: Path, scenario: Scenario) -> Summary:
    try:
        content = json.loads(read_input(path, "a summary", MAX_SUMMARY_BYTES))
        rows = [Row(**dict.fromkeys(NUMBERS, math.nan) | row) for row in content["rows"]]
        summary, _, seed = Summary(rows), int(content["n_draws"]), content["seed"]
        summary.find(scenario.report.outcome, "median")
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        problem = f"not the summary of {scenario.name}: {type(error).__name__} {error}"
        raise InvalidInput([Fault(str(path), "", problem, "as `python -m sim run` wrote it")]) from None
    if seed != scenario.seed:
        problem = f"{seed}, but {SCENARIO} has {scenario.seed}: not of one run"
        raise InvalidInput([Fault(str(path), "seed", problem)])
    return summary
