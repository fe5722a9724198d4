"""Where a run has its summary and its tables from: they are made of its draws, or read from its folder."""

from pathlib import Path
from typing import override

from sim.analysis.sensitivity.analysis import Effects, effects_of, stored_support
from sim.engine.experiment import Experiment
from sim.engine.inputs import too_many_to_split
from sim.run_record import SUMMARY, TABLES, Analyses, Run
from sim.summary.row import Summary
from sim.summary.support import Support
from sim.tables.table import Tables
from sim.types import Step, silent


class RunAnalyses(Analyses):
    """The analyses of one run, made of its draws.

    Parameters
    ----------
    step
        Called with a short description when a step begins.
    """

    def __init__(self, step: Step = silent) -> None:
        self._step = step
        self._split: tuple[Experiment, Effects | None] | None = None

    @override
    def summary(self, run: Run) -> Summary:
        self._step("summarising")
        return super().summary(run)

    @override
    def tables(self, run: Run) -> Tables:
        from sim.run_tables import make_tables  # after the answer: it draws
        from sim.stored_tables import RunTables

        _ = run.support
        tables = make_tables(run, *self._effects(run), self._step)
        self._split = None  # which holds further samples
        return RunTables(run.scenario, tables)

    @override
    def support(self, run: Run) -> Support | None:
        _, effects = self._effects(run)
        return effects.support if effects else None

    def _effects(self, run: Run) -> tuple[Experiment, Effects | None]:
        """Return the experiment of what was run, and the effects of its inputs unless these are too many."""
        if self._split is None:
            experiment = Experiment(run.scenario, run.arrays)
            if too_many_to_split(run.scenario):
                self._split = experiment, None
            else:
                self._step("splitting the variance")
                self._split = experiment, effects_of(experiment)
        return self._split


class FolderAnalyses(Analyses):
    """The analyses of a run as its folder has them.

    Parameters
    ----------
    folder
        Folder that the run was opened from.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @override
    def summary(self, run: Run) -> Summary:
        if not (self._folder / SUMMARY).is_file():
            return super().summary(run)
        from sim.stored_tables import read_summary

        return read_summary(self._folder / SUMMARY, run.scenario)

    @override
    def tables(self, run: Run) -> Tables:
        from sim.stored_tables import StoredTables

        return StoredTables(run.scenario, self._folder / TABLES)

    @override
    def support(self, run: Run) -> Support | None:
        return stored_support(run.scenario, run.tables)
