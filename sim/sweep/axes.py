"""The axes of a sweep, as the command line states them: a key, and the values it takes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.faults import Fault, InvalidInputError

OPTION = "--over"
FORMS = "KEY=low:high:n, KEY=low:high:n:log, or KEY=a,b,c"
MOST_POINTS = 10_000
MOST_AXES = 2


@dataclass(frozen=True)
class Axis:
    """A key and its values.

    Parameters
    ----------
    key
        Key path as stated.
    texts
        Values as written into the scenario, in TOML's notation or as plain words.
    numbers
        The same as numbers; empty where some value is a word.
    log
        The values are, or belong, on a log axis.
    """

    key: str
    texts: tuple[str, ...]
    numbers: tuple[float, ...]
    log: bool


def read_axes(statements: Sequence[str]) -> tuple[Axis, ...]:
    """Read the axes of a sweep.

    Raises
    ------
    InvalidInputError
        With everything wrong in every statement; for none or more than two axes, one key twice, or a grid
        of more than 10,000 points.

    Examples
    --------
    >>> read_axes(["salary.value=1:100:3:log"])[0].texts
    ('1.0', '10.0', '100.0')
    >>> read_axes(["evidence.method=naive,calibrated"])[0].numbers
    ()
    """
    axes: list[Axis] = []
    faults: list[Fault] = []
    for statement in statements:
        try:
            axes.append(_axis(statement))
        except ValueError as error:
            faults.append(Fault(OPTION, statement, str(error), FORMS))
    if not 1 <= len(statements) <= MOST_AXES:
        faults.append(Fault(OPTION, "", f"{len(statements)} axes", "one or two"))
    if len({axis.key for axis in axes}) < len(axes):
        faults.append(Fault(OPTION, axes[0].key, "stands on both axes", "two different keys"))
    n_points = math.prod(len(axis.texts) for axis in axes)
    if n_points > MOST_POINTS:
        faults.append(Fault(OPTION, "", f"{n_points:,} points", f"at most {MOST_POINTS:,}"))
    if faults:
        raise InvalidInputError(faults)
    return tuple(axes)


def _axis(statement: str) -> Axis:
    key, equals, stated = (part.strip() for part in statement.partition("="))
    if not (equals and stated and all(part.strip() for part in key.split("."))):
        raise ValueError("not a key and values")
    if ":" in stated:
        return _range(key, stated)
    texts = [text.strip() for text in stated.split(",")]
    if not all(texts) or len(texts) < 2:
        raise ValueError(f"{stated!r} is not a list of two values or more")
    repeated = [text for text in dict.fromkeys(texts) if texts.count(text) > 1]
    if repeated:
        raise ValueError(f"{repeated[0]!r} stands there twice")
    numbers = [_number(text) for text in texts]
    if any(number is None for number in numbers):
        return Axis(key, tuple(texts), (), False)
    return _numeric(key, [number for number in numbers if number is not None], False)


def _range(key: str, stated: str) -> Axis:
    parts = [part.strip() for part in stated.split(":")]
    if len(parts) not in (3, 4) or (len(parts) == 4 and parts[3] != "log"):
        raise ValueError(f"{stated!r} is not a range")
    low, high = (_finite(part, name) for part, name in zip(parts[:2], ("low", "high"), strict=True))
    if not parts[2].isdecimal() or not 2 <= int(parts[2]) <= MOST_POINTS:
        raise ValueError(f"n = {parts[2]!r} is not a whole number from 2 to {MOST_POINTS:,}")
    if not low < high:
        raise ValueError(f"low = {low:g} is not below high = {high:g}")
    log = len(parts) == 4
    if log and low <= 0:
        raise ValueError(f"low = {low:g} is not above 0, as a log axis needs")
    space = np.geomspace if log else np.linspace
    return _numeric(key, [float(f"{value:.12g}") for value in space(low, high, int(parts[2]))], log)


def _numeric(key: str, values: Sequence[float], log: bool) -> Axis:
    if len(set(values)) < len(values):
        raise ValueError("two of its values are equal")
    ordered = tuple(sorted(values))
    return Axis(key, tuple(repr(value) for value in ordered), ordered, log)


def _finite(text: str, name: str) -> float:
    number = _number(text)
    if number is None:
        raise ValueError(f"{name} = {text!r} is not a finite number")
    return number


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
