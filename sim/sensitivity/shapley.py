r"""Shapley effects: the variance split among inputs, dependent or not, in parts that add up to it.

The value of a set J of inputs is :math:`v(J) = \operatorname{Var}(E[Y \mid X_J])`; an input's effect is its
average gain over all orders in which inputs may become known,

.. math::

    \phi_i = \sum_{J \not\ni i} \frac{|J|!\,(d - |J| - 1)!}{d!} \left(v(J \cup i) - v(J)\right)

(Owen 2014, SIAM/ASA JUQ 2:245; Song, Nelson and Staum 2016, SIAM/ASA JUQ 4:1060). With :math:`Y_J` the
outcome after all but J is drawn anew given J, :math:`v(J) = \operatorname{Cov}(Y, Y_J)`, and a gain is the
mean of :math:`(Y - \bar Y)(Y_{J \cup i} - Y_J)`, nearly free of noise for an input that does little. All sets
are visited where there are at most ten inputs, random orders of them otherwise (Castro, Gomez and Tejada
2009).
"""

from collections.abc import Iterable, Sequence
from itertools import combinations
from math import factorial

import numpy as np

from sim.draws.streams import stream
from sim.engine.experiment import Experiment
from sim.sensitivity.scale import Scale, scales_of
from sim.sensitivity.share import Share, ratio
from sim.types import Array

MAX_PLAYERS = 10
N_ORDERS = 64
Names = frozenset[str]


class ValueFunction:
    """The value of sets of inputs on each scale, worked out when asked for.

    Parameters
    ----------
    experiment
        Samples, mixtures, and the outcome.
    """

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.everything: Names = frozenset(each.name for each in experiment.inputs)
        self.transforms = scales_of(experiment)
        self._base = {scale: f(experiment.outcome) for scale, f in self.transforms.items()}
        self._means = {scale: float(np.mean(base)) for scale, base in self._base.items()}
        self._known: dict[Names, dict[Scale, Array]] = {}

    def variance(self, scale: Scale) -> Array:
        """Return the value of all inputs less that of none, which is 0 but for noise, (randomisation,)."""
        return self(self.everything, scale) - self(frozenset(), scale)

    def __call__(self, known: Iterable[str], scale: Scale) -> Array:
        """Return the value of a set of inputs, estimated from each randomisation, (randomisation,)."""
        names = frozenset(known)
        if names not in self._known:
            outcome = self.experiment.evaluate(self.experiment.mixed(self.everything - names))
            self._known[names] = {
                scale: self._covariance(scale, transform(outcome))
                for scale, transform in self.transforms.items()
            }
        return self._known[names][scale]

    def _covariance(self, scale: Scale, outcome: Array) -> Array:
        mean = self._means[scale]
        found: Array = np.mean((self._base[scale] - mean) * (outcome - mean), axis=1)
        return found


def shapley_effects(
    value: ValueFunction, players: Sequence[Names], scale: Scale, seed: int
) -> tuple[Share, ...]:
    """Return the Shapley effect of each player as a share of the variance; the shares add up to one.

    Parameters
    ----------
    value
        Value function.
    players
        Disjoint sets of inputs that together are all of them.
    scale
        Scale of the outcome.
    seed
        For the orders visited where there are more than ten players.
    """
    if len(players) <= MAX_PLAYERS:
        gains = [_exact(value, players, place, scale) for place in range(len(players))]
    else:
        gains = _by_orders(value, players, scale, stream(seed, "shapley orders"))
    variance = value.variance(scale)
    return tuple(ratio(gain, variance) for gain in gains)


def _exact(value: ValueFunction, players: Sequence[Names], place: int, scale: Scale) -> Array:
    others = [player for other, player in enumerate(players) if other != place]
    d = len(players)
    total = np.zeros_like(value.variance(scale))
    for size in range(d):
        weight = factorial(size) * factorial(d - size - 1) / factorial(d)
        for chosen in combinations(others, size):
            before: Names = frozenset().union(*chosen)
            total += weight * (value(before | players[place], scale) - value(before, scale))
    return total


def _by_orders(
    value: ValueFunction, players: Sequence[Names], scale: Scale, rng: np.random.Generator
) -> list[Array]:
    gains = [np.zeros_like(value.variance(scale)) for _ in players]
    for _ in range(N_ORDERS):
        known: Names = frozenset()
        for place in rng.permutation(len(players)):
            after = known | players[place]
            gains[place] += (value(after, scale) - value(known, scale)) / N_ORDERS
            known = after
    return gains
