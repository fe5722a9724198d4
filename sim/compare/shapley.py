r"""A change split over the edits that make it, in parts that add up and do not depend on their order.

The part of edit i is its average effect over all orders in which the edits can be made,

.. math::

    \phi_i = \sum_{J \not\ni i} \frac{|J|!\,(d - |J| - 1)!}{d!} \left(v(J \cup i) - v(J)\right)

(Shapley 1953), with v the statistic of the baseline in which the edits J are made. Up to eight edits all sets
are visited; beyond, random orders (Castro, Gomez and Tejada 2009), each with its reverse, which takes out
much of their noise. Within each order the effects add up to the whole change, and so do their means.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from math import factorial

import numpy as np

from sim.compare.grouping import Entries
from sim.summary.estimate import spread
from sim.types import Array

MOST_EXACT = 8
N_PAIRS = 24
"""Random orders, each with its reverse."""

Value = Callable[[Entries], Array]


@dataclass(frozen=True, eq=False)
class Parts:
    """The parts of a change.

    Parameters
    ----------
    parts
        (edit, ...) and then as the value function gives.
    order_error
        Of the same shape: standard error from visiting random orders only; 0 where all were visited.
    """

    parts: Array
    order_error: Array


def unions_visited(groups: Sequence[Entries], rng: np.random.Generator) -> tuple[Entries, ...]:
    """Return the unions of groups whose values are needed, small ones first."""
    if len(groups) <= MOST_EXACT:
        chosen = chain.from_iterable(combinations(groups, size) for size in range(len(groups) + 1))
        return tuple(frozenset[tuple[str, ...]]().union(*some) for some in chosen)
    visited = {union for order in orders(len(groups), rng) for union in _along(groups, order)}
    return tuple(sorted({*groups, *visited}, key=lambda union: (len(union), sorted(union))))


def shapley_parts(groups: Sequence[Entries], value: Value, rng: np.random.Generator) -> Parts:
    """Return the part of each group of edits.

    Parameters
    ----------
    groups
        Disjoint sets of entries.
    value
        Gives an array for a union of groups; every part has its shape.
    rng
        For the orders, where there are more than eight groups; in the state it has in
        :func:`unions_visited`.

    Examples
    --------
    >>> a, b = frozenset({("a",)}), frozenset({("b",)})
    >>> product = lambda made: np.array([(3.0 if ("a",) in made else 1.0) * (5.0 if ("b",) in made else 2.0)])
    >>> shapley_parts([a, b], product, np.random.default_rng(1)).parts.ravel().tolist()
    [7.0, 6.0]
    """
    if len(groups) <= MOST_EXACT:
        parts = np.stack([_exact(groups, place, value) for place in range(len(groups))])
        return Parts(parts, np.zeros_like(parts))
    effects = np.stack([_effects(groups, order, value) for order in orders(len(groups), rng)])
    pairs = effects.reshape(N_PAIRS, 2, *effects.shape[1:]).mean(axis=1)
    return Parts(pairs.mean(axis=0), spread(pairs, axis=0, ddof=1) / np.sqrt(N_PAIRS))


def orders(n_groups: int, rng: np.random.Generator) -> list[list[int]]:
    """Return random orders of groups, each followed by its reverse."""
    drawn = [[int(place) for place in rng.permutation(n_groups)] for _ in range(N_PAIRS)]
    return [order for each in drawn for order in (each, each[::-1])]


def _exact(groups: Sequence[Entries], place: int, value: Value) -> Array:
    others = [group for other, group in enumerate(groups) if other != place]
    d = len(groups)
    total: Array = np.zeros_like(value(frozenset()))
    for size in range(d):
        weight = factorial(size) * factorial(d - size - 1) / factorial(d)
        for some in combinations(others, size):
            before: Entries = frozenset().union(*some)
            total = total + weight * (value(before | groups[place]) - value(before))
    return total


def _effects(groups: Sequence[Entries], order: Sequence[int], value: Value) -> Array:
    """Return the effect of each group when they are made one after the other in an order."""
    values = [value(union) for union in _along(groups, order)]
    effects = dict(zip(order, np.diff(np.stack(values), axis=0), strict=True))
    return np.stack([effects[place] for place in range(len(groups))])


def _along(groups: Sequence[Entries], order: Sequence[int]) -> list[Entries]:
    unions: list[Entries] = [frozenset()]
    for place in order:
        unions.append(unions[-1] | groups[place])
    return unions
