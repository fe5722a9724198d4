"""A run: what was asked and what came out, in memory or opened from its folder, alike."""

from collections.abc import Mapping
from contextlib import suppress
from copy import copy
from dataclasses import replace
from functools import cached_property
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.draws.draw import Draws, design_of
from sim.quantity import Condition, Number, Quantity, quantity_of, reported_estimates
from sim.results import Content, content_of, draws_of, for_arviz, joint_draws, lines_of
from sim.scenario.data_files import scenario_digest
from sim.scenario.graph import quantities
from sim.scenario.schema import Report, Scenario
from sim.scenario.titles import title_of
from sim.summary.estimate import Estimate, estimate
from sim.summary.row import Row, Summary, stored_rows
from sim.summary.rows import rows_of, summarise
from sim.summary.statistic import Statistic
from sim.summary.support import Support
from sim.types import Array, Groups

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from sim.summary.stages import Stages
    from sim.tables.table import Tables

NOTHING: Mapping[str, Any] = {}
UNMADE = "{} has been drawn and not analysed: sim.run and sim.open give runs with tables"
RESULTS, SCENARIO, SUMMARY, TABLES = "results.nc", "scenario.toml", "summary.json", "tables"


class Analyses:
    """Where a run has its summary and its tables from: here the draws, and no tables.

    Tables are made by modules that stand on runs; the recipe, and what opens a folder, hand them to the run
    (:mod:`sim.run_analyses`).
    """

    def summary(self, run: "Run") -> Summary:
        """Return the rows of the summary: those that its file holds, else of its draws."""
        return Summary(run.rows or summarise(run.scenario, run.arrays))

    def tables(self, run: "Run") -> "Tables":
        """Return its tables by name.

        Raises
        ------
        ValueError
            If nothing that makes tables was handed to the run.
        """
        raise ValueError(UNMADE.format(run.name))

    def support(self, run: "Run") -> Support | None:
        """Return what the variance of its reported outcome rests on, if it varies.

        Raises
        ------
        ValueError
            If nothing that splits the variance was handed to the run.
        """
        raise ValueError(UNMADE.format(run.name))


