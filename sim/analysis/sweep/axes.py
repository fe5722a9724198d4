"""The axes of a sweep, as the command line states them: a key, and the values it takes."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.faults import Fault, InvalidInput, nearest_name
from sim.scenario.parameters import Parameter
from sim.scenario.schema import Scenario

OPTION = "--over"
FORMS = "KEY=low:high:n, KEY=low:high:n:log, or KEY=a,b,c"
MOST_POINTS = 10_000
MOST_AXES = 2

TABLES = tuple(Scenario.model_fields)
Setter = Callable[[str], str]
"""From the text of a value to a statement ``key.path=value``."""


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
    InvalidInput
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
        raise InvalidInput(faults)
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


def setter(key: str, scenario: Scenario) -> Setter:
    """Return how a key is set.

    ``parameters.`` may be left out. ``<dirichlet>.<component>.mean`` sets the mean of one share; the means of
    the others are scaled so that all add to one, the concentration stays.

    Parameters
    ----------
    key
        Key path as stated.
    scenario
        In which it is set.

    Returns
    -------
    Setter
        Turns the text of a value into a statement ``key.path=value``.

    Raises
    ------
    InvalidInput
        If the key starts with no table of the file and no parameter, or names no component of a Dirichlet.
        What it ends with is checked where the scenario is.
    """
    parts = [part.strip() for part in key.split(".")]
    if parts[0] not in TABLES:
        parts = ["parameters", *parts]
    if parts[0] == "parameters" and len(parts) > 1:
        parameter = scenario.parameters.get(parts[1])
        if parameter is None:
            raise InvalidInput([_unknown(key, parts[1], scenario)])
        if parameter.parts and len(parts) == 4 and parts[3] == "mean":
            return _mean_of_component(key, parts[1], parts[2], parameter)
    return lambda text: f"{'.'.join(parts)}={text}"


def _unknown(key: str, name: str, scenario: Scenario) -> Fault:
    valid = [*scenario.parameters, *TABLES]
    problem = f"{name!r} is neither a parameter nor a table of the file"
    return Fault(OPTION, key, problem, ", ".join(valid), nearest_name(name, valid))


def _mean_of_component(key: str, name: str, component: str, parameter: Parameter) -> Setter:
    if component not in parameter.parts:
        nearest = nearest_name(component, parameter.parts)
        problem = f"{component!r} is not a component of {name}"
        raise InvalidInput([Fault(OPTION, key, problem, ", ".join(parameter.parts), nearest)])
    return lambda text: f"parameters.{name}={parameter.with_mean(component, _share(key, text))}"


def _share(key: str, text: str) -> float:
    try:
        mean = float(text)
    except ValueError:
        mean = math.nan
    if not 0 < mean < 1:
        raise InvalidInput([Fault(OPTION, key, f"{text} is not the mean of a share", "above 0, below 1")])
    return mean
