"""What is wrong in a text that is not TOML: the line, in words, and what to type there instead.

The parser says where it stopped. What people type there is of a few kinds (a comma in a number, a quote left
out), so each kind is tried in turn at that place, and the first that lets the parser go on is named.
"""

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import methodcaller
from typing import NamedTuple

MAX_SHOWN = 100
MAX_TEXT, MAX_LINE = 2**18, 2000
"""Length of the longest text, and line in it, that kinds are tried on: each takes a reading of all of it."""

PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
TWICE = ("Cannot overwrite", "Cannot declare", "Cannot mutate", "Cannot redefine")
"""How messages of the parser begin about a key or table that is stated twice."""
NO_VALUE = re.compile(r"=\s*(?:#.*)?$")
UNCLOSED = ("Unclosed array", "Unclosed inline table", "Unterminated string")
TABLE = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]")
STATEMENT = re.compile(r"\s*([\w.\s\"'-]+?)\s*=")

COMMA = "a number has a point and no commas"
UNDERSCORE = "_ stands between two digits only"
SUFFIX = "a number has no suffix"
INNER = "a text stands between quotes of the kind that is not in it"
TABLE_NAME = "a table's name stands between [ and ]"
QUOTES = "a text stands between two straight quotes"
JOINED = "a key and its value are joined by one ="
UNIT = 'a value is a number; its unit stands in a key of its own, such as unit = "USD"'
ESCAPE = "a backslash between double quotes begins an escape; paths are written with /"
POWERS = {"k": 3, "m": 6, "mn": 6, "million": 6, "bn": 9, "b": 9, "billion": 9, "t": 12, "trillion": 12}
GAP = "['’ \u00a0\u2007\u2009\u202f]"
START, END = r"(?<![\w.,])", r"(?!\w|[.,]\d)"
AFTER = r"(?=\s*(?:[,}\]#]|$))"
"""What comes after a value."""


class Diagnosis(NamedTuple):
    """Where a text stops being TOML, and why.

    Parameters
    ----------
    place
        The line, and the column where the line does not say enough.
    problem
        Why it cannot be read.
    instead
        What to type there, where that is known; else empty.
    """

    place: str
    problem: str
    instead: str


@dataclass(frozen=True)
class Slip:
    """Something that people type in place of TOML.

    Parameters
    ----------
    pattern
        What it looks like in a line, as a regular expression.
    words
        What is wrong with it.
    instead
        What to type in its place: made of a match, or a template for its groups.
    """

    pattern: str
    words: str
    instead: Callable[[re.Match[str]], str] | str


def _number(text: str) -> str:
    """Return a number as TOML has it, from one with gaps, commas, or points for thousands."""
    plain = re.sub(GAP, "", text)
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", plain):
        return plain.replace(",", "")
    if re.fullmatch(r"\d{1,3}(\.\d{3})+,\d+|\d{1,3}(\.\d{3}){2,}", plain):
        plain = plain.replace(".", "")
    return plain.replace(",", ".")


def _plain(match: re.Match[str]) -> str:
    return _number(match[0])


def _share(match: re.Match[str]) -> str:
    return f"{Decimal(_number(match[1])) / 100:f}"


def _raised(match: re.Match[str]) -> str:
    return f"{Decimal(_number(match[1])).scaleb(POWERS[match[2].lower()]):f}"


