"""Scenario files gone wrong: the shipped ones with bytes, lines, values and keys changed."""

import re
from collections.abc import Callable

import numpy as np

HOSTILE = (
    "nan", "inf", "-inf", "-0.0", "0", "-1", "1e309", "1e-320", "9" * 400, "0x10", "0b1", "true", '""', '" "',
    "[]", "[[]]", "{}", "{ a = 1 }", "1979-05-27", "07:32:00", "[1, 'a']", '"\\u0000"', '"\\uFFFF"', "5_0",
    '"../../etc"', '"__import__(\'os\')"', '"1 / 0"', '"salary ** salary"', '"a.b.c.d"', "'''\n'''", '"bcr"',
    '"' + "x" * 5000 + '"', '"' + "(" * 300 + '"', "[" * 200 + "]" * 200, '"lognormal"', '"USD"', "2.5e17",
    '"kg ** 0.5 / 0"',
)  # fmt: skip
VALUE = re.compile(r"(?<==)[^=\n]+$", re.MULTILINE)
KEY = re.compile(r"^\s*(?:\[+[\w.\s]+\]+|[\w.]+(?=\s*=))", re.MULTILINE)
Change = Callable[[str, np.random.Generator], bytes]


def flipped(text: str, rng: np.random.Generator) -> bytes:
    """Change one to eight bytes to any others."""
    content = bytearray(text.encode() or b"#")
    for place in rng.integers(len(content), size=rng.integers(1, 9)):
        content[place] = rng.integers(256)
    return bytes(content)


def bit_flipped(text: str, rng: np.random.Generator) -> bytes:
    """Flip one bit."""
    content = bytearray(text.encode() or b"#")
    content[rng.integers(len(content))] ^= 1 << int(rng.integers(8))
    return bytes(content)


def lines_changed(text: str, rng: np.random.Generator) -> bytes:
    """Delete, double or swap lines."""
    lines = text.splitlines() or [""]
    for _ in range(rng.integers(1, 4)):
        one, other = (int(place) for place in rng.integers(len(lines), size=2))
        match rng.integers(3):
            case 0:
                del lines[one]
            case 1:
                lines.insert(other, lines[one])
            case _:
                lines[one], lines[other] = lines[other], lines[one]
        lines = lines or [""]
    return "\n".join(lines).encode()


def truncated(text: str, rng: np.random.Generator) -> bytes:
    """Cut off the end, anywhere."""
    return text.encode()[: rng.integers(len(text) + 1)]


def value_replaced(text: str, rng: np.random.Generator) -> bytes:
    """Put a hostile value, or one from elsewhere in the file, where another stood."""
    values = list(VALUE.finditer(text))
    if not values:
        return text.encode()
    taken = values[rng.integers(len(values))]
    others = HOSTILE if rng.random() < 0.8 else [match.group() for match in values]
    return f"{text[: taken.start()]} {others[rng.integers(len(others))]}{text[taken.end() :]}".encode()


def key_renamed(text: str, rng: np.random.Generator) -> bytes:
    """Misspell a key or the name of a table: drop, double or change a character."""
    keys = list(KEY.finditer(text))
    if not keys:
        return text.encode()
    taken = keys[rng.integers(len(keys))]
    word = taken.group()
    place = int(rng.integers(len(word)))
    change = ("", 2 * word[place], "_", "x", ".", "é", '"')[rng.integers(7)]
    return f"{text[: taken.start()]}{word[:place]}{change}{word[place + 1 :]}{text[taken.end() :]}".encode()


CHANGES: tuple[Change, ...] = (flipped, bit_flipped, lines_changed, truncated, value_replaced, key_renamed)


def mutated(text: str, rng: np.random.Generator) -> bytes:
    """Return the file with one kind of change, sometimes on top of a second."""
    content = CHANGES[rng.integers(len(CHANGES))](text, rng)
    if rng.random() < 0.2:
        content = CHANGES[rng.integers(len(CHANGES))](content.decode("utf-8", "replace"), rng)
    return content
