"""Axes along a key that a sweep moves: numbers where they are, words side by side."""

from collections.abc import Sequence
from textwrap import wrap

from matplotlib.axis import Axis
from matplotlib.ticker import NullLocator

from sim.figures.axes import LINEAR, LOG, scale_axis
from sim.figures.subject import DIMENSIONLESS
from sim.figures.ticks import RoomyValueLocator
from sim.scenario.schema import Scenario
from sim.scenario.titles import raised, spaced, title_of

UNSCALED = ("sigma", "concentration")
"""Numbers of a law that are not in its unit."""
NARROWEST = 1e-300
"""Half of the width of an axis below which matplotlib divides by nothing."""
LINE = 36
"""Characters in a line of a label."""
SLANT = 20.0
"""Slant of words side by side along a horizontal axis, in degrees."""


def are_numbers(values: Sequence[object]) -> bool:
    """Tell whether the values of a key are numbers far enough apart for an axis.

    Examples
    --------
    >>> are_numbers([1.0, 2.0]), are_numbers(["a", "b"]), are_numbers([5.0e-307, 5.1e-307])
    (True, False, False)
    """
    numbers = [value for value in values if isinstance(value, float)]
    width = max(numbers, default=0.0) / 2.0 - min(numbers, default=0.0) / 2.0
    return len(numbers) == len(values) and (width == 0 or width > NARROWEST)


def places_of(values: Sequence[object]) -> list[float]:
    """Return where the values of a key stand along its axis."""
    if are_numbers(values):
        return [float(str(value)) for value in values]
    return [float(place) for place in range(len(values))]


def scale_key_axis(axis: Axis, values: Sequence[object], log: bool, *, at_values: bool = False) -> None:
    """Give an axis its scale and ticks.

    Parameters
    ----------
    axis
        The axis.
    values
        Values of the key, in their order.
    log
        Whether an axis of numbers is logarithmic.
    at_values
        Whether its ticks stand at the values of the key, as many of them as have room.
    """
    if are_numbers(values):
        scale_axis(axis, LOG if log else LINEAR)
        if at_values:
            axis.set_major_locator(RoomyValueLocator(places_of(values), log=log))
            axis.set_minor_locator(NullLocator())
    else:
        axis.set_ticks(places_of(values), labels=[str(value) for value in values])


def key_label(key: str, scenario: Scenario) -> str:
    """Return the words for a key of a scenario.

    Parameters
    ----------
    key
        The key, such as ``parameters.salary.median``.
    scenario
        The scenario that has it.

    Returns
    -------
    str
        The title of the parameter or choice, and in brackets which number of it moves, with its unit; the
        words of the key for anything else.
    """
    name, *parts = key.removeprefix("parameters.").removeprefix("choices.").split(".")
    parameter = scenario.parameters.get(name)
    if parameter is None and name not in scenario.choices:
        return raised(_words([name, *parts]))
    moved = _words(parts)
    if parameter is not None and not parts:
        moved = "" if parameter.unit == DIMENSIONLESS else parameter.unit
    elif parameter is None:
        moved = f"weight of {moved}"
    elif not parameter.parts and parts[-1] not in UNSCALED and parameter.unit != DIMENSIONLESS:
        moved = f"{moved}, {parameter.unit}"
    return "\n".join([*wrap(raised(title_of(scenario, name)), LINE), *([f"({moved})"] if moved else [])])


def _words(parts: Sequence[str]) -> str:
    return ": ".join(spaced(part) for part in parts)
