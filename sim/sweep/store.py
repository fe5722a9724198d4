"""The file that finished points are kept in: one line of JSON each."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

import sim
from sim.kept_lines import keep_line, whole_lines
from sim.sweep.evaluate import Found

NAME = "points.jsonl"
_ADAPTER = TypeAdapter(Found)


@dataclass(frozen=True)
class Kept:
    """What a file holds.

    Parameters
    ----------
    found
        Points of this version of the program, by digest.
    n_damaged
        Lines that are no point: what they held is found anew.
    """

    found: dict[str, Found]
    n_damaged: int


def read_points(path: Path) -> Kept:
    """Return the points kept in a file; none where there is no file."""
    found: dict[str, Found] = {}
    n_damaged = 0
    for line in whole_lines(path):
        try:
            point = _ADAPTER.validate_json(line)
        except ValidationError:
            n_damaged += 1
        else:
            if point.version == sim.__version__:
                found[point.digest] = point
    return Kept(found, n_damaged)


def keep(path: Path, found: Found) -> None:
    """Append a point, whole or not at all; runs that share a file take turns.

    Raises
    ------
    InvalidInputError
        If the file cannot be written.
    """
    keep_line(path, _ADAPTER.dump_json(found))
