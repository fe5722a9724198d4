"""What an overlay changes, read off its own statements and what they are laid over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.digits import stated_number
from sim.distributions.words import law_words
from sim.formulas import FormulaError, parse
from sim.input_file import short_name
from sim.scenario.data_files import PERIOD_FILES
from sim.scenario.ledger import DESCRIPTIVE
from sim.scenario.load import read_layer, read_toml
from sim.scenario.overlays import KeyPath, Layer, flatten, nest
from sim.scenario.shipped_files import extended_file
from sim.scenario.streams import Horizon
from sim.scenario.titles import horizon_words

ENTRIES = ("parameters", "choices", "streams", "outcomes")
MAX_NAMES = 4


@dataclass(frozen=True)
class Change:
    """One thing an overlay changes.

    Parameters
    ----------
    key
        Key path of the parameter, choice, stream or outcome, or of the single key.
    before
        What it was, in words; empty where it is new.
    after
        What it becomes, in words; empty where it is removed.

    Examples
    --------
    >>> print(Change("evidence.lines", "capped", "corrected"))
    evidence.lines: capped -> corrected
    >>> print(Change("parameters.load", "", "constant 2"))
    parameters.load: new, constant 2
    """

    key: str
    before: str
    after: str

    def __str__(self) -> str:
        if not self.before:
            return f"{self.key}: new, {self.after}"
        return f"{self.key}: {self.before} -> {self.after}" if self.after else f"{self.key}: removed"


@dataclass(frozen=True)
class Overlay:
    """A file and what it changes.

    Parameters
    ----------
    extends
        Files it is laid over, as it names them; none for a whole scenario.
    changes
        Removals first, then in the order of the file. Titles, sources and reasons are not changes.
    """

    extends: tuple[str, ...]
    changes: tuple[Change, ...]


def read_overlay(path: Path) -> Overlay:
    """Read what an overlay changes.

    Parameters
    ----------
    path
        A scenario file; one that extends nothing changes nothing.

    Raises
    ------
    InvalidInput
        If the file cannot be read, as :func:`sim.scenario.load.read_layer` says.
    """
    whole = read_layer(path)
    table = read_toml(path)
    extends = _list(table.pop("extends", []))
    removed = [tuple(key.split(".")) for key in _list(table.pop("remove", []))]
    if not extends:
        return Overlay((), ())
    bases = [read_layer(extended_file(name, path)) for name in extends]
    stems = dict.fromkeys([_stem(key) for key in (*removed, *flatten(table)) if key[-1] not in DESCRIPTIVE])
    changes = [_change(stem, bases, whole) for stem in stems]
    return Overlay(tuple(extends), tuple(change for change in changes if change.before != change.after))


def _list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _stem(path: KeyPath) -> KeyPath:
    return path[:1] if path[0] == "horizon" else path[:2] if path[0] in ENTRIES else path


def _change(stem: KeyPath, bases: Sequence[Layer], whole: Layer) -> Change:
    befores = [entry for base in bases if (entry := _entry(base, stem))]
    after = _entry(whole, stem)
    key = ".".join(stem)
    if stem[0] == "outcomes" and befores and after:
        return _formulas_change(key, befores[0], after)
    if befores and all(before.get(("unit",)) == after.get(("unit",)) for before in befores):
        befores = [_without_unit(before) for before in befores]
        after = _without_unit(after)
    words = dict.fromkeys(_words(stem, before) for before in befores)
    return Change(key, " or ".join(words), _words(stem, after) if after else "")


def _without_unit(entry: Mapping[KeyPath, object]) -> dict[KeyPath, object]:
    return {path: value for path, value in entry.items() if path != ("unit",)}


def _entry(layer: Layer, stem: KeyPath) -> dict[KeyPath, object]:
    """Return the leaves at a stem and below it, by the rest of their path, without what is only told."""
    return {
        path[len(stem) :]: value
        for path, value in layer.leaves.items()
        if path[: len(stem)] == stem and (path == stem or path[-1] not in DESCRIPTIVE)
    }


def _words(stem: KeyPath, entry: Mapping[KeyPath, object]) -> str:
    if () in entry:
        value = entry[()]
        is_file = stem[0] == "evidence" and stem[-1] in PERIOD_FILES
        return short_name(str(value)) if is_file else value_words(value) or "none"
    table = nest(entry)
    if stem[0] == "parameters":
        unit = table.get("unit", "1")
        return law_words(table) + (f", in {unit}" if unit != "1" else "")
    if stem[0] == "choices":
        weights = {name: weight for name, weight in table.items() if weight}
        return value_words(weights) if len(weights) > 1 else f"{next(iter(weights), 'none')} alone"
    if stem[0] == "horizon":
        return horizon_words(Horizon.model_validate(table))
    if stem[0] == "streams" and isinstance(values := table.get("values"), Mapping):
        table["values"] = f"of {len(values)} years, {min(values)} to {max(values)}"
    return value_words(table)


def _formulas_change(key: str, before: Mapping[KeyPath, object], after: Mapping[KeyPath, object]) -> Change:
    """Tell a change of one key in full, and of several formulas by the names they read anew or no longer."""
    differing = [path for path in {**before, **after} if before.get(path) != after.get(path)]
    if not differing:
        return Change(key, "", "")
    if ("formula",) in after and ("formula",) not in before:
        return Change(key, f"by {before.get(('by',), 'none')}", value_words(after[("formula",)]))
    if len(differing) == 1:
        path = differing[0]
        old, new = (value_words(entry.get(path, "none")) for entry in (before, after))
        return Change(".".join((key, *path)), old, new)
    reads = [{name for path in differing for name in _names(entry.get(path))} for entry in (before, after)]
    parts = [
        f"{words} {_some(sorted(names))}"
        for words, names in (("also read", reads[1] - reads[0]), ("no longer read", reads[0] - reads[1]))
        if names
    ]
    return Change(key, f"{len(differing)} formulas", "; ".join(parts) or "the same names, put otherwise")


def _some(names: Sequence[str]) -> str:
    if len(names) <= MAX_NAMES:
        return ", ".join(names)
    return f"{', '.join(names[: MAX_NAMES - 1])} and {len(names) - MAX_NAMES + 1} more"


def _names(formula: object) -> tuple[str, ...]:
    try:
        return parse(str(formula)).names if formula is not None else ()
    except FormulaError:
        return ()


def value_words(value: object) -> str:
    """Return any value of a scenario file in words: tables as ``key value``, lists in order.

    Examples
    --------
    >>> value_words({"a": 1, "b": [2.5, 3]}), value_words(True), value_words("capped")
    ('a 1, b [2.5, 3]', 'true', 'capped')
    """
    match value:
        case bool():
            return str(value).lower()
        case int():
            return f"{value:,}"
        case float():
            return stated_number(value)
        case Mapping():
            return ", ".join(f"{key} {_within(part)}" for key, part in value.items())
        case list() | tuple():
            return f"[{', '.join(map(_within, value))}]"
        case _:
            return str(value)


def _within(value: object) -> str:
    return f"({value_words(value)})" if isinstance(value, Mapping) else value_words(value)
