"""The two parts of a reported outcome that is a ratio, such as benefit over cost, and what it must exceed."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sim.formulas.units import describe, parse_unit
from sim.scenario.graph import formula_of, quantities
from sim.scenario.schema import Scenario


@dataclass(frozen=True)
class Ratio:
    """A reported outcome that is one quantity over another.

    Parameters
    ----------
    numerator
        Name of the numerator.
    denominator
        Name of the denominator.
    unit
        Unit of both in pint's notation.
    """

    numerator: str
    denominator: str
    unit: str

    @property
    def sides(self) -> tuple[str, str]:
        """Numerator and denominator."""
        return self.numerator, self.denominator

    @property
    def difference(self) -> str:
        """Difference of the sides as a formula, e.g. ``benefit - cost``."""
        return f"{self.numerator} - {self.denominator}"


def ratio_of(scenario: Scenario) -> Ratio | None:
    """Return the sides of the reported outcome, or ``None`` where it is not a ratio of like quantities.

    Both must have a name, of an outcome or a parameter: the numerator of ``1 / a`` is no benefit, and a is no
    cost of it.
    """
    formula = scenario.outcomes[scenario.report.outcome].formula
    match formula_of(scenario, formula).body if formula else None:
        case ast.BinOp(left=ast.Name(id=top), op=ast.Div(), right=ast.Name(id=bottom)):
            return _of_names(top, bottom, tuple(quantities(scenario).units.items()))
    return None


def thresholds_of(scenario: Scenario, stated: Sequence[float] = ()) -> tuple[float, ...]:
    """Return the thresholds stated, or else the report's, or else 1 for a ratio and 0 for another outcome.

    Parameters
    ----------
    scenario
        A loaded scenario.
    stated
        Thresholds that the user stated; may be none.

    Returns
    -------
    tuple
        The thresholds, in the outcome's unit.
    """
    found = tuple(stated) or scenario.report.thresholds
    return found or ((0.0,) if ratio_of(scenario) is None else (1.0,))


@lru_cache(maxsize=256)
def _of_names(top: str, bottom: str, units_by_name: tuple[tuple[str, str], ...]) -> Ratio | None:
    """Return the ratio of two names; asked anew for every block, while units take long to work out."""
    texts = dict(units_by_name)
    if not {top, bottom} <= texts.keys():  # what a function of streams gives has no name
        return None
    unit = parse_unit(texts[top])
    return Ratio(top, bottom, describe(unit)) if unit == parse_unit(texts[bottom]) else None
