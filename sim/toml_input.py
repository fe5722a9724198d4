"""TOML text from elsewhere, parsed; whatever is wrong with it is one kind of error."""

import tomllib
from typing import Any

from sim.toml_cures import diagnosis

MAX_DEPTH = 64
"""Tables and lists within each other; no file of this program goes deeper than about ten."""

Table = dict[str, Any]


class TomlError(ValueError):
    """A text is not TOML that can be read.

    Parameters
    ----------
    problem
        Why not, with the line at fault.
    place
        Line, and column where the line does not say enough.
    instead
        What to type there, where that is known.
    """

    def __init__(self, problem: str, place: str = "", instead: str = "") -> None:
        super().__init__(": ".join(part for part in (place, problem) if part))
        self.problem = problem
        self.place = place
        self.instead = instead


def parse_toml(text: str) -> Table:
    """Parse TOML.

    Parameters
    ----------
    text
        The whole document.

    Raises
    ------
    TomlError
        If it is not TOML, holds a number of thousands of digits, or is nested more than 64 deep.

    Examples
    --------
    >>> parse_toml("a.b = 1")
    {'a': {'b': 1}}
    >>> parse_toml("a" + ".a" * 10_000 + " = 1")
    Traceback (most recent call last):
    ...
    sim.toml_input.TomlError: nested more than 64 deep
    """
    try:
        table = tomllib.loads(text)
    except RecursionError:
        raise TomlError("nested too deeply to be read") from None
    except ValueError as error:  # tomllib's own error, and Python's for a number of thousands of digits
        place, problem, instead = diagnosis(text, str(error))
        raise TomlError(problem, place, instead) from None
    if _deeper_than(table, MAX_DEPTH):
        raise TomlError(f"nested more than {MAX_DEPTH} deep")
    return table


def _deeper_than(table: Table, limit: int) -> bool:
    level: list[Any] = [table]
    for _ in range(limit):
        level = [inner for outer in level for inner in _within(outer) if isinstance(inner, dict | list)]
    return bool(level)


def _within(outer: Any) -> list[Any]:
    return list(outer.values()) if isinstance(outer, dict) else outer
