"""Python literals inside a cell, read without running anything."""

import ast
from collections import Counter


class NotALiteralError(ValueError):
    """A cell does not hold the literal it should."""


def read_literal(text: str) -> object:
    """Return the value of a literal: mappings, tuples, lists, strings and numbers.

    Raises
    ------
    NotALiteralError
        If the text does not parse (with the character), holds a name, call or operation, or a mapping in it
        names one key twice, of which Python would silently keep the last.

    Examples
    --------
    >>> read_literal("{'a': ('1 commit', '2 ++')}")
    {'a': ('1 commit', '2 ++')}
    >>> read_literal("{'a': 1, 'a': 2}")
    Traceback (most recent call last):
    ...
    sim.evidence.source.literals.NotALiteralError: key 'a' is there twice (character 10)
    """
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError as error:
        raise NotALiteralError(f"does not parse: {error.msg} (character {error.offset})") from error
    except (ValueError, MemoryError, RecursionError) as error:
        raise NotALiteralError(f"does not parse: {error}") from error
    _refuse_repeated_keys(tree)
    try:
        value: object = ast.literal_eval(tree)
    except (ValueError, TypeError, RecursionError) as error:
        raise NotALiteralError("holds something other than plain values") from error
    return value


def _refuse_repeated_keys(tree: ast.Expression) -> None:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Dict):
            continue
        keys = [key for key in node.keys if isinstance(key, ast.Constant)]
        counts = Counter(key.value for key in keys)
        for place, key in enumerate(keys):
            if counts[key.value] > 1 and key.value in [other.value for other in keys[:place]]:
                raise NotALiteralError(f"key {key.value!r} is there twice (character {key.col_offset + 1})")
