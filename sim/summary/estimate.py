"""Estimates from draws, each with the Monte Carlo error that independent randomisations show."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@dataclass(frozen=True)
class Estimate:
    """A statistic of all draws and its Monte Carlo error.

    Parameters
    ----------
    value
        The statistic of all draws pooled.
    error
        Standard deviation of the statistic over randomisations, divided by the square root of their number:
        the standard error from finitely many draws. It is not uncertainty about the quantity.
    note
        As in :class:`sim.summary.row.Row`.
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

    Examples
    --------
    >>> one = ByRandomisation(2.5, np.array([2.0, 3.0]))
    >>> one.minus(ByRandomisation(1.5, np.array([1.0, 2.0]))).estimate()
    Estimate(value=1.0, error=0.0)
    """

    value: float
    each: Array
    note: str = ""

    @property
    def error(self) -> float:
        """Monte Carlo error of the value."""
        return float(spread(self.each, ddof=1) / np.sqrt(len(self.each)))

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

    Parameters
    ----------
    values, axis, ddof
        As for :func:`numpy.std`. They are divided by a power of two first, which changes no digit.

    Examples
    --------
    >>> float(spread(np.array([1e300, 3e300])))
    1e+300
    """
    scale = np.exp2(np.frexp(np.max(np.abs(values)))[1] - 1.0)
    return np.asarray(scale * np.std(values / scale, axis=axis, ddof=ddof))


def by_randomisation(statistic: Callable[..., float], *draws: Array) -> ByRandomisation:
    """Take a statistic of all draws pooled and of those of each randomisation.

    Parameters
    ----------
    statistic, draws
        As for :func:`estimate`.
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
    draws
        Arrays (randomisation, draw) of the same shape.

    Examples
    --------
    >>> draws = np.array([[1.0, 3.0], [2.0, 4.0]])
    >>> estimate(np.mean, draws)
    Estimate(value=2.5, error=0.5)
    """
    return by_randomisation(statistic, *draws).estimate()


def along_randomisations(statistic: Callable[..., Any], draws: Array) -> ByRandomisation:
    """Take a statistic that takes all randomisations in one call, as :func:`by_randomisation`.

    Parameters
    ----------
    statistic
        Function of an array and an ``axis``, as numpy's.
    draws
        (randomisation, draw).

    Examples
    --------
    >>> along_randomisations(np.mean, np.array([[1.0, 3.0], [2.0, 4.0]])).each.tolist()
    [2.0, 3.0]
    """
    return ByRandomisation(float(statistic(draws, axis=None)), np.asarray(statistic(draws, axis=1)))
