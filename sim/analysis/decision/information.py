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
    choices_at,
    inner_samples,
    mean_sides,
    net_benefit_note,
)
from sim.analysis.decision.response import Response
from sim.analysis.decision.worth import Worth, worth_of_all, worth_of_learning
from sim.draws.draws import Draws
from sim.draws.streams import stream
from sim.engine.experiment import Experiment
from sim.engine.inputs import Group, groups_of
from sim.types import Array, Indices

N_PILOT = 16


class Strata(NamedTuple):
    """Picked draws and what each stands for.

    Parameters
    ----------
    places
        Places of the picked draws in their randomisation, (randomisation, stratum).
    weights
        Share of the draws in each stratum, (randomisation, stratum).
    """

    places: Indices
    weights: Array


def stratified(
    response: Response, first: Draws, known: Draws, n_strata: int, rng: np.random.Generator
) -> Strata:
    """Pick one draw at random from each stratum of what becomes known.

    Strata are of the mean net benefit over a pilot of 16 draws of all else, at the threshold that equals the
    ratio of means; they are narrow at both ends, where few draws carry much of a heavy tail.

    Parameters
    ----------
    response
        The outcome.
    first
        Draws of all that it reads, (randomisation, draw).
    known
        Those of them that become known.
    n_strata
        At most so many draws are picked from each randomisation.
    rng
        Picks within strata.

    Returns
    -------
    Strata
        Draws picked, and what each stands for.
    """
    n_draws = first.shape[1]
    top, bottom = response.sides(first)
    level = np.mean(top) / np.mean(bottom)
    pilot = np.zeros(first.shape)
    for place in range(min(N_PILOT, n_draws)):
        fixed = _held(first, place)
        top, bottom = response.sides(fixed.replace(known.columns, known.choices))
        pilot += top - level * bottom
    order = np.argsort(pilot, axis=1, kind="stable")
    spaced = (1.0 - np.cos(np.linspace(0.0, np.pi, n_strata + 1))) / 2.0
    edges = np.unique(np.round(n_draws * spaced).astype(np.int64))
    picks = rng.integers(edges[:-1], edges[1:], size=(first.shape[0], len(edges) - 1))
    weights = np.broadcast_to(np.diff(edges) / n_draws, picks.shape)
    return Strata(np.take_along_axis(order, picks, axis=1), weights)


def _held(first: Draws, place: int) -> Draws:
    """Return draws that are all as one of their randomisation."""
    return first.mapped(lambda array: np.broadcast_to(array[:, [place]], first.shape))


N_OUTER = 64
N_INNER = 512
N_ALTERNATIVES = 2**14
"""Alternatives times inner draws of each randomisation where only choices are learnt."""
COLUMNS = ("quantity", "group", "kind", "threshold", "value", "error", "unit", "decision", "upper")


def information(experiment: Experiment, thresholds: Sequence[float]) -> pd.DataFrame:
    """Return EVPI, and EVPPI of every group of inputs and of all groups of one kind.

    For each group, 64 of its draws in every randomisation, stratified by what the group alone does to the
    outcome; for each, the mean over two independent inner samples of up to 512 draws, whose disagreement
    removes the bias of nested estimates (:meth:`sim.analysis.decision.net_benefit.MeanSides.gain`). Of
    choices, every combination of alternatives is taken with its weight, and more inner draws.

    Parameters
    ----------
    experiment
        Of a run.
    thresholds
        Which the reported ratio must exceed (the reported outcome, where it is no ratio).

    Returns
    -------
    DataFrame
        ``quantity`` (``EVPI``, ``EVPPI``), ``group`` (``all`` for EVPI, ``all data`` and the like for a
        kind), ``kind``, ``threshold``, ``value`` and its Monte Carlo ``error``, ``unit``, ``decision`` under
        current information (``fund``, ``do not fund``, with ``?`` where the error could reverse it). Where
        few draws carry the mean net benefit, the error says so. ``upper``: NaN; but where too few draws
        decide otherwise (:mod:`sim.analysis.decision.worth`), what the value is at most, and ``error`` is
        NaN. ``note``: why there is no value and the decision is ``none``, where a mean that it rests on does
        not exist or cannot be trusted; else empty.
    """
    response = Response(experiment)
    unit = response.ratio_unit or experiment.scenario.outcomes[response.outcome].unit
    decisions = choices_at(experiment, response, thresholds)
    rows: list[tuple[str, str, str, float, float, float, str, str, float]] = []
    top, bottom = response.sides(response.needed(experiment.first))
    everything = [worth_of_all(choice, top - choice.threshold * bottom) for choice in decisions]
    rows += [
        ("EVPI", "all", "all", *cells(choice, worth, unit))
        for choice, worth in zip(decisions, everything, strict=True)
    ]
    note = net_benefit_note(experiment, response)
    found: dict[frozenset[str], MeanSides] = {}
    for name, kind, members in _learnable(experiment):
        key = frozenset(group.name for group in members)
        if key not in found:
            found[key] = _learning(experiment, response, members)
        for choice, most in zip(decisions, everything, strict=True):
            worth = worth_of_learning(choice, found[key], most.most)
            rows.append(("EVPPI", name, kind, *cells(choice, worth, unit)))
    return noted(pd.DataFrame(rows, columns=COLUMNS), note)


