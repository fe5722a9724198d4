"""From a scenario to draws of its parameters and choices, each from its own named stream."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sim.distributions import Law
from sim.draws.draws import Draws
from sim.draws.sources import Sources, laws_of
from sim.draws.uniforms import Design, fitting_n_draws
from sim.scenario.correlations import Block, blocks, moves_of
from sim.scenario.schema import Correlation, Scenario
from sim.types import Array

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
    notes = (*_raised(scenario, design), *correlation_notes(scenario))
    return Draws(sources.parameters(design), sources.choices(design), design.shape, notes)


def sources_of(scenario: Scenario, posteriors: Mapping[str, Law] = NONE) -> Sources:
    """Return what all parameters and choices of a scenario are drawn from.

    Parameters
    ----------
    scenario
        Loaded scenario.
    posteriors
        Laws that take the place of those stated, by name.

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
    return Sources(laws_of(scenario, scenario.parameters, names, posteriors), tied, weights)


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
    scenario
        What was drawn.
    draws
        From :func:`draw`.

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
