"""The distribution of an outcome on a log axis, with its interval and thresholds."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.figures.about import About
from sim.figures.axes import readable_log_axis
from sim.figures.marks import Mark, draw_lines, thresholds_and_published, write_words
from sim.figures.style import BLUE

SMOOTH_FROM = 200
"""Number of bins from which their outline is drawn as a curve."""


def distribution(table: pd.DataFrame, about: About, ax: Axes) -> Axes:
    """Draw a density per factor of e, shaded inside the interval.

    Parameters
    ----------
    table
        ``low``, ``high``, ``density``, from :func:`sim.summary.density.log_density`.
    about
        Outcome with median and interval, thresholds, published value.
    ax
        Axes to draw on.
    """
    labels = about.words.labels
    edges = [*table["low"], table["high"].iloc[-1]]
    if len(table) < SMOOTH_FROM:
        ax.stairs(table["density"], edges, color=BLUE)
    else:
        ax.plot(np.sqrt(table["low"] * table["high"]), table["density"], color=BLUE)
    inside = (table["high"] > about.low) & (table["low"] < about.high)
    ax.stairs(table["density"].where(inside, 0.0), edges, fill=True, color=BLUE, alpha=0.25, linewidth=0)
    median = Mark(about.median, f"{labels.median} {about.statistic('median')}", BLUE, "-", 1.2)
    marks = [*thresholds_and_published(about), median]
    draw_lines(marks, ax)
    readable_log_axis(ax, about.words.suffixes)
    ax.set_ylim(0, 1.05 * float(table["density"].max()))
    write_words(marks, ax)
    ax.set_xlabel(f"{about.axis}\n{labels.shaded.format(interval=about.interval)}")
    ax.set_ylabel(labels.density_per_e)
    return ax
