r"""Shapley values: a whole split among players, in parts that add up to it and hang on no order.

The part of player i is its average gain over all orders in which d players may join,

.. math::

    \phi_i = \sum_{J \not\ni i} \frac{|J|!\,(d - |J| - 1)!}{d!} \left(v(J \cup i) - v(J)\right)

(Shapley 1953), with v the value of a set of players. :mod:`sim.analysis.compare.waterfall` splits a change
among edits so. Shapley effects split a variance among inputs, dependent or not: the value of a set J of
inputs is :math:`v(J) = \operatorname{Var}(E[Y \mid X_J])` (Owen 2014, SIAM/ASA JUQ 2:245; Song, Nelson and
Staum 2016, SIAM/ASA JUQ 4:1060). With :math:`Y_J` the outcome after all but J is drawn anew given J,
:math:`v(J) = \operatorname{Cov}(Y, Y_J)`, and a gain is the mean of
:math:`(Y - \bar Y)(Y_{J \cup i} - Y_J)`, nearly free of noise for an input that does little. All sets are
visited where there are at most ten inputs, random orders of them otherwise (Castro, Gomez and Tejada 2009).
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import combinations
from math import factorial
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.sensitivity.sobol_indices import Share, VarianceScale, ratio, scales_of
from sim.engine.experiment import Experiment
from sim.engine.inputs import InputKind
from sim.samplers.base import stream
from sim.types import Array

if TYPE_CHECKING:
    import pandas as pd

MAX_PLAYERS = 10
N_ORDERS = 64
NameSet = frozenset[str]


def average_gains(players: Sequence[frozenset[Any]], value: Callable[[frozenset[Any]], Array]) -> list[Array]:
    """Return the Shapley value of each player, from the values of all unions of players.

    Parameters
    ----------
    players
        The players, each a set of inputs; no two share an input.
    value
        Gives an array for a union of players.

    Returns
    -------
    list
        One array for each player, in the shape of the values; they add up to the value of all less that of
        none.

    Examples
    --------
    >>> a, b = frozenset({"a"}), frozenset({"b"})
    >>> product = lambda made: np.array([(3.0 if "a" in made else 1.0) * (5.0 if "b" in made else 2.0)])
    >>> np.ravel(average_gains([a, b], product)).tolist()
    [7.0, 6.0]
    """
    d, found = len(players), []
    for place, player in enumerate(players):
        others = [*players[:place], *players[place + 1 :]]
        total: Array = np.zeros_like(value(frozenset()))
        for size in range(d):
            weight = factorial(size) * factorial(d - size - 1) / factorial(d)
            for chosen in combinations(others, size):
                before: frozenset[Any] = frozenset().union(*chosen)
                total = total + weight * (value(before | player) - value(before))
        found.append(total)
    return found


def gains_in_order(
    players: Sequence[frozenset[Any]], order: Sequence[int], value: Callable[[frozenset[Any]], Array]
) -> Array:
    """Return what each player adds when the players join one after the other.

    Parameters
    ----------
    players
        The players, each a set of inputs; no two share an input.
    order
        Places of the players, first to join first.
    value
        Gives an array for a union of players.

    Returns
    -------
    ndarray
        What each player adds, (player, ...) and then as `value` gives.
    """
    values = np.stack([value(union) for union in unions_in_order(players, order)])
    return np.asarray(np.diff(values, axis=0)[np.argsort(order)])


def unions_in_order(players: Sequence[frozenset[Any]], order: Sequence[int]) -> list[frozenset[Any]]:
    """Return the unions that grow from none to all as the players of these places join one by one.

    Parameters
    ----------
    players
        The players, each a set of inputs; no two share an input.
    order
        Places of the players, first to join first.

    Returns
    -------
    list
        Unions, one more than there are players, from none to all.
    """
    unions: list[frozenset[Any]] = [frozenset()]
    for place in order:
        unions.append(unions[-1] | players[place])
    return unions


class ValueFunction:
    """The value of sets of inputs of an experiment on each scale, worked out when asked for."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.everything: NameSet = frozenset(each.name for each in experiment.inputs)
        self.transforms = scales_of(experiment)
        self._base = {scale: f(experiment.outcome) for scale, f in self.transforms.items()}
        self._means = {scale: float(np.mean(base)) for scale, base in self._base.items()}
        self._known: dict[NameSet, dict[VarianceScale, Array]] = {}

    def variance(self, scale: VarianceScale) -> Array:
        """Return the value of all inputs less that of none, which is 0 but for noise, (randomisation,)."""
        return self(self.everything, scale) - self(frozenset(), scale)

    def __call__(self, known: Iterable[str], scale: VarianceScale) -> Array:
        """Return the value of a set of inputs, estimated from each randomisation, (randomisation,)."""
        names = frozenset(known)
        if names not in self._known:
            outcome = self.experiment.evaluate(self.experiment.mixed(self.everything - names))
            self._known[names] = {
                scale: self._covariance(scale, transform(outcome))
                for scale, transform in self.transforms.items()
            }
        return self._known[names][scale]

    def _covariance(self, scale: VarianceScale, outcome: Array) -> Array:
        mean = self._means[scale]
        found: Array = np.mean((self._base[scale] - mean) * (outcome - mean), axis=1)
        return found


