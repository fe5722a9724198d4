"""The change from a baseline to a scenario, split over the edited entries.

The part of an edit is its Shapley value (:mod:`sim.analysis.sensitivity.shapley`), the value of some edits
being the statistic of the baseline in which they are made. Up to eight edits all sets of them are visited;
beyond, random orders (Castro, Gomez and Tejada 2009), each with its reverse, which takes out much of their
noise.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, combinations
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.compare.differences import Edits, Entries, FaultCounter, shared_outcomes
from sim.analysis.compare.sources import ScenarioSource
from sim.analysis.sensitivity.shapley import average_gains, gains_in_order, unions_in_order
from sim.engine.variants import Variants
from sim.faults import InvalidInput
from sim.parallel import Executor
from sim.samplers.base import stream
from sim.scenario.schema import Scenario
from sim.summary.estimate import standard_error
from sim.summary.outcome_estimates import median_of
from sim.types import Array, Step

COLUMNS = [
    "scenario", "baseline", "outcome", "statistic", "entry", "role", "value", "mc_error", "order_error",
    "unit",
]  # fmt: skip
STATISTICS = ("median", "mean_log")
MOST_EXACT = 8
N_PAIRS = 24
"""Random orders, each with its reverse."""
WaterfallRow = tuple[str, str, str, str, str, str, float, float, float, str]
type EvaluationTask = tuple[int, Scenario, tuple[str, ...]]
"""A place by which the result is told from others, a scenario to evaluate, and the outcomes looked at."""
Result = Array | InvalidInput
"""Statistics of a scenario, (outcome, statistic, estimate), or why it cannot be run.

