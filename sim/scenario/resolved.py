"""The resolved form of a scenario: written beside every result, and the digest that names it."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import tomlkit

from sim.input_file import MAX_TABLE_BYTES, read_input
from sim.scenario.evidence_files import evidence_files
from sim.scenario.parameter_files import with_files
from sim.scenario.schema import Scenario


def resolved_toml(scenario: Scenario, folder: Path) -> str:
    """Return a scenario as TOML, defaults filled in, with data files named relative to a folder.

    Parameters
    ----------
    scenario
        Loaded scenario; its paths are absolute.
    folder
        Where the text will be written.

    Returns
    -------
    str
        Text of a scenario file.
    """
    table = _table(scenario)
    if scenario.evidence is not None and scenario.evidence.periods is not None:
        table["evidence"]["periods"] = _relative(scenario.evidence.periods, folder)
    table["parameters"] = with_files(table["parameters"], lambda file: _relative(Path(file), folder))
    return tomlkit.dumps(table)


def scenario_digest(scenario: Scenario) -> str:
    """Return a sha256 over what decides the numbers: the scenario without its name, and its data files.

    Data files enter by content, so that the digest does not depend on where they lie.
    """
    table = _table(scenario)
    del table["name"]
    for key, file in evidence_files(scenario.evidence).items():
        table["evidence"][key] = file_digest(file)
    table["parameters"] = with_files(table["parameters"], lambda file: file_digest(Path(file)))
    return hashlib.sha256(json.dumps(table, sort_keys=True).encode()).hexdigest()


def file_digest(path: Path) -> str:
    """Return the sha256 of a file's bytes."""
    return hashlib.sha256(read_input(path, "a data file", MAX_TABLE_BYTES)).hexdigest()


def _table(scenario: Scenario) -> dict[str, Any]:
    return scenario.model_dump(mode="json", exclude_none=True)


def _relative(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path, folder)).as_posix()
