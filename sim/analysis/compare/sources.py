"""What is compared: scenario files, run now, and results that a run left."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sim.engine.simulate import simulate
from sim.engine.variants import check_size
from sim.faults import Fault, InvalidInput, nearest_name, refuse
from sim.parallel import Executor, SerialExecutor
from sim.results_file import read
from sim.run_record import RESULTS, SCENARIO, Run
from sim.scenario.data_files import scenario_digest
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from sim.summary.outcome_estimates import OutcomeEstimates
from sim.types import Step
from sim.version import __version__


@dataclass(frozen=True, eq=False)
class ScenarioSource:
    """A run that is compared, with its name.

    Parameters
    ----------
    name
        Name of the scenario, made distinct where several share one.
    given
        The path that the user gave.
    run
        The run.
    notes
        What is to be known of it, such as that the scenario was run anew.
    """

    name: str
    given: str
    run: Run
    notes: tuple[str, ...] = ()

    @property
    def scenario(self) -> Scenario:
        """What was run."""
        return self.run.scenario

    @cached_property
    def estimated(self) -> OutcomeEstimates:
        """Statistics of the scenario's outcomes."""
        return OutcomeEstimates(self.scenario, self.run.arrays)


@dataclass(frozen=True, eq=False)
class _SourceScenario:
    given: Path
    scenario: Scenario
    stored: Run | None = None
    notes: tuple[str, ...] = ()


def read_sources(
    paths: Sequence[Path],
    step: Step,
    settings: Sequence[str] = (),
    seed: int | None = None,
    executor: Executor | None = None,
) -> tuple[ScenarioSource, ...]:
    """Load scenario files and results, and run what has no results.

    A results folder is used as it stands, unless what is stated changes its scenario: then it is run anew
    from its ``scenario.toml``. Raises InvalidInput with the faults of every source; nothing is run before all
    are sound.

    Parameters
    ----------
    paths
        Scenario files, results folders, or ``results.nc`` inside one; at least two.
    step
        Called with a short description when a step begins.
    settings
        Statements ``key.path=value`` laid over all scenarios.
    seed
        Seed of all scenarios; unless stated, scenario files are run on the seed of the first source.
    executor
        Runs the scenarios; this process unless stated.

    Returns
    -------
    tuple
        The sources, in the order of the paths.
    """
    if len(paths) < 2:
        given = ", ".join(map(str, paths)) or "nothing"
        problem = f"a comparison needs two scenarios or more; given: {given}"
        raise InvalidInput([Fault("compare", "", problem, "two or more scenario files or results folders")])
    loaded: list[_SourceScenario] = []
    faults: list[Fault] = []
    stated = [*settings, *([] if seed is None else [f"seed={seed}"])]
    for path in paths:
        shared = [*settings, f"seed={loaded[0].scenario.seed}"] if loaded and seed is None else stated
        try:
            loaded.append(_load(path, stated, shared))
            check_size(loaded[-1].scenario)
        except InvalidInput as error:
            faults += error.faults
    refuse(dict.fromkeys(faults))
    names = distinct_names([each.scenario.name for each in loaded])
    runs = _runs(names, loaded, step, executor or SerialExecutor())
    return tuple(_compared(name, each, run) for name, each, run in zip(names, loaded, runs, strict=True))


def place_of(name: str, sources: Sequence[ScenarioSource]) -> int:
    """Return the place of a source by the name of its scenario, or by the path given.

    Parameters
    ----------
    name
        Name of a scenario, or a path as given.
    sources
        The scenarios that are compared.

    Returns
    -------
    int
        The place, from 0 on.

    Raises
    ------
    InvalidInput
        If no source has that name or path.
    """
    for place, source in enumerate(sources):
        if name in (source.name, source.given):
            return place
    names = [source.name for source in sources]
    problem = f"no scenario {name!r} among those compared"
    raise InvalidInput([Fault("--baseline", "", problem, ", ".join(names), nearest_name(name, names))])


def _load(path: Path, stated: Sequence[str], shared: Sequence[str]) -> _SourceScenario:
    """Load results, over whose scenario statements are laid, or a scenario file, over which others are."""
    folder = path if path.is_dir() else path.parent if path.suffix == ".nc" else None
    if folder is None:
        return _SourceScenario(path, load(path, shared))
    content = read(folder / RESULTS if path.is_dir() else path)
    file, stamp = folder / SCENARIO, content[1]
    digest = stamp["scenario_digest"]
    if scenario_digest(load(file)) != digest:
        problem = "not the scenario that results.nc was run from: edited since, or data or version changed"
        raise InvalidInput([Fault(str(file), "", problem, "a folder as `sim run` left it")])
    wanted = load(file, stated)
    if scenario_digest(wanted) != digest:
        return _SourceScenario(
            path, wanted, None, (f"{path}: run anew, since the command line changes its scenario",)
        )
    version = str(stamp["versions"]).split(" python ", maxsplit=1)[0]
    here = f"sim {__version__}"
    notes = () if version == here else (f"{path}: results of {version}, this is {here}",)
    return _SourceScenario(path, wanted, Run(wanted, content=content, folder=folder), notes)


def _runs(
    names: Sequence[str], loaded: Sequence[_SourceScenario], step: Step, executor: Executor
) -> list[Run]:
    """Return the runs of all sources, in their order."""
    found = {place: each.stored for place, each in enumerate(loaded) if each.stored is not None}
    missing = [place for place in range(len(loaded)) if place not in found]
    step(f"running {', '.join(names[place] for place in missing)}")
    finished = executor.map(_ran, [(place, loaded[place].scenario) for place in missing])
    try:
        for place, run in finished:
            found[place] = run
            step(f"{names[place]} has run, {len(found)} of {len(loaded)}")
    finally:
        finished.close()
    return [found[place] for place in range(len(loaded))]


def _ran(task: tuple[int, Scenario]) -> tuple[int, Run]:
    place, scenario = task
    run = simulate(scenario)
    _ = run.content  # its digests are computed here, beside those of the others
    return place, run


def _compared(name: str, loaded: _SourceScenario, run: Run) -> ScenarioSource:
    n_kept = run.variable(loaded.scenario.report.outcome).size
    n_draws = int(run.attributes["n_draws"])
    notes = loaded.notes
    if n_kept < n_draws:
        notes += (f"{name}: {n_kept:,} of {n_draws:,} draws were kept, and the numbers here are theirs",)
    return ScenarioSource(name, str(loaded.given), run, notes)


def distinct_names(names: Sequence[str]) -> list[str]:
    """Return names made distinct: names that several share get a number.

    Examples
    --------
    >>> distinct_names(["a", "b", "a"])
    ['a', 'b', 'a-2']
    """
    seen: Counter[str] = Counter()
    taken = set(names)
    distinct = []
    for name in names:
        seen[name] += 1
        new = name
        while seen[name] > 1 and new in taken:
            new = f"{name}-{seen[name]}"
            seen[name] += new in taken
        taken.add(new)
        distinct.append(new)
    return distinct
