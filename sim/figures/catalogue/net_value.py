"""The net value so far, year by year, and the year in which it turns positive."""

from typing import override

import pandas as pd
from matplotlib.figure import Figure

from sim.figures.catalogue.streams import BY_YEAR, draw_fan, fan_words, so_far
from sim.figures.look import Look
from sim.figures.marks import legend_above
from sim.figures.run_figure import RUN, RunFigure
from sim.figures.style import BLACK, line_width, new_panels
from sim.figures.subject import Subject, unit_words, with_unit
from sim.scenario.schema import Scenario


class NetValueFigure(RunFigure):
    """A fan of what has come together up to each year, with a mark where its median turns positive."""

    name = "net_value"
    order = 11
    made_by = RUN
    table = "by_year"
    reading = (
        "What both sides of the ratio leave, were the years to end with this one: discounted, if the ratio "
        "is. It falls while money is spent and rises with what that brings; from where the median crosses 0 "
        "on, the project has paid for itself in half of the draws."
    )
    on_page = True
    columns = BY_YEAR

    @override
    def quantities(self, scenario: Scenario) -> dict[str, str]:
        return {self.name: scenario.report.outcome} if scenario.streams else {}

    @override
    def draw(self, table: pd.DataFrame, subject: Subject, look: Look) -> Figure:
        rows = so_far(table)
        figure, ((ax,),) = new_panels(look, look.curve_cm())
        draw_fan(rows, ax, subject)
        ax.axhline(0.0, color=BLACK, linewidth=line_width(0.8))
        year = turning_year(rows)
        if year is not None:
            words = f"Above 0 from {year}"
            ax.axvline(year, color=BLACK, linestyle="--", linewidth=line_width(0.8), label=words)
        legend_above(ax)
        name = subject.label(str(rows["quantity"].iloc[0]))
        ax.set_ylabel(with_unit(f"{name}, so far", str(rows["unit"].iloc[0])))
        ax.set_xlabel("Year")
        return figure

    @override
    def caption(self, table: pd.DataFrame, subject: Subject) -> str:
        rows = so_far(table)
        name, unit = subject.label(str(rows["quantity"].iloc[0])), unit_words(str(rows["unit"].iloc[0]))
        year, share = turning_year(rows), float(rows["above_zero"].iloc[-1])
        turn = "The median never stays above 0." if year is None else f"Its median is above 0 from {year} on."
        last = f"At the end {100.0 * share:.3g} % of draws are above 0."
        return subject.caption(
            f"{name} ({unit}), were the years to end with each. {fan_words(subject)} {turn} {last}"
        )

    @override
    def lack(self, table: pd.DataFrame) -> str:
        return super().lack(table) or ("" if len(so_far(table)) else "has no net value that adds up by year")


def turning_year(rows: pd.DataFrame) -> int | None:
    """Return the first year from which on the median stays above 0; ``None`` where it is not at the end."""
    below = rows.loc[rows["median"] <= 0.0, "year"]
    if len(below) and below.iloc[-1] == rows["year"].iloc[-1]:
        return None
    return int(below.iloc[-1]) + 1 if len(below) else int(rows["year"].iloc[0])


FIGURE = NetValueFigure()
