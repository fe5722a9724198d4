"""The survey as a scenario reads it: its estimands, drawn, with what to know of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.draws.draw import Draws
from sim.evidence.estimands import PERIODS_PER_YEAR, check_references
from sim.evidence.methods import METHODS, Method, draw_evidence
from sim.evidence.mixed_survey import read_survey
from sim.evidence.readings import PeriodSample
from sim.samplers.base import Design, stream
from sim.scenario.evidence import Evidence
from sim.scenario.schema import Scenario
from sim.types import Array, RngFor

if TYPE_CHECKING:
    from sim.evidence.hierarchical.cache import Posterior
    from sim.evidence.hierarchical.diagnostics import Diagnostics
    from sim.evidence.hierarchical.model_survey import ModelSurvey
    from sim.evidence.hierarchical.settings import FitSettings

POOL_STREAM = "survey replicates"
SHORTEST_STRETCH = 64
"""Fewest replicates that one randomisation picks from alone."""


@dataclass(frozen=True, eq=False)
class SurveyPool:
    """What a survey's columns are picked from.

    Parameters
    ----------
    columns
        Replicates, or draws of a posterior, by column, (replicate).
    name
        Name of the uniforms that pick.
    notes
        Coverage to expect, and cautions, in plain words.
    """

    columns: Mapping[str, Array]
    name: str
    notes: tuple[str, ...]

    def pick(self, design: Design) -> Draws:
        """Return draws of the columns, jointly.

        Each randomisation picks from a stretch of its own, so that the spread over randomisations, which is
        the Monte Carlo error, holds that replicates are finitely many and that the draws of a chain are not
        independent. Where there are fewer than 64 for each, all pick from all.
        """
        if not self.columns:
            return Draws({}, {}, design.shape, self.notes)
        n_replicates = len(next(iter(self.columns.values())))
        n_each = n_replicates // design.n_randomisations
        starts = n_each * np.array(design.made.randomisations, dtype=np.int64)[:, np.newaxis]
        if n_each < SHORTEST_STRETCH:
            n_each, starts = n_replicates, np.zeros_like(starts)
        picks = starts + (design.uniforms(self.name) * n_each).astype(np.int64)
        columns = {name: column[picks] for name, column in self.columns.items()}
        return Draws(columns, {}, design.shape, self.notes)


def draw_survey(scenario: Scenario, design: Design) -> Draws:
    """Draw the survey's estimands as the scenario asks; nothing where it names no survey.

    Parameters
    ----------
    scenario
        Loaded scenario.
    design
        Layout of the draws; posterior draws are picked by the uniforms of the name ``survey posterior``.

    Returns
    -------
    Draws
        A column for each estimand, (randomisation, draw), and notes.

    Raises
    ------
    InvalidInput
        If the survey cannot be used, or a posterior is refused by its diagnostics.
    """
    if has_posterior(scenario):
        return survey_pool(scenario, 0).pick(design)
    replicates, notes = _replicates(scenario, design.n_draws)
    columns = {
        name: column.reshape(design.n_randomisations, design.n_each)[
            design.made.randomisations.start : design.made.randomisations.stop,
            design.made.draws.start : design.made.draws.stop,
        ]
        for name, column in replicates.items()
    }
    return Draws(columns, {}, design.shape, notes)


def survey_pool(scenario: Scenario, n_replicates: int) -> SurveyPool:
    """Return what a survey's columns are picked from, draw by draw; nothing where there is no survey.

    Parameters
    ----------
    scenario
        Loaded scenario.
    n_replicates
        Number of replicates of the survey, for methods that make any; a posterior has as many draws as its
        fit.

    Returns
    -------
    SurveyPool
        The pool; empty where there is no survey.

    Raises
    ------
    InvalidInput
        If the survey cannot be used, or a posterior is refused by its diagnostics.
    """
    evidence = scenario.evidence
    if evidence is None or evidence.periods is None:
        return SurveyPool({}, "", ())
    method = METHODS[evidence.method]
    if method.has_posterior:
        return _by_model(evidence, evidence.periods, method, partial(stream, scenario.seed, "survey"))
    if not method.has_error:
        columns, notes = _replicates(scenario, 1)
        return SurveyPool(columns, POOL_STREAM, notes)
    columns, notes = _replicates(scenario, n_replicates)
    note = (
        f"the survey's {n_replicates:,} replicates were made once and are picked anew for each draw; "
        "that they are finitely many is in the Monte Carlo errors"
    )
    return SurveyPool(columns, POOL_STREAM, (*notes, note))


def posterior_limit(scenario: Scenario) -> str:
    """Say what keeps Monte Carlo errors from falling where the survey is drawn by a posterior."""
    from sim.evidence.hierarchical.settings import FitSettings

    n_draws = len(survey_pool(scenario, 0).columns["periods_per_year"])
    return (
        f"no run lessens what the {n_draws:,} draws of the survey's posterior leave uncertain; "
        f"state more in evidence.posterior_draws, those of each of its {FitSettings.chains} chains"
    )


def _replicates(scenario: Scenario, n_draws: int) -> tuple[Mapping[str, Array], tuple[str, ...]]:
    """Make replicates of the survey, (draw) by column, with notes."""
    evidence = scenario.evidence
    if evidence is None or evidence.periods is None:
        return {}, ()
    from sim.engine.coverage import coverage_notes

    sample = period_sample(evidence)
    rng_for = partial(stream, scenario.seed, "survey")
    drawn = draw_evidence(sample, evidence.references, evidence.method, n_draws, rng_for)
    return drawn.columns, (*sample.notes, *coverage_notes(evidence, sample), *drawn.warnings)


def _by_model(
    evidence: Evidence,
    periods: Path,
    method: Method,
    rng_for: RngFor,
) -> SurveyPool:
    """Return draws of the posterior, or of the hybrid of posterior and design."""
    from sim.engine.coverage import coverage_notes
    from sim.evidence.hierarchical.model_survey import read_model_survey

    survey = read_model_survey(periods, evidence.reading)
    method.check_periods(survey.sample, evidence.references)
    found = _survey_posterior(evidence, periods, survey)
    columns = method.of_posterior(survey.sample, evidence.references, found.columns, rng_for)
    n_posterior = len(next(iter(columns.values())))
    columns["periods_per_year"] = np.full(n_posterior, float(PERIODS_PER_YEAR))
    notes = (*survey.sample.notes, *coverage_notes(evidence, survey.sample), _sampled(found.diagnostics))
    return SurveyPool(columns, "survey posterior", notes)


def _sampled(diagnostics: "Diagnostics") -> str:
    """Say how well a posterior was sampled."""
    worst = max(each.r_hat for each in diagnostics.quantities)
    least = min(min(each.ess_bulk, each.ess_tail) for each in diagnostics.quantities)
    n_divergent = sum(unit.n_divergent for unit in diagnostics.units)
    return (
        f"posterior of the survey: r-hat at most {worst:.3f}, at least {least:,.0f} effective draws, "
        f"{n_divergent} divergences"
    )


def _survey_posterior(evidence: Evidence, periods: Path, survey: "ModelSurvey") -> "Posterior":
    """Return the posterior kept beside the survey, or else from the cache, or else from a new fit.

    The fit does not depend on a scenario's seed, so that every scenario on one survey shares it. It is
    refused where a reference has no ratio, or by its diagnostics.
    """
    from sim.evidence.hierarchical.cache import posterior_beside, posterior_digest
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


def check_data(scenario: Scenario) -> None:
    """Read the data files a scenario names, and see that its method has periods enough.

    Raises
    ------
    InvalidInput
        If anything is wrong in the files, or missing.
    """
    evidence = scenario.evidence
    if evidence is not None and evidence.periods is not None:
        sample = period_sample(evidence)
        check_references(sample, evidence.references)
        METHODS[evidence.method].check_periods(sample, evidence.references)
    for parameter in scenario.parameters.values():
        if parameter.data_files():
            parameter.law()  # reads them


def period_sample(evidence: Evidence) -> PeriodSample:
    """Return the survey's periods, read as the scenario reads them; counts are (period, unit).

    Raises
    ------
    InvalidInput
        If anything is wrong in the period files.
    """
    assert evidence.periods is not None
    return read_survey(evidence.periods, evidence.reading, evidence.histories, evidence.span)
