r"""Sobol' indices by picking and freezing, from two samples and their mixtures.

With samples A and B, and :math:`A_g` (:math:`B_g`) the first (second) with group g taken from the other,
Azzini, Mara and Rosati (2021, Environ. Model. Softw. 144:105167) estimate

.. math::

    S_g = \frac{2 \sum (f(B_g) - f(B)) (f(A) - f(A_g))}{D_g}, \quad
    T_g = \frac{\sum (f(B) - f(B_g))^2 + (f(A) - f(A_g))^2}{D_g}, \quad
    D_g = \sum (f(A) - f(B))^2 + (f(A_g) - f(B_g))^2 .

Only differences enter, so nothing need be centred, and both indices of a group that does nothing are 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from sim.engine.experiment import Experiment
from sim.engine.inputs import Group, groups_of
from sim.special_functions import stdtrit
from sim.types import Array, Transform

VarianceScale = Literal["log", "raw"]

CONFIDENCE = 0.95


def scales(outcome: Array) -> dict[VarianceScale, Transform]:
    """Return the scales an outcome has: raw, and log first where all its draws are positive.

    On the raw scale values are divided by a power of two near the largest, so that squares do not overflow.

    Examples
    --------
    >>> list(scales(np.array([1.0, 2.0]))), list(scales(np.array([-1.0, 2.0])))
    (['log', 'raw'], ['raw'])
    """
    size = int(np.frexp(np.max(np.abs(outcome)))[1])
    raw: dict[VarianceScale, Transform] = {"raw": lambda values: np.ldexp(values, -size)}
    if float(np.min(outcome)) > 0:
        return {"log": np.log, **raw}
    return raw


def scales_of(experiment: Experiment) -> dict[VarianceScale, Transform]:
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
        Influence of each randomisation r: :math:`(\bar a_r - \text{value}\, \bar b_r) / \bar b`, the ratio's
        linear approximation; their mean is 0. (randomisation,)
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
    numerator
        Mean of the numerator over the draws of each randomisation, (randomisation,).
    denominator
        Mean of the denominator over the draws of each randomisation, (randomisation,).

    Returns
    -------
    Share
        The ratio; 0 where the denominator is.

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
    return float(stdtrit(n - 1, 0.5 + CONFIDENCE / 2))


@dataclass(frozen=True)
class SobolIndices:
    """First and total order of a group of inputs that vary together, on one scale.

    First order is the share of the variance that knowing the group alone would remove, on average; total
    order what would remain if all but the group were known.

    Parameters
    ----------
    group
        The group of inputs.
    scale
        ``log`` splits the variance of the outcome's logarithm, ``raw`` that of the outcome.
    first
        Index of first order.
    total
        Index of total order.
    """

    group: Group
    scale: VarianceScale
    first: Share
    total: Share


def sobol_indices(experiment: Experiment) -> tuple[SobolIndices, ...]:
    """Estimate first and total order of every group of inputs, on each scale of the reported outcome.

    The base sample of the experiment is that of the run. The outcome is evaluated 2 (1 + number of groups)
    times.
    """
    groups = groups_of(experiment.inputs)
    everything = [each.name for each in experiment.inputs]
    own, other = experiment.outcome, experiment.evaluate(experiment.mixed(everything))
    swapped = {
        group.name: (
            experiment.evaluate(experiment.mixed(_names(group))),
            experiment.evaluate(experiment.mixed([n for n in everything if n not in _names(group)])),
        )
        for group in groups
    }
    found = []
    every = [own, other, *(values for pair in swapped.values() for values in pair)]
    for scale, transform in scales(np.stack(every)).items():
        bases = transform(own), transform(other)
        values = {name: (transform(a), transform(b)) for name, (a, b) in swapped.items()}
        found += [_indices(group, scale, *bases, *values[group.name]) for group in groups]
    return tuple(found)


def _names(group: Group) -> list[str]:
    return [each.name for each in group.inputs]


def _indices(group: Group, scale: VarianceScale, a: Array, b: Array, a_g: Array, b_g: Array) -> SobolIndices:
    scatter = _mean((a - b) ** 2 + (a_g - b_g) ** 2)
    first = ratio(_mean(2.0 * (b_g - b) * (a - a_g)), scatter)
    total = ratio(_mean((b - b_g) ** 2 + (a - a_g) ** 2), scatter)
    return SobolIndices(group, scale, first, total)


def _mean(values: Array) -> Array:
    means: Array = np.mean(values, axis=1)
    return means


def settled_ranks(shares: Mapping[str, Share]) -> dict[str, bool]:
    """Tell for each name whether its rank stands out from the next lower one by more than Monte Carlo error.

    The lowest is settled if it differs from the one above it.
    """
    ordered = sorted(shares, key=lambda name: -shares[name].value)
    if len(ordered) < 2:
        return dict.fromkeys(ordered, True)
    settled = {upper: shares[upper].differs_from(shares[lower]) for upper, lower in pairwise(ordered)}
    return settled | {ordered[-1]: settled[ordered[-2]]}
