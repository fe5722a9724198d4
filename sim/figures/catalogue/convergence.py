"""How the statistics of an outcome settle as draws are added."""

import math
from textwrap import fill
from typing import override

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.axes import LOG, linear, scale_axis
from sim.figures.catalogue import Columns
from sim.figures.look import Look
from sim.figures.marks import legend_above
from sim.figures.run_figure import RUN, RunFigure
from sim.figures.style import BLACK, BLUE, TWO_ERRORS, is_visible, line_width, new_panels
from sim.figures.subject import Subject, with_unit
from sim.scenario.titles import raised

STATISTICS = {
    "median": "median",
    "mean": "mean",
    "low": "lower end of interval",
    "high": "upper end of interval",
}
"""Titles of panels, in their order."""
TITLE = 16
"""Characters in a line of a panel's title."""


class ConvergenceFigure(RunFigure):
    """A panel for each statistic over the number of draws, with a band of two Monte Carlo errors.

    A run that drew until its figures had settled has the ``tolerance`` within which they had to.
    """

    name = "convergence"
    order = 8
    made_by = RUN
    reading = (
        "Statistics of the outcome as draws are added, with a band of two Monte Carlo errors. Once a curve "
        "stays level within a band too narrow to matter, more draws change nothing you would quote."
    )
    columns = Columns(
        {"statistic": "text", "n_draws": "number", "value": "number", "error": "optional"}, rest="optional"
    )

    @override
    def draw(self, table: pd.DataFrame, subject: Subject, look: Look) -> Figure:
        statistics = _statistics(table)
        n_columns = len(statistics) if look.is_wide else min(2, len(statistics))
        n_rows = math.ceil(len(statistics) / n_columns)
        figure, rows = new_panels(look, look.fixed_cm(2.2 + 3.4 * n_rows), n_rows, n_columns)
        panels = [ax for row in rows for ax in row]
        for statistic, ax in zip(statistics, panels, strict=False):
            _draw_panel(_rows_of(table, statistic), ax)
            ax.set_title(fill(raised(STATISTICS[statistic]), TITLE))
        for ax in panels[len(statistics) :]:
            ax.set_axis_off()
        legend_above(next((ax for ax in panels if ax.collections), panels[0]))
        figure.supxlabel("Number of draws", fontsize="medium")
        figure.supylabel(with_unit(subject.outcome, subject.unit), fontsize="medium")
        return figure

    @override
    def caption(self, table: pd.DataFrame, subject: Subject) -> str:
        has_band = any(_has_band(_rows_of(table, statistic)) for statistic in _statistics(table))
        band = "Band: 2 Monte Carlo errors on either side; dashed" if has_band else "Dashed"
        return subject.caption(
            f"{subject.heading}: median, mean and both ends of the {subject.interval} by number of "
            f"draws (log axis). {band} line: value at all draws."
        )

    @override
    def check(self, table: pd.DataFrame) -> str:
        if not _statistics(table):
            return f"no statistic is any of {', '.join(STATISTICS)}"
        return "n_draws must be above 0" if table["n_draws"].min() <= 0 else ""


def _statistics(table: pd.DataFrame) -> list[str]:
    """Return the statistics that a table holds, in the order of the panels."""
    known = table[table["value"].notna()]
    return [name for name in STATISTICS if (known["statistic"] == name).any()]


def _rows_of(table: pd.DataFrame, statistic: str) -> pd.DataFrame:
    return table[table["statistic"] == statistic].sort_values("n_draws")


def _has_band(rows: pd.DataFrame) -> bool:
    """Tell whether two Monte Carlo errors on either side can be seen, beside how far the values move."""
    error = TWO_ERRORS * rows["error"].fillna(0.0)
    span = float((rows["value"] + error).max() - (rows["value"] - error).min())
    return is_visible(2.0 * float(error.max()), span)


def _draw_panel(rows: pd.DataFrame, ax: Axes) -> None:
    scale_axis(ax.xaxis, LOG)
    scale_axis(ax.yaxis, linear(rows["value"]))
    if _has_band(rows):
        error = TWO_ERRORS * rows["error"].fillna(0.0)
        low, high = rows["value"] - error, rows["value"] + error
        words = "± 2 Monte Carlo errors"
        ax.fill_between(rows["n_draws"], low, high, color="0.75", linewidth=0, label=words)
    last, thin = float(rows["value"].iloc[-1]), line_width(0.8)
    ax.axhline(last, color=BLACK, linestyle="--", linewidth=thin, label="Value at all draws")
    if "tolerance" in rows and not pd.isna(rows["tolerance"].iloc[-1]):
        tolerance = float(rows["tolerance"].iloc[-1])
        for at, label in ((last - tolerance, "Tolerance asked for"), (last + tolerance, None)):
            ax.axhline(at, color=BLACK, linestyle=":", linewidth=thin, label=label)
    ax.plot(rows["n_draws"], rows["value"], "o-", color=BLUE)


FIGURE = ConvergenceFigure()
