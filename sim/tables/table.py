"""A table: a titled frame with heads, sections and notes, for one printer each to print."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
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
    whole
        Whether no cell is folded on a narrow terminal.

    Raises
    ------
    ValueError
        If a column of numbers has a width, or the width is not below 1.
    """

    head: str
    kind: Kind = "text"
    width: float = 0.0
    whole: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.width < 1 or (self.width and self.kind == "number"):
            raise ValueError(f"column {self.head!r}: width {self.width} for {self.kind}")


class Cell(str):
    """A cell with more to it than its words, which a page shows; elsewhere it is these words.

    Parameters
    ----------
    text
        What it says.
    below
        Smaller words under it.
    url
        Where those lead to; empty for nowhere.
    more
        Longer words, folded away below.
    """

    below: str
    url: str
    more: str

    def __new__(cls, text: str, below: str = "", url: str = "", more: str = "") -> "Cell":
        """Return the cell."""
        made = super().__new__(cls, text)
        made.below, made.url, made.more = below, url, more
        return made


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
class Table:
    """A table ready to be printed.

    Parameters
    ----------
    name
        File name without ending, the label ``tab:sim-<name>`` in LaTeX, and what a page calls it.
    caption
        One or two sentences, which say what the numbers are.
    columns
        Heads and alignment.
    sections
        The rows; each has a cell for each column, a number cut to its Monte Carlo error.
    numbers
        The same content unrounded with its errors, one record a row, plain names: what CSV and JSON hold.
    notes
        Sentences below the table.
    citations
        Key in ``references.bib`` by the text of a cell; cited after that text in LaTeX.
    about
        Single values that belong to the table, by name; JSON holds them beside its records.

    Raises
    ------
    ValueError
        If a row has not one cell for each column.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    sections: tuple[Section, ...]
    numbers: "pd.DataFrame | None" = None
    notes: tuple[str, ...] = ()
    citations: Mapping[str, str] = field(default_factory=dict)
    about: Mapping[str, float | str] = field(default_factory=dict)

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

    @property
    def frame(self) -> "pd.DataFrame":
        """The unrounded numbers; the rows as text where there are no others."""
        import pandas as pd

        if self.numbers is not None:
            return self.numbers
        return pd.DataFrame(self.rows, columns=[column.head for column in self.columns])


def sections_of(rows: Iterable[tuple[str, Sequence[str]]]) -> tuple[Section, ...]:
    """Return rows gathered under the titles they come with, in the order in which titles first come.

    Examples
    --------
    >>> [(section.title, len(section.rows)) for section in sections_of([("a", "x"), ("b", "y"), ("a", "z")])]
    [('a', 2), ('b', 1)]
    """
    gathered: dict[str, list[tuple[str, ...]]] = {}
    for title, row in rows:
        gathered.setdefault(title, []).append(tuple(row))
    return tuple(Section(title, tuple(found)) for title, found in gathered.items())


def plain_table(
    caption: str,
    heads: Sequence[str | Column],
    rows: Iterable[Sequence[str]],
    *,
    n_text: int = 1,
    n_whole: int | None = None,
) -> Table:
    """Return a table of one section, to be printed on a terminal.

    Parameters
    ----------
    caption
        Above it; may be empty.
    heads
        Of the columns. Words alone are those of numbers, but for the first ones.
    rows
        Cells as text.
    n_text
        How many of the first columns hold words.
    n_whole
        How many of the first columns are never folded; as many as hold words unless stated.

    Returns
    -------
    Table
        Without a name.
    """
    whole = n_text if n_whole is None else n_whole
    columns = tuple(
        head if isinstance(head, Column) else
        Column(head, "text" if place < n_text else "number", whole=place < whole)
        for place, head in enumerate(heads)
    )  # fmt: skip
    return Table("", caption, columns, (Section("", tuple(tuple(row) for row in rows)),))
