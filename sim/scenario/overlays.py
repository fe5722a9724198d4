"""How overlays are laid over what they extend.

Tables merge key by key, anything else is replaced. Three rules make an overlay read as it is meant:

- a parameter that states ``distribution`` anew, an outcome that states ``formula`` or ``by`` anew, or a
  stream that states its form anew (``values`` as a whole, not the value of one year) drops what the extended
  file said of its law or formula; title and unit stay unless stated;
- a parameter restated that way also drops kind, source and rationale, since they spoke of the old law;
- whatever states ``source`` anew drops ``doi`` and ``bibtex``, which cited the old one.

Every leaf remembers which file set it, so that two overlays side by side which set one key differently
are found, and a later file that settles the matter is recognised.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.faults import Fault
from sim.input_file import TomlTable

KeyPath = tuple[str, ...]
Locate = Callable[[KeyPath], str]
"""Gives the file that set a key."""

CITATIONS = {"doi", "bibtex"}
KEPT_WHEN_RESTATED = {"title", "unit"}
RESTATING = {
    "parameters": {"distribution"},
    "outcomes": {"formula", "by"},
    "streams": {"formula", "values", "schedule", "file", "distribution"},
}


@dataclass(frozen=True)
class Layer:
    """A scenario as far as it is stated: leaves by key path, and the file that set each.

    Parameters
    ----------
    leaves
        Value by key path; an empty table is a leaf too.
    origins
        File that set it, as the user would name it, by key path.
    ancestors
        Files this layer rests on, itself included.
    """

    leaves: Mapping[KeyPath, Any]
    origins: Mapping[KeyPath, str]
    ancestors: frozenset[str] = field(default_factory=frozenset)

    def without(self, path: KeyPath) -> "Layer | None":
        """Return the layer without a key and all below it, or ``None`` if it has no such key."""
        leaves = {leaf: value for leaf, value in self.leaves.items() if leaf[: len(path)] != path}
        if len(leaves) == len(self.leaves):
            return None
        return Layer(leaves, {leaf: self.origins[leaf] for leaf in leaves}, self.ancestors)


def side_by_side(
    layers: Sequence[Layer], lineage: Mapping[str, frozenset[str]]
) -> tuple[Layer, dict[KeyPath, Fault]]:
    """Join the layers one file extends; where two set a key differently, that is a fault.

    Parameters
    ----------
    layers
        The layers, in the order of ``extends``.
    lineage
        Files that each file rests on: a file overrides those without a conflict.

    Returns
    -------
    Layer, dict
        The joined layer, and a fault for each key path in conflict, which the extending file may yet settle.
    """
    leaves: dict[KeyPath, Any] = {}
    origins: dict[KeyPath, str] = {}
    conflicts: dict[KeyPath, Fault] = {}
    for layer in layers:
        for path, value in layer.leaves.items():
            mine, theirs = layer.origins[path], origins.get(path)
            if _dropped_elsewhere(path, mine, layers):
                continue
            if theirs is None or theirs in lineage[mine]:
                leaves[path], origins[path] = value, mine
            elif mine not in lineage[theirs] and leaves[path] != value:
                conflicts[path] = _conflict(path, (theirs, leaves[path]), (mine, value))
    ancestors = frozenset[str]().union(*(layer.ancestors for layer in layers))
    return Layer(leaves, origins, ancestors), conflicts


def _dropped_elsewhere(path: KeyPath, origin: str, layers: Sequence[Layer]) -> bool:
    """Tell whether a layer that also rests on the file which set a leaf has dropped that leaf."""
    return any(origin in layer.ancestors and path not in layer.leaves for layer in layers)


def _conflict(path: KeyPath, one: tuple[str, Any], other: tuple[str, Any]) -> Fault:
    both = f"{one[0]} says {one[1]!r}, {other[0]} says {other[1]!r}"
    return Fault(
        other[0],
        ".".join(path),
        f"two overlays set this key differently: {both}",
        "state the value in the file that extends both",
    )


def lay_over(base: Layer, table: TomlTable, file: str) -> Layer:
    """Lay one file's own statements over what it extends.

    Parameters
    ----------
    base
        What the file extends.
    table
        Statements of the file, nested.
    file
        Name of the file, as the user would write it.

    Returns
    -------
    Layer
        The joined layer, in which what the file sets is of origin `file`; all else has its former origin.
    """
    stated = flatten(table)
    dropped = _restated(stated)
    within = {path[:length] for path in stated for length in range(1, len(path) + 1)}
    leaves = {
        path: value for path, value in base.leaves.items() if not _replaced(path, stated, within, dropped)
    }
    origins = {path: base.origins[path] for path in leaves}
    return Layer(leaves | stated, origins | dict.fromkeys(stated, file), base.ancestors | {file})


def flatten(table: TomlTable, prefix: KeyPath = ()) -> dict[KeyPath, Any]:
    """Return the leaves of nested tables by key path.

    Parameters
    ----------
    table
        Nested tables.
    prefix
        Key path put before that of each leaf.

    Returns
    -------
    dict
        Values by key path; an empty table is a leaf too.

    Examples
    --------
    >>> flatten({"a": {"b": 1, "c": [2]}})
    {('a', 'b'): 1, ('a', 'c'): [2]}
    """
    leaves: dict[KeyPath, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict) and value:
            leaves |= flatten(value, (*prefix, key))
        else:
            leaves[(*prefix, key)] = value
    return leaves


def nest(leaves: Mapping[KeyPath, Any]) -> TomlTable:
    """Return nested tables from leaves by key path."""
    table: TomlTable = {}
    for path, value in leaves.items():
        inner = table
        for key in path[:-1]:
            inner = inner.setdefault(key, {})
        inner[path[-1]] = value
    return table


def _restated(stated: Mapping[KeyPath, Any]) -> set[KeyPath]:
    """Return the parameters, outcomes and streams whose law or formula the overlay states anew."""
    return {path[:2] for path in stated if len(path) == 3 and path[2] in RESTATING.get(path[0], ())}


def _replaced(
    path: KeyPath, stated: Mapping[KeyPath, Any], within: set[KeyPath], dropped: set[KeyPath]
) -> bool:
    """Tell whether an inherited leaf gives way to a statement above, below, or beside it."""
    if path[:2] in dropped and path[2] not in KEPT_WHEN_RESTATED:
        return True
    if path[-1] in CITATIONS and (*path[:-1], "source") in stated:
        return True
    return path in within or any(path[:length] in stated for length in range(1, len(path)))
