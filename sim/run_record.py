"""A run: what was asked and what came out, in memory or opened from its folder, alike."""

import json
import math
from copy import copy
from functools import cached_property
from pathlib import Path

from sim.draws.draw import design_of
from sim.draws.draws import Draws
from sim.engine.stages import Stages
from sim.faults import Fault, InvalidInputError, nearest_name
from sim.input_file import read_input
from sim.outcomes import Outcomes
from sim.replication.lock import data_files
from sim.results import Results, read
from sim.run_tables import StoredTables, Tables, make_tables, with_trace
from sim.scenario.load import load
from sim.scenario.resolved import scenario_digest
from sim.scenario.schema import Scenario
from sim.scenario.titles import title_of
from sim.sensitivity.support import Support, support
from sim.summary.lookup import Summary
from sim.summary.row import Row
from sim.summary.rows import summarise
from sim.types import Step, silent

RESULTS, SCENARIO, SUMMARY, TABLES = "results.nc", "scenario.toml", "summary.json", "tables"
MAX_SUMMARY_BYTES = 2**28
NUMBERS = ("value", "mc_error", "at")
"""Of a row of the summary, which holds none that is not known."""
A_RUN = "a folder that `sim run` wrote"


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
        tables = make_tables(self.scenario, self.results, self.summary, self._step)
        return tables if self.stages is None else with_trace(tables, self.stages.trace)

    @cached_property
    def support(self) -> Support | None:
        """What the variance of the reported outcome rests on, if it varies."""
        return support(self.scenario, self.tables)

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
        """
        other = copy(self)
        other._folder = folder
        if results is not None:
            other.results = results
        if tables is not None:
            other.tables = tables
        return other


def open_run(path: Path) -> Run:
    """Open the folder of a run and make sure that its parts belong together.

    Parameters
    ----------
    path
        Folder with ``results.nc`` and ``scenario.toml``, or the NetCDF file with ``scenario.toml`` beside it.

    Raises
    ------
    InvalidInputError
        If there is no such folder, one of the files is missing or damaged, a data file is gone, or the
        scenario (with its data files) is not the one the draws were made from.
    """
    file = _results_file(path)
    beside = file.parent / SCENARIO
    results = read(file)
    if not beside.is_file():
        problem = f"no {SCENARIO} beside {file.name}: draws cannot be read without the scenario they are of"
        raise InvalidInputError([Fault(str(file.parent), "", problem, A_RUN)])
    scenario = load(beside)
    _require_data(scenario, beside)
    stated, found = str(results.tree.attrs.get("scenario_digest")), scenario_digest(scenario)
    if stated != found:
        problem = (
            f"{SCENARIO} and {file.name} do not belong together: the draws were made from the scenario with "
            f"the digest {stated[:8]}, this one (with its data files) has {found[:8]}"
        )
        raise InvalidInputError([Fault(str(beside), "", problem, "both files as one `sim run` wrote them")])
    return Run(scenario, results, file.parent)


def open_tables(path: Path) -> Run:
    """Open the folder of a run for its summary and its tables; its draws are not looked at.

    Parameters
    ----------
    path
        The folder, or its ``results.nc``.

    Raises
    ------
    InvalidInputError
        If there is none, it lacks the files that every run leaves, one of them cannot be used, or one is not
        of the other.
    """
    folder = path.parent if path.name == RESULTS and not path.is_dir() else path
    if not folder.is_dir():
        problem = "is not the folder of a run" if path.exists() else "no such folder"
        raise InvalidInputError([Fault(str(path), "", problem, f"the folder of a run, or its {RESULTS}")])
    missing = [name for name in (SCENARIO, SUMMARY) if not (folder / name).is_file()]
    if missing:
        problem = f"not the folder of a run: it has no {' and no '.join(missing)}"
        raise InvalidInputError([Fault(str(path), "", problem, _runs_below(folder))])
    run = Run(load(folder / SCENARIO), None, folder)
    run.complete()
    return run


def _read_summary(path: Path, scenario: Scenario) -> Summary:
    try:
        content = json.loads(read_input(path, "a summary", MAX_SUMMARY_BYTES))
        rows = [Row(**dict.fromkeys(NUMBERS, math.nan) | row) for row in content["rows"]]
        summary, _, seed = Summary(rows), int(content["n_draws"]), content["seed"]
        summary.find(scenario.report.outcome, "median")
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        problem = f"not the summary of {scenario.name}: {type(error).__name__} {error}"
        raise InvalidInputError([Fault(str(path), "", problem, "as `python -m sim run` wrote it")]) from None
    if seed != scenario.seed:
        problem = f"{seed}, but {SCENARIO} has {scenario.seed}: not of one run"
        raise InvalidInputError([Fault(str(path), "seed", problem)])
    return summary


def _runs_below(folder: Path) -> str:
    runs = sorted(path.parent.name for path in folder.glob(f"*/{SUMMARY}"))
    return (
        f"one of the runs in it: {', '.join(runs[:5])}" if runs else "a folder that `python -m sim run` wrote"
    )


def _results_file(path: Path) -> Path:
    if path.is_dir():
        if (path / RESULTS).is_file():
            return path / RESULTS
        inside = sorted(entry.name for entry in path.iterdir() if (entry / RESULTS).is_file())
        problem = f"no {RESULTS} in this folder"
        nearest = str(path / inside[0]) if inside else ""
        raise InvalidInputError([Fault(str(path), "", problem, A_RUN, nearest)])
    if path.is_file():
        if path.suffix != ".nc":
            problem = "not results of a run"
            raise InvalidInputError([Fault(str(path), "", problem, f"a folder with {RESULTS}, or that file")])
        return path
    folders = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    close = nearest_name(path.name, folders)
    nearest = str(path.parent / close) if close else ""
    raise InvalidInputError([Fault(str(path), "", "no such folder of results", "", nearest)])


def _require_data(scenario: Scenario, beside: Path) -> None:
    """Refuse a scenario whose data files are gone, naming each."""
    faults = [
        Fault(str(beside), key, f"no such data file: {file}", "the file the run read, where it lay then")
        for key, file in data_files(scenario).items()
        if not file.is_file()
    ]
    if faults:
        raise InvalidInputError(faults)
