r"""Which means, standard deviations and correlations exist, and which the draws at hand can give.

With the shape k of the tail (:mod:`sim.summary.tails`), a mean and its standard error are usable while
:math:`k \le 0.7` (Vehtari et al. 2024, JMLR 25:72, 3.2.4). The tail of a square has twice the shape: a
standard deviation is usable while 2k keeps that bound. For lognormal, Student's t and Pareto laws, one beyond
it is off by twice its printed error and more, in the root mean square.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from sim.scenario.schema import Scenario
from sim.summary.estimate import ByRandomisation
from sim.summary.extent import Extent
from sim.summary.outcome_orders import OutcomeOrders
from sim.summary.ratio import ratio_of
from sim.summary.row import DOES_NOT_EXIST, UNTRUSTED
from sim.summary.statistic import NAN, Key, Statistic
from sim.summary.tails import least_shape, tail_shape, tail_words
from sim.types import Array

POWERS = {"mean": 1, "ratio_of_means": 1, "top_share": 1, "sd": 2, "correlation": 2}
"""Statistics that are made of moments: the power of the draws that they average."""
WORDS = {1: "a mean", 2: "a standard deviation"}
MAX_SHAPE = 0.7
MIN_EFFECTIVE = 400
"""Fewest effective draws from which a number is given where draws are weighted."""


class Trust:
    """What is to be known of statistics before they are quoted.

    Parameters
    ----------
    scenario
        The scenario of the run.
    values
        Draws of its parameters, survey columns and outcomes by name.
    n_draws
        Number of draws that statistics are of; those in `values` may be some of them.
    shape_of
        Gives the shape of the tail of a quantity (:func:`sim.summary.tails.tail_shape`).
    only
        Gives the number that all draws of a quantity are, NaN where they differ.
    """

    def __init__(
        self,
        scenario: Scenario,
        values: Mapping[str, Array],
        n_draws: int,
        shape_of: Callable[[Key], float],
        only: Callable[[Key], float],
    ) -> None:
        self._orders, self._shown = (OutcomeOrders(scenario, values, n) for n in (None, n_draws))
        self._parameters, self._only = frozenset(scenario.parameters), only
        self._ratio = ratio_of(scenario)
        self._n_draws, self._shape_of = n_draws, shape_of
        self._shapes: dict[Key, float] = {}

    def note(self, wanted: Statistic, averaged: Array | None = None) -> str:
        """Return the note of a statistic, as in :class:`sim.summary.row.Row`.

        Parameters
        ----------
        wanted
            The statistic.
        averaged
            What a mean was averaged over, where that is not the draws of the quantity.

        Returns
        -------
        str
            The note; empty where the statistic can be quoted.
        """
        power = POWERS.get(wanted.statistic)
        if power is None:
            return ""
        extents = {key: self._extent(key) for key in wanted.of}
        for key, extent in extents.items():
            if extent.tail.most <= power:
                return _missing(key, extent, power)
            if self._is_hidden(key, extent):
                return f"{UNTRUSTED}: all draws of {key[0]} are alike, which its law is not"
        if averaged is not None:  # a mean of draws given others: its tail is no heavier than theirs
            of_draws = max(self._shape(key) for key in wanted.of)
            return self._doubt(min(tail_shape(averaged), of_draws), 0.0, power)
        for key, extent in extents.items():
            shown = min(extent.tail.most, self._extent(key, self._shown).tail.most)
            note = self._doubt(self._shape(key), 1.0 / shown if shown > 0.0 else math.inf, power)
            if note:
                return note
        return ""

    def judged(
        self, wanted: Statistic, found: ByRandomisation, averaged: Array | None = None
    ) -> ByRandomisation:
        """Return a statistic with its note: no values where it does not exist, exact where bounds say so.

        Parameters
        ----------
        wanted
            The statistic.
        found
            What the draws give.
        averaged
            What a mean was averaged over, where that is not the draws of the quantity.

        Returns
        -------
        ByRandomisation
            The statistic, with its note and resolution.
        """
        note = self.note(wanted, averaged) or found.note or _without_error(found)
        if note.startswith(DOES_NOT_EXIST):
            return ByRandomisation(math.nan, np.full_like(found.each, math.nan), note)
        return replace(found, note=note, resolution=0.0 if self._is_certain(wanted) else found.resolution)

    def _is_certain(self, wanted: Statistic) -> bool:
        """Return whether the bounds of a quantity lie on one side of a threshold."""
        if wanted.statistic != "p_above":
            return False
        extent = self._extent(wanted.of[0])
        is_positive = extent.low == 0.0 < extent.zero.least  # it takes 0 with no probability
        return extent.low > wanted.at or extent.high <= wanted.at or (is_positive and wanted.at == 0.0)

    def _is_hidden(self, key: Key, extent: Extent) -> bool:
        """Return whether draws are all alike and the law is not: a rare event is missing, or all underflow.

        All are at a bound then; what is one number inside them, such as x / x, is that number.
        """
        is_open = extent.low < extent.high and extent.names <= self._parameters
        return is_open and self._only(key) in (extent.low, extent.high)

    def _extent(self, key: Key, orders: OutcomeOrders | None = None) -> Extent:
        orders = orders or self._orders
        quantity, held = key
        choice, _, alternative = held.partition("=")
        taken = {choice: alternative} if held else {}
        if self._ratio is not None and quantity == self._ratio.difference:
            return orders.of(quantity, taken, quantity)
        return orders.of(quantity, taken)

    def _shape(self, key: Key) -> float:
        if key not in self._shapes:
            shape, ratio = self._shape_of(key), self._ratio
            if ratio is not None and key == (ratio.difference, "") and shape == -math.inf:
                # a heavy side that the other one dwarfs is rounded away in all but a few draws
                sides = ((side, "") for side in ratio.sides)
                shape = max(map(self._shape, sides)) if math.isnan(self._only(key)) else shape
            self._shapes[key] = shape
        return self._shapes[key]

    def _doubt(self, shape: float, known: float, power: int) -> str:
        """Return a note where a tail is too heavy by its estimated shape, or by the one it must have."""
        if power * max(least_shape(shape, self._n_draws), known) <= MAX_SHAPE:
            return ""
        whose = f"tail index {1.0 / max(shape, known):.2g}{'' if known > shape else ' of the draws'}"
        return f"{UNTRUSTED}: {whose}, and {WORDS[power]} from draws takes {power / MAX_SHAPE:.2g} or more"


def _without_error(found: ByRandomisation) -> str:
    """Return a note where there is a value, but some randomisations have none: its error is not known."""
    n_without = int(np.count_nonzero(np.isnan(found.each)))
    if math.isnan(found.value) or not n_without:
        return ""
    return f"{UNTRUSTED}: {n_without} of {len(found.each)} randomisations have no draws that give one"


def _missing(key: Key, extent: Extent, power: int) -> str:
    why = extent.tail.why
    if why != tail_words(key[0], extent.tail.most):
        why = f"{why}, so that {tail_words(key[0], extent.tail.most)}"
    return f"{DOES_NOT_EXIST}: {why}, and {WORDS[power]} takes more than {power}"


def trust_of(scenario: Scenario, draws: Mapping[Key, Array]) -> Trust:
    """Return what is to be known of statistics of draws that are all at hand.

    Parameters
    ----------
    scenario
        The scenario of the run.
    draws
        Draws by quantity and alternative, (randomisation, draw).

    Returns
    -------
    Trust
        Judge of each statistic.
    """
    values = {name: each for (name, held), each in draws.items() if not held}
    n_draws = next(iter(values.values())).size

    def only(key: Key) -> float:
        least = float(np.min(draws[key]))
        return least if least == float(np.max(draws[key])) else NAN

    return Trust(scenario, values, n_draws, lambda key: tail_shape(draws[key]), only)
