"""The constant: one value, known exactly."""

from typing import ClassVar, Literal

import numpy as np

from sim.distributions.base import Number, family
from sim.distributions.law import Law
from sim.distributions.statements import Statement
from sim.distributions.steps import StepFamily, step_law


@family
class Constant(StepFamily):
    """One value, known exactly.

    Parameters
    ----------
    value
        The value.

    Examples
    --------
    >>> Constant(distribution="constant", value=3).law().ppf(np.array([0.1, 0.9]))
    array([3., 3.])
    """

    statements: ClassVar[tuple[Statement, ...]] = (Statement(("value",)),)
    plain_key: ClassVar[str] = "value"
    varies: ClassVar[bool] = False
    can_be_tied: ClassVar[bool] = False
    distribution: Literal["constant"]
    value: Number

    def stated_law(self) -> Law:
        """Return the law."""
        return step_law(np.array([self.value]), np.array([1.0]))

    def masses(self) -> dict[float, float]:
        """Return the one value with all probability."""
        return {self.price_factor * self.value: 1.0}
