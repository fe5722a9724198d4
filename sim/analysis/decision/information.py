r"""The value of information for a decision to fund: of knowing all, and of knowing one group of inputs.

With net benefit b and a group g of inputs,

.. math::

    EVPI = E \max(b, 0) - \max(E b, 0), \qquad
    EVPPI_g = E_g \max(E[b \mid g], 0) - \max(E b, 0)

(Raiffa and Schlaifer 1961; Claxton 1999, J. Health Econ. 18:341). Groups do not depend on each other, so
:math:`E[b \mid g]` is the mean over all other inputs as they were drawn: brute-force nested Monte Carlo.
"""

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.decision.net_benefit import (
    MeanSides,
    ThresholdDecision,
    net_benefit_note,
    worth_of_all,
    worth_of_learning,
)
from sim.analysis.decision.response import Response, columns_read
from sim.draws.draw import Draws
from sim.engine.experiment import Experiment
from sim.engine.inputs import SURVEY, Group, groups_of
from sim.samplers.base import stream
from sim.types import Array, Indices

N_OUTER = 64
N_INNER = 512
N_PILOT = 16
N_ALTERNATIVES = 2**14
"""Alternatives times inner draws of each randomisation where only choices are learnt."""
COLUMNS = ("quantity", "group", "kind", "threshold", "value", "error", "unit", "decision", "upper")
WorthRow = tuple[str, str, str, float, float, float, str, str, float]


class Strata(NamedTuple):
    """A few draws that stand for all, heavy tails included.

    Parameters
    ----------
    places
        Places of draws in their randomisation, (randomisation, stratum).
    weights
        Share of draws that each stands for, (randomisation, stratum).
    """

    places: Indices
    weights: Array


def draw_strata(response: Response, known: Draws, n_strata: int, rng: np.random.Generator) -> Strata:
    """Pick one draw at random from each stratum of what becomes known.

    Strata are of the mean net benefit over a pilot of 16 draws of all else, at the threshold that equals the
    ratio of means; they are narrow at both ends, where few draws carry much of a heavy tail.

    Parameters
    ----------
    response
        The outcome as a function of draws.
    known
        The draws that become known, (randomisation, draw).
    n_strata
        Most draws that are picked from each randomisation.
    rng
        Generator that picks them.

    Returns
    -------
    Strata
        The draws picked, and what each stands for.
    """
    first = response.first
    n_draws = first.shape[1]
    top, bottom = response.sides(first)
    level = np.mean(top) / np.mean(bottom)

    def net(place: int) -> Array:
        alike = first.mapped(lambda array: np.broadcast_to(array[:, [place]], first.shape))
        top, bottom = response.sides(alike.replace(known.columns, known.choices))
        return np.asarray(top - level * bottom)

    pilot: Array = sum(map(net, range(min(N_PILOT, n_draws))), np.zeros(first.shape))
    order = np.argsort(pilot, axis=1, kind="stable")
    spaced = (1.0 - np.cos(np.linspace(0.0, np.pi, n_strata + 1))) / 2.0
    edges = np.unique(np.round(n_draws * spaced).astype(np.int64))
    picks = rng.integers(edges[:-1], edges[1:], size=(first.shape[0], len(edges) - 1))
    weights = np.broadcast_to(np.diff(edges) / n_draws, picks.shape)
    return Strata(np.take_along_axis(order, picks, axis=1), weights)


def information(experiment: Experiment, thresholds: Sequence[float]) -> pd.DataFrame:
    """Return EVPI, and EVPPI of every group of inputs and of all groups of one kind.

    For each group, 64 of its draws in every randomisation, stratified by what the group alone does to the
    outcome; for each, the mean over two independent inner samples of up to 512 draws, whose disagreement
    removes the bias of nested estimates (:meth:`MeanSides.gain`). Of choices, every combination of
    alternatives is taken with its weight, and more inner draws.

    Parameters
    ----------
    experiment
        The experiment of a run.
    thresholds
        Thresholds that the reported ratio must exceed; the reported outcome, where it is no ratio.

    Returns
    -------
    DataFrame
        ``quantity`` (``EVPI``, ``EVPPI``), ``group`` (``all`` for EVPI, ``all data`` and the like for a
        kind), ``kind``, ``threshold``, ``value`` and its Monte Carlo ``error``, ``unit``, ``decision`` under
        current information (``fund``, ``do not fund``, with ``?`` where the error could reverse it). Where
        few draws carry the mean net benefit, the error says so. ``upper``: NaN; but where too few draws
        decide otherwise (:mod:`sim.analysis.decision.net_benefit`), what the value is at most, and ``error``
        is NaN. ``note``: why there is no value and the decision is ``none``, where a mean that it rests on
        does not exist or cannot be trusted; else empty.
    """
    response = Response(experiment)
    table = WorthTable(response, thresholds)
    table.add("EVPI", "all", "all")
    found: dict[frozenset[str], MeanSides] = {}
    for name, kind, members in _learnable(experiment):
        key = frozenset(group.name for group in members)
        if key not in found:
            found[key] = _learning(response, members)
        table.add("EVPPI", name, kind, found[key])
    return table.frame()


