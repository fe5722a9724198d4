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

import numpy as np

from sim.analysis.sensitivity.share import Scale, Share, ratio, scales
from sim.engine.experiment import Experiment
from sim.engine.inputs import Group, groups_of
from sim.types import Array


@dataclass(frozen=True)
class SobolIndices:
    """First and total order of a group on one scale.

    Parameters
    ----------
    group
        Inputs that vary together.
    scale
        ``log`` splits the variance of the outcome's logarithm, ``raw`` of the outcome.
    first
        Share of the variance that knowing the group alone would remove, on average.
    total
        Share that would remain if all but the group were known.
    """

    group: Group
    scale: Scale
    first: Share
    total: Share


def sobol_indices(experiment: Experiment) -> tuple[SobolIndices, ...]:
    """Estimate first and total order of every group of inputs, on each scale of the reported outcome.

    Parameters
    ----------
    experiment
        Its base sample is that of the run. The outcome is evaluated 2 (1 + number of groups) times.
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


def _indices(group: Group, scale: Scale, a: Array, b: Array, a_g: Array, b_g: Array) -> SobolIndices:
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
