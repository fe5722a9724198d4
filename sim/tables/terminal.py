"""Tables on terminals of any width: no name and no estimate is cut, and nobody's text is markup."""

from rich import table as rich_table
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from sim.tables.table import Column, Table

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


def say(words: str | Text, on: Console) -> None:
    """Print words, broken between them where a terminal ends; elsewhere a line stays a line.

    Parameters
    ----------
    words
        What to print.
    on
        Where.
    """
    on.print(words, soft_wrap=not on.is_terminal)


def show(table: Table, on: Console) -> None:
    """Print a table, its caption above and its notes below.

    A table that cannot be as narrow as the terminal is wider than it.

    Parameters
    ----------
    table
        What to print; a table whose heads are all empty has no line for them.
    on
        Where.
    """
    heads = [_column(table, place) for place in range(len(table.columns))]
    laid_out = rich_table.Table(
        *heads, box=None, pad_edge=False, show_header=any(column.head for column in table.columns)
    )
    for section in table.sections:
        if section.title:
            laid_out.add_row(Text(section.title, style="bold"))
        for row in section.rows:
            laid_out.add_row(*row)
    if table.caption:
        say(Text(table.caption, style="bold"), on)
    on.print(laid_out)
    for note in table.notes:
        say(Text(note, style="dim"), on)


def _column(table: Table, place: int) -> rich_table.Column:
    """Return a column of a table as wide as what must not be broken: words, or lines of a whole cell."""
    column = table.columns[place]
    texts = [column.head, *(str(row[place]) for row in table.rows)]
    texts += [section.title for section in table.sections if place == 0]
    pieces = [piece for text in texts for piece in _pieces(text, column)]
    return rich_table.Column(
        column.head,
        justify="right" if column.kind == "number" else "left",
        no_wrap=column.whole,
        min_width=max(map(cell_len, pieces), default=0),
    )


def _pieces(text: str, column: Column) -> list[str]:
    return text.splitlines() if column.whole else text.split()
