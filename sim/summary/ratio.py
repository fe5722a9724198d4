"""The two parts of a reported outcome that is a ratio, such as benefit over cost."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sim.formulas import Formula, evaluate
from sim.formulas.units import describe, parse_unit
from sim.scenario.definitions import formula_of
from sim.scenario.graph import quantities
from sim.scenario.schema import Scenario
from sim.types import Array


@dataclass(frozen=True)
class RatioFormulas:
    """Numerator and denominator of a ratio, as formulas, and the unit of both in pint's notation."""

    numerator: Formula
    denominator: Formula
    unit: str

    @property
    def difference(self) -> str:
        """Their difference in words of the scenario, e.g. ``benefit - cost``."""
        return f"{self.numerator.text} - {self.denominator.text}"


def ratio_formulas(scenario: Scenario) -> RatioFormulas | None:
    """Return the sides of the reported outcome, or ``None`` where it is not a ratio of like quantities.

    Both must have a name, of an outcome or a parameter: the numerator of ``1 / a`` is no benefit, and a is no
    cost of it.
    """
    formula = scenario.outcomes[scenario.report.outcome].formula
    match formula_of(scenario, formula).body if formula else None:
        case ast.BinOp(left=ast.Name(id=top), op=ast.Div(), right=ast.Name(id=bottom)):
            return _sides(top, bottom, tuple(quantities(scenario).units.items()))
    return None


@lru_cache(maxsize=256)
def _sides(top: str, bottom: str, units_by_name: tuple[tuple[str, str], ...]) -> RatioFormulas | None:
    """Return the sides of a ratio; asked anew for every block, while units take long to work out."""
    texts = dict(units_by_name)
    if not {top, bottom} <= texts.keys():  # what a function of streams gives has no name
        return None
    unit = parse_unit(texts[top])
    if unit != parse_unit(texts[bottom]):
        return None
    return RatioFormulas(Formula(top, ast.Name(top)), Formula(bottom, ast.Name(bottom)), describe(unit))


def values_of(formula: Formula, variables: Mapping[str, Array]) -> Array:
    """Return one side of a ratio draw by draw, from the quantities by name.

    Parameters
    ----------
    formula, variables
        Over the variables; by name, each (randomisation, draw).

    Returns
    -------
    ndarray
        (randomisation, draw).
    """
    values = {name: variables[name] for name in formula.names}
    shape = variables[formula.names[0]].shape if formula.names else ()
    return evaluate(formula, values, shape)
