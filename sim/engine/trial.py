"""What a run will say of its input, before it is run: a few of its own draws, and where its laws can lead."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from sim.distributions import Law
from sim.draws.draw import Draws, Sources, design_of, sources_of
from sim.engine.inputs import conditioned_laws
from sim.engine.survey import check_data, period_sample, survey_pool
from sim.evidence.estimands import PERIODS_PER_YEAR, point_estimates
from sim.evidence.methods import METHODS
from sim.evidence.methods.calibrated import WIDEST
from sim.faults import InvalidInput
from sim.formulas.evaluation import evaluate, evaluate_few
from sim.formulas.ranges import Range
from sim.outcomes import Evaluator, with_outcomes
from sim.samplers.base import Design
from sim.scenario.findings import Finding, share_findings
from sim.scenario.graph import quantities
from sim.scenario.outcome_ranges import OutcomeRanges, reach_of
from sim.scenario.schema import Scenario
from sim.scenario.stream_tables import with_values
from sim.types import Array

N_TRIED = 256
FINITE = "a formula that is finite wherever the parameters can go"


def check_run(scenario: Scenario) -> tuple[Finding, ...]:
    """Refuse what a run refuses of a scenario; return what it may refuse, as draws will have it.

    The first draws of the run itself are made and evaluated, some 256 of them, with point estimates of a
    survey that a posterior draws: where these are finite with the survey's columns anywhere within a factor
    of 30 of their estimates, as well as otherwise. Beyond them, each formula is followed from where the laws
    can go to where it leads.

    Raises
    ------
    InvalidInput
        If anything is wrong in the data, or outcomes are not finite in draws that the run has.
    """
    check_data(scenario)
    with_values(scenario)  # reads files of streams
    posteriors = conditioned_laws(scenario).posteriors
    sources = sources_of(scenario, posteriors)
    design = design_of(scenario).first(-(-N_TRIED // scenario.sampling.n_randomisations))
    far = _far_survey(scenario, design)
    try:  # the survey's own draws, names that have Sobol' coordinates, and numexpr load slowly
        _try(scenario, sources, replace(design, dimensions=()), far, evaluate_few)
    except InvalidInput:
        _try(scenario, sources, design, _survey(scenario, design, far), evaluate)
    return (*_doubts(scenario, posteriors), *share_findings(scenario))


def _try(
    scenario: Scenario, sources: Sources, design: Design, survey: Mapping[str, Array], by: Evaluator
) -> None:
    """Make and evaluate draws, as a run does."""
    columns = {**sources.parameters(design), **survey}
    draws = Draws(columns, sources.choices(design), design.shape)
    with np.errstate(all="ignore"):
        with_outcomes(scenario, draws, by)


def _far_survey(scenario: Scenario, design: Design) -> dict[str, Array]:
    """Return the survey's columns, each by itself farther from its estimate than any method draws it."""
    evidence = scenario.evidence
    if evidence is None or evidence.periods is None:
        return {}
    method = METHODS[evidence.method]
    if method.has_posterior:
        from sim.evidence.hierarchical.model_survey import read_model_survey

        sample = read_model_survey(evidence.periods, evidence.reading).sample  # the frequencies are there
    else:
        sample = period_sample(evidence)
    columns = {}
    for name, estimate in point_estimates(sample, evidence.references).items():
        factors = WIDEST ** (2.0 * design.uniforms(name) - 1.0) if method.has_error else np.ones(design.shape)
        columns[name] = estimate * factors
    return columns | {"periods_per_year": np.full(design.shape, float(PERIODS_PER_YEAR))}


def _survey(scenario: Scenario, design: Design, far: Mapping[str, Array]) -> dict[str, Array]:
    """Return replicates of the survey's columns, or their point estimates where a posterior draws them."""
    evidence = scenario.evidence
    if evidence is None or evidence.periods is None:
        return {}
    if METHODS[evidence.method].has_posterior:
        estimates = point_estimates(period_sample(evidence), evidence.references)
        return {name: np.full(design.shape, estimates.get(name, PERIODS_PER_YEAR)) for name in far}
    pool = survey_pool(scenario, design.shape[0] * design.shape[1]).columns
    return {name: np.resize(column, design.shape) for name, column in pool.items()}


def _doubts(scenario: Scenario, posteriors: Mapping[str, Law]) -> Iterator[Finding]:
    """Yield the formulas that are not finite somewhere in reach of their names' laws."""
    ranges = {name: Range(0.0, np.inf) for name in quantities(scenario).units}  # the survey's are positive
    for name, parameter in scenario.parameters.items():
        laws = {name: posteriors[name]} if name in posteriors else parameter.marginals(name)
        smooth = parameter.continuous_marginals(name)
        ranges |= {column: reach_of(law, steps=column not in smooth) for column, law in laws.items()}
    for path, problem in OutcomeRanges(scenario, ranges).problems:
        yield Finding(path, f"may be infinite or not a number in rare draws: {problem}", FINITE)
