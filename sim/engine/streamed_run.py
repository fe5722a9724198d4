"""Runs that do not keep all their draws: streamed, because they are too many, or thinned when asked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from sim.draws.draw import Draws, design_of, draw, sources_of
from sim.engine.assembly import join_draws, run_of
from sim.engine.blocks import TASK, Model, TaskSummariser, TaskSummary, tasks_of
from sim.engine.inputs import ConditionedLaws
from sim.engine.survey import survey_pool
from sim.outcomes import with_outcomes
from sim.parallel import Executor
from sim.results import first_draws, numbers_digest
from sim.run_record import Run
from sim.scenario.graph import quantities
from sim.scenario.priors import summary_columns, yearly_columns
from sim.scenario.schema import Scenario
from sim.scenario.stream_tables import with_values
from sim.summary.row import GROUP, Row, rows_group
from sim.summary.rows import prior_rows
from sim.summary.sketch import RELATIVE_WIDTH
from sim.summary.statistic import (
    Key,
    Statistic,
    input_statistics,
    keyed_draws,
    outcome_statistics,
    without_idle,
)
from sim.summary.stream_summary import (
    LEAF,
    DrawCounts,
    DrawMoments,
    Plan,
    StreamSummary,
    plan_of,
    side_by_side,
)
from sim.summary.tails import tail_shape
from sim.summary.trust import Trust
from sim.types import Array, Groups, Step

NOTE = (
    "quantiles, intervals and shares of the top are from counts in bins at most "
    f"{100 * RELATIVE_WIDTH:.2g} % wide: that is how far one can be off besides its Monte Carlo error; "
    "means, standard deviations and probabilities are exact"
)
N_REPLICATES = 2**20
"""Replicates of the survey that a streamed run picks from."""
KEPT = 2**16
"""Draws that a streamed run keeps unless the scenario says otherwise."""
LARGEST_BLOCK = 2**18
"""Draws made at a time, at most; so many that Python's share, about that of 10,000 draws, is small."""
BLOCK_BYTES = 2**23
"""What the reported quantities of a block may take; a worker holds a few times as much."""


def run_streamed(scenario: Scenario, conditioned: ConditionedLaws, executor: Executor, step: Step) -> Run:
    """Run a scenario block by block: every draw is folded into the summary, and a few are kept.

    Parameters
    ----------
    scenario
        A loaded scenario.
    conditioned
        Laws of parameters conditioned on observed values.
    executor
        Does the tasks, here or in workers.
    step
        Called with a short description when a step begins.

    Returns
    -------
    Run
        The draws kept, and the summary of all draws.

    Raises
    ------
    InvalidInput
        If data cannot be used, or an outcome is not finite in some draw.
    """
    design = design_of(scenario)
    step("drawing the survey's replicates")
    pool = survey_pool(scenario, N_REPLICATES)
    model = Model(with_values(scenario), sources_of(scenario, conditioned.posteriors), pool)
    step("drawing what is kept")
    kept = design.first(_kept_each(scenario, scenario.sampling.keep_draws or KEPT))
    drawn = draw(scenario, conditioned.posteriors, kept)
    draws = join_draws(scenario, conditioned, drawn, pool.pick(kept))
    run = run_of(scenario, with_outcomes(scenario, draws))
    rows = _streamed(model, run.arrays, executor, step)
    return _with_rows(run, run.arrays, run.groups, rows, (_kept_note(kept.shape, design.n_draws), NOTE))


def thinned(run: Run) -> Run:
    """Return a run with no more draws than its scenario keeps, beside the summary of them all.

    It is the same run where all draws are kept.
    """
    scenario = run.scenario
    stated, design = scenario.sampling.keep_draws, design_of(scenario)
    if stated is None or _kept_each(scenario, stated) >= design.n_each:
        return run
    kept = design.first(_kept_each(scenario, stated))
    n_each = kept.shape[1]
    note = _kept_note(kept.shape, design.n_draws)
    groups = first_draws(run.groups, n_each)
    return _with_rows(run, run.arrays.thinned(n_each), groups, run.statistics.rows, (note,))


