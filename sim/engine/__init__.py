"""The recipe of a run, one line a step: draws, survey, outcomes, results."""

from collections.abc import Callable
from pathlib import Path

from sim.distributions import Empirical
from sim.draws.draw import design_of, draw
from sim.engine.assemble import assemble
from sim.engine.conditioned import conditioned_laws
from sim.engine.survey import check_survey, draw_survey
from sim.outcomes import evaluate_by_alternative, evaluate_outcomes
from sim.results import Results
from sim.scenario.schema import Scenario

__all__ = ["check_data", "run"]

Step = Callable[[str], None]


def _silent(words: str) -> None:
    """Tell nobody."""


def run(scenario: Scenario, step: Step = _silent) -> Results:
    """Run a scenario.

    Parameters
    ----------
    scenario
        Loaded scenario.
    step
        Told in words what begins now.

    Raises
    ------
    InvalidInputError
        If data cannot be used, or an outcome is not finite in some draw.
    """
    step("conditioning parameters on observed values")
    conditioned = conditioned_laws(scenario)
    step("drawing parameters")
    drawn = draw(scenario, conditioned.posteriors)
    step("drawing the survey's estimands")
    survey = draw_survey(scenario, design_of(scenario))
    step("evaluating outcomes")
    known = {**drawn.parameters, **survey.columns}
    outcomes = evaluate_outcomes(scenario, known, drawn.choices, drawn.shape)
    by_choice = {
        choice: evaluate_by_alternative(scenario, known, drawn.choices, drawn.shape, choice)
        for choice in scenario.choices
    }
    return assemble(scenario, drawn, survey, outcomes, by_choice, conditioned.notes)


def check_data(scenario: Scenario) -> None:
    """Read the data files a scenario names.

    Raises
    ------
    InvalidInputError
        With what is wrong in them.
    """
    check_survey(scenario)
    for parameter in scenario.parameters.values():
        if isinstance(parameter, Empirical):
            parameter.read(Path())