class WorthTable:
    """The worth of what can be learnt, at each threshold of the outcome: a row for each.

    Parameters
    ----------
    response
        The outcome as a function of draws.
    thresholds
        Thresholds of the decision.
    """

    def __init__(self, response: Response, thresholds: Sequence[float]) -> None:
        top, bottom = response.sides(response.first)
        self._response, self._rows = response, list[WorthRow]()
        self._decisions = _choices_at(response, thresholds)
        self._all = [worth_of_all(choice, top - choice.threshold * bottom) for choice in self._decisions]

    def add(self, quantity: str, group: str, kind: str, sides: MeanSides | None = None) -> None:
        """Add the worth of what is learnt.

        Parameters
        ----------
        quantity
            What is worth so much: ``EVPI`` or ``EVPPI``.
        group
            Name of the group of inputs that is learnt.
        kind
            Kind of its inputs.
        sides
            Means given what is learnt; without them everything is learnt.
        """
        for choice, whole in zip(self._decisions, self._all, strict=True):
            worth = whole if sides is None else worth_of_learning(choice, sides, whole.most)
            found = (worth.value, worth.error, self._response.unit, choice.words, worth.upper)
            self._rows.append((quantity, group, kind, choice.threshold, *found))

    def frame(self) -> pd.DataFrame:
        """Return the rows; where a mean they rest on does not exist, the reason in place of the worths."""
        table, note = pd.DataFrame(self._rows, columns=COLUMNS), net_benefit_note(self._response)
        if note:
            table[["value", "error", "upper"]] = np.nan
            table["decision"] = "none"
        return table.assign(note=note)


def _choices_at(response: Response, thresholds: Sequence[float]) -> tuple[ThresholdDecision, ...]:
    """Return the decision under current information at each threshold of the outcome."""
    top, bottom = response.sides(response.first)
    found = [ThresholdDecision(t, np.mean(top - t * bottom, axis=1)) for t in thresholds]
    supports = {column.name: column.support for column in columns_read(response)}
    if not response.sides_never_negative(supports):
        return tuple(found)
    paid = (each.threshold * bottom if each.funds else top for each in found)
    return tuple(
        replace(each, at_stake=stake) if each.threshold >= 0 else each
        for each, stake in zip(found, paid, strict=True)
    )


def _learnable(experiment: Experiment) -> Iterator[tuple[str, str, tuple[Group, ...]]]:
    """Yield name, kind and members: every group, then all groups of each kind."""
    groups = groups_of(experiment.inputs)
    for group in groups:
        yield group.name, group.kind, (group,)
    for kind in dict.fromkeys(group.kind for group in groups):
        yield f"all {kind}", kind, tuple(group for group in groups if group.kind == kind)


def _learning(response: Response, groups: Collection[Group]) -> MeanSides:
    columns = {name for group in groups for name in group.columns} & set(response.columns)
    choices = {each.name for group in groups for each in group.inputs} & set(response.choices)
    known = response.first.only(sorted(columns), sorted(choices))
    if not columns and not choices:  # what the outcome does not read: the means stay as they are
        shape = (2, known.shape[0], 1)
        top, bottom = (np.full(shape, np.mean(side)) for side in response.sides(response.first))
        return MeanSides(top, bottom, np.ones(shape[1:]), complete=True)
    if not columns:
        return _alternatives(response, known)
    rng = stream(response.scenario.seed, "information", *sorted(columns | choices))
    places, weights = draw_strata(response, known, N_OUTER, rng)
    taken = known.mapped(lambda array: np.take_along_axis(array, places, axis=1))
    return _mean_sides(response, taken, weights, _inner_samples(response, N_INNER))


def _alternatives(response: Response, known: Draws) -> MeanSides:
    """Learn which alternatives are taken: every combination among the draws, by its share of them."""
    names = list(known.choices)
    stacked = np.stack([known.choices[name] for name in names])
    combinations, place = np.unique(stacked.reshape(len(names), -1), axis=1, return_inverse=True)
    shape = (known.shape[0], combinations.shape[1])
    taken = place.reshape(known.shape)
    weights = np.stack([np.bincount(row, minlength=shape[1]) for row in taken]) / known.shape[1]
    rows = {
        name: np.broadcast_to(combination, shape)
        for name, combination in zip(names, combinations, strict=True)
    }
    inner = _inner_samples(response, max(1, N_ALTERNATIVES // shape[1]))
    n_possible = math.prod(len(response.scenario.choices[name].weights) for name in names)
    found = _mean_sides(response, Draws({}, rows, shape), weights, inner)
    return replace(found, complete=shape[1] == n_possible)


def _inner_samples(response: Response, n_draws: int) -> tuple[Draws, Draws]:
    """Return two independent inner samples, each of at most half the draws of a randomisation.

    They are of the first and second sample; the second's survey has the last rows of the first, which are not
    among the rows of the first inner sample.
    """
    first, second = response.first, response.needed(response.experiment.second)
    n = max(1, min(n_draws, first.shape[1] // 2))
    survey = next((each.columns for each in response.experiment.inputs if each.name == SURVEY), ())
    last = {name: first.columns[name][:, -n:] for name in survey if name in first.columns}
    return first.thinned(n), second.thinned(n).replace(last, {})


def _mean_sides(response: Response, learnt: Draws, weights: Array, inner: Sequence[Draws]) -> MeanSides:
    """Return the means of both sides of the ratio for each row of what is learnt, all else as drawn.

    The inner samples hold every other column and choice, (randomisation, draw).
    """
    means = np.stack([_means(response, learnt, sample) for sample in inner])
    return MeanSides(means[:, :, 0], means[:, :, 1], weights)


def _means(response: Response, learnt: Draws, inner: Draws) -> Array:
    """Return the means over the inner draws, (randomisation, side, learnt)."""
    shape = (learnt.shape[1], inner.shape[1])

    def means(place: int) -> list[Array]:
        known = learnt.mapped(lambda array: np.broadcast_to(array[place][:, np.newaxis], shape))
        rest = inner.mapped(lambda array: np.broadcast_to(array[place], shape))
        return [np.mean(side, axis=1) for side in response.sides(rest.replace(known.columns, known.choices))]

    return np.asarray([means(place) for place in range(inner.shape[0])], dtype=np.float64)
