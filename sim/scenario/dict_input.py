"""Scenarios and overrides stated in Python: dicts made plain, as a TOML file would hold them."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from sim.faults import Fault, InvalidInput, refuse
from sim.input_file import MAX_DEPTH, TomlTable
from sim.scenario.overlays import KeyPath

ALLOWED = "a number, a text, a date, True or False, a list or a dict"
MAX_NAME = 80


def plain_table(stated: Mapping[Any, Any], name: str, above: KeyPath = ()) -> TomlTable:
    """Return a dict made of what TOML has: arrays become lists, NumPy's numbers Python's, paths texts.

    Parameters
    ----------
    stated
        The dict, nested as tables are.
    name
        What to call it in faults.
    above
        Key path of the dict, inside others.

    Returns
    -------
    dict
        A copy.

    Raises
    ------
    InvalidInput
        If a key is no text, or a value is nothing that TOML has.

    Examples
    --------
    >>> plain_table({"report": {"thresholds": (1, 4)}}, "dict")
    {'report': {'thresholds': [1, 4]}}
    """
    if len(above) >= MAX_DEPTH:
        raise InvalidInput([Fault(name, "", f"nested more than {MAX_DEPTH} deep")])
    table: TomlTable = {}
    faults: list[Fault] = []
    for key, value in stated.items():
        here = ".".join((*above, str(key)))
        if not isinstance(key, str):
            faults.append(Fault(name, here, f"{key!r} is no key", "a text"))
            continue
        try:
            table[key] = _plain(value, name, (*above, key))
        except InvalidInput as error:
            faults += error.faults
    refuse(faults)
    return table


def by_key_path(overrides: Mapping[Any, Any]) -> dict[KeyPath, Any]:
    """Return overrides by key path, whether they are nested, or their keys hold dots, or both.

    Raises
    ------
    InvalidInput
        If a key is no text, a value is nothing that TOML has, or a key has nothing on a side of a dot.

    Examples
    --------
    >>> by_key_path({"parameters.pay": {"median": 3}, "seed": 1})
    {('parameters', 'pay', 'median'): 3, ('seed',): 1}
    """
    found: dict[KeyPath, Any] = {}
    _collect(plain_table(overrides, "overrides"), (), found)
    return found


def _collect(table: TomlTable, above: KeyPath, found: dict[KeyPath, Any]) -> None:
    for key, value in table.items():
        path = (*above, *(part.strip() for part in key.split(".")))
        if not all(path) or len(path) > MAX_DEPTH:
            raise InvalidInput([Fault("overrides", "", f"{key!r} is no key path", "names with dots between")])
        if isinstance(value, dict) and value:
            _collect(value, path, found)
        else:
            found[path] = value


def name_from(title: object) -> str:
    """Return a name for a scenario that states none, from its title.

    Examples
    --------
    >>> name_from("Street trees, 2026"), name_from(None)
    ('street-trees-2026', 'scenario')
    """
    words = re.sub(r"[^\w.]+", "-", str(title or "").lower()).strip("-._")
    return words[:MAX_NAME] or "scenario"


def _plain(value: Any, name: str, path: KeyPath) -> Any:
    if isinstance(value, Mapping):
        return plain_table(value, name, path)
    if hasattr(value, "tolist"):  # NumPy's numbers and arrays, columns of pandas
        value = value.tolist()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, datetime) and value.time() == time():  # as pandas has days
        return value.date()
    if isinstance(value, bool | int | float | str) or type(value) is date:
        return float(value) if isinstance(value, float) else value
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        if len(path) >= MAX_DEPTH:
            raise InvalidInput([Fault(name, "", f"nested more than {MAX_DEPTH} deep")])
        return [_plain(each, name, (*path, str(place))) for place, each in enumerate(value)]
    given = "None" if value is None else f"{type(value).__name__} {str(value)[:60]!r}"
    raise InvalidInput([Fault(name, ".".join(path), f"{given} cannot stand in a scenario", ALLOWED)])
