"""A parameter before and after it is conditioned on observed values."""

from collections.abc import Mapping
from typing import override

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.figures.axes import LINEAR, LOG, equal_on_log_axis, scale_axis
from sim.figures.catalogue import Columns
from sim.figures.catalogue.distribution import bins_fault, density_label
from sim.figures.look import Look
from sim.figures.marks import legend_above
from sim.figures.run_figure import RUN, RunFigure
from sim.figures.style import BLACK, BLUE, VERMILION, new_panels
from sim.figures.subject import Subject, scale_words
from sim.run_record import Run
from sim.scenario.schema import Scenario
from sim.summary.density import prior_and_posterior


class PriorPosteriorFigure(RunFigure):
    """Both densities over the bins from ``low`` to ``high``, and the observed values as ticks on the axis.

    The axis is logarithmic where the bins are of equal width on such an axis: densities are then per factor
    of e, else per unit.
    """

    name = "prior_posterior"
    order = 3
    made_by = RUN
    reading = (
        "A parameter before (dashed) and after (shaded) it is conditioned on observed values, which are "
        "ticked on the axis. Where the two curves lie apart, the prior and the observations disagree."
    )
    columns = Columns({"low": "number", "high": "number", "prior": "number", "posterior": "number"})
    of_parameter = True
    on_page = True

    @override
    def quantities(self, scenario: Scenario) -> Mapping[str, str]:
        observed = scenario.evidence.observations if scenario.evidence else ()
        return {f"{name}_prior_posterior": name for name in observed}

    @override
    def own_tables(self, run: Run) -> dict[str, pd.DataFrame]:
        tables = {}
        for table, name in self.quantities(run.scenario).items():
            prior = run.scenario.parameters[name].continuous_law()
            positive = prior.support()[0] >= 0
            tables[table] = prior_and_posterior(run.variable(name), prior, positive)
        return tables

    @override
    def draw(self, table: pd.DataFrame, subject: Subject, look: Look) -> Figure:
        figure, ((ax,),) = new_panels(look, look.curve_cm())
        edges, within = _edges(table), _within(table)
        ax.stairs(table["posterior"], edges, color=BLUE, fill=True, alpha=0.25, linewidth=0)
        ax.stairs(table["posterior"], edges, color=BLUE, label="Posterior")
        low, high = table["low"], table["high"]
        middles = np.sqrt(low * high) if within == LOG else (low + high) / 2
        ax.plot(middles, table["prior"], color=VERMILION, linestyle="--", label="Prior")
        seen, on_axis = subject.observed, [0.0] * len(subject.observed)
        ax.plot(seen, on_axis, "|", color=BLACK, markersize=8, clip_on=False, label="Observed")
        scale_axis(ax.xaxis, within)
        ax.set_ylim(bottom=0.0)
        ax.set_xlabel(subject.axis)
        ax.set_ylabel(density_label(within))
        legend_above(ax)
        return figure

    @override
    def caption(self, table: pd.DataFrame, subject: Subject) -> str:
        within = _within(table)
        return subject.caption(
            f"{subject.heading} before (dashed line) and after (shaded) it is conditioned on the "
            f"observed values (ticks); {density_label(within)}, on {scale_words(within)}."
        )

    @override
    def check(self, table: pd.DataFrame) -> str:
        return bins_fault(table)


def _edges(table: pd.DataFrame) -> list[float]:
    return [*table["low"], table["high"].iloc[-1]]


def _within(table: pd.DataFrame) -> float:
    """Return the width within which the axis of the bins is linear: 0 for a log axis."""
    return LOG if equal_on_log_axis(_edges(table)) else LINEAR


FIGURE = PriorPosteriorFigure()
