"""A run to analyse: one that is already there, or a scenario run now."""

from collections.abc import Sequence
from pathlib import Path

from sim.engine.recipe import run
from sim.faults import Fault, InvalidInputError
from sim.report.folder import write_results
from sim.report.opened import Opened, open_run
from sim.scenario.load import load
from sim.types import Step


def analysed_run(
    subject: Path,
    settings: Sequence[str],
    out: Path,
    command: Sequence[str],
    step: Step,
) -> Opened:
    """Open a run, or run a scenario file as ``sim run`` would.

    Parameters
    ----------
    subject
        Folder of a run, its ``results.nc``, or a scenario file (``.toml``).
    settings
        Statements laid over a scenario file.
    out
        Parent folder of what a scenario file leaves.
    command
        The command line, for the provenance.
    step
        Called with a short description when a step begins.

    Raises
    ------
    InvalidInputError
        As from loading, running or opening; and for settings given with a finished run.
    """
    if subject.suffix == ".toml":
        scenario = load(subject, settings)
        results = run(scenario, step)
        return Opened(scenario, results, write_results(scenario, results, out, command, step).folder)
    if settings:
        problem = f"{', '.join(settings)}: a finished run cannot be changed"
        raise InvalidInputError([Fault("--set", "", problem, "a scenario file in place of its results")])
    step("opening the run")
    return open_run(subject)
