"""The survey as a scenario reads it: its estimands, drawn, with what to know of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.draws.streams import stream
from sim.draws.uniforms import Design
from sim.evidence.coverage import FEW_SURVEYS
from sim.evidence.estimands import PERIODS_PER_YEAR, check_references
from sim.evidence.periods import read_periods
from sim.evidence.readings import PeriodSample, Reading, read_as
from sim.evidence.sampling_error import draw_evidence
from sim.evidence.switches import ByModel
from sim.outcomes import Array
from sim.scenario.schema import Evidence, Scenario

if TYPE_CHECKING:
    from sim.evidence.hierarchical.diagnostics import Diagnostics

FIT_SEED = 0


@dataclass(frozen=True)
class SurveyDraws:
    """Draws of the survey's columns.

    Parameters
    ----------
    columns
        By name, each (randomisation, draw).
    notes
        Coverage to expect and cautions, in plain words.
    """

    columns: Mapping[str, Array]
    notes: tuple[str, ...]


def draw_survey(scenario: Scenario, design: Design) -> SurveyDraws:
    """Draw the survey's estimands as the scenario asks; nothing where it names no survey.

    Parameters
    ----------
    scenario
        Loaded scenario.
    design
        Layout of the draws; posterior draws are picked by the uniforms of the name ``survey posterior``.

    Raises
    ------
    InvalidInputError
        If the survey cannot be used, or a posterior is refused by its diagnostics.
    """
    evidence = scenario.evidence
    if evidence is None or evidence.periods is None:
        return SurveyDraws({}, ())
    rng_for = partial(stream, scenario.seed, "survey")
    match evidence.method:
        case "hierarchical" | "hybrid" as method:
            return _by_model(evidence, evidence.periods, method, design, rng_for)
        case method:
            sample = _sample(evidence, evidence.periods)
            drawn = draw_evidence(sample, evidence.references, method, design.n_draws, rng_for)
            columns = {name: column.reshape(design.shape) for name, column in drawn.columns.items()}
            return SurveyDraws(columns, (*_coverage(method, drawn.coverage), *drawn.warnings))


def check_survey(scenario: Scenario) -> None:
    """Read the survey and find its references.

    Raises
    ------
    InvalidInputError
        With what is wrong in the period file.
    """
    evidence = scenario.evidence
    if evidence is not None and evidence.periods is not None:
        check_references(_sample(evidence, evidence.periods), evidence.references)


def _by_model(
    evidence: Evidence,
    periods: Path,
    method: ByModel,
    design: Design,
    rng_for: Callable[[str], np.random.Generator],
) -> SurveyDraws:
    """Pick draws of the posterior, or of the hybrid of posterior and design.

    The fit does not depend on the scenario's seed, so that every scenario on one survey shares it.
    """
    from sim.evidence.hierarchical.cache import default_cache
    from sim.evidence.hierarchical.grouped import read_grouped
    from sim.evidence.hierarchical.posterior import posterior_columns
    from sim.evidence.hierarchical.settings import FitSettings
    from sim.evidence.hybrid import hybrid_columns

    survey = read_grouped(periods, _reading(evidence))
    settings = FitSettings(accept_diagnostics=evidence.accept_diagnostics)
    found = posterior_columns(
        survey, evidence.references, settings, partial(stream, FIT_SEED), default_cache()
    )
    columns = dict(found.columns)
    if method == "hybrid":
        columns = hybrid_columns(survey.sample, evidence.references, found.columns, rng_for)
    n_posterior = len(next(iter(columns.values())))
    picks = (design.uniforms("survey posterior") * n_posterior).astype(np.int64)
    drawn = {name: column[picks] for name, column in columns.items()}
    drawn["periods_per_year"] = np.full(design.shape, float(PERIODS_PER_YEAR))
    return SurveyDraws(drawn, (FEW_SURVEYS[method], _sampled(found.diagnostics)))


def _sampled(diagnostics: "Diagnostics") -> str:
    """Say how well a posterior was sampled."""
    worst = max(each.r_hat for each in diagnostics.quantities)
    least = min(min(each.ess_bulk, each.ess_tail) for each in diagnostics.quantities)
    n_divergent = sum(unit.n_divergent for unit in diagnostics.units)
    return (
        f"posterior of the survey: r-hat at most {worst:.3f}, at least {least:,.0f} effective draws, "
        f"{n_divergent} divergences"
    )


def _reading(evidence: Evidence) -> Reading:
    return Reading(evidence.lines, evidence.duplicates, evidence.weeks, evidence.bots)


def _sample(evidence: Evidence, periods: Path) -> PeriodSample:
    return read_as(read_periods(periods), _reading(evidence))


def _coverage(method: str, coverage: Mapping[str, int]) -> list[str]:
    """Say how often nominal 95 % intervals of these draws held the truth in simulated surveys."""
    if not coverage:
        return []
    totals = [percent for name, percent in coverage.items() if "." not in name]
    ratios = [percent for name, percent in coverage.items() if "." in name]
    words = f"{min(totals)} to {max(totals)} % for totals"
    if ratios:
        words += f", {min(ratios)} to {max(ratios)} % for costs priced by one reference repository"
    return [f"nominal 95 % intervals from the survey ({method}) cover {words} in simulated surveys like it"]
