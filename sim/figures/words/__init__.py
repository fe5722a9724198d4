"""Every word on figures and in their captions, one catalogue for each language."""

from sim.figures.words.catalogue import Captions, Labels, Words
from sim.figures.words.de import GERMAN
from sim.figures.words.en import ENGLISH

LANGUAGES: dict[str, Words] = {"en": ENGLISH, "de": GERMAN}
"""Catalogues by the code of their language."""

__all__ = ["ENGLISH", "GERMAN", "LANGUAGES", "Captions", "Labels", "Words"]
