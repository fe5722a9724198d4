"""The schema's objects made of nested tables, with what is wrong said by key path."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from types import UnionType
from typing import Annotated, Any, TypeAliasType, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sim.distributions.selection import FAMILIES, ModelByDistribution
from sim.faults import Fault, nearest_name
from sim.input_file import TomlTable
from sim.scenario.overlays import KeyPath, Locate
from sim.scenario.schema import Scenario
from sim.scenario.streams import FORMS

ENTRIES = ("parameters", "choices", "outcomes", "correlations", "streams")
LAW = "law"
"""Field of a stream that is no key of the file: its law's keys stand beside its own."""
STATING = {*FORMS, "by"}
"""Keys that say what an entry is: what has none of them was not meant to be a new one."""
type Location = tuple[int | str, ...]
"""Where pydantic found a fault: keys and places, words that selected a model, and marks of its own."""
PLACEHOLDERS: TomlTable = {"title": "?", "name": "unnamed", "seed": 0}


@dataclass(frozen=True)
class Validation:
    """What the schema made of a file.

    Parameters
    ----------
    scenario
        The scenario without its broken entries; ``None`` where nothing whole was left.
    broken
        Key paths of sections and entries left out.
    faults
        Everything that the schema refused.
    """

    scenario: Scenario | None
    broken: frozenset[KeyPath]
    faults: tuple[Fault, ...]


def validate(table: TomlTable, locate: Locate) -> Validation:
    """Validate a resolved file; entries that fail are left out, so that the rest can be checked too.

    Parameters
    ----------
    table
        The resolved file: sections and entries, nested.
    locate
        Gives the file that set a key.

    Returns
    -------
    Validated
        The scenario, the key paths left out, and what was refused.
    """
    try:
        return Validation(Scenario.model_validate(table), frozenset(), ())
    except ValidationError as error:
        details = error.errors(include_url=False)
    found = [_fault(detail, locate, table) for detail in details]
    faults = tuple(_merged(found, [detail["type"] for detail in details]))
    broken = frozenset(_entry(detail["loc"]) for detail in details)
    try:
        rest = Scenario.model_validate(PLACEHOLDERS | _without(table, broken))
    except ValidationError:
        return Validation(None, broken, faults)
    return Validation(rest, broken, faults)


def _entry(location: Location) -> KeyPath:
    return tuple(str(part) for part in location[: 2 if location[0] in ENTRIES else 1])


def _without(table: TomlTable, broken: Iterable[KeyPath]) -> TomlTable:
    rest: TomlTable = {}
    for key, value in table.items():
        if (key,) in broken:
            continue
        if isinstance(value, dict) and key in ENTRIES:
            rest[key] = {name: entry for name, entry in value.items() if (key, name) not in broken}
        elif isinstance(value, list) and key in ENTRIES:
            rest[key] = [entry for place, entry in enumerate(value) if (key, str(place)) not in broken]
        else:
            rest[key] = value
    return rest


def _fault(detail: ErrorDetails, locate: Locate, table: TomlTable) -> Fault:
    path = _key_path(detail, table)
    key, allowed, nearest = ".".join(path), "", ""
    context = detail.get("ctx", {})
    match detail["type"]:
        case "extra_forbidden":
            problem = f"unknown key {path[-1]!r}"
            valid = _allowed_keys(detail["loc"][:-1])
            allowed, nearest = ", ".join(valid), nearest_name(path[-1], valid)
        case "union_tag_invalid":
            valid, tag = _families_at(detail["loc"]), str(context["tag"])
            key = f"{key}.distribution"
            problem, allowed = f"unknown family {tag!r}", ", ".join(valid)
            nearest = nearest_name(tag, valid)
            if tag in FAMILIES:
                problem, nearest = f"a {tag} cannot stand inside another family", ""
        case "union_tag_not_found":
            problem, allowed = "no distribution stated", ", ".join(_families_at(detail["loc"]))
            nearest = _misspelt(path, table)
        case "missing":
            problem = "missing"
        case "literal_error":
            problem, allowed = f"{detail['input']!r} is not one of its values", context["expected"]
            nearest = nearest_name(
                str(detail["input"]), allowed.replace("'", "").replace(" or ", ", ").split(", ")
            )
        case "value_error":
            problem = str(context["error"])
            nearest = _misspelt(path, table)
            path = _with_key_named(path, problem, detail)
            key = ".".join(path)
        case _:
            problem, allowed = _in_words(detail)
    return Fault(locate(path), key, problem, allowed, nearest)


def _misspelt(path: KeyPath, table: TomlTable) -> str:
    """Return the entry that one without a form of its own may have been meant to edit."""
    if len(path) != 2 or not isinstance(table[path[0]], dict):
        return ""
    forms = {name: set(entry) & STATING for name, entry in table[path[0]].items() if isinstance(entry, dict)}
    near = nearest_name(path[1], [name for name in forms if forms[name]]) if not forms.get(path[1]) else ""
    return f"{path[0]}.{near}" if near else ""


def _with_key_named(path: KeyPath, problem: str, detail: ErrorDetails) -> KeyPath:
    """Extend a path to the key that a message about a whole table starts with."""
    first = problem.split(" ", 1)[0]
    table = detail["input"]
    return (*path, first) if isinstance(table, dict) and first in table else path


