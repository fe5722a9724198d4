"""What a scenario's formulas can read: every quantity by name, with its unit."""

from collections.abc import Mapping
from dataclasses import dataclass

from sim.distributions import Bootstrap, Dirichlet, Empirical
from sim.evidence.columns import evidence_units
from sim.scenario.schema import Scenario


@dataclass(frozen=True)
class Quantities:
    """Names that formulas can read.

    Parameters
    ----------
    units
        Unit text by name: parameters (a Dirichlet's components as ``name.component``), the survey's columns
        and the outcomes.
    wholes
        Names of Dirichlet parameters, which formulas read by component only.
    """

    units: Mapping[str, str]
    wholes: Mapping[str, tuple[str, ...]]


def quantities(scenario: Scenario) -> Quantities:
    """Collect the quantities of a scenario."""
    units: dict[str, str] = {}
    wholes: dict[str, tuple[str, ...]] = {}
    for name, parameter in scenario.parameters.items():
        if isinstance(parameter, Dirichlet):
            wholes[name] = tuple(f"{name}.{component}" for component in parameter.components)
        units |= dict.fromkeys(wholes.get(name, (name,)), parameter.unit)
    if scenario.evidence is not None and scenario.evidence.periods is not None:
        units |= evidence_units(scenario.evidence.references)
    units |= {name: outcome.unit for name, outcome in scenario.outcomes.items()}
    return Quantities(units, wholes)


def parameter_columns(scenario: Scenario) -> frozenset[str]:
    """Return the names of the columns that a scenario's parameters fill."""
    return frozenset(quantities(scenario.model_copy(update={"evidence": None, "outcomes": {}})).units)


def _drawn_by_row(parameter: Empirical, files: list[str]) -> bool:
    return isinstance(parameter, Bootstrap) or files.count(parameter.file) > 1


def correlatable(scenario: Scenario) -> tuple[str, ...]:
    """Return the names that a correlation may tie: all with a continuous or ordered law of their own."""
    names: list[str] = []
    files = [str(getattr(parameter, "file", "")) for parameter in scenario.parameters.values()]
    for name, parameter in scenario.parameters.items():
        if isinstance(parameter, Dirichlet):
            names += [f"{name}.{component}" for component in parameter.components]
        elif isinstance(parameter, Empirical) and _drawn_by_row(parameter, files):
            continue
        elif parameter.distribution != "constant":
            names.append(name)
    return tuple(names)
