"""What parameters and choices are drawn from, made ready once for any number of blocks of draws."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from sim.distributions import Law
from sim.distributions.source import Inverse, Source
from sim.draws.copula import correlated_uniforms
from sim.draws.uniforms import Design
from sim.scenario.correlations import Block
from sim.scenario.schema import Scenario
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
    """Return what some of a scenario's parameters are drawn from.

    Parameters
    ----------
    scenario
        Loaded scenario.
    names
        The parameters.
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
    return {
        name: Inverse(posteriors[name])
        if name in posteriors
        else scenario.parameters[name].make_source(name in tied)
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
