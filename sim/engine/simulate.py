"""The draws of a run, one line a step: parameters, survey, outcomes."""

from sim.draws.draw import design_of, draw
from sim.engine.assembly import join_draws, run_of
from sim.engine.inputs import conditioned_laws
from sim.engine.survey import draw_survey, has_posterior
from sim.outcomes import with_outcomes
from sim.parallel import Executor, SerialExecutor
from sim.run_record import Run
from sim.scenario.schema import Scenario
from sim.types import Step, silent

STREAMED_ABOVE = 2**20
"""Draws above which a run makes them block by block and keeps but a few."""


def simulate(scenario: Scenario, step: Step = silent, executor: Executor | None = None) -> Run:
    """Run a scenario; with more than ``STREAMED_ABOVE`` draws, by :mod:`sim.engine.streamed_run`.

    A streamed run has the same numbers as one that keeps its draws, but for the last digits.

    Parameters
    ----------
    scenario
        A loaded scenario.
    step
        Called with a short description when a step begins.
    executor
        Does the blocks of a streamed run; this process unless stated.

    Returns
    -------
    Run
        The run in memory; where not all draws are kept, with the rows of the summary of them all. It has no
        tables until the recipe says who makes them.

    Raises
    ------
    InvalidInput
        If data cannot be used, or an outcome is not finite in some draw.
    """
    step("conditioning parameters on observed values")
    conditioned = conditioned_laws(scenario)
    if design_of(scenario).n_draws > STREAMED_ABOVE:
        from sim.engine.streamed_run import run_streamed  # here, as below: most runs keep all their draws

        return run_streamed(scenario, conditioned, executor or SerialExecutor(), step)
    step("drawing parameters")
    drawn = draw(scenario, conditioned.posteriors)
    of_model = has_posterior(scenario)
    step("reading or fitting the survey's model" if of_model else "drawing the survey's estimands")
    survey = draw_survey(scenario, design_of(scenario))
    draws = join_draws(scenario, conditioned, drawn, survey)
    step("evaluating outcomes")
    run = run_of(scenario, with_outcomes(scenario, draws))
    if scenario.sampling.keep_draws is None:
        return run
    from sim.engine.streamed_run import thinned

    return thinned(run)
