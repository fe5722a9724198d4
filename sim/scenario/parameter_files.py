"""The data files that parameters name, wherever in their tables: a component of a mixture may have one."""

from collections.abc import Callable, Iterator
from typing import Any

from sim.scenario.merge import KeyPath

KEY = "file"


def with_files(node: Any, change: Callable[[str], str]) -> Any:
    """Return tables and lists with the path of every data file changed.

    Parameters
    ----------
    node
        Tables and lists, nested, or a value.
    change
        Gives the new path for an old one.

    Returns
    -------
    object
        Of the same form as `node`.

    Examples
    --------
    >>> with_files({"components": [{"weight": 1, "of": {"file": "a.csv"}}]}, str.upper)
    {'components': [{'weight': 1, 'of': {'file': 'A.CSV'}}]}
    """
    if isinstance(node, list):
        return [with_files(part, change) for part in node]
    if not isinstance(node, dict):
        return node
    return {
        key: change(part) if key == KEY and isinstance(part, str) else with_files(part, change)
        for key, part in node.items()
    }


def files_in(node: Any, above: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """Yield the path of every data file in tables and lists, with the keys that lead to it.

    Parameters
    ----------
    node
        Tables and lists, nested, or a value.
    above
        Keys that lead to the node.

    Yields
    ------
    tuple of KeyPath and str
        Keys, with positions in lists as text, and the path as stated.

    Examples
    --------
    >>> [*files_in({"components": [{"weight": 1, "of": {"file": "a.csv"}}]})]
    [(('components', '0', 'of', 'file'), 'a.csv')]
    """
    parts = enumerate(node) if isinstance(node, list) else node.items() if isinstance(node, dict) else ()
    for key, part in parts:
        path = (*above, str(key))
        if key == KEY and isinstance(part, str):
            yield path, part
        else:
            yield from files_in(part, path)
