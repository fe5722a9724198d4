"""What the table behind a figure must hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Cell = Literal["number", "optional", "text", "flag"]
"""A finite number; a number or nothing; words; true or false."""


@dataclass(frozen=True)
class Columns:
    """Columns of a table.

    Parameters
    ----------
    cells
        Cell by column.
    rest
        Cell of every other column, or ``None`` where others do not matter.
    words
        Columns that may hold words instead of numbers: names of choices.
    """

    cells: Mapping[str, Cell]
    rest: Cell | None = None
    words: Sequence[str] = ()
