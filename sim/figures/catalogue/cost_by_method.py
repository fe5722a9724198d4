"""Median and interval of an outcome for each alternative of a choice, with published values beside them."""

import math
from collections.abc import Mapping
from typing import override

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.figures.axes import intervals_within, scale_axis
from sim.figures.catalogue import Columns
from sim.figures.look import Look
from sim.figures.marks import legend_above, shown_in_legend
from sim.figures.run_figure import RUN, RunFigure
from sim.figures.style import BLUE, VERMILION, new_panels
from sim.figures.subject import Subject, scale_words
from sim.run_record import Run
from sim.scenario.schema import Scenario
from sim.scenario.titles import raised, spaced
from sim.summary.row import Summary

ANY_BY_WEIGHT = "any, by weight"
"""The row that stands for the whole choice."""


class CostByMethodFigure(RunFigure):
    """A line for each row, first row on top; ``published`` is NaN where there is no such value."""

    name = "cost_by_method"
    order = 2
    made_by = RUN
    reading = (
        "An outcome with each alternative of a choice held fixed: dots are medians, bars credible "
        "intervals, open diamonds published values. The last row leaves the choice open. Bars far apart say "
        "that the choice matters more than what is uncertain within each."
    )
    columns = Columns(
        {"label": "text", "low": "number", "median": "number", "high": "number", "published": "optional"}
    )
    on_page = True

    @override
    def quantities(self, scenario: Scenario) -> Mapping[str, str]:
        chosen = {name: outcome.by for name, outcome in scenario.outcomes.items() if outcome.by}
        return {f"{name}_by_{choice}": name for name, choice in chosen.items()}

    @override
    def own_tables(self, run: Run) -> dict[str, pd.DataFrame]:
        return {
            table: _by_alternative(run.scenario, run.statistics, name)
            for table, name in self.quantities(run.scenario).items()
        }

    @override
    def draw(self, table: pd.DataFrame, subject: Subject, look: Look) -> Figure:
        figure, ((ax,),) = new_panels(look, look.fixed_cm(2.8 + 0.55 * len(table)))
        places = np.arange(len(table))[::-1]
        ends = [(table["median"] - table["low"]).clip(0.0), (table["high"] - table["median"]).clip(0.0)]
        scale_axis(ax.xaxis, intervals_within(table))
        ax.errorbar(table["median"], places, xerr=ends, fmt="o", color=BLUE, capsize=2)
        if table["published"].notna().any():
            source = shown_in_legend(subject.source)
            ax.plot(table["published"], places, "D", color=VERMILION, fillstyle="none", label=source)
            legend_above(ax)
        ax.set_yticks(places, [raised(name) for name in table["label"]])
        ax.set_ylim(-0.6, len(table) - 0.4)
        figure.supxlabel(f"{subject.axis}\nmedian and {subject.interval}", fontsize="medium")
        return figure

    @override
    def caption(self, table: pd.DataFrame, subject: Subject) -> str:
        has_published = bool(table["published"].notna().any())
        return subject.caption(
            f"{subject.heading} by alternative, on {scale_words(intervals_within(table))}. "
            f"Dots and bars: median and {subject.interval}.",
            f"Open diamonds: published values ({subject.source})." if has_published else "",
        )

    @override
    def check(self, table: pd.DataFrame) -> str:
        if (table["low"] > table["median"]).any() or (table["median"] > table["high"]).any():
            return "low, median and high are not in this order"
        return ""


def _by_alternative(scenario: Scenario, summary: Summary, name: str) -> pd.DataFrame:
    """Return a row for each alternative that an outcome is stated by, and one for all of them."""
    outcome, published = scenario.outcomes[name], scenario.report.published
    stated = published.values.get(name, {}) if published else {}
    values = stated if isinstance(stated, dict) else {}
    keys = {alternative: f"{outcome.by}={alternative}" for alternative in outcome.formulas}
    rows = [
        {
            "label": spaced(words),
            **{key: summary.find(name, key, alternative).value for key in ("low", "median", "high")},
            "published": values.get(words, math.nan),
        }
        for words, alternative in {**keys, ANY_BY_WEIGHT: ""}.items()
    ]
    return pd.DataFrame(rows)


FIGURE = CostByMethodFigure()
