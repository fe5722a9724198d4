"""The points of a sweep: every scenario of the grid, checked before anything runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from sim.engine.data import check_data
from sim.engine.variants import check_size
from sim.faults import Fault, InvalidInputError
from sim.scenario.load import SETTINGS, load
from sim.scenario.resolved import scenario_digest
from sim.scenario.schema import Scenario
from sim.sweep.axes import OPTION, Axis
from sim.sweep.keys import Setter, setter

MOST_FAULTS = 5


@dataclass(frozen=True)
class Point:
    """One point of the grid.

    Parameters
    ----------
    texts
        The value of each axis, as text.
    digest
        Of the scenario: what the numbers depend on.
    scenario
        Checked.
    """

    texts: tuple[str, ...]
    digest: str
    scenario: Scenario


@dataclass(frozen=True)
class Grid:
    """A scenario and the points around it.

    Parameters
    ----------
    base
        The scenario as it stands.
    axes
        One or two.
    points
        The last axis moves fastest.
    """

    base: Scenario
    axes: tuple[Axis, ...]
    points: tuple[Point, ...]


def read_grid(file: Path, settings: Sequence[str], axes: Sequence[Axis]) -> Grid:
    """Load a scenario once for each point of a grid, and check every point and its data.

    Parameters
    ----------
    file
        Scenario file.
    settings
        Statements ``key.path=value`` laid over it before those of the points.
    axes
        One or two.

    Raises
    ------
    InvalidInputError
        With the faults of the file, of the axes, or of the first invalid points.
    """
    base = load(file, settings)
    check_data(base)
    setters: list[Setter] = []
    faults: list[Fault] = []
    for axis in axes:
        try:
            setters.append(setter(axis.key, base))
        except InvalidInputError as error:
            faults += error.faults
    if faults:
        raise InvalidInputError(faults)
    points = _points(file, settings, axes, setters, base)
    return Grid(base, tuple(axes), points)


def _points(
    file: Path, settings: Sequence[str], axes: Sequence[Axis], setters: Sequence[Setter], base: Scenario
) -> tuple[Point, ...]:
    points: list[Point] = []
    invalid: list[tuple[str, tuple[Fault, ...]]] = []
    sound = {_data(base)}
    for texts in product(*(axis.texts for axis in axes)):
        try:
            stated = [set_to(text) for set_to, text in zip(setters, texts, strict=True)]
            scenario = load(file, [*settings, *stated])
            check_size(scenario)
            if _data(scenario) not in sound:
                check_data(scenario)
                sound.add(_data(scenario))
            points.append(Point(texts, scenario_digest(scenario), scenario))
        except InvalidInputError as error:
            invalid.append((words_of(axes, texts), error.faults))
    if invalid:
        faults = [_at(place, fault) for place, those in invalid[:MOST_FAULTS] for fault in those]
        if len(invalid) > MOST_FAULTS:
            more = f"{len(invalid) - MOST_FAULTS:,} more of {len(points) + len(invalid):,} points are invalid"
            faults.append(Fault(OPTION, "", more))
        raise InvalidInputError(list(dict.fromkeys(faults)))
    return tuple(points)


def words_of(axes: Sequence[Axis], texts: Sequence[str]) -> str:
    """Return a point in words.

    Examples
    --------
    >>> words_of([Axis("pay.value", ("1.0", "2.0"), (1.0, 2.0), False)], ["2.0"])
    'point pay.value=2.0'
    """
    return "point " + ", ".join(f"{axis.key}={text}" for axis, text in zip(axes, texts, strict=True))


def _at(place: str, fault: Fault) -> Fault:
    file = OPTION if fault.file in (SETTINGS, OPTION) else fault.file
    return Fault(
        file,
        ": ".join(part for part in (place, fault.key) if part),
        fault.problem,
        fault.allowed,
        fault.nearest,
    )


def _data(scenario: Scenario) -> str:
    """Return what of a scenario decides which data are read."""
    evidence = scenario.evidence.model_dump_json() if scenario.evidence else ""
    files = [str(getattr(parameter, "file", "")) for parameter in scenario.parameters.values()]
    return "\n".join([evidence, *files])
