"""The tables of a run beyond its summary, made from its draws."""

import pandas as pd

from sim.analysis.decision.acceptability import thresholds_of
from sim.analysis.decision.switching import switching_values
from sim.analysis.sensitivity.analysis import Effects, sensitivity_tables, tables_of_effects
from sim.engine.experiment import Experiment
from sim.engine.inputs import MAX_SPLIT, too_many_to_split
from sim.faults import Fault, InvalidInput
from sim.figures.catalogue import run_figures
from sim.results import Results
from sim.scenario.schema import Scenario
from sim.summary.precision import convergence
from sim.summary.row import Summary
from sim.tables.table import Tables
from sim.types import Step, silent


def make_tables(
    results: Results, summary: Summary, experiment: Experiment, effects: Effects | None, step: Step = silent
) -> dict[str, pd.DataFrame]:
    """Return every table of a run by name: of its figures, its convergence, what drives and what turns it.

    Parameters
    ----------
    results, summary, experiment
        What came out, and the experiment of what was run.
    effects
        Of its inputs, where the variance is split among them.
    step
        Called with a short description when a step begins.

    Returns
    -------
    dict
        Table by name.
    """
    scenario, tables = experiment.scenario, dict[str, pd.DataFrame]()
    for figure in run_figures():
        tables |= figure.own_tables(scenario, results, summary)
    tables["convergence"] = _quotable(convergence(scenario, results), scenario, summary)
    if too_many_to_split(scenario):  # the notes of the results say so
        return tables
    step("splitting the variance")
    tables |= tables_of_effects(effects) if effects else {}
    step("finding switching values")
    turning = switching_values(experiment, thresholds_of(scenario))
    return tables if turning.empty else {**tables, "switching_values": turning}


def with_trace(tables: Tables, trace: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return tables with the trace of a run that drew until its figures had settled.

    Parameters
    ----------
    tables, trace
        From :func:`make_tables`, and from :class:`sim.engine.stages.Stages`; the tolerances of the trace are
        shown in the figure of convergence.

    Returns
    -------
    dict
        Table by name; the trace is ``adaptive``.
    """
    last = trace[trace["stage"] == trace["stage"].max()]
    tolerances = dict(zip(last["statistic"], last["tolerance"], strict=True))
    settling = tables["convergence"]
    settling = settling.assign(tolerance=settling["statistic"].map(tolerances).astype(float))
    return {**tables, "convergence": settling, "adaptive": trace}


def sensitivity_of(scenario: Scenario, results: Results) -> dict[str, pd.DataFrame]:
    """Return the tables of sensitivity of a run.

    Parameters
    ----------
    scenario, results
        What was run, and what came out.

    Returns
    -------
    dict
        Table by name.

    Raises
    ------
    InvalidInput
        If it has more inputs than a variance is split among.
    """
    if too_many_to_split(scenario):
        n_inputs = len(scenario.parameters) + len(scenario.choices)
        problem = f"{n_inputs:,} parameters and choices are too many to split the variance among"
        raise InvalidInput([Fault(scenario.name, "", problem, f"at most {MAX_SPLIT}")])
    return sensitivity_tables(Experiment(scenario, results))


def _quotable(table: pd.DataFrame, scenario: Scenario, summary: Summary) -> pd.DataFrame:
    """Return how statistics settle, without those that do not exist or must not be trusted."""
    names = [name for name in dict.fromkeys(table["statistic"])]
    reported = scenario.report.outcome
    found = {name: summary.find(reported, name).is_quotable for name in names if summary.has(reported, name)}
    return table[table["statistic"].map(lambda name: found.get(name, True))].reset_index(drop=True)