class Run:
    """A scenario with its draws, outcomes, summary and tables.

    Its summary and tables are computed when they are first asked for, or read from its folder where it was
    opened from one; so are draws that are not stated.

    Parameters
    ----------
    scenario
        What was run.
    draws
        Its draws with their outcomes and all notes; those of its file unless stated.
    content
        What its file holds, where that was read, or where not all draws are kept.
    folder
        Folder that it is opened from; ``None`` where it has just been made.
    analyses
        Where its summary and tables come from.
    """

    def __init__(
        self,
        scenario: Scenario,
        draws: Draws | None = None,
        content: Content | None = None,
        folder: Path | None = None,
        analyses: Analyses | None = None,
    ) -> None:
        self.scenario = scenario
        self.stages: Stages | None = None
        """Stages of a run that drew until its figures had settled."""
        self._draws, self._content, self._folder = draws, content, folder
        self._analyses = analyses or Analyses()

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
    def content(self) -> Content:
        """What the file ``results.nc`` holds: groups of variables with units, and the stamp."""
        if self._content is not None:
            return self._content
        if self._draws is not None:
            return content_of(self.scenario, self._draws)
        from sim.results_file import read  # which takes an HDF5 library

        return read(self.folder / RESULTS)

    @cached_property
    def arrays(self) -> Draws:
        """Joint draws with their outcomes, as plain arrays."""
        return draws_of(self.content) if self._draws is None else self._draws

    @property
    def groups(self) -> Groups:
        """Variables with their dimensions and units by group, as in its file."""
        return self.content[0]

    @property
    def attributes(self) -> dict[str, Any]:
        """Stamp of the run: seed, digests, versions, and once it is written time and command."""
        return {**self.content[1]}

    def variable(self, name: str) -> Array:
        """Return the draws of a parameter, survey column or outcome, (randomisation, draw)."""
        return self.arrays.variable(name)

    def dataset(self, group: str) -> "xr.Dataset":
        """Return one group of its file, such as ``outcomes`` or ``by_choice/method``, as a dataset."""
        import xarray as xr

        return xr.Dataset(self.groups[f"/{group}"])

    @property
    def draws(self) -> "xr.Dataset":
        """Joint draws of parameters, survey columns, choices (as words) and outcomes, with units and titles.

        Every variable has the dimensions (randomisation, draw). It is a copy, to be changed at will.
        """
        return joint_draws(self.groups, self.scenario.alternatives)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know before quoting a number."""
        return self.arrays.notes

    @property
    def n_draws(self) -> int:
        """Number of draws, kept or not."""
        return design_of(self.scenario).n_draws

    @property
    def name(self) -> str:
        """Name of the folder: the scenario's, with the first eight digits of its digest."""
        return f"{self.scenario.name}-{self.digest}"

    @cached_property
    def digest(self) -> str:
        """First eight digits of the digest of the scenario."""
        stated = scenario_digest(self.scenario) if self._is_fresh else self.content[1]["scenario_digest"]
        return str(stated)[:8]

    @property
    def summary(self) -> "pd.DataFrame":
        """One row for each statistic of each quantity: the fields of a :class:`sim.summary.row.Row`."""
        return self.statistics.frame

    @cached_property
    def statistics(self) -> Summary:
        """The rows of the summary, and access to single ones."""
        return self._analyses.summary(self)

    @cached_property
    def rows(self) -> tuple[Row, ...] | None:
        """Rows of the summary of all draws that its file holds; ``None`` where all draws are kept instead."""
        return None if self._is_fresh else stored_rows(self.groups)

    @property
    def _is_fresh(self) -> bool:
        """Whether its content is still to be made of its draws."""
        return self._content is None and self._draws is not None

    @cached_property
    def tables(self) -> "Tables":
        """Analyses by name: what its figures are drawn from, what drives the outcome, what turns it.

        The unit of each column stands in ``attrs["units"]`` of its table, or row by row in a column ``unit``.
        """
        return self._analyses.tables(self)

    @cached_property
    def support(self) -> Support | None:
        """What the variance of the reported outcome rests on, if it varies."""
        return self._analyses.support(self)

    def __getitem__(self, name: str) -> Quantity:
        """Return a parameter, a column of the survey or an outcome.

        Raises
        ------
        InvalidInput
            If the run has none of this name, with the nearest there is.
        """
        return quantity_of(self.scenario, self.arrays, name, self._row)

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
        return Number(asked.row({name: self.variable(name) for name in asked.names}))

    def _row(self, wanted: Statistic) -> Row:
        """Return a row of the summary, or of the draws kept where that has not been made or lacks it."""
        is_there = "statistics" in self.__dict__ or self._folder is not None
        rows = self.statistics if is_there else Summary(self.rows or ())
        with suppress(KeyError):
            return rows.find(wanted.quantity, wanted.statistic, at=None if isnan(wanted.at) else wanted.at)
        return rows_of(self.scenario, self.arrays, [wanted])[0]

    def to_arviz(self) -> "xr.DataTree":
        """Return the draws as ArviZ takes them: one group, with each randomisation as a chain."""
        return for_arviz(self.groups)

    def export(self, to: str = "parquet", out: Path | str | None = None) -> tuple[Path, ...]:
        """Write the draws, the summary and every table, with units and sources, for another program.

        Parameters
        ----------
        to
            ``parquet``, ``csv``, ``xlsx`` or ``dta``, several with commas between.
        out
            Folder; unless stated ``export`` in the run's own, or ``<name>-export`` for a run in memory.

        Returns
        -------
        tuple of Path
            The files.

        Raises
        ------
        InvalidInput
            If a format is unknown or its library is not installed, or the folder cannot be written.
        """
        from sim.export import contents, export  # here, as what notebooks show: no command needs either

        beside = Path(f"{self.name}-export") if self._folder is None else self._folder / "export"
        sheets = contents(self.scenario, self.content, self.statistics, self.tables)
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
        return reported_estimates(self.scenario, self.arrays, self.statistics, report)

    def exceedance(self, threshold: float) -> Estimate:
        """Return the probability that the reported outcome is above a threshold, among the draws kept."""
        draws = self.variable(self.outcome)
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

    def replace(
        self,
        folder: Path | None = None,
        stamp: Mapping[str, Any] = NOTHING,
        tables: "Tables | None" = None,
        analyses: Analyses | None = None,
        stages: "Stages | None" = None,
    ) -> "Run":
        """Return the same run with some of it replaced, and all that it has computed.

        Parameters
        ----------
        folder
            Where it stands.
        stamp
            Attributes, such as time and command, beside its own or in place of any of the same name.
        tables
            Tables in place of its own.
        analyses
            Where its summary and tables come from, in place of its own.
        stages
            Stages in place of its own.

        Returns
        -------
        Run
            A copy, which shares all else.
        """
        other = copy(self)
        other._folder, other.stages = folder or self._folder, stages or self.stages
        other._analyses = analyses or self._analyses
        if stamp:
            attributes = {**self.attributes, **stamp}
            other._content = other.content = self.groups, attributes
            other._draws = other.arrays = replace(self.arrays, notes=lines_of(str(attributes["notes"])))
        if tables is not None:
            other.tables = tables
        return other
