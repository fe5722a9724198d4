"""Medians and intervals of an outcome, one line each: under several scenarios, or by evidence methods."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.axes import intervals_within, scale_axis
from sim.figures.look import DOUBLE_COLUMN_CM, Look
from sim.figures.style import new_panels
from sim.figures.subject import outcome_title
from sim.scenario.schema import Scenario
from sim.scenario.titles import raised

ROOM = 0.8
"""Part of a group's height that its lines fill."""
MARKERS = "osD^vPX<>*"
ROW_CM = 0.75
"""Height of a scenario's line."""


def methods_figure(scenario: Scenario, table: pd.DataFrame) -> Figure:
    """Draw a panel for each quantity, with a group of lines for each alternative, first group on top.

    Parameters
    ----------
    scenario
        The scenario under which the methods were run.
    table
        Rows of ``quantity``, ``alternative`` (empty for all by weight), ``method``, ``low``, ``median``,
        ``high``.

    Returns
    -------
    Figure
        The figure, each panel on a log axis where all of its values are positive.
    """
    words = f"median and {scenario.report.interval.words}"
    quantities = list(dict.fromkeys(table["quantity"]))
    figure, (panels,) = new_panels(Look(DOUBLE_COLUMN_CM), 11.0, 1, len(quantities))
    for quantity, ax in zip(quantities, panels, strict=True):
        rows = table[table["quantity"] == quantity]
        names = rows["alternative"].str.partition("=")[2].str.replace("_", " ")
        _draw_groups(rows.assign(label=names.where(names != "", "any, by weight").map(raised)), ax)
        ax.set_xlabel(f"{outcome_title(scenario, quantity)}\n{words}")
    rows_named = [[text.get_text() for text in ax.get_yticklabels()] for ax in panels]
    if all(names == rows_named[0] for names in rows_named):
        for ax in panels[1:]:
            ax.set_yticklabels([])
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=len(labels))
    return figure


def _draw_groups(table: pd.DataFrame, ax: Axes) -> None:
    """Draw a group for each ``label``, in it a line for each ``method``."""
    labels = list(dict.fromkeys(table["label"]))
    methods = list(dict.fromkeys(table["method"]))
    scale_axis(ax.xaxis, intervals_within(table))
    for place, method in enumerate(methods):
        rows = table[table["method"] == method].set_index("label").loc[labels]
        offset = (place - (len(methods) - 1) / 2) * ROOM / len(methods)
        heights = np.arange(len(labels))[::-1] - offset
        ends = [(rows["median"] - rows["low"]).clip(0.0), (rows["high"] - rows["median"]).clip(0.0)]
        ax.errorbar(
            rows["median"],
            heights,
            xerr=ends,
            fmt=MARKERS[place % len(MARKERS)],
            markersize=3,
            capsize=1.5,
            label=method,
        )
    ax.set_yticks(range(len(labels)), labels[::-1])
    ax.set_ylim(-0.6, len(labels) - 0.4)


def scenario_forest_figure(table: pd.DataFrame, label: str, look: Look) -> Figure:
    """Draw one line for each row, first row on top; the baseline's median goes down the figure.

    Parameters
    ----------
    table
        Rows of ``label``, ``low``, ``median``, ``high``, in one unit, and ``baseline`` (true in one row).
    label
        Label of the horizontal axis, with unit and interval. The axis is a log one where all values are
        positive.
    look
        Width and style.

    Returns
    -------
    Figure
        A figure as high as its rows need.
    """
    figure, ((ax,),) = new_panels(look, 2.2 + ROW_CM * len(table))
    places = np.arange(len(table))[::-1]
    low, median, high = (table[key].to_numpy(dtype=float) for key in ("low", "median", "high"))
    is_baseline = table["baseline"].to_numpy(dtype=bool)
    scale_axis(ax.xaxis, intervals_within(table))
    for which, marker, colour in ((~is_baseline, "o", "C0"), (is_baseline, "D", "C1")):
        ends = np.stack([median - low, high - median]).clip(0.0)[:, which]
        ax.errorbar(
            median[which], places[which], xerr=ends, fmt=marker, color=colour, markersize=3.5, capsize=2
        )
    for middle in median[is_baseline]:
        ax.axvline(float(middle), color="C1", linewidth=0.6, linestyle=":", zorder=0)
    ax.set_yticks(places, list(table["label"]))
    ax.set_ylim(-0.6, len(table) - 0.4)
    ax.set_xlabel(label)
    return figure
