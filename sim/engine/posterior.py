"""The posterior of a survey as a scenario asks for it."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sim.draws.streams import stream
from sim.evidence.estimands import check_references
from sim.evidence.methods import METHODS
from sim.scenario.evidence import Evidence
from sim.scenario.schema import Scenario

if TYPE_CHECKING:
    from sim.evidence.hierarchical.beside import Posterior
    from sim.evidence.hierarchical.model_survey import ModelSurvey
    from sim.evidence.hierarchical.settings import FitSettings


def survey_posterior(evidence: Evidence, periods: Path, survey: "ModelSurvey") -> "Posterior":
    """Return the posterior kept beside the survey, or else from the cache, or else from a new fit.

    The fit does not depend on a scenario's seed, so that every scenario on one survey shares it.

    Parameters
    ----------
    evidence
        Names the references, and states how the posterior is fitted.
    periods
        Path of the period file; a kept posterior is looked for beside it.
    survey
        What the posterior is fitted to.

    Returns
    -------
    Posterior
        Columns by name, each (draw), and their diagnostics.

    Raises
    ------
    InvalidInput
        If a reference has no ratio, or the posterior is refused by its diagnostics.
    """
    from sim.evidence.hierarchical.beside import posterior_beside
    from sim.evidence.hierarchical.cache import posterior_digest
    from sim.evidence.hierarchical.diagnostics import refuse_unless_sound
    from sim.evidence.hierarchical.settings import FIT_SEED

    settings = fit_settings(evidence)
    seeded = partial(stream, FIT_SEED)
    check_references(survey.sample, evidence.references)
    digest = posterior_digest(survey, evidence.references, settings, seeded)
    kept = posterior_beside(periods, digest, settings.draws)
    if kept is not None:
        refuse_unless_sound(kept.diagnostics, settings.accept_diagnostics)
        return kept
    from sim.evidence.hierarchical.cache import default_cache
    from sim.evidence.hierarchical.posterior import posterior_columns

    return posterior_columns(survey, evidence.references, settings, seeded, default_cache())


def fit_settings(evidence: Evidence) -> "FitSettings":
    """Return how a scenario's evidence has the posterior of its survey sampled."""
    from sim.evidence.hierarchical.settings import FitSettings

    settings = FitSettings(accept_diagnostics=evidence.accept_diagnostics)
    stated = evidence.posterior_draws
    return settings if stated is None else replace(settings, draws=stated)


def has_posterior(scenario: Scenario) -> bool:
    """Return whether a scenario's survey is drawn by a posterior."""
    evidence = scenario.evidence
    if evidence is None or evidence.periods is None:
        return False
    return METHODS[evidence.method].has_posterior
