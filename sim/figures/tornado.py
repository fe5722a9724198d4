"""One source of uncertainty moved at a time, and beside it the share of the variance it accounts for."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.figures.about import About
from sim.figures.axes import best_within, readable
from sim.figures.legends import legend_above
from sim.figures.style import BLACK, DARK, HATCH, LIGHT, thick

BAR = 0.62
NORMAL_95 = 1.959963984540054
"""97.5 % quantile of the standard normal law: half the width of a 95 % interval in standard errors."""


def tornado_within(table: pd.DataFrame) -> float:
    """Return the width within which the axis of the bars is linear: 0 for a log axis."""
    return best_within(table[["at_low", "at_high", "centre"]].to_numpy(dtype=float).ravel())


def tornado(table: pd.DataFrame, about: About, panels: tuple[Axes, Axes]) -> None:
    """Draw the bars of an outcome between two levels of each group, and the groups' Shapley shares.

    Rows stand by share, largest on top; both panels have the same rows.

    Parameters
    ----------
    table
        (group): ``group``, ``level_low``, ``level_high``, ``at_low``, ``at_high``, ``centre``, ``share``,
        ``share_error``; NaN where a group has no such value.
    about
        Outcome, names of groups, and the scale of the variance.
    panels
        Axes of the bars and of the shares; a log axis where all outcomes are positive.
    """
    rows = table.sort_values("share", ascending=False, kind="stable", na_position="last")
    places = np.arange(len(rows))[::-1].astype(float)
    _bars(rows, places, about, panels[0])
    _shares(rows, places, about, panels[1])
    panels[0].set_yticks(places, about.short_labels(list(rows["group"])))
    panels[1].set_yticks(places, [])
    for ax in panels:
        ax.set_ylim(-0.6, len(rows) - 0.4)
        ax.tick_params(axis="y", length=0)


def _bars(rows: pd.DataFrame, places: np.ndarray, about: About, ax: Axes) -> None:
    words = about.words.labels
    centre = rows["centre"].to_numpy()
    readable(ax.xaxis, about.words.suffixes, tornado_within(rows))
    for column, level, colour, hatch in (
        ("at_low", "level_low", LIGHT, HATCH),
        ("at_high", "level_high", DARK, ""),
    ):
        ends = rows[column].fillna(rows["centre"]).to_numpy()
        ax.barh(
            places,
            ends - centre,
            BAR,
            left=centre,
            color=colour,
            hatch=hatch,
            edgecolor=BLACK,
            linewidth=thick(0.5),
            label=words.at_quantile.format(percent=f"{100 * float(rows[level].max()):g}"),
        )
    ax.axvline(float(centre[0]), color=BLACK, linewidth=thick(0.8))
    ax.set_xlabel(about.axis)
    legend_above(ax)


def _shares(rows: pd.DataFrame, places: np.ndarray, about: About, ax: Axes) -> None:
    words = about.words.labels
    scale = words.log_scale if about.log_variance else words.raw_scale
    ax.barh(places, rows["share"].fillna(0.0), BAR, color="0.75", edgecolor=BLACK, linewidth=thick(0.5))
    errors = NORMAL_95 * rows["share_error"]
    ax.errorbar(
        rows["share"], places, xerr=errors, fmt="none", ecolor=BLACK, capsize=1.8, elinewidth=thick(0.8)
    )
    ax.axvline(0.0, color=BLACK, linewidth=thick(0.6))
    readable(ax.xaxis, about.words.suffixes)
    ax.set_xlabel(words.share_of_variance.format(scale=scale))
