"""Works a statement rests on: DOIs, and BibTeX entries of which each is one work."""

import re
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import AfterValidator, BaseModel

DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>{}]+")
RESOLVERS = ("https://doi.org/", "http://dx.doi.org/", "doi:")
OPENING = re.compile(r"@(?P<kind>[A-Za-z]+)\s*\{\s*(?P<key>[A-Za-z0-9][\w.:/+-]*)\s*,\s*", re.ASCII)
NAME = re.compile(r"(?P<name>[A-Za-z][\w-]*)\s*=\s*", re.ASCII)
BARE = re.compile(r"[A-Za-z0-9]+")
NEXT = re.compile(r"\s*(?:,\s*|(?=\}))")
NOT_WORKS = {"string", "preamble", "comment"}
FORM = "one entry such as @misc{doe2020, author = {Doe, Jane}, title = {A title}, year = {2020}}"


@dataclass(frozen=True)
class BibtexEntry:
    """One entry of a bibliography.

    Parameters
    ----------
    kind
        Kind of the work, such as ``article``.
    key
        Key by which texts cite it.
    fields
        Names and values of its fields, as stated and in that order; a value keeps what stands within its
        outer delimiters.
    """

    kind: str
    key: str
    fields: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        lines = [f"  {name} = {{{value}}}," for name, value in self.fields]
        return "\n".join([f"@{self.kind}{{{self.key},", *lines, "}"])

    def named(self, key: str) -> "BibtexEntry":
        """Return the same work under another key."""
        return replace(self, key=key)

    @property
    def doi(self) -> str:
        """The DOI it states in small letters, or an empty string."""
        return next((bare_doi(value) for name, value in self.fields if name.lower() == "doi"), "")


def bare_doi(text: str) -> str:
    """Return a DOI without what resolves it, in small letters: DOIs do not tell case.

    Examples
    --------
    >>> bare_doi("https://doi.org/10.1000/XYZ"), bare_doi("doi:10.1000/182")
    ('10.1000/xyz', '10.1000/182')
    """
    bare = text.strip()
    for resolver in RESOLVERS:
        bare = bare.removeprefix(resolver)
    return bare.strip().lower()


def read_entry(text: str) -> BibtexEntry:
    """Return the one BibTeX entry that a text is.

    Raises
    ------
    ValueError
        If the text is not one entry, or its braces or quotation marks do not balance.

    Examples
    --------
    >>> read_entry('@misc{a1, title = {{A} b}, year = 2020}').fields
    (('title', '{A} b'), ('year', '2020'))
    """
    stated = text.strip()
    opening = OPENING.match(stated)
    if opening is None or opening["kind"].lower() in NOT_WORKS:
        raise ValueError(f"not a BibTeX entry: {stated[:40]!r}; allowed: {FORM}")
    place, fields = opening.end(), []
    while name := NAME.match(stated, place):
        value, place = _value(stated, name.end())
        after = NEXT.match(stated, place)
        if after is None:
            raise ValueError(f"no comma after {name['name']} of the BibTeX entry {opening['key']}")
        fields.append((name["name"], value))
        place = after.end()
    if stated[place:] != "}" or not fields:
        raise ValueError(f"not one BibTeX entry, from {stated[place : place + 40]!r} on; allowed: {FORM}")
    return BibtexEntry(opening["kind"], opening["key"], tuple(fields))


def _value(text: str, start: int) -> tuple[str, int]:
    """Return a field's value from a place on, and the place after it."""
    bare = BARE.match(text, start)
    if bare:
        return bare.group(), bare.end()
    closing, depth = '"' if text[start : start + 1] == '"' else "}", 0
    for place in range(start, len(text)):
        letter = text[place]
        depth += (letter == "{") - (letter == "}")
        if depth < 0:
            break
        if depth == 0 and letter == closing and place > start:
            return " ".join(text[start + 1 : place].split()), place + 1
    raise ValueError(f"braces or quotation marks do not balance from {text[start : start + 40]!r} on")


def _each(stated: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return (stated,) if isinstance(stated, str) else stated or ()


def _dois(stated: str | tuple[str, ...] | None) -> str | tuple[str, ...] | None:
    for text in _each(stated):
        if not DOI.fullmatch(bare_doi(text)):
            raise ValueError(f"not a DOI: {text!r}; allowed: one such as 10.1145/3514094.3534167")
    return stated


def _entries(stated: str | tuple[str, ...] | None) -> str | tuple[str, ...] | None:
    for text in _each(stated):
        read_entry(text)
    return stated


class Citations(BaseModel):
    """What a statement with a source may cite for ``references.bib``.

    Parameters
    ----------
    doi
        DOI of the source, or a list of them.
    bibtex
        The source as a BibTeX entry, or a list of them.
    """

    doi: Annotated[str | tuple[str, ...] | None, AfterValidator(_dois)] = None
    bibtex: Annotated[str | tuple[str, ...] | None, AfterValidator(_entries)] = None

    @property
    def dois(self) -> tuple[str, ...]:
        """Every DOI stated, without what resolves it."""
        return tuple(map(bare_doi, _each(self.doi)))

    @property
    def entries(self) -> tuple[BibtexEntry, ...]:
        """Every BibTeX entry stated."""
        return tuple(map(read_entry, _each(self.bibtex)))
