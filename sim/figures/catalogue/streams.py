"""Streams over the years: a panel each, with a fan of quantiles."""

import math
from textwrap import fill
from typing import override

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.figures.axes import linear, scale_axis
from sim.figures.catalogue import Columns
from sim.figures.look import Look
from sim.figures.marks import legend_above
from sim.figures.run_figure import RUN, RunFigure
from sim.figures.style import BLACK, BLUE, line_width, new_panels
from sim.figures.subject import Subject, unit_words, with_unit
from sim.run_record import Run
from sim.scenario.schema import Scenario
from sim.summary.by_year import SO_FAR, STREAM, stored_by_year

NUMBERS = ("year", "mean", "low", "p25", "median", "p75", "high", "above_zero")
BY_YEAR = Columns({"quantity": "text", "role": "text", **dict.fromkeys(NUMBERS, "number"), "unit": "text"})
"""What the table by year must hold."""
OUTER, INNER = "#D6E9F4", "#6FA8CB"
"""Tints of the line's blue, which differ in grey too."""
TITLE = 24
"""Characters in a line of a panel's title."""


class StreamsFigure(RunFigure):
    """A panel for each stream: median, and bands of the middle half and of the credible interval."""

    name = "streams"
    order = 10
    made_by = RUN
    table = "by_year"
    reading = (
        "What has one value a year, over the years: the line is the median of each year, the dark band holds "
        "the middle half of the draws, the light one the credible interval. A fan that opens is knowledge "
        "that runs out."
    )
    on_page = True
    columns = BY_YEAR

    @override
    def quantities(self, scenario: Scenario) -> dict[str, str]:
        return {self.name: scenario.report.outcome} if scenario.streams else {}

    @override
    def own_tables(self, run: Run) -> dict[str, pd.DataFrame]:
        table = stored_by_year(run.scenario, run.groups)
        return {} if table.empty else {self.table: table}

    @override
    def draw(self, table: pd.DataFrame, subject: Subject, look: Look) -> Figure:
        streams = _streams(table)
        n_columns = min(len(streams), 3 if look.is_wide else 2)
        n_rows = math.ceil(len(streams) / n_columns)
        figure, rows = new_panels(look, look.fixed_cm(1.4 + 4.0 * n_rows), n_rows, n_columns)
        panels = [ax for row in rows for ax in row]
        for name, ax in zip(streams, panels, strict=False):
            found = table[(table["quantity"] == name) & (table["role"] == STREAM)]
            draw_fan(found, ax, subject)
            unit = str(found["unit"].iloc[0])
            ax.set_title(fill(with_unit(subject.label(name), unit).replace("\n", " "), TITLE))
        for ax in panels[len(streams) :]:
            ax.set_axis_off()
        legend_above(panels[0])
        figure.supxlabel("Year", fontsize="medium")
        return figure

    @override
    def caption(self, table: pd.DataFrame, subject: Subject) -> str:
        listed = ", ".join(
            f"{subject.label(str(name))} ({unit_words(str(rows['unit'].iloc[0]))})"
            for name, rows in table[table["role"] == STREAM].groupby("quantity", sort=False)
        )
        return subject.caption(f"By year: {listed}. {fan_words(subject)}")

    @override
    def lack(self, table: pd.DataFrame) -> str:
        return super().lack(table) or ("" if _streams(table) else "has no streams")


def _streams(table: pd.DataFrame) -> list[str]:
    return [str(name) for name in table.loc[table["role"] == STREAM, "quantity"].unique()]


def so_far(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of what has come together up to each year."""
    return table[table["role"] == SO_FAR].sort_values("year")


def draw_fan(rows: pd.DataFrame, ax: Axes, subject: Subject) -> None:
    """Draw the quantiles of one quantity over the years.

    Parameters
    ----------
    rows
        A row for each year.
    ax
        Axes to draw on.
    subject
        What the figure says of the run, for the interval of the outer band.
    """
    years = rows["year"]
    scale_axis(ax.yaxis, linear([*rows["low"], *rows["high"]]))
    outer, inner = f"{100.0 * subject.probability:g} % interval", "Middle half"
    ax.fill_between(years, rows["low"], rows["high"], color=OUTER, linewidth=0, label=outer)
    ax.fill_between(years, rows["p25"], rows["p75"], color=INNER, linewidth=0, label=inner)
    ax.plot(years, rows["median"], color=BLUE, label="Median")
    ax.plot(years, rows["mean"], color=BLACK, linestyle=":", linewidth=line_width(1.0), label="Mean")
    ax.xaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    ax.margins(x=0.02)


def fan_words(subject: Subject) -> str:
    """Return what the marks of a fan mean."""
    return (
        f"Light band: {100.0 * subject.probability:g} % of draws, equal tails; dark band: the middle half; "
        "line: median; dotted line: mean."
    )


FIGURE = StreamsFigure()
