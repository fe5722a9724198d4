"""The acceptability curve: the probability that an outcome exceeds a threshold, over the threshold."""

import pandas as pd
from matplotlib.axes import Axes

from sim.figures.about import About, with_unit
from sim.figures.axes import readable
from sim.figures.marks import draw_lines, thresholds_and_published, write_words
from sim.figures.style import BLUE
from sim.summary.scale import linear_within

ERRORS = 2.0
"""Half the width of a band, in Monte Carlo errors."""


def acceptability_within(table: pd.DataFrame, about: About) -> float:
    """Return the width within which the axis of thresholds is linear: 0 for a log axis."""
    return linear_within(table["threshold"], (mark.value for mark in thresholds_and_published(about)))


def acceptability(table: pd.DataFrame, about: About, ax: Axes) -> Axes:
    """Draw the curve with a band of two Monte Carlo errors on either side.

    Parameters
    ----------
    table
        ``threshold``, ``probability``, ``error``, in order of the threshold.
    about
        Outcome, thresholds, published value.
    ax
        Axes to draw on; logarithmic where all thresholds are positive.
    """
    words = about.words.labels
    readable(ax.xaxis, about.words.suffixes, acceptability_within(table, about))
    probability, error = table["probability"], ERRORS * table["error"]
    ax.fill_between(
        table["threshold"],
        (probability - error).clip(0.0, 1.0),
        (probability + error).clip(0.0, 1.0),
        color="0.7",
        linewidth=0,
    )
    ax.plot(table["threshold"], probability, color=BLUE)
    marks = thresholds_and_published(about)
    draw_lines(marks, ax)
    values = [*table["threshold"], *(mark.value for mark in marks)]
    ax.set_xlim(min(values), max(values))
    ax.set_ylim(-0.02, 1.02)
    readable(ax.yaxis, about.words.suffixes)
    write_words(marks, ax)
    threshold = with_unit(words.threshold.format(outcome=about.outcome), about.unit)
    ax.set_xlabel(f"{threshold}\n{words.grey_band}")
    ax.set_ylabel(words.probability_above.format(outcome=about.outcome))
    return ax
