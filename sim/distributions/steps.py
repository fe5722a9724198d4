"""Laws whose mass sits on separate values, and the constant, which has one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, Self, override

import numpy as np

from sim.distributions.base import FamilyBase, FiniteNumber, family, log
from sim.distributions.law import Law, Orders
from sim.distributions.statements import Statement
from sim.types import Array


class StepFamily(FamilyBase):
    """A family of separate values."""

    @override
    def log_ratio(self, other: Self, columns: Sequence[Array]) -> Array:
        """Return the logarithm of another law's probabilities over this one's at draws.

        Parameters
        ----------
        other
            A law of separate values.
        columns
            Draws of the one column.

        Returns
        -------
        Array
            One logarithm for each draw, in the shape of the column; minus infinity where the other law has no
            mass.
        """
        (draws,) = columns
        values, place = np.unique(draws, return_inverse=True)
        before, after = self.masses(), other.masses()
        ratios = np.array([after.get(float(value), 0.0) / before[float(value)] for value in values])
        return log(ratios)[place].reshape(draws.shape)


@dataclass(frozen=True)
class StepLaw(Law):
    """Mass on values in ascending order.

    Parameters
    ----------
    values
        Distinct values, ascending, (value,).
    probabilities
        Probability of each value, above 0, adding to one, (value,).
    """

    values: Array
    probabilities: Array

    @override
    def ppf(self, u: Array, /) -> Array:
        return self.values[np.searchsorted(self._steps, u, side="left")]

    @override
    def cdf(self, x: Array, /) -> Array:
        below = np.concatenate([[0.0], self._steps[:-1], [1.0]])
        return below[np.searchsorted(self.values, x, side="right")]

    def within(self, low: float, high: float) -> tuple["StepLaw", float] | None:
        """Return the law given that the value is from `low` to `high`, and the mass that is.

        Parameters
        ----------
        low
            Lower bound; a value on it is within.
        high
            Upper bound; a value on it is within.

        Returns
        -------
        tuple of StepLaw and float, or None
            The law and the mass within; ``None`` where no value is.
        """
        kept = (self.values >= low) & (self.values <= high)
        mass = float(self.probabilities[kept].sum())
        return (StepLaw(self.values[kept], self.probabilities[kept] / mass), mass) if mass > 0 else None

    @override
    def mean(self) -> float:
        return float(self.probabilities @ self.values)

    @override
    def std(self) -> float:
        return float(np.sqrt(self.probabilities @ (self.values - self.mean()) ** 2))

    @override
    def support(self) -> tuple[float, float]:
        return float(self.values[0]), float(self.values[-1])

    def orders(self) -> Orders:
        """Return which moments exist: all, but for those of the reciprocal where 0 has mass."""
        return Orders(zero=0.0 if (self.values == 0.0).any() else math.inf, gaps=True)

    @property
    def _steps(self) -> Array:
        """Return the cdf at each value; the last is above every `u`, whatever the sum rounds to."""
        return np.append(np.cumsum(self.probabilities)[:-1], np.inf)


def step_law(values: Array, probabilities: Array) -> StepLaw:
    """Return the law with mass `probabilities` on `values`.

    Parameters
    ----------
    values
        Values in any order, with repeats, (value,).
    probabilities
        Probability of each value, zeros among them, adding to one, (value,).

    Returns
    -------
    StepLaw
        The law on the distinct values that have mass.
    """
    distinct, place = np.unique(values, return_inverse=True)
    mass = np.bincount(place, weights=probabilities)
    return StepLaw(distinct[mass > 0], mass[mass > 0])


def require_some_weight(weights: tuple[float, ...]) -> None:
    """Refuse weights that are all zero.

    Raises
    ------
    ValueError
        If they are; the message states them.
    """
    if not any(weight > 0 for weight in weights):
        raise ValueError(f"weights are all zero: {list(weights)}; at least one must be above 0")


def constant_table(value: str) -> str:
    """Return the inline table of TOML that holds a parameter at a value, which is given as TOML writes it."""
    return f'{{ distribution = "constant", value = {value} }}'


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
    value: FiniteNumber

    @override
    def stated_law(self) -> Law:
        return step_law(np.array([self.value]), np.array([1.0]))

    @override
    def masses(self) -> dict[float, float]:
        return {self.price_factor * self.value: 1.0}
