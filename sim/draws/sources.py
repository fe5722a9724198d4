"""What parameters and choices are drawn from, made ready once for any number of blocks of draws."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.distributions import Bootstrap, Dirichlet, Empirical, EmpiricalSample, Law, Rows
from sim.draws.copula import correlated_uniforms
from sim.draws.uniforms import Design
from sim.scenario.correlations import Block
from sim.scenario.schema import Scenario
from sim.types import Array, Indices

Source = Law | EmpiricalSample | Rows | Dirichlet


@dataclass(frozen=True)
class Sources:
    """What a scenario's parameters and choices are drawn from.

    Parameters
    ----------
    laws
        By name of parameter: a law, the rows of a file, rows to resample, or shares.
    tied
        Names that correlations tie together.
    weights
        Of the alternatives of each choice, adding to one.
    """

    laws: Mapping[str, Source]
    tied: tuple[Block, ...]
    weights: Mapping[str, tuple[float, ...]]

    def parameters(self, design: Design) -> dict[str, Array]:
        """Draw the parameters, a Dirichlet's components as ``name.component``, each (randomisation, draw)."""
        uniforms: dict[str, Array] = {}
        for block in self.tied:
            uniforms |= correlated_uniforms(block, design.uniforms)
        return realise(self.laws, uniforms, design)

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

    Raises
    ------
    InvalidInputError
        If a data file of an empirical parameter cannot be used.
    """
    laws: dict[str, Source] = {}
    for name in names:
        parameter = scenario.parameters[name]
        if isinstance(parameter, Dirichlet):
            laws[name] = parameter
        elif isinstance(parameter, Bootstrap):
            laws[name] = parameter.rows(Path())
        elif isinstance(parameter, Empirical):
            sample = parameter.read(Path())
            laws[name] = sample.law() if name in tied else sample
        else:
            laws[name] = posteriors[name] if name in posteriors else parameter.law()
    return laws


def realise(laws: Mapping[str, Source], correlated: Mapping[str, Array], design: Design) -> dict[str, Array]:
    """Turn uniforms into draws of parameters.

    Parameters
    ----------
    laws
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
    parameters: dict[str, Array] = {}
    for name, source in laws.items():
        if isinstance(source, Dirichlet):
            parameters |= _components(name, source, design, correlated)
        elif isinstance(source, EmpiricalSample):
            # parameters that name one file share the stream of its content
            parameters[name] = source.values[source.rows(design.uniforms(f"rows of {source.digest}"))]
        elif isinstance(source, Rows):
            parameters[name] = _resampled(source, design)
        else:
            parameters[name] = source.ppf(_uniforms(name, design, correlated))
    return parameters


def _resampled(rows: Rows, design: Design) -> Array:
    """Draw a statistic of resamples; parameters that name one file share the resamples of its content."""
    return rows.replicates(lambda place: design.uniforms(f"pick {place} of a resample of {rows.digest}"))


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


def _pick(weights: tuple[float, ...], uniforms: Array) -> Indices:
    edges = np.cumsum(weights)[:-1]
    return np.searchsorted(edges, uniforms, side="right").astype(np.int64)
