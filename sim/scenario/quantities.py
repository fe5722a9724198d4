"""What a scenario's formulas can read: every quantity by name, with its unit."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sim.evidence.estimands import evidence_units
from sim.scenario.schema import Scenario


@dataclass(frozen=True)
class Quantities:
    """Names that formulas can read.

    Parameters
    ----------
    units
        Unit text by name: parameters (of one that has several columns, those as ``name.column``), the
        survey's columns and the outcomes.
    wholes
        Columns of each parameter that has several, which formulas read by column only.
    """

    units: Mapping[str, str]
    wholes: Mapping[str, tuple[str, ...]]


def quantities(scenario: Scenario) -> Quantities:
    """Collect the quantities of a scenario."""
    units: dict[str, str] = {}
    wholes: dict[str, tuple[str, ...]] = {}
    for name, parameter in scenario.parameters.items():
        columns = parameter.columns(name)
        if parameter.parts:
            wholes[name] = columns
        units |= dict.fromkeys(columns, parameter.unit)
    if scenario.evidence is not None and scenario.evidence.periods is not None:
        units |= evidence_units(scenario.evidence.references)
    units |= {name: outcome.unit for name, outcome in scenario.outcomes.items()}
    return Quantities(units, wholes)


def parameter_columns(scenario: Scenario) -> frozenset[str]:
    """Return the names of the columns that a scenario's parameters fill."""
    return frozenset(
        column for name, parameter in scenario.parameters.items() for column in parameter.columns(name)
    )


def correlatable(scenario: Scenario) -> tuple[str, ...]:
    """Return the names that a correlation may tie: not those of constants, or of rows that are shared."""
    files = Counter(parameter.shared_file for parameter in scenario.parameters.values())
    return tuple(
        column
        for name, parameter in scenario.parameters.items()
        if parameter.can_be_tied and (not parameter.shared_file or files[parameter.shared_file] == 1)
        for column in parameter.columns(name)
    )
