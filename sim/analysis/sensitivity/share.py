"""Shares of a variance on the scales of an outcome, each with its Monte Carlo error."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from sim.engine.experiment import Experiment
from sim.types import Array

Scale = Literal["log", "raw"]
Transform = Callable[[Array], Array]

CONFIDENCE = 0.95


def scales(outcome: Array) -> dict[Scale, Transform]:
    """Return the scales an outcome has: raw, and log first where all its draws are positive.

    On the raw scale values are divided by a power of two near the largest, so that squares do not overflow.

    Examples
    --------
    >>> list(scales(np.array([1.0, 2.0]))), list(scales(np.array([-1.0, 2.0])))
    (['log', 'raw'], ['raw'])
    """
    size = int(np.frexp(np.max(np.abs(outcome)))[1])
    raw: dict[Scale, Transform] = {"raw": lambda values: np.ldexp(values, -size)}
    if float(np.min(outcome)) > 0:
        return {"log": np.log, **raw}
    return raw


def scales_of(experiment: Experiment) -> dict[Scale, Transform]:
    """Return the scales of an experiment's outcome: log only where it stays positive when inputs are mixed.

    An outcome such as a difference may be positive in all draws of a run and not in those of a mixture.
    Looked at are both samples, and each input alone and all but it drawn anew.
    """
    everything = [each.name for each in experiment.inputs]
    alone = [[name] for name in everything]
    fresh = [everything, *alone, *([other for other in everything if other != name] for name in everything)]
    found = scales(experiment.outcome)
    for names in fresh:
        if len(found) == 1:
            break
        found = scales(experiment.evaluate(experiment.mixed(names)))
    return found


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

    Returns
    -------
    Share
        0 where the denominator is.

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
