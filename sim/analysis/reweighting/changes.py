"""What differs between the scenario of a run and the one asked for, and whether weights can express it."""

from collections.abc import Iterator
from dataclasses import dataclass

from sim.faults import Fault, InvalidInput
from sim.scenario.ledger import DESCRIPTIVE
from sim.scenario.parameters import Described, Parameter
from sim.scenario.schema import Scenario

SETTINGS = "--set"
FREE = {"name", "title", "parameters", "choices", "report"}
AFRESH = "run it afresh: sim run FILE --set ..."


@dataclass(frozen=True)
class Changes:
    """Parameters whose law differs, and choices whose weights do."""

    parameters: tuple[str, ...]
    choices: tuple[str, ...]


def changes_between(old: Scenario, new: Scenario) -> Changes:
    """Return what differs, where importance weights can express it.

    Parameters
    ----------
    old
        What was run.
    new
        What is asked for.

    Returns
    -------
    Changes
        Names of parameters and of choices.

    Raises
    ------
    InvalidInput
        If anything differs besides laws of parameters, weights of choices, and the report; if a parameter
        comes from a data file; or if its law changes between densities and separate values.
    """
    parameters = tuple(
        name
        for name, parameter in old.parameters.items()
        if name in new.parameters and _law(parameter) != _law(new.parameters[name])
    )
    choices = tuple(
        name
        for name, choice in old.choices.items()
        if name in new.choices and choice.weights != new.choices[name].weights
    )
    faults = [*_elsewhere(old, new), *_names(old, new)]
    faults += [fault for name in parameters for fault in _laws(name, old, new)]
    for name in choices:
        if old.choices[name].weights.keys() != new.choices[name].weights.keys():
            faults.append(_fault(f"choices.{name}", "the alternatives themselves differ"))
    if faults:
        raise InvalidInput(faults)
    return Changes(parameters, choices)


def _law(parameter: Parameter) -> dict[str, object]:
    return parameter.model_dump(exclude=DESCRIPTIVE & set(Described.model_fields))


def _fault(key: str, problem: str) -> Fault:
    return Fault(SETTINGS, key, f"{problem}: no weights of the stored draws can show that", AFRESH)


def _elsewhere(old: Scenario, new: Scenario) -> Iterator[Fault]:
    for name in type(old).model_fields:
        if name not in FREE and getattr(old, name) != getattr(new, name):
            yield _fault(name, "only laws of parameters, weights of choices and the report may differ")


def _names(old: Scenario, new: Scenario) -> Iterator[Fault]:
    for section in ("parameters", "choices"):
        for name in sorted(getattr(old, section).keys() ^ getattr(new, section).keys()):
            yield _fault(f"{section}.{name}", "in one of the scenarios only")


def _laws(name: str, old: Scenario, new: Scenario) -> Iterator[Fault]:
    one, other = old.parameters[name], new.parameters[name]
    key = f"parameters.{name}"
    if one.unit != other.unit:
        yield _fault(f"{key}.unit", f"{other.unit} in place of {one.unit}")
    if one.shared_file or other.shared_file:
        yield _fault(key, "drawn from a data file, without a density")
    elif one.parts and one.distribution == other.distribution:
        if one.parts != other.parts:
            yield _fault(key, "the components themselves differ")
    elif not (one.has_density and other.has_density) and not (one.masses() and other.masses()):
        mixed = next((law.distribution for law in (one, other) if _is_mixed(law)), "")
        both = f"a {other.distribution} in place of a {one.distribution}"
        yield _fault(key, f"a {mixed} with separate values among others" if mixed else both)


def _is_mixed(parameter: Parameter) -> bool:
    return not (parameter.has_density or parameter.masses() or parameter.parts)
