"""The distribution of an outcome on the axis that shows all of it, with its interval and thresholds."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.figures.about import About
from sim.figures.axes import LINEAR, LOG, readable
from sim.figures.marks import Mark, draw_lines, thresholds_and_published, write_words
from sim.figures.style import BLUE, thick
from sim.figures.words import Labels
from sim.summary.scale import along, values_at

SMOOTH_FROM = 200
"""Number of bins from which their outline is drawn as a curve."""


def distribution(table: pd.DataFrame, about: About, ax: Axes) -> Axes:
    """Draw a density, shaded inside the interval, and single values as stems of their probability.

    Parameters
    ----------
    table
        ``low``, ``high``, ``density``, ``mass``, ``linear_within``, from :func:`sim.summary.density.density`.
    about
        Outcome with median and interval, thresholds, published value.
    ax
        Axes to draw on.
    """
    labels = about.words.labels
    single, bins = atoms_and_bins(table)
    within = within_of(table)
    median = Mark(about.median, f"{labels.median} {about.statistic('median')}", BLUE, "-", 1.2)
    marks = [*thresholds_and_published(about), *([median] if np.isfinite(about.median) else [])]
    readable(ax.xaxis, about.words.suffixes, within)
    if len(bins):
        _draw_density(bins, within, about, ax)
    if len(single):
        stems = ax.twinx() if len(bins) else ax
        stems.spines["right"].set_visible(stems is not ax)
        _draw_atoms(single, labels.probability_of_value, stems)
    draw_lines(marks, ax)
    if len(bins):
        if within != LOG:
            readable(ax.yaxis, about.words.suffixes)
        ax.set_ylim(0, 1.05 * float(bins["density"].max()))
        ax.set_ylabel(density_label(within, labels))
    write_words(marks, ax)
    shaded = f"\n{labels.shaded.format(interval=about.interval)}" if len(bins) else ""
    ax.set_xlabel(f"{about.axis}{shaded}")
    return ax


def atoms_and_bins(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows of single values, and those of bins, of a table of a density."""
    single = table["low"] == table["high"]
    return table[single], table[~single]


def within_of(table: pd.DataFrame) -> float:
    """Return the width within which the axis of a table of a density is linear."""
    within = float(table["linear_within"].iloc[0])
    return LINEAR if np.isnan(within) else within


def density_label(within: float, labels: Labels) -> str:
    """Return what the height of a density is, along an axis that is linear within a width."""
    named = {LOG: labels.density_per_e, LINEAR: labels.density}
    return named.get(within, labels.density_along)


def _draw_atoms(single: pd.DataFrame, label: str, ax: Axes) -> None:
    """Draw single values as stems, on axes of probability from 0 to 1."""
    for value, mass in zip(single["low"], single["mass"], strict=True):
        ax.plot([value, value], [0.0, mass], color=BLUE, linewidth=thick(1.2))
    ax.plot(single["low"], single["mass"], "o", color=BLUE)
    ax.set_ylim(0, 1.05)
    ax.set_ylabel(label)
    readable(ax.yaxis)


def _draw_density(bins: pd.DataFrame, within: float, about: About, ax: Axes) -> None:
    edges = [*bins["low"], bins["high"].iloc[-1]]
    if len(bins) < SMOOTH_FROM:
        ax.stairs(bins["density"], edges, color=BLUE)
    else:
        places = along(bins[["low", "high"]].to_numpy(), within)
        ax.plot(values_at(places.mean(axis=1), within), bins["density"], color=BLUE)
    inside = np.zeros(len(bins), dtype=bool)
    for low, high in about.pieces or ((about.low, about.high),):
        inside |= ((bins["high"] > low) & (bins["low"] < high)).to_numpy()
    ax.stairs(bins["density"].where(inside, 0.0), edges, fill=True, color=BLUE, alpha=0.25, linewidth=0)
