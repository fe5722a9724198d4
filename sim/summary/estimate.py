"""Estimates from draws, each with the Monte Carlo error that independent randomisations show."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from sim.types import Array

LARGE = 2.0**960
"""Number below which the sum of any run's draws is a double."""


@dataclass(frozen=True)
class Estimate:
    """A statistic of all draws pooled and its Monte Carlo error.

    The error is not uncertainty about the quantity: it comes from finitely many draws.

    Parameters
    ----------
    value
        The statistic.
    error
        Its Monte Carlo error: the standard deviation of the statistic over randomisations, divided by the
        square root of their number.
    note
        What must be known before the value is quoted, as in :class:`sim.summary.row.Row`.
    """

    value: float
    error: float
    note: str = field(default="", repr=False)


@dataclass(frozen=True, eq=False)
class ByRandomisation:
    """A statistic of all draws and of those of each randomisation.

    Two of them from one seed are paired randomisation by randomisation: the error of their difference is
    that of the differences.

    Parameters
    ----------
    value
        The statistic of all draws pooled.
    each
        The statistic of each randomisation, (randomisation).
    note
        What must be known before the value is quoted, as in :class:`sim.summary.row.Row`.
    resolution
        The least error it can have: of a share of draws that of one draw among all, since randomisations that
        agree, such as on none, tell no more. It is 0 of what is not counted.

    Examples
    --------
    >>> one = ByRandomisation(2.5, np.array([2.0, 3.0]))
    >>> one.minus(ByRandomisation(1.5, np.array([1.0, 2.0]))).estimate()
    Estimate(value=1.0, error=0.0)
    >>> ByRandomisation(0.0, np.zeros(2), resolution=0.001).error
    0.001
    """

    value: float
    each: Array
    note: str = ""
    resolution: float = 0.0

    @property
    def error(self) -> float:
        """Monte Carlo error of the value."""
        return max(float(standard_error(self.each)), self.resolution)

    def estimate(self) -> Estimate:
        """Return the value with its Monte Carlo error."""
        return Estimate(self.value, self.error)

    def minus(self, other: "ByRandomisation") -> "ByRandomisation":
        """Return the difference from another, taken within each randomisation."""
        return ByRandomisation(self.value - other.value, self.each - other.each)

    def over(self, other: "ByRandomisation") -> "ByRandomisation":
        """Return the ratio to another with a value other than 0; NaN in a randomisation where that is 0."""
        below = np.where(other.each == 0.0, np.nan, other.each)
        return ByRandomisation(self.value / other.value, self.each / below)


def spread(values: Array, axis: int | None = None, ddof: int = 0) -> Array:
    """Return the standard deviation of values, at any scale: no square overflows, or is lost.

    The values of each result are divided by a power of two first, which changes no digit.

    Parameters
    ----------
    values
        Values, of any shape.
    axis
        Axis along which the deviation is taken, as for :func:`numpy.std`.
    ddof
        What is subtracted from the number of values, as for :func:`numpy.std`.

    Returns
    -------
    ndarray
        The deviations, of the shape of `values` without the axis.

    Examples
    --------
    >>> float(spread(np.array([1e300, 3e300])))
    1e+300
    """
    scale = np.exp2(np.frexp(np.max(np.abs(values), axis=axis, keepdims=True))[1] - 1.0)
    found = np.asarray(np.std(values / scale, axis=axis, ddof=ddof))
    return np.asarray(scale.reshape(found.shape) * found)


def standard_error(each: Array) -> Array:
    """Return the standard error of means over randomisations, the first dimension."""
    return np.asarray(spread(each, axis=0, ddof=1) / np.sqrt(len(each)))


def near_one(values: Array) -> Array:
    """Return values divided by a power of two near the largest, which changes no digit of what has no unit.

    Examples
    --------
    >>> near_one(np.array([1e300, -3e300])).tolist() == [1e300 / 2.0**999, -3e300 / 2.0**999]
    True
    """
    return np.ldexp(values, -int(np.frexp(np.max(np.abs(values)))[1]))


def average(values: Array, axis: int | None = None) -> Array:
    """Return the mean of values, at any scale: no sum overflows.

    Parameters
    ----------
    values
        Values, of any shape.
    axis
        Axis along which the mean is taken, as for :func:`numpy.mean`.

    Returns
    -------
    ndarray
        The means, of the shape of `values` without the axis.

    Examples
    --------
    >>> float(average(np.array([1e308, 1.5e308])))
    1.25e+308
    """
    if np.max(np.abs(values)) < LARGE:
        return np.asarray(np.mean(values, axis=axis))
    return np.asarray(np.mean(values / LARGE, axis=axis) * LARGE)


def by_randomisation(statistic: Callable[..., float], *draws: Array) -> ByRandomisation:
    """Take a statistic of all draws pooled and of those of each randomisation.

    Parameters
    ----------
    statistic
        Function of one flat array for each of `draws`.
    *draws
        Arrays (randomisation, draw) of the same shape.

    Returns
    -------
    ByRandomisation
        The statistic of all draws and of each randomisation.
    """
    pooled = float(statistic(*(array.ravel() for array in draws)))
    each = [float(statistic(*(array[place] for array in draws))) for place in range(draws[0].shape[0])]
    return ByRandomisation(pooled, np.array(each))


def estimate(statistic: Callable[..., float], *draws: Array) -> Estimate:
    """Estimate a statistic and its Monte Carlo error.

    Parameters
    ----------
    statistic
        Function of one flat array for each of `draws`.
    *draws
        Arrays (randomisation, draw) of the same shape.

    Returns
    -------
    Estimate
        The statistic of all draws; its error is from how it differs between randomisations.

    Examples
    --------
    >>> draws = np.array([[1.0, 3.0], [2.0, 4.0]])
    >>> estimate(np.mean, draws)
    Estimate(value=2.5, error=0.5)
    """
    return by_randomisation(statistic, *draws).estimate()
