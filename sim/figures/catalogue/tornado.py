"""One source of uncertainty moved at a time, and beside it the share of the variance it accounts for."""

from collections.abc import Mapping
from typing import ClassVar, override

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.axes import best_within, scale_axis
from sim.figures.catalogue import Columns, sobol
from sim.figures.look import Look
from sim.figures.marks import legend_above
from sim.figures.run_figure import SENSITIVITY, RunFigure
from sim.figures.style import BLACK, DARK, HATCH, LIGHT, error_bars, line_width, new_panels, outlined, rows_cm
from sim.figures.subject import Subject, scale_words
from sim.figures.ticks import number

INDICES = sobol.FIGURE.table
BAR, NARROW = 0.62, 16
"""Height of a bar, of its row; characters in a line of the label of the narrow panel."""
NORMAL_95 = 1.959963984540054
"""97.5 % quantile of the standard normal law: half the width of a 95 % interval in standard errors."""


class TornadoFigure(RunFigure):
    """Bars of an outcome between two levels of each group, and beside them the groups' Shapley shares.

    Rows stand by share, largest on top. Values are NaN where a group has none: no levels, or no share.
    """

    name = "tornado"
    order = 4
    made_by = SENSITIVITY
    reading = (
        "Left, the outcome with one input moved from its 5 to its 95 % quantile and all others at their "
        "medians: the longer the bar, the more that input can do alone. Right, its share of the variance, "
        "in which interactions count."
    )
    columns = Columns(
        {
            "group": "text",
            "level_low": "optional",
            "level_high": "optional",
            "at_low": "optional",
            "at_high": "optional",
            "centre": "number",
            "share": "optional",
            "share_error": "optional",
        }
    )
    beside: ClassVar[Mapping[str, Columns]] = {INDICES: sobol.FIGURE.columns}
    on_page = True

    @override
    def draw(self, table: pd.DataFrame, subject: Subject, look: Look) -> Figure:
        rows = table.sort_values("share", ascending=False, kind="stable", na_position="last")
        places = np.arange(len(rows))[::-1].astype(float)
        height = 2.8 + rows_cm(subject.folded_labels(list(table["group"])))
        figure, (panels,) = new_panels(look, look.fixed_cm(height), 1, 2, (1.6, 1.0))
        _draw_bars(rows, places, subject, panels[0])
        _draw_shares(rows, places, subject, panels[1])
        panels[0].set_yticks(places, subject.folded_labels(list(rows["group"])))
        panels[1].set_yticks(places, [])
        for ax in panels:
            ax.set_ylim(-0.6, len(rows) - 0.4)
            ax.tick_params(axis="y", length=0)
        return figure

    @override
    def caption(self, table: pd.DataFrame, subject: Subject) -> str:
        low, high = (f"{100 * float(table[level].max()):g} %" for level in ("level_low", "level_high"))
        return subject.caption(
            f"{subject.heading}. Left: one source of uncertainty moved from its {low} quantile "
            f"(light, hatched) to its {high} quantile (dark), the others at their medians and "
            f"averaged over open choices by weight, on {scale_words(_within(table))}; line: all at their "
            f"medians ({number(float(table['centre'].iloc[0]))}). Right: Shapley share of the variance of "
            f"{subject.on_scale(_scale(subject))}; error bars: 95 % confidence interval from the Monte Carlo "
            "error."
        )

    @override
    def check(self, table: pd.DataFrame) -> str:
        if table["group"].duplicated().any():
            return "a group stands twice"
        if table["centre"].nunique() > 1:
            return "centre differs between rows"
        if table[["level_low", "level_high"]].isna().all().any():
            return "no row states level_low and level_high"
        return ""


def _within(table: pd.DataFrame) -> float:
    """Return the width within which the axis of the bars is linear: 0 for a log axis."""
    return best_within(table[["at_low", "at_high", "centre"]].to_numpy(dtype=float).ravel())


def _scale(subject: Subject) -> str:
    """Return the scale of the variance that shares are of: log, unless only raw indices exist."""
    indices = subject.beside.get(INDICES)
    return "log" if indices is None or "log" in sobol.scales_of(indices) else "raw"


def _draw_bars(rows: pd.DataFrame, places: np.ndarray, subject: Subject, ax: Axes) -> None:
    centre = rows["centre"].to_numpy()
    scale_axis(ax.xaxis, _within(rows))
    for column, level, colour, hatch in (
        ("at_low", "level_low", LIGHT, HATCH),
        ("at_high", "level_high", DARK, ""),
    ):
        ends = rows[column].fillna(rows["centre"]).to_numpy()
        label = f"At its {100 * float(rows[level].max()):g} % quantile"
        ax.barh(places, ends - centre, BAR, centre, color=colour, hatch=hatch, label=label, **outlined())
    ax.axvline(float(centre[0]), color=BLACK, linewidth=line_width(0.8))
    ax.set_xlabel(subject.axis)
    legend_above(ax)


def _draw_shares(rows: pd.DataFrame, places: np.ndarray, subject: Subject, ax: Axes) -> None:
    ax.barh(places, rows["share"].fillna(0.0), BAR, color="0.75", **outlined())
    ax.errorbar(rows["share"], places, xerr=NORMAL_95 * rows["share_error"], capsize=1.8, **error_bars())
    ax.axvline(0.0, color=BLACK, linewidth=line_width(0.6))
    scale_axis(ax.xaxis)
    ax.set_xlabel(subject.share_label(_scale(subject), NARROW))


FIGURE = TornadoFigure()