def noted(table: pd.DataFrame, note: str) -> pd.DataFrame:
    """Return a table of worths with why there are none, in place of them, where the note is not empty.

    Parameters
    ----------
    table
        With ``value``, ``error``, ``upper`` and ``decision``.
    note
        Why there are none; may be empty.

    Returns
    -------
    DataFrame
        The table with a column ``note``.
    """
    if note:
        table[["value", "error", "upper"]] = np.nan
        table["decision"] = "none"
    return table.assign(note=note)


def cells(choice: ThresholdDecision, worth: Worth, unit: str) -> tuple[float, float, float, str, str, float]:
    """Return the last cells of a row, from the threshold on.

    Parameters
    ----------
    choice
        The decision now.
    worth
        Of what is learnt.
    unit
        Of the worth.

    Returns
    -------
    tuple
        Threshold, worth, error, unit, decision, and upper bound.
    """
    return choice.threshold, worth.value, worth.error, unit, choice.words, worth.upper


def _learnable(experiment: Experiment) -> Iterator[tuple[str, str, tuple[Group, ...]]]:
    """Yield name, kind and members: every group, then all groups of each kind."""
    groups = groups_of(experiment.inputs)
    for group in groups:
        yield group.name, group.kind, (group,)
    for kind in dict.fromkeys(group.kind for group in groups):
        yield f"all {kind}", kind, tuple(group for group in groups if group.kind == kind)


def _learning(experiment: Experiment, response: Response, groups: Collection[Group]) -> MeanSides:
    columns = {name for group in groups for name in group.columns} & set(response.columns)
    choices = {each.name for group in groups for each in group.inputs} & set(response.choices)
    first = response.needed(experiment.first)
    known = first.only(sorted(columns), sorted(choices))
    if not columns and not choices:
        return _nothing(response, first)
    if not columns:
        return _alternatives(experiment, response, known)
    seed = experiment.scenario.seed
    rng = stream(seed, "information", *sorted(columns | choices))
    places, weights = stratified(response, first, known, N_OUTER, rng)
    inner = inner_samples(experiment, response, N_INNER)
    return mean_sides(response, _taken(known, places), weights, inner)


def _nothing(response: Response, first: Draws) -> MeanSides:
    """Learn what the outcome does not read: the means stay as they are."""
    shape = (2, first.shape[0], 1)
    top, bottom = (np.full(shape, np.mean(side)) for side in response.sides(first))
    return MeanSides(top, bottom, np.ones(shape[1:]), complete=True)


def _alternatives(experiment: Experiment, response: Response, known: Draws) -> MeanSides:
    """Learn which alternatives are taken: every combination among the draws, by its share of them."""
    names = list(known.choices)
    stacked = np.stack([known.choices[name] for name in names])
    combinations, place = np.unique(stacked.reshape(len(names), -1), axis=1, return_inverse=True)
    n_randomisations, n_combinations = known.shape[0], combinations.shape[1]
    taken = place.reshape(known.shape)
    weights = np.stack([np.bincount(row, minlength=n_combinations) for row in taken]) / known.shape[1]
    rows = {
        name: np.broadcast_to(combination, (n_randomisations, n_combinations))
        for name, combination in zip(names, combinations, strict=True)
    }
    n_inner = max(1, N_ALTERNATIVES // n_combinations)
    inner = inner_samples(experiment, response, n_inner)
    n_possible = math.prod(len(experiment.scenario.choices[name].weights) for name in names)
    found = mean_sides(response, Draws({}, rows, (n_randomisations, n_combinations)), weights, inner)
    return replace(found, complete=n_combinations == n_possible)


def _taken(sample: Draws, places: Indices) -> Draws:
    return sample.mapped(lambda array: np.take_along_axis(array, places, axis=1))
