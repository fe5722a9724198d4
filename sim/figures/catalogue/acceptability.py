"""The acceptability curve: the probability that an outcome exceeds a threshold, over the threshold."""

from typing import override

import pandas as pd
from matplotlib.figure import Figure

from sim.figures.axes import scale_axis
from sim.figures.catalogue import Columns
from sim.figures.look import Look
from sim.figures.marks import draw_lines, thresholds_and_published, write_words
from sim.figures.run_figure import DECIDE, RunFigure
from sim.figures.style import BLUE, TWO_ERRORS, is_visible, new_panels
from sim.figures.subject import Subject, scale_words, with_unit
from sim.figures.ticks import number
from sim.summary.density import linear_within


class AcceptabilityFigure(RunFigure):
    """A curve, with a band of two Monte Carlo errors where it can be seen; thresholds rise by row."""

    name = "acceptability"
    order = 6
    made_by = DECIDE
    reading = (
        "The probability that the outcome exceeds a threshold, for all thresholds at once: take the one you "
        "would demand on the horizontal axis and read its probability off the curve."
    )
    columns = Columns({"threshold": "number", "probability": "number", "error": "number"})

    @override
    def draw(self, table: pd.DataFrame, subject: Subject, look: Look) -> Figure:
        figure, ((ax,),) = new_panels(look, look.curve_cm())
        scale_axis(ax.xaxis, _within(table, subject))
        probability, error = table["probability"], TWO_ERRORS * table["error"]
        if _has_band(table):
            low, high = (probability - error).clip(0.0, 1.0), (probability + error).clip(0.0, 1.0)
            ax.fill_between(table["threshold"], low, high, color="0.7", linewidth=0)
        ax.plot(table["threshold"], probability, color=BLUE)
        marks = thresholds_and_published(subject)
        draw_lines(marks, ax)
        values = [*table["threshold"], *(mark.value for mark in marks)]
        ax.set_xlim(min(values), max(values))
        ax.set_ylim(-0.02, 1.02)
        scale_axis(ax.yaxis)
        write_words(marks, ax)
        threshold = with_unit(f"{subject.outcome}, threshold t", subject.unit)
        band = "\ngrey band: ± 2 Monte Carlo errors" if _has_band(table) else ""
        ax.set_xlabel(f"{threshold}{band}")
        ax.set_ylabel(f"P({subject.outcome} > t)")
        return figure

    @override
    def caption(self, table: pd.DataFrame, subject: Subject) -> str:
        return subject.caption(
            f"{subject.heading}: probability of exceeding a threshold t, over t on "
            f"{scale_words(_within(table, subject))}. {_band_words(table)}",
            *subject.mark_sentences(),
        )

    @override
    def check(self, table: pd.DataFrame) -> str:
        if not table["threshold"].is_monotonic_increasing:
            return "threshold does not rise"
        if not table["probability"].between(0, 1).all():
            return "a probability lies outside 0 to 1"
        return ""

    @override
    def lack(self, table: pd.DataFrame) -> str:
        # a single threshold is that of an outcome which never varies from it
        return super().lack(table) or ("has a single threshold" if len(table) == 1 else "")


def _has_band(table: pd.DataFrame) -> bool:
    """Tell whether two Monte Carlo errors on either side are wider than the curve."""
    return is_visible(2.0 * TWO_ERRORS * float(table["error"].max()), 1.0)


def _band_words(table: pd.DataFrame) -> str:
    if _has_band(table):
        return "Grey band: 2 Monte Carlo errors on either side."
    most = float(table["error"].max())
    return f"Monte Carlo errors, at most {number(float(f'{most:.1g}'))}, are too small to be seen."


def _within(table: pd.DataFrame, subject: Subject) -> float:
    """Return the width within which the axis of thresholds is linear: 0 for a log axis."""
    return linear_within(table["threshold"], (mark.value for mark in thresholds_and_published(subject)))


FIGURE = AcceptabilityFigure()
