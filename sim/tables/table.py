"""A table: a titled frame with heads, sections and notes, for one printer each; and the tables of a run."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from sim.faults import Fault, refuse

if TYPE_CHECKING:
    import pandas as pd

UNITS = "units"
"""Attribute under which a table of a run holds the unit of each column by its name."""
ColumnKind = Literal["text", "number", "unit"]
type Tables = Mapping[str, pd.DataFrame]
"""The tables of a run's analyses, by name."""


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Parameters
    ----------
    head
        Words above the column.
    kind
        ``text`` stands to the left; ``number`` to the right, its hyphens before digits being minus signs;
        ``unit`` is in pint's notation and is set upright.
    width
        Share of the text's width at which LaTeX folds cells; 0 where it does not, as in columns of numbers.
    whole
        Whether no cell is folded on a narrow terminal.

    Raises
    ------
    ValueError
        If a column of numbers has a width, or the width is not below 1.
    """

    head: str
    kind: ColumnKind = "text"
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
        The words of the cell.
    below
        Smaller words that a page prints under them.
    url
        Where a page lets them lead; empty for nowhere.
    more
        What a page folds away beneath them.
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
    """Rows that belong together under a title.

    Parameters
    ----------
    title
        The title; empty for none.
    rows
        The rows, each with a text for each column.
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
        Heads and alignment of the columns.
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
        Words above the table, which may be empty.
    heads
        Heads of the columns. Words alone are those of numbers, but for the first columns.
    rows
        Cells as text, row by row.
    n_text
        How many of the first columns hold words.
    n_whole
        How many of the first columns are never folded: as many as hold words, unless stated.

    Returns
    -------
    Table
        The table, without a name.
    """
    whole = n_text if n_whole is None else n_whole
    columns = tuple(
        head if isinstance(head, Column) else
        Column(head, "text" if place < n_text else "number", whole=place < whole)
        for place, head in enumerate(heads)
    )  # fmt: skip
    return Table("", caption, columns, (Section("", tuple(tuple(row) for row in rows)),))


def table_of(tables: Tables, name: str, columns: Sequence[str]) -> "pd.DataFrame | None":
    """Return a table of a run, or None where the run has none or it is empty.

    Parameters
    ----------
    tables
        Tables of the run by name.
    name
        Name of the table that is wanted.
    columns
        Columns that it must have.

    Returns
    -------
    DataFrame or None
        The whole table.

    Raises
    ------
    InvalidInput
        If a column is missing.
    """
    table = tables.get(name)
    if table is None or table.empty:
        return None
    refuse(
        Fault(f"tables/{name}.csv", column, "column is missing", ", ".join(columns))
        for column in columns
        if column not in table.columns
    )
    return table


def records_of(tables: Tables, name: str, columns: Sequence[str]) -> list[dict[str, Any]]:
    """Return the rows of a table of a run by column; none where it has no such table.

    Parameters
    ----------
    tables
        Tables of the run by name.
    name
        Name of the table that is wanted.
    columns
        Columns that it must have.

    Returns
    -------
    list of dict
        Values by column, row after row.

    Raises
    ------
    InvalidInput
        If a column is missing.
    """
    table = table_of(tables, name, columns)
    records = [] if table is None else table.to_dict("records")
    return [{str(column): value for column, value in record.items()} for record in records]
