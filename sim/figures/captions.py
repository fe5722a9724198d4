"""Parts that captions of several figures share: units, scales, marks, and the run that ends each."""

from sim.figures.axes import LINEAR, LOG
from sim.figures.subject import DIMENSIONLESS, Subject
from sim.figures.ticks import number


def caption_of(subject: Subject, *sentences: str) -> str:
    """Join the sentences of a caption, those that are empty left out.

    Parameters
    ----------
    subject
        Its draws and seed end the caption.
    sentences
        In their order.

    Returns
    -------
    str
        One paragraph.
    """
    run = f"{subject.n_draws:,} draws, seed {subject.seed}."
    return " ".join(sentence for sentence in (*sentences, run) if sentence)


def outcome_words(subject: Subject) -> str:
    """Return the outcome with its unit in brackets, which begins a caption."""
    return f"{subject.outcome} ({unit_words(subject.unit)})"


def unit_words(unit: str) -> str:
    """Return a unit, or ``dimensionless``."""
    return unit if unit != DIMENSIONLESS else "dimensionless"


def scale_words(within: float) -> str:
    """Return the words for the scale of an axis that is linear within a width."""
    named = {LOG: "a log axis", LINEAR: "a linear axis"}
    return named.get(within) or f"a symmetric log axis, linear within ±{number(float(f'{within:.1g}'))}"


def threshold_sentence(subject: Subject) -> str:
    """Return what the dotted lines are, empty if there are none."""
    numbers = [number(value) for value in subject.thresholds if value != subject.published]
    if not numbers:
        return ""
    listed = " and ".join([", ".join(numbers[:-1]), numbers[-1]] if numbers[1:] else numbers)
    return f"Dotted lines: thresholds {listed}."


def published_sentence(subject: Subject) -> str:
    """Return what the dashed line is, empty if there is none."""
    if subject.published is None:
        return ""
    return f"Dashed line: published value {number(subject.published)} ({subject.source})."
