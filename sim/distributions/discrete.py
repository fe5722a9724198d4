"""The discrete family: some values with weights."""

from typing import Annotated, ClassVar, Literal, override

import numpy as np
from pydantic import Field

from sim.distributions.base import FiniteNumber, NonnegativeNumber, family
from sim.distributions.law import Law
from sim.distributions.statements import Statement
from sim.distributions.steps import StepFamily, require_some_weight, step_law


@family
class Discrete(StepFamily):
    """Some values with weights, which need not add to one.

    Parameters
    ----------
    values
        The values, each once.
    weights
        One for each value; none negative, not all 0.

    Examples
    --------
    >>> shares = Discrete(distribution="discrete", values=[1, 2, 5], weights=[1, 1, 2])
    >>> shares.law().ppf(np.array([0.25, 0.3, 0.9]))
    array([1., 2., 5.])
    """

    statements: ClassVar[tuple[Statement, ...]] = (Statement(("values", "weights")),)
    distribution: Literal["discrete"]
    values: Annotated[tuple[FiniteNumber, ...], Field(json_schema_extra={"minItems": 1})]
    weights: Annotated[tuple[NonnegativeNumber, ...], Field(json_schema_extra={"minItems": 1})]

    def _check_values(self) -> None:
        if not self.values:
            raise ValueError("values is empty: at least one must be given, with its weight")
        if len(self.values) != len(self.weights):
            raise ValueError(
                f"weights has {len(self.weights)} entries and values has {len(self.values)}: "
                "there must be one weight for each value"
            )
        repeated = sorted({value for value in self.values if self.values.count(value) > 1})
        if repeated:
            raise ValueError(
                f"values has {repeated[0]:.12g} more than once: state each value once, with its weight"
            )
        require_some_weight(self.weights)

    @override
    def stated_law(self) -> Law:
        weights = np.array(self.weights) / max(self.weights)
        return step_law(np.array(self.values), weights / weights.sum())

    @override
    def masses(self) -> dict[float, float]:
        total = sum(self.weights)
        pairs = zip(self.values, self.weights, strict=True)
        return {self.price_factor * value: weight / total for value, weight in pairs if weight}