Statistics are as in ``STATISTICS``; estimates from all draws, then from each randomisation. The median is
that of ``sim run``; the mean logarithm is NaN where an outcome is not positive in every draw.
"""


def waterfalls(
    baseline: ScenarioSource, others: Sequence[ScenarioSource], executor: Executor, step: Step
) -> pd.DataFrame:
    """Return how much each edited entry adds to the change of each outcome, on the baseline's draws.

    Parameters
    ----------
    baseline
        The scenario that the others are compared with.
    others
        The other scenarios.
    executor
        Evaluates the scenarios in between; the numbers do not depend on it.
    step
        Called with a short description of how far the work is.

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
    evaluation = _Evaluation()
    each = [
        _Subsets(Edits(baseline.scenario, other.scenario), shared_outcomes(baseline, other), evaluation)
        for other in others
    ]
    _evaluate(each, evaluation, executor, step)
    rows = [
        row for other, subsets in zip(others, each, strict=True) for row in _rows(baseline, other, subsets)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


class _Evaluation:
    """Evaluates scenarios one after the other, draws that they share made once; a worker makes its own."""

    def __init__(self) -> None:
        self._variants = Variants()

    def __call__(self, task: EvaluationTask) -> tuple[int, Result]:
        """Return the place of a scenario and its statistics, or its faults."""
        place, scenario, outcomes = task
        try:
            return place, self._statistics(scenario, outcomes)
        except InvalidInput as error:
            return place, error

    def __reduce__(self) -> tuple[Any, ...]:
        """Send none of the draws."""
        return _Evaluation, ()

    def _statistics(self, scenario: Scenario, outcomes: Sequence[str]) -> Array:
        estimated, found = self._variants.estimated(scenario), []
        for name in outcomes:
            median = estimated.refined(median_of(name, scenario.outcomes[name].unit)).statistic
            draws = estimated.draws.outcomes[name]
            logs = np.log(draws) if (draws > 0).all() else np.full(draws.shape, np.nan)
            found.append([[median.value, *median.each], [np.mean(logs), *np.mean(logs, axis=1)]])
        return np.array(found)


class _Subsets:
    """The statistics of scenarios between two others, on the baseline's draws, evaluated when asked for."""

    def __init__(self, edits: Edits, outcomes: Sequence[str], evaluation: _Evaluation) -> None:
        self.edits, self.outcomes = edits, tuple(outcomes)
        self._evaluation = evaluation
        self.found: dict[Entries, Result] = {}
        self._unsound: dict[Entries, int] = {}

    def unsound(self, entries: Entries) -> int:
        """Return how many faults the scenario with just these entries edited has before it is run."""
        if entries not in self._unsound:
            self._unsound[entries] = self.edits.n_faults(entries)
        return self._unsound[entries]

    def problems(self, entries: Entries) -> int:
        """Return how many faults keep the scenario with just these entries edited from being run."""
        found = None if self.unsound(entries) else self._evaluated(entries)
        return self.unsound(entries) or (len(found.faults) if isinstance(found, InvalidInput) else 0)

    def task(self, entries: Entries, place: int = 0) -> EvaluationTask:
        """Return the task of evaluating the scenario with just some entries edited.

        Parameters
        ----------
        entries
            The entries that are edited.
        place
            Number that tells the task from others.

        Returns
        -------
        EvaluationTask
            The place, the scenario, and the names of the outcomes.
        """
        return place, self.edits.laid(entries), self.outcomes

    def statistics(self, entries: Entries) -> Array:
        """Return the statistics of the scenario with just these entries edited, as ``Result`` has them.

        Raises
        ------
        InvalidInput
            If the scenario cannot be run.
        """
        found = self._evaluated(entries)
        if isinstance(found, InvalidInput):
            raise found
        return found

    def _evaluated(self, entries: Entries) -> Result:
        if entries not in self.found:
            self.found[entries] = self._evaluation(self.task(entries))[1]
        return self.found[entries]


def _evaluate(each: Sequence[_Subsets], evaluation: _Evaluation, executor: Executor, step: Step) -> None:
    """Evaluate, in one go, what the parts of all changes are made from."""
    asked = [
        (subsets, union)
        for subsets in each
        for union in _visited(subsets, _groups(subsets, subsets.unsound))  # if all sound ones can be run
    ]
    tasks = (subsets.task(union, place) for place, (subsets, union) in enumerate(asked))
    finished = executor.map(evaluation, tasks)
    try:
        for number, (place, found) in enumerate(finished, start=1):
            subsets, union = asked[place]
            subsets.found[union] = found
            step(f"what the edits do: {number} of {len(asked)} scenarios in between")
    finally:
        finished.close()


def _rows(baseline: ScenarioSource, other: ScenarioSource, subsets: _Subsets) -> Iterator[WaterfallRow]:
    edits = subsets.edits
    groups = _groups(subsets, subsets.problems)
    found = _parts(subsets, groups) if groups else None
    labels = [" + ".join(".".join(path) for path in edits.entries if path in group) for group in groups]
    for place, name in enumerate(subsets.outcomes):
        for which, statistic in enumerate(STATISTICS):
            unit = baseline.scenario.outcomes[name].unit if statistic == "median" else "1"
            split = None if found is None else tuple(each[:, place, which] for each in found)
            start, end = (subsets.statistics(frozenset(ends))[place, which] for ends in ((), edits.entries))
            for entry, role, values, order_error in _lines(start, end, labels, split):
                error = float(standard_error(values[1:]))
                line = (entry, role, float(values[0]), error, order_error)
                yield (other.name, baseline.name, name, statistic, *line, unit)


def _visited(subsets: _Subsets, groups: Sequence[Entries]) -> tuple[Entries, ...]:
    """Return the unions of groups whose values are needed, small ones first."""
    if len(groups) <= MOST_EXACT:
        chosen = chain.from_iterable(combinations(groups, size) for size in range(len(groups) + 1))
        return tuple(frozenset[tuple[str, ...]]().union(*some) for some in chosen)
    visited = {union for order in _orders(subsets, len(groups)) for union in unions_in_order(groups, order)}
    return tuple(sorted({*groups, *visited}, key=lambda union: (len(union), sorted(union))))


def _parts(subsets: _Subsets, groups: Sequence[Entries]) -> tuple[Array, Array]:
    """Return the parts of a change, (edit, ...) and then as ``Result``, and the errors that orders leave."""
    if len(groups) <= MOST_EXACT:
        parts = np.stack(average_gains(groups, subsets.statistics))
        return parts, np.zeros_like(parts)
    orders = _orders(subsets, len(groups))
    gains = np.stack([gains_in_order(groups, order, subsets.statistics) for order in orders])
    pairs = gains.reshape(N_PAIRS, 2, *gains.shape[1:]).mean(axis=1)
    return pairs.mean(axis=0), standard_error(pairs)


def _orders(subsets: _Subsets, n_groups: int) -> list[list[int]]:
    """Return random orders of groups, the same at each call, each followed by its reverse."""
    rng = stream(subsets.edits.baseline.seed, "orders of edits")
    drawn = [[int(place) for place in rng.permutation(n_groups)] for _ in range(N_PAIRS)]
    return [order for each in drawn for order in (each, each[::-1])]


def _groups(subsets: _Subsets, faulty: FaultCounter) -> tuple[Entries, ...]:
    """Return the edited entries, those joined that cannot stand alone."""
    groups = tuple(frozenset({entry}) for entry in subsets.edits.entries)
    while True:
        joined = _merge_once(groups, faulty, _visited(subsets, groups))
        if joined == groups:
            return groups
        groups = joined


def _lines(
    start: Array, end: Array, labels: list[str], split: tuple[Array, ...] | None
) -> Iterator[tuple[str, str, Array, float]]:
    if not (np.isfinite(start).all() and np.isfinite(end).all()):
        return
    yield "", "baseline", start, 0.0
    if split is not None and np.isfinite(split[0]).all():
        parts, errors = split
        for group in np.argsort(-np.abs(parts[:, 0]), kind="stable"):
            yield labels[group], "part", parts[group], float(errors[group, 0])
    yield "", "change", end - start, 0.0
    yield "", "scenario", end, 0.0


def _merge_once(
    groups: Sequence[Entries], faulty: FaultCounter, visited: Iterable[Entries]
) -> tuple[Entries, ...]:
    """Return groups of which two are joined if some set of groups cannot be run; else the groups as they are.

    Of the first such set of those `visited`, the group outside which mends most is joined with the group
    inside whose absence would have mended most. Repeated until nothing changes this ends: all edits together
    can be run.
    """
    for entries in visited:
        if faulty(entries):
            inside = [group for group in groups if group <= entries]
            outside = [group for group in groups if not group <= entries]
            needed = min(outside, key=lambda group: faulty(entries | group))
            needing = min(inside, key=lambda group: faulty(entries - group))
            return tuple(group | needed if group == needing else group for group in groups if group != needed)
    return tuple(groups)