KINDS = {
    "tuple_type": ("a list", "values in brackets, such as [1, 2]"),
    "dict_type": ("a table", "keys, each with its value"),
    "model_type": ("a table", "keys, each with its value"),
    "model_attributes_type": ("a table", "keys, each with its value"),
    "float_type": ("a number", ""),
    "float_parsing": ("a number", ""),
    "int_type": ("a whole number", ""),
    "int_parsing": ("a whole number", ""),
    "int_from_float": ("a whole number", ""),
    "string_type": ("text", ""),
    "bool_type": ("true or false", ""),
    "bool_parsing": ("true or false", ""),
    "finite_number": ("a finite number", ""),
}
"""What a value is not, and what that looks like, by pydantic's type of error."""
LIMITS = {
    "greater_than": ("too small", "above", "gt"),
    "greater_than_equal": ("too small", "at least", "ge"),
    "less_than": ("too large", "below", "lt"),
    "less_than_equal": ("too large", "at most", "le"),
    "too_short": ("too short", "values, at least", "min_length"),
    "too_long": ("too long", "values, at most", "max_length"),
    "string_too_long": ("too long", "characters, at most", "max_length"),
}
"""What a value is, what is allowed, and pydantic's name of the limit, by its type of error."""


def _in_words(detail: ErrorDetails) -> tuple[str, str]:
    """Return what is wrong with a value, and what is allowed, in words of the file and not of the library."""
    kind, given, context = detail["type"], repr(detail["input"]), detail.get("ctx", {})
    shown = given if len(given) <= 60 else given[:57] + "..."
    if kind in KINDS:
        wanted, looks = KINDS[kind]
        return f"{shown} is not {wanted}", looks
    if kind in LIMITS:
        fault, limit, name = LIMITS[kind]
        return f"{shown} is {fault}", f"{limit} {context[name]:,.12g}"
    if kind == "string_pattern_mismatch" and detail["loc"][-1] == "[key]":
        return f"{shown} is no name", "letters, digits and _, a letter first"
    message = detail["msg"]
    return f"{message[0].lower()}{message[1:]}; given: {shown}", ""


def _merged(faults: Sequence[Fault], kinds: Sequence[str]) -> Iterator[Fault]:
    """Yield faults, one for each value: pydantic says of each alternative what a value is not.

    Where something inside a value is at fault, that alone is yielded: not that it is no list either, or one
    without whole items.
    """
    paths = [each.key.split(".") for each in faults]
    above = {".".join(path[:n]) for path in paths for n in range(1, len(path))}
    for key, found in groupby(zip(faults, kinds, strict=True), lambda pair: pair[0].key):
        pairs = [pair for pair in found if key not in above or pair[1] not in (*KINDS, "too_short")]
        wanted = [KINDS[kind][0] for _, kind in pairs if kind in KINDS]
        if len(wanted) > 1:
            first, *others = wanted
            fault = next(fault for fault, kind in pairs if kind in KINDS)
            allowed = f"{first} or {' or '.join(others)}"
            yield replace(fault, problem=f"{fault.problem}, nor {' or '.join(others)}", allowed=allowed)
        yield from (fault for fault, kind in pairs if kind not in KINDS or len(wanted) == 1)


def _key_path(detail: ErrorDetails, table: TomlTable) -> KeyPath:
    """Return the keys of the file alone: pydantic puts tags of unions and the mark of a key between them."""
    found: list[str] = []
    value: Any = table
    for place, part in enumerate(detail["loc"]):
        in_list = isinstance(value, list | tuple) and isinstance(part, int) and part < len(value)
        if in_list or (isinstance(value, dict) and part in value):
            value = value[part]
        elif detail["type"] != "missing" or place < len(detail["loc"]) - 1:
            continue
        found.append(str(part))
    return tuple(found)


def _allowed_keys(location: Location) -> list[str]:
    """Return the keys that may stand in the table at a location as pydantic names it."""
    models = [each for each in _parts(_type_at(location)) if isinstance(each, type)]
    fields = next((each.model_fields for each in models if issubclass(each, BaseModel)), {})
    return [key for key in fields if key != LAW]


def _families_at(location: Location) -> list[str]:
    """Return the families that may stand at a location: any as a parameter, fewer inside another family."""
    marks = (each for each in _parts(_type_at(location)) if isinstance(each, ModelByDistribution))
    return [word for each in marks for word in each.words()]


def _type_at(location: Location) -> object:
    stated: object = Scenario
    for part in location:
        stated = _type_below(stated, part)
    return stated


def _type_below(stated: object, part: int | str) -> object:
    """Return the type at a key or place, or the model that a word selects; where there is none, the same."""
    for each in _parts(stated):
        if isinstance(each, ModelByDistribution) and str(part) in each.words():
            return each.model_of(str(part))
        if isinstance(each, type) and issubclass(each, BaseModel) and part in each.model_fields:
            return each.model_fields[str(part)].annotation
        if get_origin(each) in (dict, Mapping, tuple):
            return get_args(each)[0 if get_origin(each) is tuple else 1]
    return stated


def _parts(stated: object) -> Iterator[object]:
    """Yield what a type is any of, and the marks on it."""
    if isinstance(stated, TypeAliasType):
        yield from _parts(stated.__value__)
    elif get_origin(stated) in (Annotated, Union, UnionType):
        for each in get_args(stated):
            yield from _parts(each)
    else:
        yield stated
