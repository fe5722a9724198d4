"""The change from a baseline to a scenario, split over the edited entries.

The part of an edit is its Shapley value (:mod:`sim.analysis.sensitivity.shapley`), the value of some edits
being the statistic of the baseline in which they are made. Up to eight edits all sets of them are visited;
beyond, random orders (Castro, Gomez and Tejada 2009), each with its reverse, which takes out much of their
noise.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

import numpy as np
import pandas as pd

from sim.analysis.compare.between import STATISTICS, Evaluation, Subsets
from sim.analysis.compare.comparability import shared_outcomes
from sim.analysis.compare.entries import Edits, Entries, Faulty, merged_once
from sim.analysis.compare.sources import ScenarioSource
from sim.analysis.sensitivity.shapley import average_gains, gains_in_order, unions_in_order
from sim.draws.streams import stream
from sim.parallel import Executor
from sim.summary.estimate import spread
from sim.types import Array, Step

COLUMNS = [
    "scenario", "baseline", "outcome", "statistic", "entry", "role", "value", "mc_error", "order_error",
    "unit",
]  # fmt: skip
MOST_EXACT = 8
N_PAIRS = 24
"""Random orders, each with its reverse."""
Row = tuple[str, str, str, str, str, str, float, float, float, str]


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


def waterfalls(
    baseline: ScenarioSource, others: Sequence[ScenarioSource], executor: Executor, step: Step
) -> pd.DataFrame:
    """Return the parts that edited entries have in the change of each outcome, on the baseline's draws.

    Parameters
    ----------
    baseline, others
        What is compared.
    executor
        Evaluates the scenarios in between; the numbers do not depend on it.
    step
        Called with how far it is.

    Returns
    -------
    DataFrame
        Scenario by scenario, for each ``outcome`` and ``statistic`` (``median``, as ``sim run`` reports it,
        and ``mean_log``, the mean of the natural logarithm, where the outcome is always positive) one row for
        each role: ``baseline``, a ``part`` for each ``entry`` or group of entries that belong together
        (largest first), their sum as ``change``, and ``scenario``. ``mc_error`` is the paired Monte Carlo
        error, ``order_error`` that of visiting only some orders of more than eight edits, ``unit`` that of
        the outcome, or 1. Besides ``scenario`` and ``baseline``.
    """
    evaluation = Evaluation()
    each = [
        Subsets(Edits(baseline.scenario, other.scenario), shared_outcomes(baseline, other), evaluation)
        for other in others
    ]
    _evaluate(each, evaluation, executor, step)
    rows = [
        row for other, subsets in zip(others, each, strict=True) for row in _rows(baseline, other, subsets)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _evaluate(each: Sequence[Subsets], evaluation: Evaluation, executor: Executor, step: Step) -> None:
    """Evaluate, in one go, what the parts of all changes are made from."""
    asked = [(subsets, union) for subsets in each for union in _unions(subsets)]
    tasks = (subsets.between(union, place) for place, (subsets, union) in enumerate(asked))
    finished = executor.map(evaluation, tasks)
    try:
        for number, found in enumerate(finished, start=1):
            subsets, union = asked[found.place]
            subsets.take(union, found)
            step(f"what the edits do: {number} of {len(asked)} scenarios in between")
    finally:
        finished.close()


def _unions(subsets: Subsets) -> tuple[Entries, ...]:
    """Return the sets of edits that are needed if all scenarios that pass the checks can be run."""
    return _visited(subsets, _groups(subsets, subsets.unsound))


def _rows(baseline: ScenarioSource, other: ScenarioSource, subsets: Subsets) -> Iterator[Row]:
    edits = subsets.edits
    groups = _groups(subsets, subsets.problems)
    parts = _parts(subsets, groups) if groups else None
    labels = [" + ".join(".".join(path) for path in edits.entries if path in group) for group in groups]
    for place, name in enumerate(subsets.outcomes):
        for which, statistic in enumerate(STATISTICS):
            unit = baseline.scenario.outcomes[name].unit if statistic == "median" else "1"
            for entry, role, values, order_error in _lines(subsets, labels, parts, place, which):
                error = float(spread(values[1:], ddof=1) / np.sqrt(len(values) - 1))
                found = (entry, role, float(values[0]), error, order_error)
                yield (other.name, baseline.name, name, statistic, *found, unit)


def _visited(subsets: Subsets, groups: Sequence[Entries]) -> tuple[Entries, ...]:
    """Return the unions of groups whose values are needed, small ones first."""
    if len(groups) <= MOST_EXACT:
        chosen = chain.from_iterable(combinations(groups, size) for size in range(len(groups) + 1))
        return tuple(frozenset[tuple[str, ...]]().union(*some) for some in chosen)
    visited = {union for order in _orders(subsets, len(groups)) for union in unions_in_order(groups, order)}
    return tuple(sorted({*groups, *visited}, key=lambda union: (len(union), sorted(union))))


def _parts(subsets: Subsets, groups: Sequence[Entries]) -> Parts:
    if len(groups) <= MOST_EXACT:
        parts = np.stack(average_gains(groups, subsets.statistics))
        return Parts(parts, np.zeros_like(parts))
    orders = _orders(subsets, len(groups))
    gains = np.stack([gains_in_order(groups, order, subsets.statistics) for order in orders])
    pairs = gains.reshape(N_PAIRS, 2, *gains.shape[1:]).mean(axis=1)
    return Parts(pairs.mean(axis=0), spread(pairs, axis=0, ddof=1) / np.sqrt(N_PAIRS))


def _orders(subsets: Subsets, n_groups: int) -> list[list[int]]:
    """Return random orders of groups, the same at each call, each followed by its reverse."""
    rng = stream(subsets.edits.baseline.seed, "orders of edits")
    drawn = [[int(place) for place in rng.permutation(n_groups)] for _ in range(N_PAIRS)]
    return [order for each in drawn for order in (each, each[::-1])]


def _groups(subsets: Subsets, faulty: Faulty) -> tuple[Entries, ...]:
    """Return the edited entries, those joined that cannot stand alone."""
    groups = tuple(frozenset({entry}) for entry in subsets.edits.entries)
    while True:
        joined = merged_once(groups, faulty, _visited(subsets, groups))
        if joined == groups:
            return groups
        groups = joined


def _lines(
    subsets: Subsets, labels: list[str], parts: Parts | None, place: int, which: int
) -> Iterator[tuple[str, str, Array, float]]:
    start = subsets.statistics(frozenset())[place, which]
    end = subsets.statistics(frozenset(subsets.edits.entries))[place, which]
    if not (np.isfinite(start).all() and np.isfinite(end).all()):
        return
    yield "", "baseline", start, 0.0
    if parts is not None and np.isfinite(parts.parts[:, place, which]).all():
        found, errors = parts.parts[:, place, which], parts.order_error[:, place, which, 0]
        for group in np.argsort(-np.abs(found[:, 0]), kind="stable"):
            yield labels[group], "part", found[group], float(errors[group])
    yield "", "change", end - start, 0.0
    yield "", "scenario", end, 0.0
