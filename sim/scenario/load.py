"""From a file, what it extends, and settings on the command line, to one validated scenario."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sim.faults import Fault, InvalidInput
from sim.scenario.check import faults_in
from sim.scenario.files import read_layer, refuse_impossible_path, with_absolute_paths
from sim.scenario.merge import KeyPath, Layer, Locate, flatten, lay_over, nest
from sim.scenario.schema import Scenario
from sim.scenario.shipped import scenario_file
from sim.scenario.validation import validate
from sim.toml_input import MAX_DEPTH, TomlError, parse_toml

SETTINGS = "--set"
BY_HAND = "set on the command line"


class Located(NamedTuple):
    """A scenario, and a function that tells which file set a key."""

    scenario: Scenario
    locate: Locate


def load(path: Path, settings: Sequence[str] = ()) -> Scenario:
    """Load, resolve and check a scenario file.

    Parameters
    ----------
    path
        The TOML file, or the name of a shipped scenario.
    settings
        Statements ``key.path=value`` laid over it; the value in TOML's notation, or else plain text.

    Returns
    -------
    Scenario
        With defaults filled in and paths of data files made absolute.

    Raises
    ------
    InvalidInput
        With every fault found in the file, in what it extends, and in the settings.
    """
    return load_located(path, settings).scenario


def load_located(path: Path, settings: Sequence[str] = ()) -> Located:
    """Load a scenario file, and keep which file set each key.

    Parameters
    ----------
    path
        The TOML file, or the name of a shipped scenario.
    settings
        As for :func:`load`.

    Returns
    -------
    Located
        The scenario, and which file set each key.

    Raises
    ------
    InvalidInput
        As :func:`load`.
    """
    refuse_impossible_path(str(path), "", "")
    path = scenario_file(path)
    layer = _with_settings(read_layer(path), settings)
    if ("name",) not in layer.leaves:
        layer = lay_over(layer, {"name": path.stem}, str(path))
    locate = _locator(layer, str(path))
    result = validate(nest(layer.leaves), locate)
    faults = list(result.faults)
    if result.scenario is not None:
        faults += faults_in(result.scenario, result.broken, locate)
    if faults or result.scenario is None:
        raise InvalidInput(list(dict.fromkeys(faults)))
    return Located(result.scenario, locate)


def _with_settings(layer: Layer, settings: Sequence[str]) -> Layer:
    """Lay ``--set`` statements over the files; a parameter restated there needs no source."""
    faults = []
    for setting in settings:
        key, equals, text = setting.partition("=")
        path = tuple(part.strip() for part in key.split("."))
        if not equals or not all(path) or len(path) > MAX_DEPTH:
            shown = setting if len(setting) <= 200 else f"{setting[:200]}..."
            faults.append(Fault(SETTINGS, "", f"{shown!r} is not key.path=value"))
            continue
        stated = with_absolute_paths(flatten(nest({path: _value(text)})), Path.cwd())
        for stem in {leaf[:2] for leaf in stated if leaf[0] == "parameters" and len(leaf) > 2}:
            stated = {(*stem, "kind"): "judgement", (*stem, "rationale"): BY_HAND} | stated
        layer = lay_over(layer, nest(stated), SETTINGS)
    if faults:
        raise InvalidInput(faults)
    return layer


def _value(text: str) -> Any:
    """Read a value in TOML's notation; what is not TOML is a word written without quotes."""
    try:
        return parse_toml(f"value = {text}")["value"]
    except TomlError:
        return text.strip()


def _locator(layer: Layer, main: str) -> Locate:
    """Return a function that tells which file set a key, or else the key nearest above or below it."""
    below: dict[KeyPath, str] = {}
    for leaf, origin in layer.origins.items():
        for length in range(1, len(leaf) + 1):
            below.setdefault(leaf[:length], origin)

    def locate(path: KeyPath) -> str:
        if path in below:
            return below[path]
        above = (layer.origins.get(path[:length]) for length in range(len(path) - 1, 0, -1))
        return next((origin for origin in above if origin is not None), main)

    return locate
