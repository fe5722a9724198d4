"""From a scenario to draws of its parameters and choices, each from its own named stream."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
from scipy.stats import spearmanr

from sim.distributions import Dirichlet, Empirical, EmpiricalSample, Law
from sim.draws.copula import RankCorrelation, blocks, correlated_uniforms
from sim.draws.uniforms import Design, fitting_n_draws
from sim.scenario.schema import Scenario

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Indices = np.ndarray[tuple[int, ...], np.dtype[np.int64]]

NONE: Mapping[str, Law] = MappingProxyType({})


@dataclass(frozen=True)
class AchievedCorrelation:
    """A rank correlation asked for, and the one among the draws."""

    first: str
    second: str
    asked: float
    achieved: float


@dataclass(frozen=True)
class Draws:
    """Joint draws of all parameters and choices.

    Parameters
    ----------
    shape
        (randomisation, draw).
    parameters
        By name (a Dirichlet's components as ``name.component``), each (randomisation, draw).
    choices
        By name: which alternative, as a place in the sorted alternatives, (randomisation, draw).
    correlations
        Asked for and achieved.
    notes
        What the user should know: draws that were added, correlations that had to be moved.
    """

    shape: tuple[int, int]
    parameters: Mapping[str, Array]
    choices: Mapping[str, Indices]
    correlations: tuple[AchievedCorrelation, ...]
    notes: tuple[str, ...]


def design_of(scenario: Scenario) -> Design:
    """Return how a scenario lays out its uniforms, with as many draws as its sampler can lay out evenly."""
    sampling = scenario.sampling
    n_draws = fitting_n_draws(sampling.sampler, sampling.n_draws, sampling.n_randomisations)
    return Design(scenario.seed, sampling.sampler, n_draws, sampling.n_randomisations, sampling.dimensions)


def draw(scenario: Scenario, posteriors: Mapping[str, Law] = NONE) -> Draws:
    """Draw all parameters and choices of a scenario.

    The draws of a name depend on the seed, the name and the layout of draws, and on nothing else: not on
    which other parameters there are, their order, their laws, or correlations among others.

    Parameters
    ----------
    scenario
        Loaded scenario.
    posteriors
        Laws that take the place of those stated, by name: parameters conditioned on observations.

    Raises
    ------
    InvalidInputError
        If a data file of an empirical parameter cannot be used.
    """
    design = design_of(scenario)
    asked = [RankCorrelation(*c.between, c.rank) for c in scenario.correlations]
    tied = blocks(asked)
    uniforms: dict[str, Array] = {}
    for block in tied:
        uniforms |= correlated_uniforms(block, design.uniforms)
    parameters: dict[str, Array] = {}
    for name, parameter in scenario.parameters.items():
        if isinstance(parameter, Dirichlet):
            parameters |= _components(name, parameter, design, uniforms)
        elif isinstance(parameter, Empirical):
            parameters[name] = _from_file(parameter.read(Path()), design, uniforms.get(name))
        else:
            law = posteriors[name] if name in posteriors else parameter.law()
            parameters[name] = law.ppf(_uniforms(name, design, uniforms))
    choices = {
        name: _pick(choice.weights, design.uniforms(name)) for name, choice in scenario.choices.items()
    }
    achieved = tuple(_achieved(pair, parameters) for pair in asked)
    notes = (*_raised(scenario, design), *(repair for block in tied for repair in block.repairs))
    return Draws(design.shape, parameters, choices, achieved, notes)


def _raised(scenario: Scenario, design: Design) -> list[str]:
    sampling = scenario.sampling
    if design.n_draws == sampling.n_draws:
        return []
    return [
        f"{design.n_draws:,} draws in place of {sampling.n_draws:,}: "
        f"what {sampling.sampler} lays out evenly in {sampling.n_randomisations} randomisations"
    ]


def _uniforms(name: str, design: Design, correlated: Mapping[str, Array]) -> Array:
    return correlated[name] if name in correlated else design.uniforms(name)


def _components(
    name: str, parameter: Dirichlet, design: Design, correlated: Mapping[str, Array]
) -> dict[str, Array]:
    """Draw a Dirichlet; a component that is correlated with another parameter is drawn first."""
    full = {component: f"{name}.{component}" for component in parameter.components}
    first = next((component for component in full if full[component] in correlated), None)
    uniforms = {component: _uniforms(key, design, correlated) for component, key in full.items()}
    shares = parameter.draw(uniforms, first)
    return {full[component]: share for component, share in shares.items()}


def _from_file(sample: EmpiricalSample, design: Design, correlated: Array | None) -> Array:
    """Draw rows of a file; parameters that name one file share the stream of its content."""
    if correlated is not None:
        return sample.law().ppf(correlated)
    return sample.values[sample.rows(design.uniforms(f"rows of {sample.digest}"))]


def _pick(weights: Mapping[str, float], uniforms: Array) -> Indices:
    edges = np.cumsum(list(weights.values()))[:-1]
    return np.searchsorted(edges, uniforms, side="right").astype(np.int64)


def _achieved(pair: RankCorrelation, parameters: Mapping[str, Array]) -> AchievedCorrelation:
    one, other = parameters[pair.first].ravel(), parameters[pair.second].ravel()
    return AchievedCorrelation(pair.first, pair.second, pair.rank, float(spearmanr(one, other).statistic))
