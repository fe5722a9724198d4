"""The types of keys in words, from the JSON Schema of a table."""

from typing import Any

from docs.generate.markdown import code

Node = dict[str, Any]
PLAIN = {"integer": "integer", "number": "number", "string": "text", "boolean": "true or false"}
FORMATS = {"path": "path", "date": "date"}
LEAST = {"minimum": "from {}", "exclusiveMinimum": "above {}"}
MOST = {"maximum": "to {}", "exclusiveMaximum": "below {}"}


def type_words(node: Node) -> str:
    """Return what may be written for a key.

    Examples
    --------
    >>> type_words({"type": "integer", "minimum": 4, "maximum": 1024})
    'integer, from 4 to 1024'
    >>> type_words({"anyOf": [{"type": "array", "items": {"type": "number"}}, {"type": "null"}]})
    'list: number'
    """
    if alternatives := node.get("anyOf") or node.get("oneOf"):
        words = [type_words(part) for part in alternatives if part.get("type") != "null"]
        return "; or ".join(dict.fromkeys(words))
    if "const" in node or "enum" in node:
        return ", ".join(code(value) for value in node.get("enum", [node.get("const")]))
    if "$ref" in node:
        return "table"
    if node.get("type") == "array":
        return _list(node)
    if node.get("type") == "object":
        return _named(node)
    kind = FORMATS.get(node.get("format", "")) or PLAIN[node["type"]]
    return ", ".join([kind, *_bounds(node)])


def default_words(node: Node, required: bool) -> str:
    """Return what holds where a key is left out."""
    if required:
        return "required"
    value = node.get("default")
    if value in (None, {}, []):
        return ""
    if isinstance(value, bool):
        return code(str(value).lower())
    if isinstance(value, dict):
        return "its defaults"
    return code(
        f'"{value}"' if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else value
    )


def _list(node: Node) -> str:
    if fixed := node.get("prefixItems"):
        return f"list of {len(fixed)}: {type_words(fixed[0])}"
    return f"list: {type_words(node['items'])}"


def _named(node: Node) -> str:
    patterns = node.get("patternProperties") or {"": node["additionalProperties"]}
    (value,) = patterns.values()
    return f"table by name: {type_words(value)}"


def _bounds(node: Node) -> list[str]:
    stated = [
        words.format(_number(node[key]))
        for limits in (LEAST, MOST)
        for key, words in limits.items()
        if key in node
    ]
    return [" ".join(stated)] if stated else []


def _number(value: float) -> str:
    return f"{value:,}" if value >= 10_000 else f"{value:g}"
