"""The tables of a run beyond its summary, made from its draws."""

import numpy as np
import pandas as pd

from sim.analysis.decision.switching_values import switching_values
from sim.analysis.sensitivity.analysis import Effects, sensitivity_tables, tables_of_effects
from sim.draws.draw import Draws
from sim.engine.experiment import Experiment
from sim.engine.inputs import MAX_SPLIT, too_many_to_split
from sim.faults import Fault, InvalidInput
from sim.figures.catalogue import run_figures
from sim.run_record import Run
from sim.scenario.schema import Scenario
from sim.summary.estimate import estimate
from sim.summary.precision import convergence
from sim.summary.ratio import thresholds_of
from sim.summary.row import Summary
from sim.types import Array, Step, silent

ROUND_NEAR = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
"""Probabilities of the quantiles near which values are rounded."""


def make_tables(
    run: Run, experiment: Experiment, effects: Effects | None, step: Step = silent
) -> dict[str, pd.DataFrame]:
    """Return every table of a run by name: of its figures, its convergence, what drives and what turns it.

    Parameters
    ----------
    run
        The run, with its summary.
    experiment
        Its experiment.
    effects
        Effects of its inputs, where the variance is split among them.
    step
        Called with a short description when a step begins.

    Returns
    -------
    dict
        Table by name. Of a run that drew until its figures had settled also ``adaptive``, the figures of each
        stage; its tolerances are shown in the figure of convergence.
    """
    scenario, tables = run.scenario, dict[str, pd.DataFrame]()
    trace = run.stages.trace if run.stages else None
    for figure in run_figures():
        tables |= figure.own_tables(run)
    settling = _quotable(convergence(scenario, run.arrays), scenario, run.statistics)
    if trace is not None:
        last = trace[trace["stage"] == trace["stage"].max()]
        tolerances = dict(zip(last["statistic"], last["tolerance"], strict=True))
        settling = settling.assign(tolerance=settling["statistic"].map(tolerances).astype(float))
    tables["convergence"] = settling
    if not too_many_to_split(scenario):  # else the notes of the results say so
        step("splitting the variance")
        tables |= tables_of_effects(effects) if effects else {}
        step("finding switching values")
        turning = switching_values(experiment, thresholds_of(scenario))
        tables |= {} if turning.empty else {"switching_values": turning}
    return tables if trace is None else {**tables, "adaptive": trace}


def sensitivity_of(scenario: Scenario, draws: Draws) -> dict[str, pd.DataFrame]:
    """Return the tables of sensitivity of a run.

    Parameters
    ----------
    scenario
        The scenario of the run.
    draws
        Its draws with their outcomes.

    Returns
    -------
    dict
        Tables by name.

    Raises
    ------
    InvalidInput
        If it has more inputs than a variance is split among.
    """
    if too_many_to_split(scenario):
        n_inputs = len(scenario.parameters) + len(scenario.choices)
        problem = f"{n_inputs:,} parameters and choices are too many to split the variance among"
        raise InvalidInput([Fault(scenario.name, "", problem, f"at most {MAX_SPLIT}")])
    return sensitivity_tables(Experiment(scenario, draws))


def round_values(draws: Array) -> list[float]:
    """Return values of one digit near the quantiles of some draws, ascending, each once."""
    found = np.quantile(draws, ROUND_NEAR)
    return sorted({float(f"{value:.1g}") for value in found})


def errors_of_first(draws: Array, n_each: int) -> tuple[float, float]:
    """Return the Monte Carlo errors that figures have which rest on the first draws of each randomisation.

    Parameters
    ----------
    draws
        Draws of one quantity, (randomisation, draw).
    n_each
        How many of each randomisation are taken.

    Returns
    -------
    tuple of float
        Error of their median, as a share of it, 0 where it is 0; error of the probability of exceeding the
        median of all.
    """
    first, middle = draws[:, :n_each], float(np.median(draws))
    median = estimate(lambda each: float(np.median(each)), first)
    chance = estimate(lambda each: float(np.mean(each > middle)), first)
    return median.error / abs(median.value) if median.value else 0.0, chance.error


def _quotable(table: pd.DataFrame, scenario: Scenario, summary: Summary) -> pd.DataFrame:
    """Return how statistics settle, without those that do not exist or must not be trusted."""
    names = [name for name in dict.fromkeys(table["statistic"])]
    reported = scenario.report.outcome
    found = {name: summary.find(reported, name).is_quotable for name in names if summary.has(reported, name)}
    return table[table["statistic"].map(lambda name: found.get(name, True))].reset_index(drop=True)
