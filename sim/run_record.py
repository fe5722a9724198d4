"""A run: what was asked and what came out, in memory or opened from its folder, alike."""

from contextlib import suppress
from copy import copy
from functools import cached_property
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.sensitivity.analysis import Effects, Support, effects_of, stored_support
from sim.draws.draw import design_of
from sim.engine.experiment import Experiment
from sim.engine.inputs import too_many_to_split
from sim.quantity import Condition, Number, Quantity, quantity_of, reported_estimates
from sim.results import Results, for_arviz, joint_draws
from sim.scenario.graph import quantities
from sim.scenario.schema import Report, Scenario
from sim.scenario.titles import title_of
from sim.summary.estimate import Estimate, estimate
from sim.summary.row import Row, Summary, stored_rows
from sim.summary.rows import rows_of, summarise
from sim.summary.statistic import Statistic
from sim.types import Step, silent

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from sim.engine.stages import Stages
    from sim.tables.table import Tables

RESULTS, SCENARIO, SUMMARY, TABLES = "results.nc", "scenario.toml", "summary.json", "tables"


class Run:
    """A scenario with its draws, outcomes, summary and tables.

    Its summary and tables are computed when they are first asked for, or read from its folder where it was
    opened from one; so are results that are not stated.

    Parameters
    ----------
    scenario, results
        What was run; draws and outcomes with notes and stamp.
    folder
        That it is opened from; ``None`` where it has just been made.
    stages, step
        Of a run that drew until its figures had settled; called when a step begins.
    """

    def __init__(
        self,
        scenario: Scenario,
        results: Results | None = None,
        folder: Path | None = None,
        stages: "Stages | None" = None,
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
        assert self._opened_from is not None
        from sim.results_file import read  # which takes an HDF5 library

        return read(self._opened_from / RESULTS)

    @property
    def draws(self) -> "xr.Dataset":
        """Joint draws of parameters, survey columns, choices (as words) and outcomes, with units and titles.

        Every variable has the dimensions (randomisation, draw). It is a copy, to be changed at will.
        """
        return joint_draws(self.results, self.scenario.alternatives)

    @property
    def attributes(self) -> dict[str, object]:
        """Stamp of the run: seed, digests, versions, and once it is written time and command."""
        return {**self.results.attributes}

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
        return f"{self.scenario.name}-{self.digest}"

    @property
    def digest(self) -> str:
        """First eight digits of the digest of the scenario."""
        return self.results.scenario_digest[:8]

    @property
    def summary(self) -> "pd.DataFrame":
        """One row for each statistic of each quantity: the fields of a :class:`sim.summary.row.Row`."""
        return self.statistics.frame

    @cached_property
    def statistics(self) -> Summary:
        """The rows of the summary, and access to single ones."""
        if self._opened_from is not None and (self._opened_from / SUMMARY).is_file():
            from sim.stored_tables import read_summary

            return read_summary(self._opened_from / SUMMARY, self.scenario)
        self._step("summarising")
        return Summary(summarise(self.scenario, self.results))

    @cached_property
    def tables(self) -> "Tables":
        """Analyses by name: what its figures are drawn from, what drives the outcome, what turns it.

        The unit of each column stands in ``attrs["units"]`` of its table, or row by row in a column ``unit``.
        """
        if self._opened_from is not None:
            from sim.stored_tables import StoredTables

            return StoredTables(self.scenario, self._opened_from / TABLES)
        from sim.run_tables import make_tables  # after the answer: it draws
        from sim.stored_tables import RunTables

        _ = self.support
        made_from = self.results, self.statistics, self._experiment, self._effects
        tables = make_tables(*made_from, self._step, self.stages.trace if self.stages else None)
        del self._experiment, self._effects  # which hold further samples
        return RunTables(self.scenario, tables)

    @cached_property
    def support(self) -> Support | None:
        """What the variance of the reported outcome rests on, if it varies."""
        if self._opened_from is not None:
            return stored_support(self.scenario, self.tables)
        return self._effects.support if self._effects else None

    @cached_property
    def _experiment(self) -> Experiment:
        return Experiment(self.scenario, self.results)

    @cached_property
    def _effects(self) -> Effects | None:
        if too_many_to_split(self.scenario):
            return None
        self._step("splitting the variance")
        return effects_of(self._experiment)

    def __getitem__(self, name: str) -> Quantity:
        """Return a parameter, a column of the survey or an outcome.

        Raises
        ------
        InvalidInput
            If the run has none of this name, with the nearest there is.
        """
        return quantity_of(self.scenario, self.results, name, self._row)

    def probability(self, condition: str) -> Number:
        """Return the probability of what a comparison says, or several joined by ``*``, which means "and".

        It is in the language of formulas, such as ``bcr > 100`` or ``(bcr > 4) * (cost < 3e8)``. That a
        quantity is above a number is answered as in the summary; all else is the share of draws kept.

        Raises
        ------
        InvalidInput
            If it is no formula, names what the run does not have, or is no condition.
        """
        asked = Condition(condition, quantities(self.scenario).units)
        if asked.exceedance is not None:
            return Number(self._row(asked.exceedance))
        return Number(asked.row({name: self.results.variable(name) for name in asked.names}))

    def _row(self, wanted: Statistic) -> Row:
        """Return a row of the summary, or of the draws kept where that has not been made or lacks it."""
        is_there = "statistics" in self.__dict__ or self._opened_from is not None
        rows = self.statistics if is_there else Summary(stored_rows(self.results) or ())
        with suppress(KeyError):
            return rows.find(wanted.quantity, wanted.statistic, at=None if isnan(wanted.at) else wanted.at)
        return rows_of(self.scenario, self.results, [wanted])[0]

    def to_arviz(self) -> "xr.DataTree":
        """Return the draws as ArviZ takes them: one group, with each randomisation as a chain."""
        return for_arviz(self.results)

    def export(self, to: str = "parquet", out: Path | str | None = None) -> tuple[Path, ...]:
        """Write the draws, the summary and every table, with units and sources, for another program.

        Parameters
        ----------
        to, out
            ``parquet``, ``csv``, ``xlsx`` or ``dta``, several with commas between; folder, ``export`` in the
            run's own or ``<name>-export`` for a run in memory unless stated.

        Returns
        -------
        tuple of Path
            The files.

        Raises
        ------
        InvalidInput
            For an unknown format, one whose library is not installed, or a folder that cannot be written.
        """
        from sim.export import contents, export  # here, as what notebooks show: no command needs either

        beside = Path(f"{self.name}-export") if self._folder is None else self._folder / "export"
        sheets = contents(self.scenario, self.results, self.statistics, self.tables)
        return export(sheets, to, beside if out is None else Path(out))

    def __repr__(self) -> str:
        found = self[self.outcome]
        return f"<Run {self.name}: {self.n_draws:,} draws; {found!r}>"

    def _repr_html_(self) -> str:
        """Return the table of results, for a notebook."""
        from sim.tables.formats import as_html
        from sim.tables.results import results_table

        return str(as_html(results_table(self.scenario, self.statistics, self.n_draws)))

    def estimates(self, report: Report) -> dict[Statistic, Estimate]:
        """Return what a report, of this scenario or another with its outcome, states of that outcome."""
        return reported_estimates(self.scenario, self.results, self.statistics, report)

    def exceedance(self, threshold: float) -> Estimate:
        """Return the probability that the reported outcome is above a threshold, among the draws kept."""
        draws = self.results.variable(self.outcome)
        return estimate(lambda each: float(np.mean(each > threshold)), draws)

    def complete(self) -> None:
        """Compute all that is otherwise computed when it is first asked for: the summary, then the tables."""
        _ = self.statistics, self.tables

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

    def replace(self, folder: Path, results: Results | None = None, tables: "Tables | None" = None) -> "Run":
        """Return the same run as it stands in a folder, with all that it has computed.

        Parameters
        ----------
        folder, results, tables
            Where it stands; the same results with a further stamp; tables in place of its own.

        Returns
        -------
        Run
            A copy, which shares the tables and results not replaced.
        """
        other = copy(self)
        other._folder = folder
        if results is not None:
            other.results = results
        if tables is not None:
            other.tables = tables
        return other