KINDS = (
    Slip(rf"{START}(\d+(?:[.,]\d+)?)\s*(?:%|percent\b|per cent\b)", "a share is written as a number", _share),
    Slip(rf"{START}\d{{1,3}}(?:{GAP}\d{{3}})+(?:[.,]\d+)?{END}", "a number has no gaps", _plain),
    Slip(rf"{START}\d[\d.]*(?:,\d+)+(?:\.\d+)?(?:[eE][+-]?\d+)?{END}", COMMA, _plain),
    Slip(rf"{START}\d{{1,3}}(?:\.\d{{3}}){{2,}}{END}", "a number has one point", _plain),
    Slip(r"[\u00a0\u2007\u2009\u202f\u3000]+", "a space that is no plain one", lambda m: " " * len(m[0])),
    Slip(r"[\u200b\u2060\ufeff]+", "a character that is not seen", ""),
    Slip(r"[“”„«»]([^“”„«»\"]*)[“”«»\"]", QUOTES, r'"\1"'),
    Slip(r"[‘’‚`]([^‘’`']*)[‘’`']", QUOTES, r'"\1"'),
    Slip(r"(?<![\w.])[\d_]*\d_[\w.+-]*", UNDERSCORE, lambda m: m[0].replace("_", "")),
    Slip(r"(?<![\w.])_(\d[\d_]*)", UNDERSCORE, r"\1"),
    Slip(r"(?<![\w.])\.(\d+)", "a digit stands before the point", r"0.\1"),
    Slip(r"(?<![\w.])(\d+)\.(?!\d)", "a digit stands behind the point", r"\1.0"),
    Slip(r"(?<![\w.])0+(\d+(?:\.\d+)?)(?![\w.])", "a number has no leading zeros", r"\1"),
    Slip(rf"{START}(\d+(?:[.,]\d+)?)\s*(?i:({'|'.join(POWERS)})){AFTER}", SUFFIX, _raised),
    Slip(rf"[$€£¥]\s*(\d[\d.,]*)(?:\s*[A-Z]{{3}})?{AFTER}", UNIT, lambda m: _number(m[1])),
    Slip(rf"(?<![\w.])(\d[\d.e+]*)\s*[A-Za-z$€£¥][\w/ *]*?{AFTER}", UNIT, r"\1"),
    Slip(r'"([^"]*\\[^"]*)"', ESCAPE, lambda m: f'"{m[1]}"'.replace("\\", "/")),
    Slip(r"^(.*=\s*(?i:none|null|nil|n/?a|-))\s*$", "there is no empty value: the key is left out", r"# \1"),
    Slip(rf"=\s*(?i:(true|false)){AFTER}", "true and false are written small", lambda m: f"= {m[1].lower()}"),
    Slip(r"=\s*\(([^()]*)\)", "a list stands between [ and ]", r"= [\1]"),
    Slip(r"=\s*([-+\w.\"']+(?:\s*,\s*[-+\w.\"']+)+)\s*$", "a list stands between [ and ]", r"= [\1]"),
    Slip(r'=\s*("[^"]*)$', QUOTES, r'= \1"'),
    Slip(r"=\s*('[^']*)$", QUOTES, r"= \1'"),
    Slip(r"""=\s*([^"'\s=\[{][^"']*)["']\s*$""", QUOTES, r'= "\1"'),
    Slip(r"""=\s*"(.*"[^']*)"\s*$""", INNER, r"= '\1'"),
    Slip(r"""=\s*'(.*'[^"]*)'\s*$""", INNER, r'= "\1"'),
    Slip(rf"=\s*([A-Za-z][\w .:/()+*-]*?){AFTER}", QUOTES, r'= "\1"'),
    Slip(r"={2,}|:=|＝", JOINED, "="),
    Slip(r"^(\s*[\w.-]+)\s*:\s*", JOINED, r"\1 = "),
    Slip(r"^(\s*[\w.-]+)\s+(?=[\d\"'\[{+-])", JOINED, r"\1 = "),
    Slip(r"^(\s*)([^\s=\"'\[\].#]+)(?=\s*=)", "letters other than a to z stand between quotes", r'\1"\2"'),
    Slip(r"^\s*(\[+[^\[\]]+)\s*$", TABLE_NAME, lambda m: m[1] + "]" * m[1].count("[")),
    Slip(r"^\s*([\w.]+\])\s*$", TABLE_NAME, r"[\1"),
    Slip(r"(?:;|//|--|%)\s*(.*)$", "a remark begins with #", r"# \1"),
)  # fmt: skip
"""Slips in the order in which they are tried."""


