"""A scenario made ready to be drawn: in one go or block by block, here or in another process."""

from dataclasses import dataclass
from typing import Any

from sim.draws.draws import Draws
from sim.draws.sources import Sources
from sim.draws.uniforms import Design
from sim.engine.survey import SurveyPool
from sim.scenario.schema import Scenario


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

    def draws(self, design: Design) -> Draws:
        """Draw everything that outcomes read; a draw is the same whatever others are made with it."""
        draws = Draws(self.sources.parameters(design), self.sources.choices(design), design.shape)
        return draws.replace(self.survey.picked(design).columns)

    def __reduce__(self) -> tuple[Any, ...]:
        """Send the scenario as JSON: the classes of its parameters are made when `sim` is imported."""
        return _restored, (self.scenario.model_dump_json(), self.sources, self.survey)


def _restored(scenario: str, sources: Sources, survey: SurveyPool) -> Model:
    return Model(Scenario.model_validate_json(scenario), sources, survey)
