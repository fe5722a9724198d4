"""What figures need of a finished run besides its tables, read back from its folder."""

import json
import math
from dataclasses import dataclass
from pathlib import Path

from sim.draws.uniforms import fitting_n_draws
from sim.faults import Fault, InvalidInputError
from sim.input_file import read_input
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from sim.summary.lookup import Summary
from sim.summary.rows import Row

MAX_BYTES = 2**28
SCENARIO, SUMMARY, RESULTS, TABLES = "scenario.toml", "summary.json", "results.nc", "tables"
NUMBERS = ("value", "mc_error", "at")
"""Of a row; the summary holds none that is not known."""


@dataclass(frozen=True)
class Run:
    """A finished run, without its draws.

    Parameters
    ----------
    scenario, summary
        What was run, and its numbers.
    n_draws
        Of the run.
    """

    scenario: Scenario
    summary: Summary
    n_draws: int


def run_of(scenario: Scenario, summary: Summary) -> Run:
    """Return a run that has just been made."""
    sampling = scenario.sampling
    n_draws = fitting_n_draws(sampling.sampler, sampling.n_draws, sampling.n_randomisations)
    return Run(scenario, summary, n_draws)


def folder_of(results: Path) -> Path:
    """Return the folder of a run, named by itself or by its ``results.nc``.

    Raises
    ------
    InvalidInputError
        If there is none, or it lacks the files that every run leaves.
    """
    folder = results.parent if results.name == RESULTS and not results.is_dir() else results
    if not folder.is_dir():
        allowed = f"the folder of a run, or its {RESULTS}"
        problem = "is not the folder of a run" if results.exists() else "no such folder"
        raise InvalidInputError([Fault(str(results), "", problem, allowed)])
    missing = [name for name in (SCENARIO, SUMMARY) if not (folder / name).is_file()]
    if missing:
        problem = f"not the folder of a run: it has no {' and no '.join(missing)}"
        raise InvalidInputError([Fault(str(results), "", problem, _runs_below(folder))])
    return folder


def read_run(folder: Path) -> Run:
    """Read the scenario and the summary of a run.

    Raises
    ------
    InvalidInputError
        If either cannot be used, or one is not of the other.
    """
    scenario = load(folder / SCENARIO)
    path = folder / SUMMARY
    try:
        content = json.loads(read_input(path, "a summary", MAX_BYTES))
        rows = [Row(**dict.fromkeys(NUMBERS, math.nan) | row) for row in content["rows"]]
        summary, n_draws, seed = Summary(rows), int(content["n_draws"]), content["seed"]
        summary.find(scenario.report.outcome, "median")
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        problem = f"not the summary of {scenario.name}: {type(error).__name__} {error}"
        raise InvalidInputError([Fault(str(path), "", problem, "as `python -m sim run` wrote it")]) from None
    if seed != scenario.seed:
        problem = f"{seed}, but {SCENARIO} has {scenario.seed}: not of one run"
        raise InvalidInputError([Fault(str(path), "seed", problem)])
    return Run(scenario, summary, n_draws)


def _runs_below(folder: Path) -> str:
    runs = sorted(path.parent.name for path in folder.glob(f"*/{SUMMARY}"))
    return (
        f"one of the runs in it: {', '.join(runs[:5])}" if runs else "a folder that `python -m sim run` wrote"
    )