def _streamed(
    model: Model,
    kept: Draws,
    executor: Executor,
    step: Step,
) -> tuple[Row, ...]:
    scenario = model.scenario
    units = quantities(scenario).units
    of_outcomes = tuple(outcome_statistics(scenario))
    columns = [(name, units[name]) for name in summary_columns(scenario, kept.columns)]
    of_inputs = tuple(input_statistics(columns))
    wanted = (*of_outcomes, *of_inputs)
    plan = plan_of(wanted)
    # columns by year count as those that are reported do
    n_block = _block_of(plan, sum(map(len, yearly_columns(scenario).values())))
    folding = TaskSummariser(model, design_of(scenario), plan, n_block)
    rows = tuple(_streamed_rows(folding, wanted, keyed_draws(scenario, kept), executor, step))
    n_outcomes = len(rows) - len(of_inputs)
    return (*rows[:n_outcomes], *prior_rows(scenario), *rows[n_outcomes:])


def _block_of(plan: Plan, n_more: int) -> int:
    """Return how many draws to make at a time, a power of two, where so many more columns are drawn.

    Examples
    --------
    >>> [_block_of(Plan(tuple((str(n), "") for n in range(size)), (), ()), 0) for size in (1, 16, 1000)]
    [262144, 65536, 4096]
    """
    fitting = BLOCK_BYTES // (8 * max(1, len(plan.keys) + n_more))
    return min(LARGEST_BLOCK, max(LEAF, 1 << (fitting.bit_length() - 1)))


def _kept_each(scenario: Scenario, n_kept: int) -> int:
    return -(-n_kept // scenario.sampling.n_randomisations)


def _kept_note(shape: tuple[int, int], n_draws: int) -> str:
    return (
        f"{shape[0] * shape[1]:,} of {n_draws:,} draws are kept, the first {shape[1]:,} of each "
        "randomisation: figures and correlations are of these, the summary is of all"
    )


def _with_rows(run: Run, kept: Draws, groups: Groups, rows: Sequence[Row], notes: Sequence[str]) -> Run:
    """Return a run of the draws kept, in groups too, whose file holds the rows of all draws."""
    every = (*run.notes, *notes)
    whole = {**groups, GROUP: rows_group(rows)}
    stamp = {"notes": "\n".join(every), "numbers_digest": numbers_digest(whole)}
    return Run(run.scenario, replace(kept, notes=every), (whole, {**run.attributes, **stamp}))


def _streamed_rows(
    folding: TaskSummariser,
    wanted: Sequence[Statistic],
    some: Mapping[Key, Array],
    executor: Executor,
    step: Step,
) -> Iterator[Row]:
    """Make all draws of a layout, fold them, and yield a row for each statistic wanted that is not idle.

    The value is of all draws pooled; its Monte Carlo error is from the values of each randomisation, as for
    stored draws (:class:`sim.summary.estimate.Estimate`). A randomisation's bins are dropped as soon as its
    values are known. Neither the block size nor the executor changes a digit. `some` are draws of every
    quantity that are at hand: they tell which reach 0, and how heavy a tail is that lies within an atom,
    which a bin does not show.
    """
    n_each = -(-folding.design.n_each // TASK)
    merging = _SummaryMerger(folding, wanted, n_each)
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
        yield statistic.row(judged)


class _SummaryMerger:
    """Puts the summaries of tasks together, in the order of the tasks whatever the order they come in."""

    def __init__(self, folding: TaskSummariser, wanted: Sequence[Statistic], n_each: int) -> None:
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

    def take(self, folded: TaskSummary) -> None:
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
        return StreamSummary(apart.pooled(), self._all, apart)

    def _finish(self, place: int) -> None:
        parts = self._parts.pop(place)
        part = side_by_side([parts[number] for number in sorted(parts)]).pooled()
        counted = self._counted.pop(place)
        found = StreamSummary(part, counted)
        self._values[place] = [found.value(statistic) for statistic in self._wanted]
        self._whole[place] = part
        self._all.merge(counted)
