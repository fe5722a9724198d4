"""The look of a figure as a user states it: width, style and formats. Nothing here takes long to import."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sim.faults import Fault, nearest_name, refuse

StyleName = Literal["paper", "slides"]

SINGLE_COLUMN_CM, DOUBLE_COLUMN_CM = 8.8, 17.8
NAMED_WIDTHS: dict[str, dict[str, float]] = {
    "paper": {"single": SINGLE_COLUMN_CM, "double": DOUBLE_COLUMN_CM},
    "slides": {"single": 16.9, "double": 33.8},
}
"""Widths in cm by style: a journal's columns; half of a 16:9 slide, and the whole of it."""
WIDE_CM = 12.0
"""Width from which on, at the size of type of papers, small multiples get more columns."""
NARROWEST: dict[str, float] = {"paper": 8.0, "slides": 16.0}
WIDEST = 60.0
STYLE_NAMES: dict[str, StyleName] = {"paper": "paper", "slides": "slides"}
TYPE_POINTS: dict[StyleName, int] = {"paper": 8, "slides": 14}
FORMATS = ("pdf", "svg", "png")
DEFAULT_FORMATS = ("pdf", "png")
NONE = "none"
"""Said in place of formats where no figure is wanted."""


@dataclass(frozen=True)
class Look:
    """How figures are drawn, apart from what they show.

    Parameters
    ----------
    width_cm
        Width in cm.
    style
        ``paper``: 8 pt type, heights as the content asks. ``slides``: 14 pt, thicker lines, 16:9, higher
        where rows or panels would not fit.
    formats
        Endings of the files that are written: ``pdf``, ``svg``, ``png``.
    """

    width_cm: float = SINGLE_COLUMN_CM
    style: StyleName = "paper"
    formats: Sequence[str] = DEFAULT_FORMATS

    @property
    def is_default(self) -> bool:
        """Whether it has the width and the style that ``sim run`` draws in."""
        return (self.width_cm, self.style) == (SINGLE_COLUMN_CM, "paper")

    @property
    def name(self) -> str:
        """Style and width, such as ``slides-double`` or ``paper-12cm``."""
        named = {cm: name for name, cm in NAMED_WIDTHS[self.style].items()}
        return f"{self.style}-{named.get(self.width_cm, f'{self.width_cm:g}cm')}"

    @property
    def scale(self) -> float:
        """Size of type relative to ``paper``."""
        return TYPE_POINTS[self.style] / TYPE_POINTS["paper"]

    @property
    def is_wide(self) -> bool:
        """Whether small multiples get more columns."""
        return self.width_cm >= WIDE_CM * self.scale

    def curve_cm(self) -> float:
        """Return the height of a figure of curves: 6.5 cm in one column, growing with the width."""
        return min(0.74 * self.width_cm, 8.5) if self.style == "paper" else 9.0 / 16.0 * self.width_cm

    def fixed_cm(self, paper_cm: float) -> float:
        """Return the height of a figure that needs so many cm on paper; slides are 16:9, higher at need."""
        return paper_cm if self.style == "paper" else max(9.0 / 16.0 * self.width_cm, self.scale * paper_cm)


def read_look(formats: str, width: str, style: str) -> Look:
    """Read how figures are drawn from what a user typed.

    Parameters
    ----------
    formats
        Endings with commas between.
    width
        ``single``, ``double`` or a number of cm, as text.
    style
        ``paper`` or ``slides``.

    Returns
    -------
    Look
        The look, with its width in cm.

    Raises
    ------
    InvalidInput
        If formats, width or style are wrong; with every fault in the three.

    Examples
    --------
    >>> read_look("pdf, svg", "double", "paper")
    Look(width_cm=17.8, style='paper', formats=('pdf', 'svg'))
    """
    endings, faults = _endings("--format", formats)
    faults += _unknown("--style", style, STYLE_NAMES)
    known = STYLE_NAMES.get(style, "paper")
    width_cm = NAMED_WIDTHS[known].get(width, _float(width))
    if not NARROWEST[known] <= width_cm <= WIDEST:
        allowed = f"single, double, or {NARROWEST[known]:g} to {WIDEST:g} (cm, style {known})"
        faults.append(Fault("--width", "", repr(width), allowed, nearest_name(width, NAMED_WIDTHS[known])))
    refuse(faults)
    return Look(width_cm, known, endings)


def read_formats(option: str, stated: str) -> tuple[str, ...]:
    """Read what figures are written as from what a user typed.

    Parameters
    ----------
    option
        Name of the option, for messages.
    stated
        Endings with commas between, or ``none``.

    Returns
    -------
    tuple of str
        Endings; none of them where no figure is wanted.

    Raises
    ------
    InvalidInput
        If no figure can have an ending.

    Examples
    --------
    >>> read_formats("--figures", "PNG,pdf"), read_formats("--figures", "none")
    (('png', 'pdf'), ())
    """
    if stated.strip().lower() == NONE:
        return ()
    endings, faults = _endings(option, stated)
    refuse(replace(fault, allowed=f"{', '.join(FORMATS)}; or {NONE} by itself") for fault in faults)
    return endings


def _endings(option: str, stated: str) -> tuple[tuple[str, ...], list[Fault]]:
    endings = tuple(dict.fromkeys(part.strip().lower() for part in stated.split(",")))
    return endings, [fault for ending in endings for fault in _unknown(option, ending, FORMATS)]


def _unknown(option: str, given: str, valid: Collection[str]) -> list[Fault]:
    if given in valid:
        return []
    return [Fault(option, "", repr(given), ", ".join(valid), nearest_name(given, valid))]


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