def diagnosis(text: str, message: str) -> Diagnosis:
    r"""Return what is wrong with a whole text that the parser refused.

    Parameters
    ----------
    text
        The document.
    message
        The parser's message, with its line and column.

    Returns
    -------
    Diagnosis
        The place, the problem and the cure.

    Examples
    --------
    >>> tuple(diagnosis("a = 1\nb = 18,5\n", "Expected newline (at line 2, column 7)"))
    ('line 2', "'b = 18,5': a number has a point and no commas", 'b = 18.5')
    """
    lines = text.replace("\r\n", "\n").split("\n")
    found, reason = PLACE.search(message), PLACE.sub("", message)
    if found is None:  # not the parser's, but Python's: a number of thousands of digits
        return Diagnosis("", "a number has thousands of digits", "")
    twice = _stated_twice(lines) if reason.startswith(TWICE) else None
    if twice is not None:
        return twice
    number, column = _place(found, lines)
    mended = _mended(lines, number, column)
    if mended is not None:
        return Diagnosis(f"line {number}", f"{_shown(lines[number - 1])}: {mended[0]}", mended[1])
    opened = _opened(lines, number) if reason.startswith(UNCLOSED) else None
    if opened is not None:
        words = f"what opens here has no end, or no comma stands before line {number}, column {column}"
        return Diagnosis(f"line {opened}", f"{_shown(lines[opened - 1])}: {words}", "")
    words = "the value is missing" if NO_VALUE.search(lines[number - 1]) else reason[:1].lower() + reason[1:]
    return Diagnosis(f"line {number}, column {column}", f"{_shown(lines[number - 1])}: {words}", "")


def _place(found: re.Match[str], lines: Sequence[str]) -> tuple[int, int]:
    """Return line and column, both from 1; a document ends with its last line that is not empty."""
    if found[1]:
        return int(found[1]), int(found[2])
    last = max((number for number, line in enumerate(lines, 1) if line.strip()), default=1)
    return last, len(lines[last - 1]) + 1


def _fails_at(lines: Sequence[str]) -> tuple[int, int] | None:
    """Return where the parser stops, or None where it does not."""
    try:
        tomllib.loads("\n".join(lines))
    except ValueError as error:
        found = PLACE.search(str(error))
        return _place(found, lines) if found else None
    except RecursionError:
        return 1, 1
    return None


def _mended(lines: Sequence[str], number: int, column: int) -> tuple[str, str] | None:
    """Return what is wrong at a place, in words, and the line with which the parser gets beyond it."""
    line = lines[number - 1]
    if len(line) > MAX_LINE or sum(map(len, lines)) > MAX_TEXT:
        return None
    for kind in KINDS:
        for changed in _tried(kind, line, column - 1):
            place = _fails_at([*lines[: number - 1], changed, *lines[number:]])
            if place is None or place > (number, column + 1 + max(len(changed) - len(line), 0)):
                return kind.words, _cut(changed)
    return None


def _tried(kind: Slip, line: str, column: int) -> list[str]:
    """Return the line with a match near a column, where reading stopped, replaced, for each such match."""
    put = kind.instead if callable(kind.instead) else methodcaller("expand", kind.instead)
    return [
        line[: match.start()] + put(match) + line[match.end() :]
        for match in re.finditer(kind.pattern, line)
        if match.start() <= column <= match.end() + 1
    ]


def _opened(lines: Sequence[str], number: int) -> int | None:
    """Return the last line up to one at which a list or a text of several lines begins and does not end."""
    for mark in ('"""', "'''"):
        places = [place for place, line in enumerate(lines, 1) for _ in range(line.count(mark))]
        if len(places) % 2:
            return places[-1]
    opening = (place for place in range(number, 0, -1) if re.search(r"=\s*[\[{]", lines[place - 1]))
    return next(opening, None)


def _stated_twice(lines: Sequence[str]) -> Diagnosis | None:
    """Return the first key or table that is stated a second time, with both lines."""
    table = ""
    stated: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith("[["):
            table = key = f"{line.strip()} {number}"  # each entry of a list of tables begins anew
        elif header := TABLE.match(line):
            table = key = header[1]
        elif statement := STATEMENT.match(line):
            key = f"{table}.{statement[1]}".lstrip(".")
        else:
            continue
        key = re.sub(r"[\s\"']", "", key)
        if key in stated:
            first = f"stated twice, first in line {stated[key]}: {_shown(lines[stated[key] - 1])}"
            return Diagnosis(f"line {number}", f"{_shown(line)}: {first}", "one of the two")
        stated[key] = number
    return None


def _shown(line: str) -> str:
    return f"'{_cut(line)}'"


def _cut(line: str) -> str:
    line = line.strip()
    return line if len(line) <= MAX_SHOWN else f"{line[:MAX_SHOWN]}..."
