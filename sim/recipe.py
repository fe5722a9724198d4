"""The recipe of a run: load, draw, evaluate, summarise, analyse, write."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.engine.simulate import simulate
from sim.faults import Fault, InvalidInput
from sim.parallel import Executor
from sim.run_analyses import RunAnalyses
from sim.run_record import Run
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from sim.scenario.shipped_files import means_scenario
from sim.types import Step, silent

if TYPE_CHECKING:
    from sim.engine.adaptive_run import Goal


def run(
    scenario: Scenario, step: Step = silent, executor: Executor | None = None, goal: "Goal | None" = None
) -> Run:
    """Draw and evaluate a scenario; its summary and its tables are made when they are first asked for.

    Parameters
    ----------
    scenario
        A loaded scenario.
    step
        Called with a short description when a step begins.
    executor
        Does the blocks of a run whose draws are not all kept; this process unless stated.
    goal
        Where stated, draws are added until the figures are as precise as it asks.

    Returns
    -------
    Run
        The run, in memory.

    Raises
    ------
    InvalidInput
        If data cannot be used, or an outcome is not finite in some draw.
    """
    if goal is None:
        made = simulate(scenario, step, executor)
    else:
        from sim.engine.adaptive_run import run_adaptive

        made = run_adaptive(scenario, goal, step, executor)
    return made.replace(analyses=RunAnalyses(step))


@dataclass(frozen=True)
class Destination:
    """Where a run is written, and what is written beside its numbers.

    Parameters
    ----------
    out
        Parent of the run's folder.
    command
        Command line, which is kept in the provenance.
    started
        What ``time.perf_counter()`` gave when the command began; its runtime is kept where this is stated.
    formats
        Formats of every figure, as for :func:`sim.report.folder.write_run`.
    """

    out: Path
    command: Sequence[str]
    started: float | None = None
    formats: Sequence[str] | None = None


def run_and_write(
    scenario: Scenario,
    to: Destination,
    step: Step = silent,
    executor: Executor | None = None,
    goal: "Goal | None" = None,
    answer: Callable[[Run], None] | None = None,
) -> Run:
    """Run a scenario and write everything it leaves behind.

    Parameters
    ----------
    scenario
        A loaded scenario.
    to
        Where the run is written, and what is written beside its numbers.
    step
        Called with a short description when a step begins.
    executor
        Does the blocks of a run whose draws are not all kept; this process unless stated.
    goal
        Where stated, draws are added until the figures are as precise as it asks.
    answer
        Called with the run as soon as its summary is known, before what takes longer.

    Returns
    -------
    Run
        The run as it stands in its folder.

    Raises
    ------
    InvalidInput
        If data cannot be used, an outcome is not finite in some draw, or the folder cannot be written.
    """
    made = run(scenario, step, executor, goal)  # draw, evaluate
    _ = made.statistics, made.support  # summarise
    if answer is not None:
        answer(made)
    made.complete()  # analyse
    from sim.report.folder import write_run  # here: what it takes to draw and write is no part of an answer

    return write_run(made, to.out, to.command, step, to.started, to.formats)


def open_or_run(
    subject: Scenario | Path, settings: Sequence[str], out: Path, command: Sequence[str], step: Step
) -> Run:
    """Open a run, or run a scenario as ``sim run`` would.

    Parameters
    ----------
    subject
        Folder of a run, its ``results.nc``, a scenario, its file (``.toml``), or the name of a shipped one.
    settings
        Statements laid over the scenario of a file.
    out
        Parent of the folder of a run that is made.
    command
        Command line, which is kept in the provenance.
    step
        Called with a short description when a step begins.

    Returns
    -------
    Run
        The run as it stands in its folder.

    Raises
    ------
    InvalidInput
        If the scenario cannot be loaded or run, the folder cannot be opened, or settings are given with a
        finished run.
    """
    if isinstance(subject, Scenario):
        return run_and_write(subject, Destination(out, command), step)
    if means_scenario(subject):
        return run_and_write(load(subject, settings), Destination(out, command), step)
    if settings:
        problem = f"{', '.join(settings)}: a finished run cannot be changed"
        raise InvalidInput([Fault("--set", "", problem, "a scenario file in place of its results")])
    from sim.run_folder import open_run  # here: a scenario that is run needs no reader of runs

    step("opening the run")
    return open_run(subject)
