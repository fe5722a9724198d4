"""Runs that do not keep all their draws: streamed, because they are too many, or thinned when asked."""

from collections.abc import Sequence

import xarray as xr

from sim.draws.draw import design_of, draw, sources_of
from sim.engine.assemble import assemble, joined
from sim.engine.blocks import Folding, block_of
from sim.engine.conditioned import ConditionedLaws
from sim.engine.model import Model
from sim.engine.streamed import NOTE, streamed_rows
from sim.engine.survey import survey_pool
from sim.outcomes import outcomes_of
from sim.parallel import Executor
from sim.results import Results, numbers_digest
from sim.scenario.graph import quantities
from sim.scenario.schema import Scenario
from sim.summary.row import Row
from sim.summary.rows import GROUP, prior_rows, rows_dataset, summarise
from sim.summary.statistic import input_statistics, keyed_results, outcome_statistics
from sim.summary.stream_summary import plan_of
from sim.types import Step

N_REPLICATES = 2**20
"""Replicates of the survey that a streamed run picks from."""
KEPT = 2**16
"""Draws that a streamed run keeps unless the scenario says otherwise."""


def run_streamed(
    scenario: Scenario,
    conditioned: ConditionedLaws,
    executor: Executor,
    step: Step,
    n_block: int | None = None,
) -> Results:
    """Run a scenario block by block: every draw is folded into the summary, and a few are kept.

    Parameters
    ----------
    scenario
        Loaded scenario.
    conditioned
        Laws of parameters conditioned on observed values.
    executor
        Does the tasks.
    step
        Called with a short description when a step begins.
    n_block
        Draws made at a time (:class:`sim.engine.blocks.Folding`); as :func:`sim.engine.blocks.block_of` says
        unless stated.

    Raises
    ------
    InvalidInputError
        If data cannot be used, or an outcome is not finite in some draw.
    """
    design = design_of(scenario)
    step("drawing the survey's replicates")
    pool = survey_pool(scenario, N_REPLICATES)
    model = Model(scenario, sources_of(scenario, conditioned.posteriors), pool)
    step("drawing what is kept")
    kept = design.first(_kept_each(scenario, scenario.sampling.keep_draws or KEPT))
    drawn = draw(scenario, conditioned.posteriors, kept)
    draws = joined(scenario, conditioned, drawn, pool.picked(kept))
    results = assemble(scenario, draws, outcomes_of(scenario, draws))
    rows = _streamed(model, n_block, results, executor, step)
    return _with_rows(results, rows, (_kept_note(kept.shape, design.n_draws), NOTE))


def thinned(scenario: Scenario, results: Results) -> Results:
    """Return results with no more draws than the scenario keeps, beside the summary of them all."""
    stated = scenario.sampling.keep_draws
    design = design_of(scenario)
    if stated is None or _kept_each(scenario, stated) >= design.n_each:
        return results
    kept = design.first(_kept_each(scenario, stated))
    tree = xr.DataTree.from_dict(
        {node.path: _first(node.to_dataset(inherit=False), kept.shape[1]) for node in results.tree.subtree}
    )
    tree.attrs = results.tree.attrs
    note = _kept_note(kept.shape, design.n_draws)
    return _with_rows(Results(tree), summarise(scenario, results), (note,))


def _streamed(
    model: Model,
    n_block: int | None,
    kept: Results,
    executor: Executor,
    step: Step,
) -> tuple[Row, ...]:
    scenario = model.scenario
    units = quantities(scenario).units
    of_outcomes = tuple(outcome_statistics(scenario))
    names = [str(name) for group in ("parameters", "evidence") for name in kept.dataset(group).data_vars]
    columns = [(name, units[name]) for name in names]
    of_inputs = tuple(input_statistics(columns))
    wanted = (*of_outcomes, *of_inputs)
    plan = plan_of(wanted)
    folding = Folding(model, design_of(scenario), plan, block_of(plan) if n_block is None else n_block)
    rows = tuple(streamed_rows(folding, wanted, keyed_results(scenario, kept), executor, step))
    n_outcomes = len(rows) - len(of_inputs)
    return (*rows[:n_outcomes], *prior_rows(scenario), *rows[n_outcomes:])


def _kept_each(scenario: Scenario, n_kept: int) -> int:
    return -(-n_kept // scenario.sampling.n_randomisations)


def _kept_note(shape: tuple[int, int], n_draws: int) -> str:
    return (
        f"{shape[0] * shape[1]:,} of {n_draws:,} draws are kept, the first {shape[1]:,} of each "
        "randomisation: figures and correlations are of these, the summary is of all"
    )


def _first(dataset: xr.Dataset, n_draws: int) -> xr.Dataset:
    return dataset.isel(draw=slice(n_draws)) if "draw" in dataset.dims else dataset


def _with_rows(results: Results, rows: Sequence[Row], notes: Sequence[str]) -> Results:
    tree = results.tree.copy()
    tree[GROUP] = xr.DataTree(rows_dataset(rows))
    attributes = {**results.tree.attrs, "notes": "\n".join([*results.notes, *notes])}
    tree.attrs = {**attributes, "numbers_digest": numbers_digest(tree)}
    return Results(tree)
