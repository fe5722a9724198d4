"""The axes of a sweep, as the command line states them, and its points, all checked before any runs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import isfinite, prod

import numpy as np

from sim.distributions.steps import constant_table
from sim.engine.survey import check_data
from sim.engine.variants import check_size
from sim.faults import Fault, Faults, InvalidInput, nearest_name, refuse
from sim.scenario.data_files import scenario_digest
from sim.scenario.fields import Parameter
from sim.scenario.load import SETTINGS, ScenarioInput, load
from sim.scenario.schema import Scenario

OPTION = "--over"
FORMS = "KEY=low:high:n, KEY=low:high:n:log, or KEY=a,b,c"
MOST_POINTS = 10_000
FIRST_NOT_WHOLE = 2.0**53
"""Up to it every whole number is a double of its own."""
MOST_AXES = 2
MOST_FAULTS = 5

TABLES = tuple(Scenario.model_fields)
Setter = Callable[[str], str]
"""Makes a statement ``key.path=value`` of the text of a value."""


@dataclass(frozen=True)
class Axis:
    """A key that a sweep moves, and its values.

    Parameters
    ----------
    key
        The key, as a path.
    texts
        The values as written into the scenario: in TOML's notation, or as plain words.
    numbers
        The values as numbers; empty where some value is a word.
    log
        Whether the values are, or belong, on a log axis.
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
        If a statement is wrong, there are none or more than two axes, one key twice, or a grid of more than
        10,000 points; with everything wrong in every statement.

    Examples
    --------
    >>> read_axes(["salary.value=1:100:3:log"])[0].texts
    ('1', '10', '100')
    >>> read_axes(["evidence.method=naive,calibrated"])[0].numbers
    ()
    """
    axes: list[Axis] = []
    faults = Faults()
    for statement in statements:
        try:
            axes.append(_axis(statement))
        except ValueError as error:
            faults.append(Fault(OPTION, statement, str(error), FORMS))
    if not 1 <= len(statements) <= MOST_AXES:
        faults.append(Fault(OPTION, "", f"{len(statements)} axes", "one or two"))
    if len({axis.key for axis in axes}) < len(axes):
        faults.append(Fault(OPTION, axes[0].key, "stands on both axes", "two different keys"))
    n_points = prod(len(axis.texts) for axis in axes)
    if n_points > MOST_POINTS:
        faults.append(Fault(OPTION, "", f"{n_points:,} points", f"at most {MOST_POINTS:,}"))
    refuse(faults)
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
    numbers = [number for number in map(_number, texts) if number is not None]
    return _numeric(key, numbers, False) if len(numbers) == len(texts) else Axis(key, tuple(texts), (), False)


def _range(key: str, stated: str) -> Axis:
    parts = [part.strip() for part in stated.split(":")]
    if len(parts) not in (3, 4) or (len(parts) == 4 and parts[3] != "log"):
        raise ValueError(f"{stated!r} is not a range")
    ends = [_number(part) for part in parts[:2]]
    for name, text, number in zip(("low", "high"), parts, ends, strict=False):
        if number is None:
            raise ValueError(f"{name} = {text!r} is not a finite number")
    low, high = (number for number in ends if number is not None)
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
    texts = (  # a whole number without a point, which years and counts must lack
        str(int(each)) if each.is_integer() and abs(each) < FIRST_NOT_WHOLE else repr(each)
        for each in ordered
    )
    return Axis(key, tuple(texts), ordered, log)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None


def _setter(key: str, scenario: Scenario) -> Setter:
    """Return how a key is set; what it ends with is checked where the scenario is.

    ``parameters.`` may be left out. A parameter alone is held at each value. ``<dirichlet>.<component>.mean``
    sets the mean of one share; the means of the others are scaled so that all add to one, the concentration
    stays.
    """
    parts = [part.strip() for part in key.split(".")]
    if parts[0] not in TABLES:
        parts = ["parameters", *parts]
    if parts[0] == "parameters" and len(parts) > 1:
        parameter = scenario.parameters.get(parts[1])
        if parameter is None:
            valid = [*scenario.parameters, *TABLES]
            problem = f"{parts[1]!r} is neither a parameter nor a table of the file"
            fault = Fault(OPTION, key, problem, ", ".join(valid), nearest_name(parts[1], valid))
            raise InvalidInput([fault])
        if parameter.parts and len(parts) == 4 and parts[3] == "mean":
            return _mean_of_component(key, parts[1], parts[2], parameter)
        if len(parts) == 2 and not parameter.parts:
            return lambda text: f"{'.'.join(parts)}={constant_table(text)}"
    return lambda text: f"{'.'.join(parts)}={text}"


def _mean_of_component(key: str, name: str, component: str, parameter: Parameter) -> Setter:
    if component not in parameter.parts:
        nearest = nearest_name(component, parameter.parts)
        problem = f"{component!r} is not a component of {name}"
        raise InvalidInput([Fault(OPTION, key, problem, ", ".join(parameter.parts), nearest)])

    def statement(text: str) -> str:
        mean = _number(text)
        if mean is None or not 0 < mean < 1:
            problem = f"{text} is not the mean of a share"
            raise InvalidInput([Fault(OPTION, key, problem, "above 0, below 1")])
        return f"parameters.{name}={parameter.with_mean(component, mean)}"

    return statement


@dataclass(frozen=True)
class GridPoint:
    """One point of the grid.

    Parameters
    ----------
    texts
        Value of each axis as text.
    words
        The point in words.
    digest
        Digest of the scenario.
    scenario
        The scenario at the point, checked.
    """

    texts: tuple[str, ...]
    words: str
    digest: str
    scenario: Scenario


@dataclass(frozen=True)
class SweepGrid:
    """A scenario over a grid of one or two keys.

    Parameters
    ----------
    base
        The scenario as it stands.
    axes
        One or two axes.
    points
        The points, of which the last axis moves fastest.
    """

    base: Scenario
    axes: tuple[Axis, ...]
    points: tuple[GridPoint, ...]

    @property
    def folder(self) -> str:
        """Name of the folder in which all grids over one scenario share its finished points."""
        return f"sweep-{self.base.name}-{scenario_digest(self.base)[:8]}"


def read_grid(source: ScenarioInput, settings: Sequence[str], axes: Sequence[Axis]) -> SweepGrid:
    """Load a scenario once for each point of a grid, and check every point and its data.

    Parameters
    ----------
    source
        The scenario: a file or the name of a shipped one, a mapping as a file holds it, or a loaded scenario.
    settings
        Statements ``key.path=value`` laid over it before those of the points.
    axes
        One or two axes.

    Returns
    -------
    SweepGrid
        The grid, its points in the order of the axes, the last moving fastest.

    Raises
    ------
    InvalidInput
        If the scenario, an axis or a point is at fault; with the faults of the scenario, of the axes, or of
        the first invalid points.
    """
    base = load(source, settings)
    check_data(base)
    setters: list[Setter] = []
    faults = Faults()
    for axis in axes:
        with faults.kept():
            setters.append(_setter(axis.key, base))
    refuse(faults)
    return SweepGrid(base, tuple(axes), _points(source, settings, axes, setters, base))


def _points(
    source: ScenarioInput,
    settings: Sequence[str],
    axes: Sequence[Axis],
    setters: Sequence[Setter],
    base: Scenario,
) -> tuple[GridPoint, ...]:
    points: list[GridPoint] = []
    invalid: dict[Fault, list[str]] = {}
    n_points, sound = prod(len(axis.texts) for axis in axes), {_data(base)}
    for texts in product(*(axis.texts for axis in axes)):
        places = (f"{axis.key}={text}" for axis, text in zip(axes, texts, strict=True))
        words = f"point {', '.join(places)}"
        try:
            stated = [set_to(text) for set_to, text in zip(setters, texts, strict=True)]
            scenario = load(source, [*settings, *stated])
            check_size(scenario)
            if _data(scenario) not in sound:
                check_data(scenario)
                sound.add(_data(scenario))
            points.append(GridPoint(texts, words, scenario_digest(scenario), scenario))
        except InvalidInput as error:
            for fault in dict.fromkeys(error.faults):
                invalid.setdefault(fault, []).append(words)
    if invalid:
        faults = [_at(places, n_points, fault) for fault, places in [*invalid.items()][:MOST_FAULTS]]
        if len(invalid) > MOST_FAULTS:
            n_invalid = n_points - len(points)
            faults.append(Fault(OPTION, "", f"{n_invalid:,} of {n_points:,} points are invalid in all"))
        raise InvalidInput(faults)
    return tuple(points)


def _at(places: Sequence[str], n_points: int, fault: Fault) -> Fault:
    """Return a fault with the points it is met at; what is wrong at all of them is wrong with the axis."""
    place = "" if len(places) == n_points else places[0]
    if place and len(places) > 1:
        place += f" and {len(places) - 1:,} more"
    key = ": ".join(part for part in (place, fault.key) if part)
    return replace(fault, file=OPTION if fault.file in (SETTINGS, OPTION) else fault.file, key=key)


def _data(scenario: Scenario) -> str:
    """Return what of a scenario decides which data are read."""
    evidence = scenario.evidence.model_dump_json() if scenario.evidence else ""
    files = [file for parameter in scenario.parameters.values() for file in parameter.data_files()]
    return "\n".join([evidence, *files])
