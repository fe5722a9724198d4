"""From a file, what it extends, and settings on the command line, to one validated scenario."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.faults import Fault, InvalidInputError
from sim.scenario.check import faults_in
from sim.scenario.files import read_layer, with_absolute_paths
from sim.scenario.merge import KeyPath, Layer, Locate, flatten, lay_over, nest
from sim.scenario.schema import Scenario
from sim.scenario.validation import validate

SETTINGS = "--set"
BY_HAND = "set on the command line"


def load(path: Path, settings: Sequence[str] = ()) -> Scenario:
    """Load, resolve and check a scenario file.

    Parameters
    ----------
    path
        The TOML file.
    settings
        Statements ``key.path=value`` laid over it; the value in TOML's notation, or else plain text.

    Returns
    -------
    Scenario
        With defaults filled in and paths of data files made absolute.

    Raises
    ------
    InvalidInputError
        With every fault found in the file, in what it extends, and in the settings.
    """
    layer = _with_settings(read_layer(path), settings)
    if ("name",) not in layer.leaves:
        layer = lay_over(layer, {"name": path.stem}, str(path))
    locate = _locator(layer, str(path))
    result = validate(nest(layer.leaves), locate)
    faults = list(result.faults)
    if result.scenario is not None:
        faults += faults_in(result.scenario, result.broken, locate)
    if faults or result.scenario is None:
        raise InvalidInputError(list(dict.fromkeys(faults)))
    return result.scenario


def _with_settings(layer: Layer, settings: Sequence[str]) -> Layer:
    """Lay ``--set`` statements over the files; a parameter restated there needs no source."""
    faults = []
    for setting in settings:
        key, equals, text = setting.partition("=")
        path = tuple(part.strip() for part in key.split("."))
        if not equals or not all(path):
            faults.append(Fault(SETTINGS, "", f"{setting!r} is not key.path=value"))
            continue
        stated = with_absolute_paths(flatten(nest({path: _value(text)})), Path.cwd())
        for stem in {leaf[:2] for leaf in stated if leaf[0] == "parameters" and len(leaf) > 2}:
            stated = {(*stem, "kind"): "judgement", (*stem, "rationale"): BY_HAND} | stated
        layer = lay_over(layer, nest(stated), SETTINGS)
    if faults:
        raise InvalidInputError(faults)
    return layer


def _value(text: str) -> Any:
    """Read a value in TOML's notation; what is not TOML is a word written without quotes."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text.strip()


def _locator(layer: Layer, main: str) -> Locate:
    """Return a function that tells which file set a key, or else the key nearest above or below it."""

    def locate(path: KeyPath) -> str:
        for length in range(len(path), 0, -1):
            for leaf, origin in layer.origins.items():
                if leaf[:length] == path[:length] and (length == len(path) or len(leaf) <= length):
                    return origin
        return main

    return locate
