"""Loading: a file or a dict, what it extends and what is laid over it make one validated scenario."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sim.faults import Fault, InvalidInput, nearest_name, refuse
from sim.input_file import MAX_DEPTH, TomlError, TomlTable, parse_toml, read_toml_table
from sim.scenario.check import faults_in
from sim.scenario.data_files import refuse_impossible_path, with_absolute_paths
from sim.scenario.overlays import KeyPath, Layer, Locate, flatten, lay_over, nest, side_by_side
from sim.scenario.schema import Scenario
from sim.scenario.shipped_files import extended_file, scenario_file
from sim.scenario.validation import validate

SETTINGS = "--set"
OVERRIDES = "overrides"
BY_HAND = {SETTINGS: "set on the command line", OVERRIDES: "set from Python"}
DICT = "dict"
NOTHING: Mapping[str, Any] = MappingProxyType({})
ScenarioInput = Path | Mapping[str, Any] | Scenario
"""A file or the name of a shipped scenario, a dict as a file holds it, or what has been loaded."""
MAX_BYTES = 8 * 2**20
MAX_CHAIN = 100
"""Files that extend each other, one above the other."""

MAX_FILES = 1000
"""Files that one scenario rests on."""


def read_layer(path: Path) -> Layer:
    """Read a file and all it extends into one layer.

    Raises
    ------
    InvalidInput
        If a file is missing, empty, too large or not TOML; if ``extends`` go in a circle or over too many
        files, two overlays set one key differently, or a ``remove`` is of what is not there.
    """
    return _Chain().layer(path, ())


def _table_layer(table: TomlTable, name: str) -> Layer:
    """Return what a table states and all it extends as one layer; `name` is what faults call it."""
    return _Chain().stated({**table}, Path(name), ())


class _Chain:
    """Files read on the way to one scenario; each is read once."""

    def __init__(self) -> None:
        self.layers: dict[Path, Layer] = {}
        self.lineage: dict[str, frozenset[str]] = {}

    def layer(self, path: Path, below: tuple[Path, ...]) -> Layer:
        """Return the layer of a file and all it extends.

        Parameters
        ----------
        path
            The file.
        below
            Files that lead to it, each extending the next.

        Returns
        -------
        Layer
            The layer, read once.
        """
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
            self.layers[real] = self.stated(read_toml(path), path, (*below, real))
        return self.layers[real]

    def stated(self, table: TomlTable, path: Path, below: tuple[Path, ...]) -> Layer:
        """Return the layer of a table and all it extends.

        Parameters
        ----------
        table
            What a file states, from which ``extends`` and ``remove`` are taken.
        path
            The file, as faults name it.
        below
            Files that lead to it, itself among them.

        Returns
        -------
        Layer
            The layer.
        """
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
        refuse(faults)
        self.lineage[file] = layer.ancestors
        return layer


def _without(layer: Layer, removals: list[str], file: str) -> tuple[Layer, list[Fault]]:
    """Take out what a file removes; what is not there to remove is a fault."""
    faults = []
    for key in removals:
        less = layer.without(tuple(key.split(".")))
        if less is None:
            names = {".".join(leaf[:length]) for leaf in layer.leaves for length in range(1, len(leaf) + 1)}
            faults.append(
                Fault(file, "remove", f"{key!r} is not there to remove", "", nearest_name(key, names))
            )
        else:
            layer = less
    return layer, faults


def read_toml(path: Path) -> TomlTable:
    """Read one TOML file.

    Raises
    ------
    InvalidInput
        If the file is missing (with the nearest name beside it), not a plain file, empty, larger than
        8 MiB, not UTF-8, not TOML (with line and column), or nested more than 64 deep.
    """
    table = read_toml_table(path, MAX_BYTES)
    if not table:
        allowed = f"keys {', '.join(Scenario.model_fields)}"
        raise InvalidInput([Fault(str(path), "", "the file is empty", allowed)])
    return table


def _names(value: object, file: str, key: str) -> list[str]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise InvalidInput([Fault(file, key, f"{value!r} is not a name", "a text, or a list of texts")])
    return names


def load(
    source: ScenarioInput, settings: Sequence[str] = (), overrides: Mapping[str, Any] = NOTHING
) -> Scenario:
    """Load, resolve and check a scenario.

    Parameters
    ----------
    source
        A TOML file, the name of a shipped scenario, a dict as such a file holds it, or a loaded scenario.
    settings
        Statements ``key.path=value`` laid over it; the value in TOML's notation, or else plain text.
    overrides
        Values laid over that, in nested dicts or by key path.

    Returns
    -------
    Scenario
        The scenario, with defaults filled in and paths of data files made absolute.

    Raises
    ------
    InvalidInput
        If the scenario is not valid; with every fault found in the source, in what it extends, and in what is
        laid over it.
    """
    return load_located(source, settings, overrides)[0]


def load_located(
    source: ScenarioInput, settings: Sequence[str] = (), overrides: Mapping[str, Any] = NOTHING
) -> tuple[Scenario, Locate]:
    """Load a scenario, and keep which file set each key.

    Parameters
    ----------
    source
        A TOML file, the name of a shipped scenario, a dict as such a file holds it, or a loaded scenario.
    settings
        Statements ``key.path=value`` laid over it.
    overrides
        Values laid over that, in nested dicts or by key path.

    Returns
    -------
    tuple
        The scenario, and a function that tells which file set a key.

    Raises
    ------
    InvalidInput
        If the scenario is not valid; with every fault, as for :func:`load`.
    """
    layer, main = _source_layer(source)
    layer = _with_settings(layer, settings)
    if overrides:
        from sim.scenario.dict_input import by_key_path  # here: a command states none

        layer = _laid_over(layer, nest(by_key_path(overrides)), OVERRIDES)
    locate = _locator(layer, main)
    result = validate(nest(layer.leaves), locate)
    faults = list(result.faults)
    if result.scenario is not None:
        faults += faults_in(result.scenario, result.broken, locate)
    if faults or result.scenario is None:
        raise InvalidInput(list(dict.fromkeys(faults)))
    return result.scenario, locate


def _source_layer(source: ScenarioInput) -> tuple[Layer, str]:
    """Return what a source states with a name, and what to call it in faults."""
    if isinstance(source, Path):
        refuse_impossible_path(str(source), "", "")
        path = scenario_file(source)
        layer, main, name = read_layer(path), str(path), path.stem
    elif isinstance(source, Scenario):
        layer, main, name = _table_layer(source.table, source.name), source.name, source.name
    else:
        from sim.scenario.dict_input import name_from, plain_table

        layer, main = _table_layer(plain_table(source, DICT), DICT), DICT
        name = name_from(layer.leaves.get(("title",)))
    if ("name",) not in layer.leaves:
        layer = lay_over(layer, {"name": name}, main)
    return layer, main


def _with_settings(layer: Layer, settings: Sequence[str]) -> Layer:
    """Lay ``--set`` statements over a layer."""
    faults = []
    for setting in settings:
        key, equals, text = setting.partition("=")
        path = tuple(part.strip() for part in key.split("."))
        if not equals or not all(path) or len(path) > MAX_DEPTH:
            shown = setting if len(setting) <= 200 else f"{setting[:200]}..."
            faults.append(Fault(SETTINGS, "", f"{shown!r} is not key.path=value"))
            continue
        layer = _laid_over(layer, nest({path: _value(text)}), SETTINGS)
    refuse(faults)
    return layer


def _laid_over(layer: Layer, table: TomlTable, by: str) -> Layer:
    """Lay statements of no file over a layer; a parameter or stream restated there needs no source."""
    stated = with_absolute_paths(flatten(table), Path.cwd())
    for stem in {leaf[:2] for leaf in stated if leaf[0] in ("parameters", "streams") and len(leaf) > 2}:
        kind = {(*stem, "kind"): "judgement"} if stem[0] == "parameters" else {}
        stated = {**kind, (*stem, "rationale"): BY_HAND[by]} | stated
    return lay_over(layer, nest(stated), by)


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
