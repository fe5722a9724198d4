"""An outcome over the values of one key: median, interval, mean, and probabilities above thresholds."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from sim.figures.axes import LINEAR, LOG, best_within, readable
from sim.figures.legends import legend_above
from sim.figures.style import BLUE, VERMILION
from sim.figures.ticks import number
from sim.figures.words import Words

DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1, 1)), (0, (6, 1.5, 1, 1.5)))
LOG_FROM = 20.0
MOST_IN_ROW = 4
"""Thresholds side by side in the legend, which stands above its panel and covers no point."""


@dataclass(frozen=True)
class CurveWords:
    """Words of the figure.

    Parameters
    ----------
    x_label, y_label
        Of the axes, with units.
    interval
        Words for the band.
    log
        Horizontal axis.
    language
        Catalogue of the figure's language.
    """

    x_label: str
    y_label: str
    interval: str
    log: bool
    language: Words


def sweep_curve(table: pd.DataFrame, words: CurveWords, ax: Axes) -> Axes:
    """Draw the median as a line in the band of the interval, and the mean as a dashed line.

    Parameters
    ----------
    table
        ``x`` (numbers, or words, which stand side by side), ``low``, ``median``, ``high``, ``mean``.
    words
        Words of the figure.
    ax
        Axes to draw on; the vertical axis is logarithmic where the interval spans a factor of 20.
    """
    labels, suffixes = words.language.labels, words.language.suffixes
    readable(ax.yaxis, suffixes, best_within([*table["low"], *table["high"]], LOG_FROM))
    x, numeric = _places(table)
    if numeric:
        ax.fill_between(
            x, table["low"], table["high"], color=BLUE, alpha=0.22, linewidth=0, label=words.interval
        )
        ax.plot(x, table["median"], color=BLUE, linewidth=1.3, label=labels.median)
        if table["mean"].notna().any():
            ax.plot(x, table["mean"], color=VERMILION, linestyle="--", label=labels.mean)
    else:
        ends = [(table["median"] - table["low"]).clip(0.0), (table["high"] - table["median"]).clip(0.0)]
        ax.errorbar(x, table["median"], yerr=ends, fmt="o", color=BLUE, capsize=2, markersize=3.5,
                    label=labels.median_and_interval.format(interval=words.interval))  # fmt: skip
        if table["mean"].notna().any():
            ax.plot(
                x, table["mean"], "D", color=VERMILION, markersize=3.5, fillstyle="none", label=labels.mean
            )
    _along(table, words, ax)
    ax.set_ylabel(words.y_label)
    legend_above(ax)
    return ax


def sweep_probabilities(table: pd.DataFrame, words: CurveWords, ax: Axes) -> Axes:
    """Draw the probability of exceeding each threshold, one line each.

    Parameters
    ----------
    table
        ``x``, ``threshold``, ``p_above``, ``mc_error``; bands are two Monte Carlo errors to either side.
    words
        Words of the figure.
    ax
        Axes to draw on.
    """
    labels, suffixes = words.language.labels, words.language.suffixes
    for place, (threshold, rows) in enumerate(table.groupby("threshold", sort=True)):
        x, numeric = _places(rows)
        colour, dashes = f"C{place % 8}", DASHES[place % len(DASHES)]
        p, error = rows["p_above"], 2 * rows["mc_error"]
        if numeric:
            ax.fill_between(x, p - error, p + error, color=colour, alpha=0.3, linewidth=0)
        ax.plot(
            x, p, color=colour, markersize=3.5,
            label=labels.at_threshold.format(threshold=number(float(str(threshold)), suffixes)),
            linestyle=dashes if numeric else "none", marker="none" if numeric else "os^D"[place % 4],
        )  # fmt: skip
    first = table.drop_duplicates("x")
    _along(first, words, ax)
    ax.set_ylim(-0.03, 1.03)
    ax.set_ylabel(words.y_label)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=MOST_IN_ROW)
    return ax


def _places(table: pd.DataFrame) -> tuple[list[float], bool]:
    values = list(table["x"])
    if all(isinstance(value, float) for value in values):
        return values, True
    return [float(place) for place in range(len(values))], False


def _along(table: pd.DataFrame, words: CurveWords, ax: Axes) -> None:
    x, numeric = _places(table)
    if not numeric:
        ax.set_xticks(x, [str(value) for value in table["x"]], rotation=20, ha="right")
        ax.set_xlim(-0.5, len(x) - 0.5)
    else:
        readable(ax.xaxis, words.language.suffixes, LOG if words.log else LINEAR)
        ax.set_xlim(min(x), max(x))
    ax.set_xlabel(words.x_label)
