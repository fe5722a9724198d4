"""The points of a sweep: every scenario of the grid, checked before anything runs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from sim.analysis.sweep.axes import OPTION, Axis, Setter, setter
from sim.engine.data import check_data
from sim.engine.variants import check_size
from sim.faults import Fault, InvalidInput
from sim.scenario.load import SETTINGS, load
from sim.scenario.resolved import scenario_digest
from sim.scenario.schema import Scenario

MOST_FAULTS = 5


@dataclass(frozen=True)
class GridPoint:
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
class SweepGrid:
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
    points: tuple[GridPoint, ...]


def read_grid(file: Path, settings: Sequence[str], axes: Sequence[Axis]) -> SweepGrid:
    """Load a scenario once for each point of a grid, and check every point and its data.

    Parameters
    ----------
    file
        Scenario file.
    settings
        Statements ``key.path=value`` laid over it before those of the points.
    axes
        One or two.

    Returns
    -------
    SweepGrid
        Points in the order of the axes, the last moving fastest.

    Raises
    ------
    InvalidInput
        With the faults of the file, of the axes, or of the first invalid points.
    """
    base = load(file, settings)
    check_data(base)
    setters: list[Setter] = []
    faults: list[Fault] = []
    for axis in axes:
        try:
            setters.append(setter(axis.key, base))
        except InvalidInput as error:
            faults += error.faults
    if faults:
        raise InvalidInput(faults)
    points = _points(file, settings, axes, setters, base)
    return SweepGrid(base, tuple(axes), points)


def _points(
    file: Path, settings: Sequence[str], axes: Sequence[Axis], setters: Sequence[Setter], base: Scenario
) -> tuple[GridPoint, ...]:
    points: list[GridPoint] = []
    invalid: dict[Fault, list[str]] = {}
    n_points = 0
    sound = {_data(base)}
    for texts in product(*(axis.texts for axis in axes)):
        n_points += 1
        try:
            stated = [set_to(text) for set_to, text in zip(setters, texts, strict=True)]
            scenario = load(file, [*settings, *stated])
            check_size(scenario)
            if _data(scenario) not in sound:
                check_data(scenario)
                sound.add(_data(scenario))
            points.append(GridPoint(texts, scenario_digest(scenario), scenario))
        except InvalidInput as error:
            for fault in dict.fromkeys(error.faults):
                invalid.setdefault(fault, []).append(words_of(axes, texts))
    if invalid:
        faults = [_at(places, n_points, fault) for fault, places in [*invalid.items()][:MOST_FAULTS]]
        if len(invalid) > MOST_FAULTS:
            n_invalid = n_points - len(points)
            faults.append(Fault(OPTION, "", f"{n_invalid:,} of {n_points:,} points are invalid in all"))
        raise InvalidInput(faults)
    return tuple(points)


def words_of(axes: Sequence[Axis], texts: Sequence[str]) -> str:
    """Return a point in words.

    Parameters
    ----------
    axes
        One or two.
    texts
        The value of each.

    Returns
    -------
    str
        ``point key=value, ...``.

    Examples
    --------
    >>> words_of([Axis("pay.value", ("1.0", "2.0"), (1.0, 2.0), False)], ["2.0"])
    'point pay.value=2.0'
    """
    return "point " + ", ".join(f"{axis.key}={text}" for axis, text in zip(axes, texts, strict=True))


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
    files = [str(getattr(parameter, "file", "")) for parameter in scenario.parameters.values()]
    return "\n".join([evidence, *files])
