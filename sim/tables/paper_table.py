"""A table as a paper prints it: text cells under heads, and the numbers behind them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

Kind = Literal["text", "number", "unit"]


@dataclass(frozen=True)
class Column:
    """One column.

    Parameters
    ----------
    head
        Words above it.
    kind
        ``text`` stands to the left; ``number`` to the right, its hyphens before digits being minus signs;
        ``unit`` is in pint's notation and is set upright.
    width
        Share of the text's width at which cells are folded in LaTeX; 0 where they are not.

    Raises
    ------
    ValueError
        If a column of numbers has a width, or the width is not below 1.
    """

    head: str
    kind: Kind = "text"
    width: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.width < 1 or (self.width and self.kind == "number"):
            raise ValueError(f"column {self.head!r}: width {self.width} for {self.kind}")


@dataclass(frozen=True)
class Section:
    """Rows that belong together.

    Parameters
    ----------
    title
        Words above the rows; empty for none.
    rows
        (row, column) of text.
    """

    title: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, eq=False)
class PaperTable:
    """A table ready to be written.

    Parameters
    ----------
    name
        File name without ending; the LaTeX label is ``tab:sim-<name>``.
    caption
        One or two sentences, which say what the numbers are.
    columns
        Heads and alignment.
    sections
        The rows; each has a cell for each column.
    numbers
        The same content unrounded, one record a row, plain names: what the CSV file holds.
    notes
        Sentences below the table.
    citations
        Key in ``references.bib`` by the text of a cell; cited after that text in LaTeX.

    Raises
    ------
    ValueError
        If a row has not one cell for each column.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    sections: tuple[Section, ...]
    numbers: pd.DataFrame
    notes: tuple[str, ...] = ()
    citations: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(
                    f"table {self.name!r}: {len(row)} cells under {len(self.columns)} heads: {row}"
                )

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """All rows, section after section."""
        return tuple(row for section in self.sections for row in section.rows)
