"""Shares of a variance, each with its Monte Carlo error and what each randomisation adds to it."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from sim.types import Array

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Share:
    r"""A ratio of means over draws, such as a Sobol' index.

    Parameters
    ----------
    value
        The ratio, all randomisations pooled.
    influence
        Of each randomisation r: :math:`(\bar a_r - \text{value}\, \bar b_r) / \bar b`, the ratio's linear
        approximation; their mean is 0. (randomisation,)
    """

    value: float
    influence: Array

    @property
    def error(self) -> float:
        """Monte Carlo error: standard error of the mean of the influences."""
        n = len(self.influence)
        return float(np.sqrt(np.sum(self.influence**2) / (n * (n - 1))))

    @property
    def interval(self) -> tuple[float, float]:
        """95 % confidence interval from Student's t; the degrees of freedom are randomisations less one."""
        half = _t(len(self.influence)) * self.error
        return self.value - half, self.value + half

    def differs_from(self, other: "Share") -> bool:
        """Tell whether the 95 % confidence interval of the paired difference leaves out zero."""
        difference = Share(self.value - other.value, self.influence - other.influence)
        return abs(difference.value) > _t(len(self.influence)) * difference.error


def ratio(numerator: Array, denominator: Array) -> Share:
    """Return a ratio of means as a share.

    Parameters
    ----------
    numerator, denominator
        Means over the draws of each randomisation, (randomisation,).

    Examples
    --------
    >>> share = ratio(np.array([1.0, 3.0]), np.array([4.0, 4.0]))
    >>> share.value, share.error
    (0.5, 0.25)
    """
    bottom = float(np.mean(denominator))
    if bottom == 0.0:
        return Share(0.0, np.zeros_like(numerator))
    value = float(np.mean(numerator)) / bottom
    return Share(value, (numerator - value * denominator) / bottom)


def _t(n: int) -> float:
    return float(stats.t.ppf(0.5 + CONFIDENCE / 2, n - 1))
