"""Tables on terminals of any width: no name and no estimate is cut, and nobody's text is markup."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

WIDE = 160
"""Columns of what is not a terminal, where a row stays a row."""


def console() -> Console:
    """Return the console that tables and the words around them are printed on.

    It is as wide as the terminal. Square brackets and colons in anybody's text mean nothing on it.
    """
    made = Console(markup=False, emoji=False, highlight=False, soft_wrap=True)
    if not made.is_terminal:
        made.width = WIDE
    return made


def new_table(heads: Sequence[str], n_left: int, n_whole: int) -> Table:
    """Return an empty table.

    Parameters
    ----------
    heads
        Of the columns.
    n_left
        Columns from the first on that stand to the left; the others, which hold numbers, to the right.
    n_whole
        Columns from the first on whose cells stay on one line; others fold between words where they must.
    """
    columns = [
        Column(head, justify="left" if place < n_left else "right", no_wrap=place < n_whole)
        for place, head in enumerate(heads)
    ]
    return Table(*columns, box=None, pad_edge=False)


def show(table: Table, on: Console, title: str = "") -> None:
    """Print a table under its title; one that cannot be as narrow as the terminal is wider than it."""
    for column in table.columns:
        texts = [str(cell) for cell in (column.header, *column.cells)]
        pieces = [
            piece for text in texts for piece in (text.splitlines() if column.no_wrap else text.split())
        ]
        column.min_width = max(map(cell_len, pieces), default=0)
    if title:
        on.print(Text(title, style="bold"))
    on.print(table)
