"""What a figure of a run is: each file in :mod:`sim.figures.catalogue` states one."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import pandas as pd
from matplotlib.figure import Figure

from sim.figures.catalogue import Columns
from sim.figures.look import Look
from sim.figures.subject import Subject, titles_of
from sim.run_record import Run
from sim.scenario.schema import Scenario
from sim.scenario.titles import raised, title_of
from sim.summary.row import Summary

RUN = "python -m sim run FILE"
SENSITIVITY = "python -m sim sensitivity RESULTS"
DECIDE = "python -m sim decide RESULTS"


class RunFigure(ABC):
    """A figure drawn from a table of a run, for one scenario or for as many of its quantities as have one.

    Attributes
    ----------
    name
        Word by which ``--figure`` names it, that of its file.
    order
        Place among the figures.
    made_by
        The command that makes its table.
    reading
        What a reader sees in it, for the gallery of the documentation.
    table
        Name of its table, where that is not the name of the drawing.
    columns
        What its table must hold.
    beside
        Further tables that it needs, by name, and what they must hold.
    of_parameter
        Whether a parameter is on its main axis, and not an outcome.
    on_page
        Whether the report page shows it.
    """

    name: ClassVar[str]
    order: ClassVar[int]
    made_by: ClassVar[str]
    reading: ClassVar[str]
    table: ClassVar[str] = ""
    columns: ClassVar[Columns]
    beside: ClassVar[Mapping[str, Columns]] = {}
    of_parameter: ClassVar[bool] = False
    on_page: ClassVar[bool] = False

    @abstractmethod
    def draw(self, table: pd.DataFrame, subject: Subject, look: Look) -> Figure:
        """Draw the figure.

        Parameters
        ----------
        table
            The table of the figure, with its columns, checked.
        subject
            What the figure says of the run besides its table.
        look
            Width and style.

        Returns
        -------
        Figure
            A figure of the height that the table asks for.
        """

    @abstractmethod
    def caption(self, table: pd.DataFrame, subject: Subject) -> str:
        """Write the caption: outcome and unit, interval, draws, seed, scales, and what each mark means.

        Parameters
        ----------
        table
            The table that the figure is drawn from.
        subject
            What the figure says of the run besides its table.

        Returns
        -------
        str
            The caption in plain text.
        """

    def own_tables(self, run: Run) -> dict[str, pd.DataFrame]:  # noqa: ARG002 - for what analyses make
        """Return the tables of a run that are made for this figure alone."""
        return {}

    def check(self, table: pd.DataFrame) -> str:  # noqa: ARG002 - for figures that take any table
        """Return what is wrong with a table that has rows and all columns, empty if nothing."""
        return ""

    def lack(self, table: pd.DataFrame) -> str:
        """Return what a sound table lacks for the figure to be drawn, empty if nothing."""
        return "has no rows" if table.empty else ""

    def columns_of(self, scenario: Scenario) -> Columns:  # noqa: ARG002 - for figures of one table
        """Return what the table of a scenario must hold."""
        return self.columns

    def quantities(self, scenario: Scenario) -> Mapping[str, str]:
        """Return the outcome or parameter on the main axis of each drawing of a scenario, by its name."""
        return {self.name: scenario.report.outcome}

    def drawings(self, scenario: Scenario) -> "list[Drawing]":
        """Return each drawing of a scenario, whether or not its tables have been made."""
        columns = self.columns_of(scenario)
        return [
            Drawing(self, name, quantity, {self.table or name: columns, **self.beside})
            for name, quantity in self.quantities(scenario).items()
        ]


@dataclass(frozen=True)
class Drawing:
    """One figure of one scenario.

    Parameters
    ----------
    figure
        The figure.
    name
        Name of the file, without ending.
    quantity
        Name of the outcome or parameter on its main axis.
    tables
        What its tables must hold, by name; the table it is drawn from comes first.
    """

    figure: RunFigure
    name: str
    quantity: str
    tables: Mapping[str, Columns]

    @property
    def table(self) -> str:
        """The table it is drawn from."""
        return next(iter(self.tables))

    def subject(
        self, scenario: Scenario, summary: Summary, n_draws: int, tables: Mapping[str, pd.DataFrame]
    ) -> Subject:
        """Return what the figure says about a run: names, units, interval, marks.

        Parameters
        ----------
        scenario
            The scenario of the run.
        summary
            Its summary.
        n_draws
            Its number of draws.
        tables
            Its tables by name, with those of the figure.

        Returns
        -------
        Subject
            What the figure says; with the numbers of an outcome, or the values that a parameter was
            conditioned on.
        """
        interval, published = scenario.report.interval, scenario.report.published
        value = published.values.get(self.quantity) if published else None
        of_parameter = self.figure.of_parameter
        stated = (scenario.parameters if of_parameter else scenario.outcomes)[self.quantity]
        names = () if of_parameter else ("median", "low", "high")
        rows = {name: summary.find(self.quantity, name) for name in names}
        observed = scenario.evidence.observations if scenario.evidence and of_parameter else {}
        return Subject(
            outcome=raised(title_of(scenario, self.quantity)),
            unit=stated.unit,
            probability=interval.probability,
            kind=interval.kind,
            n_draws=n_draws,
            seed=scenario.seed,
            **{name: row.value for name, row in rows.items()},
            pieces=rows["low"].pieces if rows else (),
            errors={name: row.mc_error for name, row in rows.items()},
            thresholds=scenario.report.thresholds if self.quantity == scenario.report.outcome else (),
            published=value if isinstance(value, float) else None,
            source=published.source if published else "",
            observed=observed[self.quantity].values if self.quantity in observed else (),
            names=titles_of(scenario),
            units={row.quantity: row.unit for row in summary.rows},
            beside={name: tables[name] for name in self.figure.beside},
        )
