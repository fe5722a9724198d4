"""What ``import sim`` gives: scenarios run, compared, split, decided on, swept and drawn, from Python.

A scenario is a path (of a TOML file), the name of one that comes with the program, a dict as such a file
holds it, or a :class:`~sim.scenario.schema.Scenario` that has been loaded. A text is always a path or a name,
never TOML. Where a run is wanted, a folder that ``sim run`` wrote is opened, and a scenario is run.
"""

from collections.abc import Mapping
from functools import cache
from numbers import Integral
from pathlib import Path
from typing import Any

from sim.engine.simulate import STREAMED_ABOVE, simulate
from sim.engine.variants import Variants
from sim.faults import Fault, InvalidInput
from sim.parallel import executor_for
from sim.run_analyses import RunAnalyses
from sim.run_folder import open_run
from sim.run_record import Run
from sim.scenario.load import NOTHING, ScenarioInput
from sim.scenario.load import load as load_source
from sim.scenario.schema import Scenario
from sim.scenario.shipped_files import means_scenario

ScenarioLike = str | Path | Mapping[str, Any] | Scenario
RunLike = ScenarioLike | Run
COMMAND = ["python", "sim.run"]
"""Kept with the results of a run that Python asked for, in place of a command line."""


def load(
    scenario: ScenarioLike,
    overrides: Mapping[str, Any] = NOTHING,
    *,
    draws: int | None = None,
    **keys: object,
) -> Scenario:
    """Load a scenario and check it.

    Parameters
    ----------
    scenario
        A path, the name of a shipped scenario, a dict, or a loaded scenario.
    overrides
        Values laid over it, nested or by key path: ``{"parameters.salary.median": 250_000}``.
    draws
        Number of draws, the key ``sampling.n_draws``; that of the scenario unless stated.
    **keys
        Further keys of the scenario file, such as ``seed=7``.

    Returns
    -------
    Scenario
        The scenario, with defaults filled in and paths of data files made absolute.

    Raises
    ------
    InvalidInput
        If the scenario is not valid; with every fault found.
    """
    return load_source(_source(scenario), (), overrides_of(overrides, draws, keys))


def run(
    scenario: ScenarioLike,
    overrides: Mapping[str, Any] = NOTHING,
    *,
    draws: int | None = None,
    out: str | Path | None = None,
    workers: int = 1,
    **keys: object,
) -> Run:
    """Run a scenario: draw and evaluate it; what is asked of the run is computed when it is asked for.

    What an earlier run of this process shares with it is not drawn again.

    Parameters
    ----------
    scenario
        A path, the name of a shipped scenario, a dict, or a loaded scenario.
    overrides
        Values laid over it, nested or by key path: ``{"parameters.salary.median": 250_000}``.
    draws
        Number of draws, the key ``sampling.n_draws``; that of the scenario unless stated.
    out
        Parent folder in which the run is written as ``sim run`` writes it; unless stated, it is in memory
        alone.
    workers
        Number of threads that make more than 1,048,576 draws.
    **keys
        Further keys of the scenario file, such as ``seed=7``.

    Returns
    -------
    Run
        The run in memory; where it is written, as it stands in its folder.

    Raises
    ------
    InvalidInput
        If the scenario is not valid, with every fault; if data cannot be used, or an outcome is not finite in
        some draw.
    """
    loaded = load(scenario, overrides, draws=draws, **keys)
    with executor_for(whole_number_of(workers), None, "threads") as executor:
        if out is not None:
            from sim.recipe import Destination, run_and_write  # here: it imports what draws

            return run_and_write(loaded, Destination(_path(out), COMMAND), executor=executor)
        if loaded.sampling.n_draws > STREAMED_ABOVE:
            made = simulate(loaded, executor=executor)
        else:
            made = _variants().run(loaded)
    return made.replace(analyses=RunAnalyses())


def open(folder: str | Path) -> Run:
    """Open a run from the folder that ``sim run`` wrote, or its ``results.nc``: it answers like any.

    Raises
    ------
    InvalidInput
        If there is no run, its parts do not belong together, or it is of another version.
    """
    return open_run(_path(folder))


def run_of(subject: RunLike, laid_over: Mapping[str, Any], stated: Mapping[str, Any] | None = None) -> Run:
    """Return a run as it is, open one, or run a scenario.

    Parameters
    ----------
    subject
        What a run is wanted of: a run, the folder of one, or a scenario as :func:`load` takes it.
    laid_over
        Overrides of a scenario.
    stated
        The overrides that a user asked for, which no finished run can take; all of `laid_over` unless stated.

    Returns
    -------
    Run
        The run, in memory or opened.

    Raises
    ------
    InvalidInput
        If the run cannot be made or opened, as :func:`run` and :func:`open` say; or if there are overrides of
        a finished run.
    """
    if isinstance(subject, Run):
        found = subject
    elif isinstance(subject, str | Path) and _path(subject).exists() and not means_scenario(_path(subject)):
        found = open(subject)
    else:
        return run(subject, laid_over)
    asked = laid_over if stated is None else stated
    if asked:
        problem = f"{', '.join(asked)}: a finished run cannot be changed"
        raise InvalidInput([Fault("overrides", "", problem, "a scenario in place of its results")])
    return found


@cache
def _variants() -> Variants:
    """Return what the runs of this process share."""
    return Variants()


def _source(scenario: object) -> ScenarioInput:
    if isinstance(scenario, str | Path):
        return _path(scenario)
    if isinstance(scenario, Mapping | Scenario):
        return scenario
    if isinstance(scenario, Run):
        return scenario.scenario
    given = f"{type(scenario).__name__} {str(scenario)[:60]!r}"
    allowed = "a path, a shipped name, or a dict"
    raise InvalidInput([Fault("scenario", "", f"{given} is no scenario", allowed)])


def _path(text: object) -> Path:
    if not isinstance(text, str | Path):
        given = f"{type(text).__name__} {str(text)[:60]!r}"
        raise InvalidInput([Fault("path", "", f"{given} is no path", "a text or a pathlib.Path")])
    if "\n" in str(text):
        problem = f"{str(text)[:40]!r}... is several lines of text, not a path"
        allowed = "a path, a shipped name, or a dict, such as tomllib.loads(text) makes"
        raise InvalidInput([Fault("scenario", "", problem, allowed)])
    return Path(text)


def whole_number_of(workers: object) -> int:
    """Return a number of workers, or refuse what is none."""
    if isinstance(workers, bool) or not isinstance(workers, Integral):
        raise InvalidInput([Fault("--workers", "", f"{workers!r} workers", "1 or more")])
    return int(workers)


def overrides_of(overrides: object, draws: int | None, keys: Mapping[str, object]) -> dict[str, Any]:
    """Return all that is laid over a scenario.

    Parameters
    ----------
    overrides
        Values laid over a scenario, nested or by key path.
    draws
        Number of draws, if stated.
    keys
        Further keys of the scenario file.

    Returns
    -------
    dict
        All of them, nested or by key path.

    Raises
    ------
    InvalidInput
        If the overrides are no dict.
    """
    if not isinstance(overrides, Mapping):
        given = f"{type(overrides).__name__} {str(overrides)[:60]!r}"
        raise InvalidInput([Fault("overrides", "", f"{given} is no dict", "a dict of keys and values")])
    return {**overrides, **keys, **({} if draws is None else {"sampling.n_draws": draws})}
