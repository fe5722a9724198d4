"""Conditions on the draws of a run, and how probable they are."""

import ast
import math
from collections.abc import Collection, Mapping

import numpy as np

from sim.faults import Fault, InvalidInput, nearest_name
from sim.formulas import FormulaError, evaluate, parse
from sim.summary.row import Row
from sim.summary.statistic import Statistic, share_above
from sim.types import Array


class Condition:
    """What may hold in a draw, or not: comparisons of quantities.

    Parameters
    ----------
    text
        A comparison in the language of formulas, or several joined by ``*``.
    names
        Of the quantities there are.

    Raises
    ------
    InvalidInput
        If it is no formula, or reads what there is not.

    Examples
    --------
    >>> Condition("bcr > 100", ["bcr"]).exceedance.at
    100.0
    """

    def __init__(self, text: str, names: Collection[str]) -> None:
        self.text = text
        try:
            self._formula = parse(text)
        except (FormulaError, TypeError, AttributeError) as error:
            problem = str(error) if isinstance(error, FormulaError) else f"{text!r} is not text"
            raise InvalidInput([self._fault(problem, "such as bcr > 100")]) from None
        unknown = [name for name in self.names if name not in names]
        if unknown:
            raise InvalidInput(
                [
                    self._fault(f"there is no quantity {name!r}", ", ".join(names), nearest_name(name, names))
                    for name in unknown
                ]
            )

    def _fault(self, problem: str, allowed: str, nearest: str = "") -> Fault:
        return Fault("probability", str(self.text), problem, allowed, nearest)

    @property
    def names(self) -> tuple[str, ...]:
        """What it reads."""
        return self._formula.names

    @property
    def exceedance(self) -> Statistic | None:
        """The statistic that it asks for, where it says no more than that a quantity is above a number."""
        match self._formula.body:
            case ast.Compare(
                left=ast.Name(id=name), ops=[ast.Gt()], comparators=[ast.Constant(value=float() as at)]
            ):
                return Statistic(name, "", "p_above", at, "1", ((name, ""),))
        return None

    def row(self, values: Mapping[str, Array]) -> Row:
        """Return the share of draws in which it holds, with its Monte Carlo error.

        Parameters
        ----------
        values
            Of each quantity it reads, (randomisation, draw).

        Raises
        ------
        InvalidInput
            If it is not a condition: true or false in every draw.
        """
        shape = next((each.shape for each in values.values()), (1, 1))
        try:
            holds = evaluate(self._formula, values, shape)
        except FormulaError as error:
            raise InvalidInput([self._fault(str(error), "such as bcr > 100")]) from None
        if not values or not np.isin(holds, (0.0, 1.0)).all():
            raise InvalidInput(
                [self._fault("not a condition on the draws", "a comparison, such as bcr > 100")]
            )
        found = share_above(holds, 0.5).estimate()
        return Row(self.text, "", "probability", math.nan, found.value, found.error, "1")
