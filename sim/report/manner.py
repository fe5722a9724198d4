"""How figures are drawn: width, style, formats, read from what a user typed."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sim.faults import Fault, InvalidInputError, nearest_name
from sim.figures.style import DEFAULT_FORMATS, METADATA, NAMED_WIDTHS, NARROWEST, WIDEST, Look, StyleName

DEFAULT_LOOK = Look()
STYLE_NAMES: dict[str, StyleName] = {"paper": "paper", "slides": "slides"}


@dataclass(frozen=True)
class Manner:
    """How figures are drawn.

    Parameters
    ----------
    look
        Width and style.
    formats
        ``pdf``, ``svg``, ``png``.
    """

    look: Look = DEFAULT_LOOK
    formats: Sequence[str] = DEFAULT_FORMATS


def manner_of(formats: str, width: str, style: str) -> Manner:
    """Read the manner of drawing from text.

    Parameters
    ----------
    formats
        Endings with commas between.
    width
        ``single``, ``double`` or a number of cm.
    style
        ``paper`` or ``slides``.

    Returns
    -------
    Manner
        Widths in cm.

    Raises
    ------
    InvalidInputError
        With every fault in the three.

    Examples
    --------
    >>> manner_of("pdf, svg", "double", "paper").look
    Look(width_cm=17.8, style='paper')
    """
    endings = tuple(dict.fromkeys(part.strip().lower() for part in formats.split(",")))
    faults = [fault for ending in endings for fault in _unknown("--format", ending, METADATA)]
    faults += _unknown("--style", style, STYLE_NAMES)
    known = STYLE_NAMES.get(style, "paper")
    width_cm = NAMED_WIDTHS[known].get(width, _float(width))
    if not NARROWEST[known] <= width_cm <= WIDEST:
        allowed = f"single, double, or {NARROWEST[known]:g} to {WIDEST:g} (cm, style {known})"
        faults.append(Fault("--width", "", repr(width), allowed, nearest_name(width, NAMED_WIDTHS[known])))
    if faults:
        raise InvalidInputError(faults)
    return Manner(Look(width_cm, known), endings)


def _unknown(option: str, given: str, valid: Collection[str]) -> list[Fault]:
    if given in valid:
        return []
    return [Fault(option, "", repr(given), ", ".join(valid), nearest_name(given, valid))]


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
