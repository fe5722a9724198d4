"""The JSON Schema of scenario files, for editors that complete and check TOML.

A model's docstring states its keys once, in a numpydoc section *Parameters*; it is inherited as fields are.
"""

import inspect
import json
import re
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from sim.scenario.schema import Scenario

SchemaNode = dict[str, Any]
HEADING = re.compile(r"^(\w+)\n-{3,}\n", re.MULTILINE)

FILE_KEYS: SchemaNode = {
    "extends": {
        "description": "Files that this one starts from, relative to it, or names of shipped scenarios.",
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
    },
    "remove": {
        "description": "Key paths of the extended files to leave out, such as parameters.overhead.",
        "type": "array",
        "items": {"type": "string"},
    },
}


class _DescribingGenerator(GenerateJsonSchema):
    """The schema with every key's description, for editors to show."""

    def model_schema(self, schema: core_schema.ModelSchema) -> SchemaNode:
        """Return a table's schema."""
        node = super().model_schema(schema)
        node["description"] = table_description(schema["cls"])
        for key, description in key_descriptions(schema["cls"]).items():
            if key in node["properties"]:
                node["properties"][key]["description"] = description
        return node


def json_schema() -> SchemaNode:
    """Return the schema: a file with ``extends`` may leave anything out, any other must be whole."""
    whole = Scenario.model_json_schema(schema_generator=_DescribingGenerator)
    definitions = whole.pop("$defs")
    whole["properties"] |= FILE_KEYS
    whole["required"] = [key for key in whole["required"] if key != "name"]  # the file's own name by default

    def to_overlays(table: SchemaNode) -> SchemaNode:
        name = table.get("$ref", "").rsplit("/", 1)[-1]
        return {**table, "$ref": f"{table['$ref']}Overlay"} if name in definitions else table

    def overlay(node: SchemaNode) -> Any:
        return _changed(_changed(node, _relaxed), to_overlays)

    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Scenario of sim",
        "if": {"required": ["extends"]},
        "then": {"$ref": "#/$defs/overlay"},
        "else": {"$ref": "#/$defs/whole"},
        "$defs": {
            "whole": whole,
            "overlay": overlay(whole),
            **definitions,
            **{f"{name}Overlay": overlay(node) for name, node in definitions.items()},
        },
    }


def json_schema_text() -> str:
    """Return the schema as text, the same on every run."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _changed(node: Any, change: Callable[[SchemaNode], SchemaNode]) -> Any:
    """Return a schema with every table in it changed, the inner ones first."""
    if isinstance(node, list):
        return [_changed(part, change) for part in node]
    if not isinstance(node, dict):
        return node
    return change({key: _changed(part, change) for key, part in node.items()})


def _relaxed(table: SchemaNode) -> SchemaNode:
    """Drop what an overlay need not state: required keys, least sizes, and the one family of a parameter."""
    dropped = ("required", "minProperties", "discriminator")
    return {("anyOf" if key == "oneOf" else key): part for key, part in table.items() if key not in dropped}


def key_descriptions(model: type[BaseModel]) -> dict[str, str]:
    """Return the description of every described key of a model, in Markdown.

    Examples
    --------
    >>> from sim.scenario.fields import PriceIndex
    >>> key_descriptions(PriceIndex)["factor"]
    "Prices of the scenario's year over prices of the parameter's."
    """
    found: dict[str, str] = {}
    for base in reversed(model.__mro__):
        section = _sections(base).get("Parameters", "") if issubclass(base, BaseModel) else ""
        for entry in re.split(r"\n(?=\S)", section.strip("\n")):
            names, _, text = entry.partition("\n")
            found |= {name: _markdown(text) for name in names.split(", ") if name}
    return found


def table_description(model: type[BaseModel]) -> str:
    """Return what a model says of itself before its sections, a paragraph a line, in Markdown.

    Examples
    --------
    >>> from sim.scenario.fields import PriceIndex
    >>> table_description(PriceIndex)
    "The factor from a parameter's price year to the scenario's."
    """
    paragraphs = _sections(model)[""].strip().split("\n\n")
    return "\n".join(_markdown(paragraph) for paragraph in paragraphs)


def _sections(model: type) -> dict[str, str]:
    """Split a class's own docstring at its headings; what comes before the first is under an empty name."""
    before, *rest = HEADING.split(inspect.cleandoc(model.__doc__ or ""))
    return {"": before, **dict(zip(rest[::2], rest[1::2], strict=True))}


def _markdown(text: str) -> str:
    """Make one line, with one backtick where reStructuredText has two, or a role."""
    return re.sub(r":\w+:`([^`]*)`", r"`\1`", " ".join(text.split()).replace("``", "`"))
