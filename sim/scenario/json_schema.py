"""The JSON Schema of scenario files, for editors that complete and check TOML."""

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from sim.scenario.described_keys import key_descriptions, table_description
from sim.scenario.schema import Scenario

Node = dict[str, Any]

FILE_KEYS: Node = {
    "extends": {
        "description": "File or files whose statements this one starts from, relative to this file.",
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
    },
    "remove": {
        "description": "Key paths of the extended files to leave out, such as parameters.overhead.",
        "type": "array",
        "items": {"type": "string"},
    },
}


class Described(GenerateJsonSchema):
    """The schema with every key's description, for editors to show."""

    def model_schema(self, schema: core_schema.ModelSchema) -> Node:
        """Return a table's schema."""
        node = super().model_schema(schema)
        node["description"] = table_description(schema["cls"])
        for key, description in key_descriptions(schema["cls"]).items():
            if key in node["properties"]:
                node["properties"][key]["description"] = description
        return node


def json_schema() -> Node:
    """Return the schema: a file with ``extends`` may leave anything out, any other must be whole."""
    whole = Scenario.model_json_schema(schema_generator=Described)
    definitions = whole.pop("$defs")
    whole["properties"] |= FILE_KEYS
    whole["required"] = [key for key in whole["required"] if key != "name"]  # the file's own name by default
    overlay = _relaxed(whole)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Scenario of sim",
        "if": {"required": ["extends"]},
        "then": {"$ref": "#/$defs/overlay"},
        "else": {"$ref": "#/$defs/whole"},
        "$defs": {
            "whole": whole,
            "overlay": _pointing_to_overlays(overlay, definitions),
            **definitions,
            **{f"{name}Overlay": _pointing_to_overlays(_relaxed(node), definitions)
               for name, node in definitions.items()},
        },
    }  # fmt: skip


def json_schema_text() -> str:
    """Return the schema as text, the same on every run."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _relaxed(node: Any) -> Any:
    """Drop what an overlay need not state: required keys, least sizes, and the one family of a parameter."""
    if isinstance(node, list):
        return [_relaxed(part) for part in node]
    if not isinstance(node, dict):
        return node
    dropped = ("required", "minProperties", "discriminator")
    return {
        ("anyOf" if key == "oneOf" else key): _relaxed(part)
        for key, part in node.items()
        if key not in dropped
    }


def _pointing_to_overlays(node: Any, definitions: Node) -> Any:
    if isinstance(node, list):
        return [_pointing_to_overlays(part, definitions) for part in node]
    if not isinstance(node, dict):
        return node
    return {
        key: f"{part}Overlay" if key == "$ref" and part.rsplit("/", 1)[-1] in definitions
        else _pointing_to_overlays(part, definitions)
        for key, part in node.items()
    }  # fmt: skip
