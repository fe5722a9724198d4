"""The rows of a run whose draws are not kept: tasks folded, merged by randomisation, and reported."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from sim.engine.blocks import TASK, Folded, Folding, tasks_of
from sim.parallel import Executor
from sim.summary.row import Row
from sim.summary.rows import as_row
from sim.summary.sketch import RELATIVE_WIDTH
from sim.summary.statistic import Key, Statistic, without_idle
from sim.summary.stream_summary import DrawCounts, DrawMoments, StreamSummary, finished, side_by_side
from sim.summary.tail_index import tail_shape
from sim.summary.trust import Trust
from sim.types import Array, Step

NOTE = (
    "quantiles, intervals and shares of the top are from counts in bins at most "
    f"{100 * RELATIVE_WIDTH:.2g} % wide: that is how far one can be off besides its Monte Carlo error; "
    "means, standard deviations and probabilities are exact"
)


def streamed_rows(
    folding: Folding,
    wanted: Sequence[Statistic],
    some: Mapping[Key, Array],
    executor: Executor,
    step: Step,
) -> Iterator[Row]:
    """Make all draws of a layout, fold them, and yield a row for each statistic wanted that is not idle.

    The value is of all draws pooled; its Monte Carlo error is from the values of each randomisation, as for
    stored draws (:class:`sim.summary.estimate.Estimate`). A randomisation's bins are dropped as soon as its
    values are known. Neither the block size nor the executor changes a digit.

    Parameters
    ----------
    folding
        Makes and folds the draws of a task.
    wanted
        What is reported.
    some
        Draws of every quantity that are at hand: they tell which reach 0, and how heavy a tail is that lies
        within an atom, which a bin does not show.
    executor
        Does the tasks.
    step
        Called with how far the draws are.

    Raises
    ------
    InvalidInputError
        If an outcome is not finite in some draw.
    """
    n_each = -(-folding.design.n_each // TASK)
    merging = _Merging(folding, wanted, n_each)
    n_tasks = n_each * folding.design.n_randomisations
    results = executor.map(folding, tasks_of(folding.design))
    try:
        for number, folded in enumerate(results, start=1):
            merging.take(folded)
            step(f"drawing and folding, {100 * number // n_tasks} % done")
    finally:
        results.close()
    pooled = merging.pooled()
    each = np.array(merging.values)

    def shape_of(key: Key) -> float:
        return max(pooled.tail_shape(key), tail_shape(some[key]))

    values = {name: draws for (name, held), draws in some.items() if not held}
    trust = Trust(folding.model.scenario, values, folding.design.n_draws, shape_of, pooled.only)
    found = dict(zip(wanted, each.T, strict=True))
    for statistic in without_idle(wanted, pooled.has_both_signs):
        judged = trust.judged(statistic, pooled.estimate(statistic, found[statistic]))
        yield as_row(statistic, judged.value, judged.error, judged.note)


class _Merging:
    """Puts the summaries of tasks together, in the order of the tasks whatever the order they come in."""

    def __init__(self, folding: Folding, wanted: Sequence[Statistic], n_each: int) -> None:
        self._folding, self._wanted, self._n_each = folding, wanted, n_each
        self._parts: dict[int, dict[int, DrawMoments]] = {}
        self._counted: dict[int, DrawCounts] = {}
        self._whole: dict[int, DrawMoments] = {}
        self._all = DrawCounts(folding.plan)
        self._values: dict[int, list[float]] = {}

    @property
    def values(self) -> list[list[float]]:
        """Every statistic of each randomisation, in order."""
        return [self._values[place] for place in sorted(self._values)]

    def take(self, folded: Folded) -> None:
        """Take the summary of one task."""
        place = folded.task.randomisation
        self._parts.setdefault(place, {})[folded.task.number] = folded.part
        if place in self._counted:
            self._counted[place].merge(folded.counted)
        else:
            self._counted[place] = folded.counted
        if len(self._parts[place]) == self._n_each:
            self._finish(place)

    def pooled(self) -> StreamSummary:
        """Return the summary of all randomisations together."""
        apart = side_by_side([self._whole[place] for place in sorted(self._whole)])
        return finished(apart.pooled(), self._all, apart)

    def _finish(self, place: int) -> None:
        parts = self._parts.pop(place)
        part = side_by_side([parts[number] for number in sorted(parts)]).pooled()
        counted = self._counted.pop(place)
        found = finished(part, counted)
        self._values[place] = [found.value(statistic) for statistic in self._wanted]
        self._whole[place] = part
        self._all.merge(counted)
