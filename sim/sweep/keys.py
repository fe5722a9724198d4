"""What a key of a sweep means in a scenario, and the statements that set it to a value."""

import math
from collections.abc import Callable

from sim.faults import Fault, InvalidInputError, nearest_name
from sim.scenario.parameters import Parameter
from sim.scenario.schema import Scenario
from sim.sweep.axes import OPTION

TABLES = tuple(Scenario.model_fields)
Setter = Callable[[str], str]
"""From the text of a value to a statement ``key.path=value``."""


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

    Raises
    ------
    InvalidInputError
        If the key starts with no table of the file and no parameter, or names no component of a Dirichlet.
        What it ends with is checked where the scenario is.
    """
    parts = [part.strip() for part in key.split(".")]
    if parts[0] not in TABLES:
        parts = ["parameters", *parts]
    if parts[0] == "parameters" and len(parts) > 1:
        parameter = scenario.parameters.get(parts[1])
        if parameter is None:
            raise InvalidInputError([_unknown(key, parts[1], scenario)])
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
        raise InvalidInputError([Fault(OPTION, key, problem, ", ".join(parameter.parts), nearest)])
    return lambda text: f"parameters.{name}={parameter.with_mean(component, _share(key, text))}"


def _share(key: str, text: str) -> float:
    try:
        mean = float(text)
    except ValueError:
        mean = math.nan
    if not 0 < mean < 1:
        raise InvalidInputError(
            [Fault(OPTION, key, f"{text} is not the mean of a share", "above 0, below 1")]
        )
    return mean
