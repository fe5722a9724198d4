"""Tables on terminals of any width: no name and no estimate is cut, and nobody's text is markup.

Elsewhere, in a pipe or a file, a table whose rows fit is lines of text. Only a terminal has colours and is
narrow, and only for these is the library imported that knows how to lay tables out.
"""

import os
import sys
import unicodedata
from typing import TYPE_CHECKING

from sim.tables.table import Table

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Column as RichColumn

WIDE = 160
"""Columns of what is not a terminal, where a row stays a row."""
GAP = "  "
FORCED = ("FORCE_COLOR", "TTY_COMPATIBLE")
"""Variables by which users say that what takes the output is as good as a terminal."""


class LinePrinter:
    """What takes text and is no terminal: lines stay lines, without styles."""

    is_terminal = False
    width = WIDE

    def print(self, words: str = "", **_: object) -> None:
        """Print words and end the line.

        Parameters
        ----------
        words
            Words of the line.
        **_
            Styles of a terminal, which are left out.
        """
        if _is_simple(words):
            print(words)
        else:
            _library().print(words)


type Output = LinePrinter | Console


def console() -> Output:
    """Return what tables and the words around them are printed on.

    It is as wide as the terminal. Square brackets and colons in anybody's text mean nothing on it.
    """
    may_be_terminal = (sys.stdout is not None and sys.stdout.isatty()) or any(
        os.environ.get(name) for name in FORCED
    )
    return _library() if may_be_terminal else LinePrinter()


def _library() -> "Console":
    from rich.console import Console

    made = Console(markup=False, emoji=False, highlight=False, soft_wrap=True)
    if not made.is_terminal:
        made.width = WIDE
    return made


def say(words: str, on: Output, style: str = "", lead: str = "") -> None:
    """Print words, broken between them where a terminal ends; elsewhere a line stays a line.

    Parameters
    ----------
    words
        Words to print.
    on
        Where to print them, from :func:`console`.
    style
        Style of the words, ``bold`` or ``dim``; none by default.
    lead
        Words before them, dim.
    """
    if isinstance(on, LinePrinter):
        on.print(f"{lead} {words}" if lead else words)
        return
    from rich.text import Text

    text = Text.assemble((lead, "dim"), f" {words}") if lead else Text(words, style=style)
    on.print(text, soft_wrap=not on.is_terminal)


def show(table: Table, on: Output) -> None:
    """Print a table, its caption above and its notes below; heads only where some head is not empty.

    A table that cannot be as narrow as the terminal is wider than it.

    Parameters
    ----------
    table
        The table to print.
    on
        Where to print it, from :func:`console`.
    """
    if table.caption:
        say(table.caption, on, "bold")
    lines = _lines(table) if isinstance(on, LinePrinter) else None
    if lines:
        on.print("\n".join(lines))
    else:
        _lay_out(table, _library() if isinstance(on, LinePrinter) else on)
    for note in table.notes:
        say(note, on, "dim")


def _lines(table: Table) -> list[str] | None:
    """Return a table as lines of text; nothing where it is too wide, or has a cell that is not simple."""
    heads = tuple(column.head for column in table.columns)
    rows = [heads] if any(heads) else []
    for section in table.sections:
        rows += [(section.title, *("" for _ in heads[1:]))] if section.title else []
        rows += map(tuple, section.rows)
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    if sum(widths) + len(GAP) * (len(widths) - 1) > WIDE:
        return None
    if not all(
        _is_simple(cell) and cell == cell.rstrip() and "\n" not in cell for row in rows for cell in row
    ):
        return None
    return [
        GAP.join(
            cell.rjust(width) if column.kind == "number" else cell.ljust(width)
            for cell, width, column in zip(row, widths, table.columns, strict=True)
        )
        for row in rows
    ]


def _is_simple(text: str) -> bool:
    """Tell whether each character of a text takes one place of a line."""
    plain = text.replace("\n", "")
    if not plain.isprintable():
        return False
    return plain.isascii() or not any(
        unicodedata.combining(letter) or unicodedata.east_asian_width(letter) in "WF" for letter in plain
    )


def _lay_out(table: Table, on: "Console") -> None:
    """Print a table as wide as a console, with cells folded where they must be."""
    from rich.table import Table as RichTable
    from rich.text import Text

    heads = [_column(table, place) for place in range(len(table.columns))]
    laid_out = RichTable(
        *heads, box=None, pad_edge=False, show_header=any(column.head for column in table.columns)
    )
    for section in table.sections:
        if section.title:
            laid_out.add_row(Text(section.title, style="bold"))
        for row in section.rows:
            laid_out.add_row(*row)
    on.print(laid_out)


def _column(table: Table, place: int) -> "RichColumn":
    """Return a column of a table as wide as what must not be broken: words, or lines of a whole cell."""
    from rich.cells import cell_len
    from rich.table import Column as RichColumn

    column = table.columns[place]
    texts = [column.head, *(str(row[place]) for row in table.rows)]
    texts += [section.title for section in table.sections if place == 0]
    pieces = [piece for text in texts for piece in (text.splitlines() if column.whole else text.split())]
    return RichColumn(
        column.head,
        justify="right" if column.kind == "number" else "left",
        no_wrap=column.whole,
        min_width=max(map(cell_len, pieces), default=0),
    )
