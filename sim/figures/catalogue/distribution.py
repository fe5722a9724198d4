"""The distribution of an outcome on the axis that shows all of it, with its interval and thresholds."""

from collections.abc import Iterator, Mapping
from typing import override

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.axes import LINEAR, LOG, scale_axis
from sim.figures.catalogue import Columns
from sim.figures.look import Look
from sim.figures.marks import Mark, draw_lines, thresholds_and_published, write_words
from sim.figures.run_figure import RUN, RunFigure
from sim.figures.style import BLUE, line_width, new_panels
from sim.figures.subject import Subject, scale_words
from sim.figures.ticks import number
from sim.run_record import Run
from sim.scenario.schema import Scenario
from sim.summary.density import along, outcome_density, values_at

SMOOTH_FROM = 200
"""Number of bins from which their outline is drawn as a curve."""
MOST_ATOMS = 3
"""Single values that a caption names."""


class DistributionFigure(RunFigure):
    """A density, shaded inside the interval, and single values as stems of their probability.

    The table is that of :func:`sim.summary.density.outcome_density`.
    """

    name = "distribution"
    order = 1
    made_by = RUN
    reading = (
        "The answer: how probable each value of the outcome is, given the scenario. The solid line is the "
        "median, the shade the credible interval; dotted lines are thresholds, the dashed one what was "
        "published. On a log axis equal distances are equal factors."
    )
    columns = Columns(
        {
            "low": "number",
            "high": "number",
            "density": "optional",
            "mass": "number",
            "linear_within": "optional",
        }
    )
    on_page = True

    @override
    def quantities(self, scenario: Scenario) -> Mapping[str, str]:
        reported = scenario.report.outcome
        return {f"{reported}_distribution": reported}

    @override
    def own_tables(self, run: Run) -> dict[str, pd.DataFrame]:
        return {name: outcome_density(run.scenario, run.arrays) for name in self.quantities(run.scenario)}

    @override
    def draw(self, table: pd.DataFrame, subject: Subject, look: Look) -> Figure:
        figure, ((ax,),) = new_panels(look, look.curve_cm())
        single, bins = atoms_and_bins(table)
        within = within_of(table)
        marks = thresholds_and_published(subject)
        if np.isfinite(subject.median):
            marks.append(Mark(subject.median, f"median {subject.statistic('median')}", BLUE, "-", 1.2))
        scale_axis(ax.xaxis, within)
        if len(bins):
            _draw_density(bins, within, subject, ax)
        if len(single):
            stems = ax.twinx() if len(bins) else ax
            stems.spines["right"].set_visible(stems is not ax)
            _draw_atoms(single, stems)
        draw_lines(marks, ax)
        if len(bins):
            if within != LOG:
                scale_axis(ax.yaxis)
            ax.set_ylim(0, 1.05 * float(bins["density"].max()))
            ax.set_ylabel(density_label(within))
        write_words(marks, ax)
        shaded = f"\nshaded: {subject.interval}" if len(bins) else ""
        ax.set_xlabel(f"{subject.axis}{shaded}")
        return figure

    @override
    def caption(self, table: pd.DataFrame, subject: Subject) -> str:
        within = within_of(table)
        median, low, high = (subject.statistic(name) for name in ("median", "low", "high"))
        if len(atoms_and_bins(table)[1]):
            density, shaded = f": {density_label(within)}", f"shaded: {subject.interval}, {low} to {high}"
        else:
            density, shaded = "", f"{subject.interval}: {low} to {high}"
        return subject.caption(
            f"{subject.heading}{density}, on {scale_words(within)}. Solid line: median ({median}); {shaded}.",
            *_mass_sentences(table),
            *subject.mark_sentences(),
        )

    @override
    def check(self, table: pd.DataFrame) -> str:
        bins = atoms_and_bins(table)[1]
        within = table["linear_within"]
        if within.nunique(dropna=False) > 1 or (within < 0).any():
            return "linear_within must be the same in every row, and 0 or more"
        if (within == 0).any() and table["low"].min() <= 0:
            return "low reaches 0 or below, which has no place on a log axis"
        if bins["density"].isna().any():
            return "a bin has no density"
        return bins_fault(bins)


def _draw_density(bins: pd.DataFrame, within: float, subject: Subject, ax: Axes) -> None:
    edges = [*bins["low"], bins["high"].iloc[-1]]
    if len(bins) < SMOOTH_FROM:
        ax.stairs(bins["density"], edges, color=BLUE)
    else:
        places = along(bins[["low", "high"]].to_numpy(), within)
        ax.plot(values_at(places.mean(axis=1), within), bins["density"], color=BLUE)
    inside = np.zeros(len(bins), dtype=bool)
    for low, high in subject.pieces or ((subject.low, subject.high),):
        inside |= ((bins["high"] > low) & (bins["low"] < high)).to_numpy()
    ax.stairs(bins["density"].where(inside, 0.0), edges, fill=True, color=BLUE, alpha=0.25, linewidth=0)


def _draw_atoms(single: pd.DataFrame, ax: Axes) -> None:
    """Draw single values as stems, on axes of probability from 0 to 1."""
    for value, mass in zip(single["low"], single["mass"], strict=True):
        ax.plot([value, value], [0.0, mass], color=BLUE, linewidth=line_width(1.2))
    ax.plot(single["low"], single["mass"], "o", color=BLUE)
    ax.set_ylim(0, 1.05)
    ax.set_ylabel("Probability of a single value")
    scale_axis(ax.yaxis)


def _mass_sentences(table: pd.DataFrame) -> Iterator[str]:
    """Yield what share of draws the stems stand for, what the density, and what neither shows."""
    single, bins = atoms_and_bins(table)
    if len(single):
        largest = single.sort_values("mass", ascending=False).head(MOST_ATOMS)
        pairs = largest[["low", "mass"]].to_numpy(dtype=float).tolist()
        named = [f"{number(value)} ({_percent(mass)})" for value, mass in pairs]
        n_others = len(single) - len(largest)
        named += [f"{n_others} others"] if n_others else []
        yield f"Stems: single values with the probability of each, {', '.join(named)}."
    rest = 1.0 - float(single["mass"].sum())
    if len(single) and len(bins):
        yield f"The density is of the remaining {_percent(rest)} of draws."
    beyond = rest - float(bins["mass"].sum())
    if len(bins) and beyond > 0:
        yield f"{_percent(beyond)} of draws lie beyond the ends of the bins."


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %" if share > 0.01 else f"{100 * share:.1g} %"


def bins_fault(table: pd.DataFrame) -> str:
    """Return what is wrong with bins from ``low`` to ``high``, which adjoin and rise; empty if nothing."""
    low, high = table["low"].to_numpy(), table["high"].to_numpy()
    if (low >= high).any() or not np.allclose(low[1:], high[:-1], rtol=1e-9):
        return "low and high are not the edges of adjoining bins, rising"
    return ""


def atoms_and_bins(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows of single values, and those of bins, of a table of a density."""
    single = table["low"] == table["high"]
    return table[single], table[~single]


def within_of(table: pd.DataFrame) -> float:
    """Return the width within which the axis of a table of a density is linear."""
    within = float(table["linear_within"].iloc[0])
    return LINEAR if np.isnan(within) else within


def density_label(within: float) -> str:
    """Return what the height of a density is, along an axis that is linear within a width."""
    return {LOG: "Density per factor of e", LINEAR: "Density"}.get(within, "Density along the axis")


FIGURE = DistributionFigure()
