"""From a file, what it extends, and settings on the command line, to one validated scenario."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sim.faults import Fault, InvalidInput, nearest_name
from sim.input_file import MAX_DEPTH, TomlError, parse_toml, read_input, text_of
from sim.scenario.check import faults_in
from sim.scenario.data_files import with_files
from sim.scenario.merge import KeyPath, Layer, Locate, Table, flatten, lay_over, nest, remove, side_by_side
from sim.scenario.schema import Scenario
from sim.scenario.shipped import extended_file, scenario_file
from sim.scenario.validation import validate

MAX_BYTES = 8 * 2**20
MAX_CHAIN = 100
"""Files that extend each other, one above the other."""

MAX_FILES = 1000
"""Files that one scenario rests on."""
MAX_NAME, MAX_PATH = 255, 4096
"""Bytes that file systems take in a name, and in a path."""


def read_layer(path: Path) -> Layer:
    """Read a file and all it extends into one layer.

    Raises
    ------
    InvalidInput
        For a file that is missing, empty, too large or not TOML; for ``extends`` that go in a circle or over
        too many files, two overlays that set one key differently, and a ``remove`` of what is not there.
    """
    return _Chain().layer(path, ())


class _Chain:
    """Files read on the way to one scenario; each is read once."""

    def __init__(self) -> None:
        self.layers: dict[Path, Layer] = {}
        self.lineage: dict[str, frozenset[str]] = {}

    def layer(self, path: Path, below: tuple[Path, ...]) -> Layer:
        try:
            real = path.resolve()
        except (OSError, ValueError, RuntimeError):  # links in a circle, a null byte
            real = path.absolute()
        if real in below:
            circle = " -> ".join(part.name for part in (*below[below.index(real) :], real))
            raise InvalidInput([Fault(str(below[-1].name), "extends", f"goes in a circle: {circle}")])
        if len(below) >= MAX_CHAIN or len(self.layers) + len(below) >= MAX_FILES:
            limits = f"at most {MAX_CHAIN} files one above the other, {MAX_FILES:,} in all"
            raise InvalidInput([Fault(str(path), "extends", "the chain of files is too long", limits)])
        if real not in self.layers:
            self.layers[real] = self._read(path, (*below, real))
        return self.layers[real]

    def _read(self, path: Path, below: tuple[Path, ...]) -> Layer:
        table = read_toml(path)
        file = str(path)
        extends = _names(table.pop("extends", []), file, "extends")
        removals = _names(table.pop("remove", []), file, "remove")
        for name in extends:
            refuse_impossible_path(name, file, "extends")
        parents = [self.layer(extended_file(name, path), below) for name in extends]
        stated = with_absolute_paths(flatten(table), path.parent)
        base, conflicts = side_by_side(parents, self.lineage)
        base, faults = _without(base, removals, file)
        layer = lay_over(base, nest(stated), file)
        faults += [
            fault for key, fault in conflicts.items() if layer.origins.get(key) == base.origins.get(key)
        ]
        if faults:
            raise InvalidInput(faults)
        self.lineage[file] = layer.ancestors
        return layer


def _without(layer: Layer, removals: list[str], file: str) -> tuple[Layer, list[Fault]]:
    """Take out what a file removes; what is not there to remove is a fault."""
    faults = []
    for key in removals:
        less = remove(layer, tuple(key.split(".")))
        if less is None:
            names = {".".join(leaf[:length]) for leaf in layer.leaves for length in range(1, len(leaf) + 1)}
            faults.append(
                Fault(file, "remove", f"{key!r} is not there to remove", "", nearest_name(key, names))
            )
        else:
            layer = less
    return layer, faults


def read_toml(path: Path) -> Table:
    """Read one TOML file.

    Raises
    ------
    InvalidInput
        If the file is missing (with the nearest name beside it), not a plain file, empty, larger than
        8 MiB, not UTF-8, not TOML (with line and column), or nested more than 64 deep.
    """
    content = read_input(path, "a TOML file", MAX_BYTES)
    try:
        table = parse_toml(text_of(content))
    except TomlError as error:
        problem = Fault(str(path), error.place, f"not TOML: {error.problem}", error.instead)
    except ValueError as error:
        problem = Fault(str(path), "", str(error), "UTF-8 text")
    else:
        if table:
            return table
        problem = Fault(str(path), "", "the file is empty", f"keys {', '.join(Scenario.model_fields)}")
    raise InvalidInput([problem])


def _names(value: object, file: str, key: str) -> list[str]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise InvalidInput([Fault(file, key, f"{value!r} is not a name", "a text, or a list of texts")])
    return names


def with_absolute_paths(stated: dict[KeyPath, Any], folder: Path) -> dict[KeyPath, Any]:
    """Make paths of data files independent of the folder they are stated in.

    Parameters
    ----------
    stated, folder
        Value by key path; the folder that relative paths start from.

    Returns
    -------
    dict
        Value by key path; only paths of data files differ.

    Raises
    ------
    InvalidInput
        If one is no path that a file can have.
    """

    def absolute(key: KeyPath, text: str) -> str:
        refuse_impossible_path(text, str(folder), ".".join(key))
        return str((folder / text).resolve()) if text else text

    def replaced(key: KeyPath, value: Any) -> Any:
        if key == ("evidence", "periods"):
            return absolute(key, value) if isinstance(value, str) else value
        if key[0] != "parameters" or len(key) < 3:
            return value
        return with_files({key[-1]: value}, lambda text: absolute(key, text))[key[-1]]

    return {key: replaced(key, value) for key, value in stated.items()}


def refuse_impossible_path(text: str, file: str, key: str) -> None:
    """Refuse a text that no file system takes as a path.

    Parameters
    ----------
    text
        The path.
    file, key
        Where it is stated.

    Raises
    ------
    InvalidInput
        For a null character, or a name or path that is too long.
    """
    shown = repr(text if len(text) <= 60 else f"{text[:57]}...")
    parts = text.encode("utf-8", "surrogateescape").split(b"/")
    if "\0" in text or max(map(len, parts)) > MAX_NAME or sum(map(len, parts)) + len(parts) > MAX_PATH // 2:
        allowed = f"no null character, names of up to {MAX_NAME} bytes, {MAX_PATH // 2:,} bytes in all"
        raise InvalidInput([Fault(file, key, f"{shown} cannot be the path of a file", allowed)])


SETTINGS = "--set"
BY_HAND = "set on the command line"


class LocatedScenario(NamedTuple):
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


def load_located(path: Path, settings: Sequence[str] = ()) -> LocatedScenario:
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
    return LocatedScenario(result.scenario, locate)


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
