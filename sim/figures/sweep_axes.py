"""Axes along a key that a sweep moves: numbers where they are, words side by side."""

from collections.abc import Sequence
from textwrap import wrap

from matplotlib.axis import Axis

from sim.figures.axes import LINEAR, LOG, scale_axis
from sim.figures.subject import DIMENSIONLESS
from sim.scenario.schema import Scenario

LINE = 36
"""Characters in a line of a label."""
SLANT = 20.0
"""Of words side by side along a horizontal axis, in degrees."""


def are_numbers(values: Sequence[object]) -> bool:
    """Tell whether the values of a key are numbers."""
    return all(isinstance(value, float) for value in values)


def places_of(values: Sequence[object]) -> list[float]:
    """Return where the values of a key stand along its axis."""
    if are_numbers(values):
        return [float(str(value)) for value in values]
    return [float(place) for place in range(len(values))]


def scale_key_axis(axis: Axis, values: Sequence[object], log: bool) -> None:
    """Give an axis its scale and ticks.

    Parameters
    ----------
    axis
        Horizontal or vertical.
    values
        Of the key, in their order.
    log
        Whether an axis of numbers is logarithmic.
    """
    if are_numbers(values):
        scale_axis(axis, LOG if log else LINEAR)
    else:
        axis.set_ticks(places_of(values), labels=[str(value) for value in values])


def key_label(key: str, scenario: Scenario) -> str:
    """Return the words for a key of a scenario.

    Parameters
    ----------
    key
        Such as ``parameters.salary.median``.
    scenario
        That has it.

    Returns
    -------
    str
        The parameter's title and unit, and the key in brackets; the key alone where there is no title.
    """
    parts = key.removeprefix("parameters.").split(".")
    parameter = scenario.parameters.get(parts[0])
    if parameter is None or parameter.title is None:
        return key
    scaled = not parameter.parts and parts[-1] not in ("sigma", "concentration")
    unit = f", {parameter.unit}" if scaled and parameter.unit != DIMENSIONLESS else ""
    return "\n".join([*wrap(parameter.title, LINE), f"({key.removeprefix('parameters.')}{unit})"])
