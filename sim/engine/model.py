"""A scenario made ready to be drawn: in one go or block by block, here or in another process."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.distributions import Dirichlet
from sim.draws.sources import Source, Sources
from sim.draws.uniforms import Design
from sim.engine.survey import SurveyPool
from sim.outcomes import evaluate_by_alternative, evaluate_outcomes
from sim.scenario.correlations import Block
from sim.scenario.schema import Scenario
from sim.summary.keyed import keyed_draws
from sim.summary.wanted import Key
from sim.types import Array, Indices


@dataclass(frozen=True, eq=False)
class Realised:
    """Everything that some draws make.

    Parameters
    ----------
    parameters, survey, outcomes
        By name, each (randomisation, draw).
    choices
        Place of the alternative taken, by choice, each (randomisation, draw).
    by_choice
        By choice: the outcomes it touches by name, each (alternative, randomisation, draw).
    """

    parameters: Mapping[str, Array]
    survey: Mapping[str, Array]
    choices: Mapping[str, Indices]
    outcomes: Mapping[str, Array]
    by_choice: Mapping[str, Mapping[str, Array]]

    def keyed(self, scenario: Scenario) -> dict[Key, Array]:
        """Return the draws of every quantity reported."""
        variables = {**self.parameters, **self.survey, **self.outcomes}
        return keyed_draws(scenario, variables, self.by_choice)


@dataclass(frozen=True, eq=False)
class Model:
    """A scenario with all that its draws are made from; can be sent to another process.

    Data files have been read and posteriors sampled, so that a worker needs nothing but this.

    Parameters
    ----------
    scenario
        Loaded scenario.
    sources
        What parameters and choices are drawn from.
    survey
        What the survey's columns are picked from.
    """

    scenario: Scenario
    sources: Sources
    survey: SurveyPool

    def realised(self, design: Design) -> Realised:
        """Draw and evaluate; a draw is the same whatever others are made with it.

        Raises
        ------
        InvalidInputError
            If an outcome is not finite in some draw.
        """
        parameters, choices = self.sources.parameters(design), self.sources.choices(design)
        survey = self.survey.picked(design).columns
        return evaluated(self.scenario, parameters, survey, choices, design)

    def __reduce__(self) -> tuple[Any, ...]:
        """Send the scenario as JSON: the classes of its parameters are made when `sim` is imported."""
        laws = {name: None if isinstance(law, Dirichlet) else law for name, law in self.sources.laws.items()}
        return _restored, (
            self.scenario.model_dump_json(),
            laws,
            self.sources.tied,
            self.sources.weights,
            self.survey,
        )


def evaluated(
    scenario: Scenario,
    parameters: Mapping[str, Array],
    survey: Mapping[str, Array],
    choices: Mapping[str, Indices],
    design: Design,
) -> Realised:
    """Evaluate the outcomes, as drawn and with each choice held at each of its alternatives.

    Raises
    ------
    InvalidInputError
        If an outcome is not finite in some draw.
    """
    known = {**parameters, **survey}
    outcomes = evaluate_outcomes(scenario, known, choices, design.shape)
    by_choice = {
        choice: evaluate_by_alternative(scenario, known, choices, design.shape, choice)
        for choice in scenario.choices
    }
    return Realised(parameters, survey, choices, outcomes, by_choice)


def _restored(
    scenario: str,
    laws: Mapping[str, Source | None],
    tied: tuple[Block, ...],
    weights: Mapping[str, tuple[float, ...]],
    survey: SurveyPool,
) -> Model:
    loaded = Scenario.model_validate_json(scenario)
    whole = {name: _shares(loaded, name) if law is None else law for name, law in laws.items()}
    return Model(loaded, Sources(whole, tied, weights), survey)


def _shares(scenario: Scenario, name: str) -> Dirichlet:
    shares = scenario.parameters[name]
    assert isinstance(shares, Dirichlet)
    return shares
