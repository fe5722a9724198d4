"""The methods a study compares, all as draws of the estimands from one simulated survey."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, assert_never

from sim.evidence.hierarchical.grouped import GroupedSurvey
from sim.evidence.hierarchical.settings import FitSettings
from sim.evidence.hybrid import hybrid_columns
from sim.evidence.resampling import RngFor
from sim.evidence.sampling_error import draw_evidence
from sim.types import Array

StudyMethod = Literal["naive", "rescaled", "bayesian", "calibrated", "hierarchical", "hybrid"]
BY_MODEL: frozenset[StudyMethod] = frozenset({"hierarchical", "hybrid"})
FIT = FitSettings(draws=400, tune=300, chains=2, cores=1, accept_diagnostics=True)
"""Of every fit in a study: 800 draws are enough for an interval whose coverage is averaged over surveys."""


@dataclass(frozen=True, eq=False)
class Estimator:
    """Draws of a survey's estimands by any method; methods that need a posterior share one fit.

    Parameters
    ----------
    survey
        The survey; only ``hierarchical`` and ``hybrid`` use its frequencies.
    references
        Repository by the reference's short name.
    n_draws
        Draws of a bootstrap method.
    rng_for
        Gives the generator that belongs to a name.
    """

    survey: GroupedSurvey
    references: Mapping[str, str]
    n_draws: int
    rng_for: RngFor

    def columns(self, method: StudyMethod) -> Mapping[str, Array]:
        """Return draws of every estimand, (draw) by column.

        Raises
        ------
        InvalidInputError
            If the method refuses the survey.
        """
        rng_for = lambda name: self.rng_for(f"{method}, {name}")  # noqa: E731
        match method:
            case "naive" | "rescaled" | "bayesian" | "calibrated":
                drawn = draw_evidence(self.survey.sample, self.references, method, self.n_draws, rng_for)
                return drawn.columns
            case "hierarchical":
                return self.posterior
            case "hybrid":
                return hybrid_columns(self.survey.sample, self.references, self.posterior, rng_for)
            case _:
                assert_never(method)

    @cached_property
    def posterior(self) -> Mapping[str, Array]:
        """Posterior draws of every estimand, (draw) by column."""
        from sim.evidence.hierarchical.posterior import posterior_columns

        rng_for = lambda name: self.rng_for(f"posterior, {name}")  # noqa: E731
        return posterior_columns(self.survey, self.references, FIT, rng_for).columns
