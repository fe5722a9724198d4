"""The tables of a run beyond its summary: what its figures are drawn from, and what papers print."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from sim.decision.response import Response
from sim.decision.switching import switching_values
from sim.decision.thresholds import thresholds_of
from sim.engine.experiment import Experiment
from sim.engine.inputs import MAX_SPLIT, too_many_to_split
from sim.faults import Fault, InvalidInputError
from sim.figures.catalogue import run_figures
from sim.files import write_whole
from sim.report.opened import Opened
from sim.report.paper import write_paper
from sim.results import Results
from sim.scenario.schema import Scenario
from sim.sensitivity.analysis import sensitivity_tables
from sim.summary.convergence import convergence, with_tolerances
from sim.summary.lookup import Summary
from sim.summary.rows import summarise
from sim.types import Step

ANALYSES = (
    "sensitivity_indices",
    "variance_by_kind",
    "rank_correlations",
    "tornado",
    "moment_independent",
    "switching_values",
    "break_even",
    "information",
    "more_periods",
)
"""Tables that a paper takes figures from, by the name of their file."""


def run_tables(scenario: Scenario, results: Results, summary: Summary, step: Step) -> dict[str, pd.DataFrame]:
    """Return every table of a run by name: of its figures, its convergence, what drives and what turns it.

    Parameters
    ----------
    scenario, results, summary
        What was run, and what came out.
    step
        Called with a short description when a step begins.
    """
    tables: dict[str, pd.DataFrame] = {}
    for figure in run_figures():
        tables |= figure.own_tables(scenario, results, summary)
    tables["convergence"] = _quotable(convergence(scenario, results), scenario, summary)
    if too_many_to_split(scenario):  # the notes of the results say so
        return tables
    step("splitting the variance")
    experiment = Experiment(scenario, results)
    tables |= sensitivity_tables(experiment)
    step("finding switching values")
    turning = switching_values(experiment, thresholds_of(scenario, Response(experiment), ()))
    return tables if turning.empty else {**tables, "switching_values": turning}


def _quotable(table: pd.DataFrame, scenario: Scenario, summary: Summary) -> pd.DataFrame:
    """Return how statistics settle, without those that do not exist or must not be trusted."""
    names = [name for name in dict.fromkeys(table["statistic"])]
    reported = scenario.report.outcome
    found = {name: summary.find(reported, name).is_quotable for name in names if summary.has(reported, name)}
    return table[table["statistic"].map(lambda name: found.get(name, True))].reset_index(drop=True)


def with_trace(tables: Mapping[str, pd.DataFrame], trace: pd.DataFrame | None) -> dict[str, pd.DataFrame]:
    """Return tables with the trace of a run that drew until its figures had settled, if it did."""
    if trace is None:
        return dict(tables)
    last = trace[trace["stage"] == trace["stage"].max()]
    tolerances = dict(zip(last["statistic"], last["tolerance"], strict=True))
    settling = with_tolerances(tables["convergence"], tolerances)
    return {**tables, "convergence": settling, "adaptive": trace}


def add_tables(opened: Opened, tables: Mapping[str, pd.DataFrame]) -> None:
    """Add tables to the folder of a run, and write again what a paper takes from all of them.

    Raises
    ------
    InvalidInputError
        If the folder cannot be written, or a table in it cannot be read.
    """
    folder = opened.folder / "tables"
    write_tables(tables, folder)
    summary = Summary(summarise(opened.scenario, opened.results))
    paths = {name: folder / f"{name}.csv" for name in ANALYSES}
    known = {name: _read_back(path) for name, path in paths.items() if path.is_file()}
    write_paper(opened.scenario, opened.results, summary, {**known, **tables}, folder)


def _read_back(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path)
    except (OSError, ValueError) as error:  # pandas' parser errors and bad UTF-8 are ValueErrors
        reason = str(error).strip().splitlines()[0]
        raise InvalidInputError([Fault(str(path), "", f"cannot be read as CSV: {reason}")]) from None


def sensitivity_of(scenario: Scenario, results: Results) -> dict[str, pd.DataFrame]:
    """Return the tables of sensitivity of a run.

    Raises
    ------
    InvalidInputError
        If it has more inputs than a variance is split among.
    """
    if too_many_to_split(scenario):
        n_inputs = len(scenario.parameters) + len(scenario.choices)
        problem = f"{n_inputs:,} parameters and choices are too many to split the variance among"
        raise InvalidInputError([Fault(scenario.name, "", problem, f"at most {MAX_SPLIT}")])
    return sensitivity_tables(Experiment(scenario, results))


def write_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write tables as CSV, each file whole or not at all.

    Raises
    ------
    InvalidInputError
        If the folder cannot be written.
    """
    for name, table in tables.items():
        text = table.to_csv(index=False, lineterminator="\n")
        write_whole(folder / f"{name}.csv", text.encode("utf-8"))
