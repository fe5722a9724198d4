"""Tables for the page: text under heads, with the number that each cell sorts by."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sim.summary.digits import SUFFIXES
from sim.tables.paper_table import Column

NUMBER = re.compile(r"^(?:≈ |over |under )?([-−]?[\d,]*\.?\d+(?:e[-+]?\d+)?)(?: ?([KMBT])\b)?")
POWERS = {suffix: power for power, suffix in SUFFIXES.items()}


@dataclass(frozen=True)
class Cell:
    """One cell.

    Parameters
    ----------
    text
        What it says.
    sort
        Number that the row sorts by; empty where it sorts by its words.
    below
        Smaller words under it.
    url
        Where those lead to; empty for nowhere.
    more
        Longer words, folded away below.
    """

    text: str
    sort: str = ""
    below: str = ""
    url: str = ""
    more: str = ""


@dataclass(frozen=True)
class Group:
    """Rows under one title; they sort among themselves."""

    title: str
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class HtmlTable:
    """A table.

    Parameters
    ----------
    key
        Unique in the page.
    caption
        Above it.
    columns
        Heads; numbers stand to the right.
    groups
        The rows; the first cell of each is its head.
    notes
        Sentences below.
    """

    key: str
    caption: str
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    notes: tuple[str, ...] = ()


def number_cell(text: str) -> Cell:
    """Return a cell that sorts by the first number in it.

    Examples
    --------
    >>> [number_cell(text).sort for text in ("25.8 B", "10 to 1,200", "≈ 0.3", "over 99.9 %")]
    ['25800000000', '10', '0.3', '99.9']
    """
    found = NUMBER.match(text)
    if not found:
        return Cell(text)
    digits, suffix = found.groups()
    value = float(digits.replace(",", "").replace("−", "-")) * 10.0 ** POWERS.get(suffix, 0)
    return Cell(text, f"{value:.12g}")


def plain_table(
    key: str,
    caption: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    notes: Sequence[str] = (),
) -> HtmlTable:
    """Return a table of one group from text."""
    cells = tuple(_cells(columns, row) for row in rows)
    return HtmlTable(key, caption, tuple(columns), (Group("", cells),), tuple(notes))


def _cells(columns: Sequence[Column], row: Sequence[str]) -> tuple[Cell, ...]:
    return tuple(
        number_cell(text) if column.kind == "number" else Cell(text)
        for column, text in zip(columns, row, strict=True)
    )
