"""From a scenario to draws of its parameters and choices, each from its own named stream."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from sim.distributions import Law
from sim.distributions.law import Inverse, Source
from sim.draws.copula import correlated_uniforms
from sim.draws.draws import Draws
from sim.samplers.base import Design, fitting_n_draws
from sim.scenario.correlations import Block, blocks, moves_of
from sim.scenario.priors import priors
from sim.scenario.schema import Correlation, Scenario
from sim.types import Array, Indices


@dataclass(frozen=True)
class Sources:
    """What a scenario's parameters and choices are drawn from.

    Parameters
    ----------
    by_parameter
        By name of parameter.
    tied
        Names that correlations tie together.
    weights
        Of the alternatives of each choice, adding to one.
    """

    by_parameter: Mapping[str, Source]
    tied: tuple[Block, ...]
    weights: Mapping[str, tuple[float, ...]]

    def parameters(self, design: Design) -> dict[str, Array]:
        """Draw the parameters, a Dirichlet's components as ``name.component``, each (randomisation, draw)."""
        uniforms: dict[str, Array] = {}
        for block in self.tied:
            uniforms |= correlated_uniforms(block, design.uniforms)
        return realise(self.by_parameter, uniforms, design)

    def choices(self, design: Design) -> dict[str, Indices]:
        """Draw the choices: places in the sorted alternatives, each (randomisation, draw)."""
        return {name: _pick(weights, design.uniforms(name)) for name, weights in self.weights.items()}


def laws_of(
    scenario: Scenario, names: Iterable[str], tied: Collection[str], posteriors: Mapping[str, Law]
) -> dict[str, Source]:
    """Return what some of a scenario's parameters, and streams with one draw a year, are drawn from.

    Parameters
    ----------
    scenario, names
        Loaded scenario; the parameters and streams.
    tied
        Names in correlations: their files are drawn from by value, not by row.
    posteriors
        Laws that take the place of those stated.

    Returns
    -------
    dict of str to Source
        By name of parameter.

    Raises
    ------
    InvalidInput
        If a data file of an empirical parameter cannot be used.
    """
    laws = priors(scenario)
    return {
        name: Inverse(posteriors[name]) if name in posteriors else laws[name].make_source(name in tied)
        for name in names
    }


def realise(
    sources: Mapping[str, Source], correlated: Mapping[str, Array], design: Design
) -> dict[str, Array]:
    """Turn uniforms into draws of parameters.

    Parameters
    ----------
    sources
        What each is drawn from.
    correlated
        Uniforms of names that a copula ties; all others have the design's own.
    design
        Layout of the uniforms.

    Returns
    -------
    dict
        By name, a Dirichlet's components as ``name.component``, each (randomisation, draw).
    """

    def uniforms(name: str) -> Array:
        return correlated[name] if name in correlated else design.uniforms(name)

    parameters: dict[str, Array] = {}
    for name, source in sources.items():
        parameters |= source.draw_columns(name, uniforms, correlated)
    return parameters


def _pick(weights: tuple[float, ...], uniforms: Array) -> Indices:
    edges = np.cumsum(weights)[:-1]
    return np.searchsorted(edges, uniforms, side="right").astype(np.int64)


NONE: Mapping[str, Law] = MappingProxyType({})


@dataclass(frozen=True)
class AchievedCorrelation:
    """A rank correlation asked for, and the one among the draws."""

    first: str
    second: str
    asked: float
    achieved: float


def design_of(scenario: Scenario) -> Design:
    """Return how a scenario lays out its uniforms, with as many draws as its sampler can lay out evenly."""
    sampling = scenario.sampling
    n_draws = fitting_n_draws(sampling.sampler, sampling.n_draws, sampling.n_randomisations)
    return Design(scenario.seed, sampling.sampler, n_draws, sampling.n_randomisations, sampling.dimensions)


def draw(scenario: Scenario, posteriors: Mapping[str, Law] = NONE, design: Design | None = None) -> Draws:
    """Draw all parameters and choices of a scenario.

    The draws of a name depend on the seed, the name and the layout of draws, and on nothing else: not on
    which other parameters there are, their order, their laws, or correlations among others.

    Parameters
    ----------
    scenario
        Loaded scenario.
    posteriors
        Laws that take the place of those stated, by name: parameters conditioned on observations.
    design
        Layout of the uniforms; the scenario's own unless stated.

    Returns
    -------
    Draws
        Every parameter and choice, each (randomisation, draw), with notes of what was changed.

    Raises
    ------
    InvalidInput
        If a data file of an empirical parameter cannot be used.
    """
    design = design or design_of(scenario)
    sources = sources_of(scenario, posteriors)
    return Draws(
        sources.parameters(design), sources.choices(design), design.shape, layout_notes(scenario, design)
    )


def layout_notes(scenario: Scenario, design: Design) -> tuple[str, ...]:
    """Return in words what of a scenario's draws is not as it asks for: their number, correlations.

    Parameters
    ----------
    scenario
        Loaded scenario.
    design
        Layout of the uniforms.

    Returns
    -------
    tuple of str
        Empty where all is as asked.
    """
    return (*_raised(scenario, design), *correlation_notes(scenario))


def sources_of(scenario: Scenario, posteriors: Mapping[str, Law] = NONE) -> Sources:
    """Return what all parameters and choices of a scenario are drawn from.

    Parameters
    ----------
    scenario, posteriors
        Loaded scenario; laws that take the place of those stated, by name.

    Returns
    -------
    Sources
        Its data files read, its correlations and the weights of its choices.

    Raises
    ------
    InvalidInput
        If a data file of an empirical parameter cannot be used.
    """
    tied = correlated_blocks(scenario)
    weights = {name: tuple(choice.weights.values()) for name, choice in scenario.choices.items()}
    names = {name for block in tied for name in block.names}
    return Sources(laws_of(scenario, priors(scenario), names, posteriors), tied, weights)


def correlated_blocks(scenario: Scenario) -> tuple[Block, ...]:
    """Return the names that correlations tie together, block by block."""
    return blocks(scenario.correlations)


def correlation_notes(scenario: Scenario) -> tuple[str, ...]:
    """Return in words what is changed so that a scenario's correlations hold together."""
    return tuple(
        f"so that the correlations hold together, {move.words}" for move in moves_of(scenario.correlations)
    )


def achieved_correlations(scenario: Scenario, draws: Draws) -> tuple[AchievedCorrelation, ...]:
    """Return each rank correlation that a scenario asks for, beside the one among its draws.

    Parameters
    ----------
    scenario, draws
        What was drawn; from :func:`draw`.

    Returns
    -------
    tuple of AchievedCorrelation
        In the order in which the scenario states them.
    """
    return tuple(_achieved(pair, draws.columns) for pair in scenario.correlations)


def _raised(scenario: Scenario, design: Design) -> list[str]:
    sampling = scenario.sampling
    if design.n_draws == sampling.n_draws:
        return []
    return [
        f"{design.n_draws:,} draws in place of {sampling.n_draws:,}: "
        f"what {sampling.sampler} lays out evenly in {sampling.n_randomisations} randomisations"
    ]


def _achieved(pair: Correlation, columns: Mapping[str, Array]) -> AchievedCorrelation:
    from scipy.stats import spearmanr  # here: it takes half a second, and checks need none of it

    one, other = (columns[name].ravel() for name in pair.between)
    return AchievedCorrelation(*pair.between, pair.rank, float(spearmanr(one, other).statistic))
