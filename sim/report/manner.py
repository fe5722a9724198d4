"""How figures are drawn: width, style, formats, language, read from what a user typed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.faults import Fault, InvalidInputError, nearest_name
from sim.figures.style import DEFAULT_FORMATS, METADATA, NAMED_WIDTHS, NARROWEST, WIDEST, Look, StyleName
from sim.figures.words import ENGLISH, LANGUAGES, Words

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
    words
        Catalogue of their language.
    """

    look: Look = DEFAULT_LOOK
    formats: Sequence[str] = DEFAULT_FORMATS
    words: Words = ENGLISH


def manner_of(formats: str, width: str, style: str, lang: str) -> Manner:
    """Read the manner of drawing from text.

    Parameters
    ----------
    formats
        Endings with commas between.
    width
        ``single``, ``double`` or a number of cm.
    style
        ``paper`` or ``slides``.
    lang
        Code of a language.

    Raises
    ------
    InvalidInputError
        With every fault in the four.

    Examples
    --------
    >>> manner_of("pdf, svg", "double", "paper", "en").look
    Look(width_cm=17.8, style='paper')
    """
    endings = tuple(dict.fromkeys(part.strip().lower() for part in formats.split(",")))
    faults = [fault for ending in endings for fault in _unknown("--format", ending, METADATA)]
    faults += _unknown("--style", style, STYLE_NAMES)
    faults += _unknown("--lang", lang, LANGUAGES)
    known = STYLE_NAMES.get(style, "paper")
    width_cm = NAMED_WIDTHS[known].get(width, _float(width))
    if not NARROWEST[known] <= width_cm <= WIDEST:
        allowed = f"single, double, or {NARROWEST[known]:g} to {WIDEST:g} (cm, style {known})"
        faults.append(Fault("--width", "", repr(width), allowed, nearest_name(width, NAMED_WIDTHS[known])))
    if faults:
        raise InvalidInputError(faults)
    return Manner(Look(width_cm, known), endings, LANGUAGES[lang])


def language(code: str) -> Words:
    """Return the catalogue of a language.

    Raises
    ------
    InvalidInputError
        If there is none for this code.

    Examples
    --------
    >>> language("de").labels.mean
    'Mittelwert'
    """
    faults = _unknown("--lang", code, LANGUAGES)
    if faults:
        raise InvalidInputError(faults)
    return LANGUAGES[code]


def _unknown(option: str, given: str, valid: object) -> list[Fault]:
    names = [str(name) for name in valid] if isinstance(valid, dict) else []
    if given in names:
        return []
    return [Fault(option, "", repr(given), ", ".join(names), nearest_name(given, names))]


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
