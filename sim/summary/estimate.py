"""Estimates from draws, each with the Monte Carlo error that independent randomisations show."""

from collections.abc import Callable
from dataclasses import dataclass
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
    """

    value: float
    error: float


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
    pooled = float(statistic(*(array.ravel() for array in draws)))
    n_randomisations = draws[0].shape[0]
    each = [float(statistic(*(array[place] for array in draws))) for place in range(n_randomisations)]
    return Estimate(pooled, float(np.std(each, ddof=1) / np.sqrt(n_randomisations)))


def estimate_along(statistic: Callable[..., Any], draws: Array) -> Estimate:
    """Estimate a statistic that takes all randomisations in one call, as :func:`estimate`.

    Parameters
    ----------
    statistic
        Function of an array and an ``axis``, as numpy's.
    draws
        (randomisation, draw).

    Examples
    --------
    >>> estimate_along(np.mean, np.array([[1.0, 3.0], [2.0, 4.0]]))
    Estimate(value=2.5, error=0.5)
    """
    each = statistic(draws, axis=1)
    return Estimate(float(statistic(draws, axis=None)), float(np.std(each, ddof=1) / np.sqrt(len(each))))