def shapley_effects(
    value: ValueFunction, players: Sequence[NameSet], scale: VarianceScale, seed: int
) -> tuple[Share, ...]:
    """Return the Shapley effect of each player as a share of the variance; the shares add up to one.

    Parameters
    ----------
    value
        Gives the value of a set of inputs.
    players
        The players: sets of inputs that share none and together are all.
    scale
        Scale of the outcome.
    seed
        Seed of the orders that are visited where there are more than ten players.

    Returns
    -------
    tuple
        Shares, in the order of the players.
    """
    value_of = partial(value, scale=scale)
    if len(players) <= MAX_PLAYERS:
        gains = average_gains(players, value_of)
    else:
        rng = stream(seed, "shapley orders")
        orders = [rng.permutation(len(players)).tolist() for _ in range(N_ORDERS)]
        each = [gains_in_order(players, order, value_of) / N_ORDERS for order in orders]
        gains = list(np.sum(np.stack(each), axis=0))
    variance = value.variance(scale)
    return tuple(ratio(gain, variance) for gain in gains)


def variance_by_kind(value: ValueFunction, seed: int) -> "pd.DataFrame":
    """Split the variance by kind of input, on each scale of the outcome.

    Parameters
    ----------
    value
        Gives the value of a set of inputs; sets that it has met are not evaluated again.
    seed
        Seed of the orders that are visited where there are more than ten players.

    Returns
    -------
    DataFrame
        ``scale``, ``kind``; as ``first`` the share of the variance removed by knowing these inputs alone, as
        ``total`` that left when all others are known, as ``shapley`` the Shapley effect with the kinds as
        players, which add up to one; each with its Monte Carlo error, such as ``first_error``.
    """
    kinds: dict[InputKind, NameSet] = {}
    for each in value.experiment.inputs:
        kinds[each.kind] = kinds.get(each.kind, frozenset()) | {each.name}
    rows = []
    for scale in value.transforms:
        effects = shapley_effects(value, list(kinds.values()), scale, seed)
        variance, none = value.variance(scale), value(frozenset(), scale)
        for (kind, names), effect in zip(kinds.items(), effects, strict=True):
            others = value(value.everything - names, scale)
            first = ratio(value(names, scale) - none, variance)
            total = ratio(value(value.everything, scale) - others, variance)
            row: dict[str, str | float] = {"scale": scale, "kind": kind}
            for name, share in (("first", first), ("total", total), ("shapley", effect)):
                row |= {name: share.value, f"{name}_error": share.error}
            rows.append(row)
    import pandas as pd

    return pd.DataFrame(rows)
