"""How much one contributor, and one repository, does in a period: Figure 1 of Langenkamp and Yue (2022)."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.evidence.survey_files import Histogram
from sim.figures.look import DOUBLE_COLUMN_CM, Look
from sim.figures.style import BLUE, VERMILION, new_panels

NAME = "contributions"
COLOURS = (BLUE, VERMILION)
ZERO_EDGES, ZERO_TICK = (0.16, 0.32), 0.23
"""Places at which a log axis shows the count zero: left of a gap."""
FEW = 1_000
"""Up to here every doubling has a tick, beyond it every third."""
UNITS = {"commits": "commits", "lines": "lines changed"}
LEVELS = {"contributor-period": "contributor and period", "repository-period": "repository and period"}


def contributions_figure(histograms: Sequence[Histogram]) -> Figure:
    """Return a figure with two panels a row, in the order given.

    The histograms are from :func:`sim.evidence.survey_files.contribution_histograms`.
    """
    figure, rows = new_panels(Look(DOUBLE_COLUMN_CM), 12.5, len(histograms) // 2, 2)
    panels = [ax for row in rows for ax in row]
    for letter, histogram, ax in zip("abcdefgh", histograms, panels, strict=False):
        _draw_panel(histogram.bars, histogram.marks, ax)
        held = "\nand ".join(f"{quantile:,.0f}" for quantile in histogram.marks["q99"])
        ax.set_xlabel(
            f"{UNITS[histogram.unit]} per {LEVELS[histogram.level]},\nheld at the 99 % quantile, {held}"
        )
        ax.set_ylabel(f"{histogram.level}s per doubling")
        ax.set_title(letter, loc="left", fontweight="bold")
    return figure


def _draw_panel(bars: pd.DataFrame, marks: pd.DataFrame, ax: Axes) -> None:
    """Draw one histogram for each reading over a log axis, and its median."""
    ax.set_xscale("log", base=2)
    for place, (reading, median) in enumerate(zip(marks["reading"], marks["median"], strict=True)):
        _stairs(bars[bars["reading"] == reading], COLOURS[place], ax)
        ax.axvline(float(median), color=COLOURS[place], linewidth=1.0, linestyle="--")
        ax.annotate(
            f"{reading}\nmedian {median:,.0f}".strip(),
            (float(median), 1.0),
            (-3 if place else 3, -1),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            horizontalalignment="right" if place else "left",
            verticalalignment="top",
            color=COLOURS[place],
        )
    top = max(float(bars["per_doubling"].max()), 1.0)
    ax.set_ylim(0, 1.35 * top)
    ax.yaxis.set_major_formatter("{x:,.0f}")
    _ticks(bars, ax)


def _stairs(bars: pd.DataFrame, colour: str, ax: Axes) -> None:
    positive = bars[bars["low"] > 0]
    edges = [*(positive["low"] - 0.5), positive["high"].iloc[-1] + 0.5]
    ax.stairs(positive["per_doubling"], edges, fill=True, color=colour, alpha=0.25, linewidth=0)
    ax.stairs(positive["per_doubling"], edges, color=colour, linewidth=0.9)
    zeros = int(bars.loc[bars["low"] == 0, "n"].sum())
    if zeros:
        ax.stairs([zeros], ZERO_EDGES, fill=True, color=colour, alpha=0.25, linewidth=0)
        ax.stairs([zeros], ZERO_EDGES, color=colour, linewidth=0.9)


def _ticks(bars: pd.DataFrame, ax: Axes) -> None:
    largest = int(bars["high"].max())
    has_zeros = bool(bars.loc[bars["low"] == 0, "n"].any())
    step = 2 if largest <= FEW else 8
    places = [step**power for power in range(40) if step**power <= largest]
    labels = [f"{place:,}" for place in places]
    if has_zeros:
        places, labels = [ZERO_TICK, *places], ["0", *labels]
    ax.set_xticks(places, labels)
    ax.minorticks_off()
    ax.set_xlim(ZERO_EDGES[0] / 1.2 if has_zeros else 0.45, 1.15 * largest)
