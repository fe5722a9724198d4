r"""Observed values of a parameter, and the law it has once it is conditioned on them.

Several sources state a value y_i of one quantity theta, each with a stated error s_i, and differ by more than
their errors. The random-effects form of meta-analysis (DerSimonian & Laird 1986, Controlled Clinical Trials
7:177) on the working scale, the logarithm or the value itself:

.. math::

    y_i \sim N(\theta, \sqrt{s_i^2 + \tau^2}), \qquad \tau \sim \text{half-normal}(\text{between})

with the parameter's stated distribution as the prior of theta. ``between = 0`` is the fixed-effect form.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Observations:
    """Observed values of one parameter.

    Parameters
    ----------
    values
        In the parameter's unit, (source).
    sds
        Standard error of each value on the working scale, (source).
    scale
        ``log``: errors are of the logarithm; ``natural``: of the value.
    between
        Scale of the half-normal prior of the spread between sources, on the working scale; 0 for none.
    """

    values: Sequence[float]
    sds: Sequence[float]
    scale: Literal["log", "natural"]
    between: float

    def on_working_scale(self) -> Array:
        """Return the values on the working scale, (source)."""
        values = np.asarray(self.values, dtype=np.float64)
        return np.log(values) if self.scale == "log" else values


@dataclass(frozen=True, eq=False)
class PosteriorLaw:
    """The law of posterior draws: quantiles by linear interpolation between order statistics.

    Parameters
    ----------
    ordered
        Draws, sorted, (posterior draw).

    Examples
    --------
    >>> law = PosteriorLaw(np.array([1.0, 2.0, 3.0]))
    >>> float(law.ppf(np.array([0.25]))[0]), law.mean()
    (1.5, 2.0)
    """

    ordered: Array

    def ppf(self, u: Array, /) -> Array:
        """Return the inverse cdf."""
        return np.asarray(np.quantile(self.ordered, u), dtype=np.float64)

    def cdf(self, x: Array, /) -> Array:
        """Return the probability of at most `x`."""
        places = np.linspace(0.0, 1.0, len(self.ordered))
        return np.asarray(np.interp(x, self.ordered, places, left=0.0, right=1.0), dtype=np.float64)

    def mean(self) -> float:
        """Return the mean."""
        return float(self.ordered.mean())

    def std(self) -> float:
        """Return the standard deviation."""
        return float(self.ordered.std(ddof=1))

    def support(self) -> tuple[float, float]:
        """Return the least and the largest draw."""
        return float(self.ordered[0]), float(self.ordered[-1])
