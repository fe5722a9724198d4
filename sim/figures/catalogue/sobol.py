"""Sobol' indices of first and total order, one panel for each scale."""

from typing import override

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.axes import scale_axis
from sim.figures.catalogue import Columns
from sim.figures.look import Look
from sim.figures.marks import legend_above
from sim.figures.run_figure import SENSITIVITY, RunFigure
from sim.figures.style import BLACK, DARK, HATCH, LIGHT, error_bars, line_width, new_panels, outlined, rows_cm
from sim.figures.subject import Subject

BAR, LABEL = 0.36, 40
"""Height of a bar, of its row; characters in a line of a label under all panels."""
ORDERS = ("first", "total")
SCALES = ("log", "raw")
DAGGER = "†"


class SobolFigure(RunFigure):
    """First and total order as bars with their intervals; an unsettled rank gets a dagger.

    Rows stand by total order on the first scale, largest on top; all panels have the same rows. Indices other
    than ``first`` and ``total`` are left out.
    """

    name = "sobol"
    order = 5
    made_by = SENSITIVITY
    reading = (
        "Shares of the variance by group of inputs. First order: what knowing the group would take away, on "
        "average. Total order: what would be left if all else were known. Where the two differ, inputs act "
        "together."
    )
    table = "sensitivity_indices"
    columns = Columns(
        {
            "scale": "text",
            "group": "text",
            "index": "text",
            "value": "optional",
            "error": "optional",
            "low": "optional",
            "high": "optional",
            "settled": "flag",
        }
    )

    @override
    def draw(self, table: pd.DataFrame, subject: Subject, look: Look) -> Figure:
        scales = scales_of(table)
        orders = table[table["index"].isin(ORDERS)]
        leading = orders[(orders["scale"] == scales[0]) & (orders["index"] == ORDERS[1])]
        groups = list(leading.sort_values("value", ascending=False, kind="stable")["group"])
        of_first_scale = orders.loc[orders["scale"] == scales[0], "group"].drop_duplicates()
        height = 3.0 + rows_cm(subject.folded_labels(list(of_first_scale)))
        figure, (panels,) = new_panels(look, look.fixed_cm(height), 1, len(scales))
        for scale, ax in zip(scales, panels, strict=True):
            _draw_panel(orders[orders["scale"] == scale], groups, ax)
            ax.set_xlabel(subject.share_label(scale, LABEL // len(scales)))
            ax.set_yticks(range(len(groups)), subject.folded_labels(groups)[::-1] if ax is panels[0] else [])
            ax.set_ylim(-0.6, len(groups) - 0.4)
            ax.tick_params(axis="y", length=0)
        settled = bool(orders["settled"].all())
        legend_above(
            panels[0], () if settled else [(panels[0].plot([], [], " ")[0], f"{DAGGER} Rank not settled")]
        )
        return figure

    @override
    def caption(self, table: pd.DataFrame, subject: Subject) -> str:
        settled = bool(table.loc[table["index"].isin(ORDERS), "settled"].all())
        dagger = f"A dagger ({DAGGER}) marks an index whose rank the Monte Carlo error does not settle."
        of = " and of ".join(map(subject.on_scale, scales_of(table)))
        return subject.caption(
            f"{subject.heading}: Sobol' indices of first order (dark) and total order (light, hatched), "
            f"shares of the variance of {of}. Error bars: 95 % confidence interval from the Monte Carlo "
            "error.",
            "" if settled else dagger,
        )

    @override
    def check(self, table: pd.DataFrame) -> str:
        orders = table[table["index"].isin(ORDERS)]
        if not orders["scale"].isin(SCALES).any():
            return "no index is first or total on scale log or raw"
        if set(orders["index"]) != set(ORDERS):
            return "it lacks first or total"
        if orders.duplicated(["scale", "index", "group"]).any():
            return "a group has two values of one index on one scale"
        unknown = orders[["value", "error", "low", "high"]].isna().any(axis=1)
        if unknown.any() and ("note" not in orders or (orders.loc[unknown, "note"] == "").any()):
            return "an index has no value, and no note says why"
        if (orders["low"] > orders["value"]).any() or (orders["value"] > orders["high"]).any():
            return "low, value and high are not in this order"
        return ""

    @override
    def lack(self, table: pd.DataFrame) -> str:
        # no shares: of a variance that does not exist or is not to be trusted
        return super().lack(table) or ("" if scales_of(table) else "has no shares")


def scales_of(table: pd.DataFrame) -> tuple[str, ...]:
    """Return the scales on which a table of indices holds any first or total order, log before raw."""
    known = table.loc[table["index"].isin(ORDERS) & table["value"].notna(), "scale"]
    return tuple(scale for scale in SCALES if (known == scale).any())


def _draw_panel(rows: pd.DataFrame, groups: list[str], ax: Axes) -> None:
    places = np.arange(len(groups))[::-1]
    for order, offset, colour, hatch, label in (
        (ORDERS[0], BAR / 2, DARK, "", "First order"),
        (ORDERS[1], -BAR / 2, LIGHT, HATCH, "Total order"),
    ):
        found = rows[rows["index"] == order].set_index("group").reindex(groups)
        heights = places + offset
        value = found["value"].to_numpy()
        ends = [value - found["low"].to_numpy(), found["high"].to_numpy() - value]
        ax.barh(heights, value, BAR, color=colour, hatch=hatch, label=label, **outlined())
        ax.errorbar(value, heights, xerr=ends, capsize=1.5, **error_bars())
        for height, end, settled in zip(heights, found["high"], found["settled"], strict=True):
            if settled is False or settled == 0:
                ax.annotate(
                    DAGGER,
                    (max(float(end), 0.0), height),
                    (2.0, 0.0),
                    textcoords="offset points",
                    verticalalignment="center",
                    fontsize="small",
                )
    ax.axvline(0.0, color=BLACK, linewidth=line_width(0.6))
    ax.margins(x=0.12)
    scale_axis(ax.xaxis)


FIGURE = SobolFigure()
