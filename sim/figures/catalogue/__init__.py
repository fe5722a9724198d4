"""The figures of a run, one a file: a class derived from RunFigure, and one object of it named ``FIGURE``.

Commands, the report page and the documentation find them here; no list of them stands anywhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sim.figures.run_figure import Drawing, RunFigure
    from sim.scenario.schema import Scenario

NAMES = tuple(module.name for module in iter_modules(__path__))
"""Names of all figures, as ``sim plot --figure`` takes them, without importing one."""


CellKind = Literal["number", "optional", "text", "flag"]
"""A finite number; a number or nothing; words; true or false."""


@dataclass(frozen=True)
class Columns:
    """What the table behind a figure must hold: a kind of cell by column.

    Parameters
    ----------
    cells
        Kind of cell by column.
    rest
        Kind of the cells of every other column; ``None`` where other columns do not matter.
    words
        Columns that may hold names of choices instead of numbers.
    """

    cells: Mapping[str, CellKind]
    rest: CellKind | None = None
    words: Sequence[str] = ()


@cache
def run_figures() -> "tuple[RunFigure, ...]":
    """Return every figure, in the order in which they are drawn and listed."""
    figures = [import_module(f"{__name__}.{name}").FIGURE for name in NAMES]
    return tuple(sorted(figures, key=lambda figure: figure.order))


def drawings(scenario: "Scenario") -> "tuple[Drawing, ...]":
    """Return every figure a scenario can have, whether or not its tables have been made."""
    return tuple(drawing for figure in run_figures() for drawing in figure.drawings(scenario))
