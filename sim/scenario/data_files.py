"""The data files of a scenario, the digest that names both, and the resolved form beside every result."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sim.evidence.methods import METHODS
from sim.evidence.survey_format import FREQUENCIES, POSTERIOR_DRAWS
from sim.faults import Fault, InvalidInput
from sim.input_file import MAX_TABLE_BYTES, read_input
from sim.scenario.evidence import Evidence
from sim.scenario.overlays import KeyPath
from sim.scenario.schema import Scenario

KEY = "file"
SECTIONS = ("parameters", "streams")
"""Tables of the file whose entries name data files."""
PERIOD_FILES = ("periods", "histories")
"""Keys of the evidence that name a file of periods."""
MAX_NAME, MAX_PATH = 255, 4096
"""Bytes that file systems take in a name, and in a path."""


def _with_files(node: Any, change: Callable[[str], str]) -> Any:
    """Return tables and lists, nested, with the path of every data file changed.

    Examples
    --------
    >>> _with_files({"components": [{"weight": 1, "of": {"file": "a.csv"}}]}, str.upper)
    {'components': [{'weight': 1, 'of': {'file': 'A.CSV'}}]}
    """
    if isinstance(node, list):
        return [_with_files(part, change) for part in node]
    if not isinstance(node, dict):
        return node
    return {
        key: change(part) if key == KEY and isinstance(part, str) else _with_files(part, change)
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


def evidence_files(evidence: Evidence | None) -> dict[str, Path]:
    """Return the files of a scenario's evidence by key, such as ``periods`` and ``histories``.

    Where a model reads the survey also ``frequencies``, which lie beside the periods, and a ``posterior``
    kept there.
    """
    if evidence is None or evidence.periods is None:
        return {}
    files = {key: getattr(evidence, key) for key in PERIOD_FILES if getattr(evidence, key) is not None}
    if METHODS[evidence.method].has_posterior:
        beside = (evidence.periods.parent / name for name in (FREQUENCIES, POSTERIOR_DRAWS))
        files |= {file.stem: file for file in beside if file.is_file()}
    return files


def resolved_toml(scenario: Scenario, folder: Path) -> str:
    """Return a scenario as TOML, defaults filled in, with data files named relative to a folder.

    Parameters
    ----------
    scenario
        Loaded scenario; its paths are absolute.
    folder
        Folder in which the text will stand.

    Returns
    -------
    str
        Text of a scenario file.
    """
    import tomlkit

    table = scenario.table
    for key in PERIOD_FILES:
        file = getattr(scenario.evidence, key, None)
        if file is not None:
            table["evidence"][key] = _relative(file, folder)
    for section in table.keys() & {*SECTIONS}:
        table[section] = _with_files(table[section], lambda file: _relative(Path(file), folder))
    return tomlkit.dumps(table)


def scenario_digest(scenario: Scenario) -> str:
    """Return a sha256 over what decides the numbers: the scenario without its name, and its data files.

    Data files enter by content, so that the digest does not depend on where they lie.
    """
    table = scenario.table
    del table["name"]
    for key, file in evidence_files(scenario.evidence).items():
        table["evidence"][key] = file_digest(file)
    for section in table.keys() & {*SECTIONS}:
        table[section] = _with_files(table[section], lambda file: file_digest(Path(file)))
    return hashlib.sha256(json.dumps(table, sort_keys=True).encode()).hexdigest()


def file_digest(path: Path) -> str:
    """Return the sha256 of a file's bytes."""
    return hashlib.sha256(read_input(path, "a data file", MAX_TABLE_BYTES)).hexdigest()


def _relative(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path, folder)).as_posix()


def with_absolute_paths(stated: dict[KeyPath, Any], folder: Path) -> dict[KeyPath, Any]:
    """Make paths of data files independent of the folder they are stated in.

    Parameters
    ----------
    stated
        Values by key path.
    folder
        Folder that relative paths start from.

    Returns
    -------
    dict
        Values by key path; only paths of data files differ.

    Raises
    ------
    InvalidInput
        If one is no path that a file can have.
    """

    def absolute(key: KeyPath, text: str) -> str:
        refuse_impossible_path(text, str(folder), ".".join(key))
        return str((folder / text).resolve()) if text else text

    def replaced(key: KeyPath, value: Any) -> Any:
        if key[0] == "evidence" and key[1:] in {(name,) for name in PERIOD_FILES}:
            return absolute(key, value) if isinstance(value, str) else value
        if key[0] not in SECTIONS or len(key) < 3:
            return value
        return _with_files({key[-1]: value}, lambda text: absolute(key, text))[key[-1]]

    return {key: replaced(key, value) for key, value in stated.items()}


def refuse_impossible_path(text: str, file: str, key: str) -> None:
    """Refuse a text that no file system takes as a path.

    Parameters
    ----------
    text
        The path.
    file
        File in which it is stated.
    key
        Key at which it is stated.

    Raises
    ------
    InvalidInput
        If it has a null character, or a name or path that is too long.
    """
    shown = repr(text if len(text) <= 60 else f"{text[:57]}...")
    parts = text.encode("utf-8", "surrogateescape").split(b"/")
    if "\0" in text or max(map(len, parts)) > MAX_NAME or sum(map(len, parts)) + len(parts) > MAX_PATH // 2:
        allowed = f"no null character, names of up to {MAX_NAME} bytes, {MAX_PATH // 2:,} bytes in all"
        raise InvalidInput([Fault(file, key, f"{shown} cannot be the path of a file", allowed)])
