"""Joint draws of everything that outcomes read; those of a scenario, each from its own named stream."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from sim.distributions import Law
from sim.distributions.law import Inverse, Source
from sim.samplers.base import Design, fitting_n_draws
from sim.scenario.correlations import Block, blocks, moves_of
from sim.scenario.priors import priors
from sim.scenario.schema import Correlation, Scenario
from sim.types import Array, Indices

NONE: Mapping[str, Law] = MappingProxyType({})
NO_CHOICES: Mapping[str, Indices] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Draws:
    """Joint draws of parameters, the survey's columns and choices, and the outcomes evaluated at them.

    Parameters
    ----------
    columns
        Parameters (a Dirichlet's components as ``name.component``) and columns of the survey by name, each
        (randomisation, draw).
    choices
        Place of the alternative taken among the sorted alternatives, by choice, each (randomisation, draw),
        or of shape () where it is held.
    shape
        Shape of an array of draws: (randomisation, draw).
    notes
        What the user should know: draws that were added, correlations that were moved, cautions.
    outcomes
        Outcomes by name, each (randomisation, draw); none until they are evaluated
        (:func:`sim.outcomes.with_outcomes`).
    by_choice
        Outcomes that a choice touches, by choice and name, each (alternative, randomisation, draw) with the
        choice held at one alternative after the other.
    """

    columns: Mapping[str, Array]
    choices: Mapping[str, Indices]
    shape: tuple[int, int]
    notes: tuple[str, ...] = ()
    outcomes: Mapping[str, Array] = field(default_factory=dict)
    by_choice: Mapping[str, Mapping[str, Array]] = field(default_factory=dict)

    @property
    def variables(self) -> dict[str, Array]:
        """Columns and outcomes by name, each (randomisation, draw)."""
        return {**self.columns, **self.outcomes}

    def variable(self, name: str) -> Array:
        """Return the draws of a parameter, survey column or outcome, (randomisation, draw)."""
        return self.outcomes[name] if name in self.outcomes else self.columns[name]

    def replace(self, columns: Mapping[str, Array], choices: Mapping[str, Indices] = NO_CHOICES) -> "Draws":
        """Return the same draws with some columns and choices replaced, or added.

        Parameters
        ----------
        columns
            Columns by name, of the same shape.
        choices
            Choices by name, of the same shape.

        Returns
        -------
        Draws
            Draws with all other columns and choices as they are here; without outcomes, which may be others
            now.
        """
        return Draws({**self.columns, **columns}, {**self.choices, **choices}, self.shape, self.notes)

    def only(self, columns: Iterable[str], choices: Iterable[str] = ()) -> "Draws":
        """Return the draws of some columns and choices, in the order asked for.

        Parameters
        ----------
        columns
            Names of the columns that are wanted.
        choices
            Names of the choices that are wanted.

        Returns
        -------
        Draws
            Draws without all other columns and choices, and without outcomes, which read more than these.
        """
        return Draws(
            {name: self.columns[name] for name in columns},
            {name: self.choices[name] for name in choices},
            self.shape,
            self.notes,
        )

    def thinned(self, n_draws: int) -> "Draws":
        """Return the first `n_draws` of each randomisation."""
        return self._changed(lambda array: array[..., :n_draws])

    def mapped(self, change: Callable[[Any], Any]) -> "Draws":
        """Return the draws with every array changed in one way, such as picked from or laid out anew.

        What is held at each alternative is changed for one after the other: `change` takes a single array of
        two dimensions, (randomisation, draw).
        """
        return self._changed(
            lambda array: np.stack([change(each) for each in array]) if array.ndim > 2 else change(array)
        )

    def _changed(self, change: Callable[[Any], Any]) -> "Draws":
        """Return the draws changed by what takes arrays of two dimensions, or of three, alternative first."""
        n_rows, n_columns = change(np.broadcast_to(np.int64(0), self.shape)).shape

        def changed(arrays: Mapping[str, Any]) -> dict[str, Any]:
            return {name: change(array) for name, array in arrays.items()}

        return replace(
            self,
            columns=changed(self.columns),
            choices=changed(self.choices),
            shape=(n_rows, n_columns),
            outcomes=changed(self.outcomes),
            by_choice={choice: changed(touched) for choice, touched in self.by_choice.items()},
        )


@dataclass(frozen=True)
class Sources:
    """What a scenario's parameters and choices are drawn from.

    Parameters
    ----------
    by_parameter
        What each parameter is drawn from, by its name.
    tied
        Names that correlations tie together.
    weights
        Weights of the alternatives of each choice, adding to one, by its name.
    """

    by_parameter: Mapping[str, Source]
    tied: tuple[Block, ...]
    weights: Mapping[str, tuple[float, ...]]

    def parameters(self, design: Design) -> dict[str, Array]:
        """Draw the parameters, a Dirichlet's components as ``name.component``, each (randomisation, draw)."""
        uniforms: dict[str, Array] = {}
        for block in self.tied:
            from sim.draws.copula import correlated_uniforms

            uniforms |= correlated_uniforms(block, design.uniforms)
        return self.given(uniforms, design, self.by_parameter)

    def given(
        self, correlated: Mapping[str, Array], design: Design, names: Iterable[str]
    ) -> dict[str, Array]:
        """Draw some parameters from uniforms of which some carry a correlation.

        Parameters
        ----------
        correlated
            Uniforms of names that a copula ties, (randomisation, draw).
        design
            Layout of all other uniforms.
        names
            Names of the parameters.

        Returns
        -------
        dict of str to Array
            Draws by name, a Dirichlet's components as ``name.component``, each (randomisation, draw).
        """

        def uniforms(name: str) -> Array:
            return correlated[name] if name in correlated else design.uniforms(name)

        parameters: dict[str, Array] = {}
        for name in names:
            parameters |= self.by_parameter[name].draw_columns(name, uniforms, correlated)
        return parameters

    def choices(self, design: Design) -> dict[str, Indices]:
        """Draw the choices: places in the sorted alternatives, each (randomisation, draw)."""
        return {name: _pick(weights, design.uniforms(name)) for name, weights in self.weights.items()}


def _pick(weights: tuple[float, ...], uniforms: Array) -> Indices:
    edges = np.cumsum(weights)[:-1]
    return np.searchsorted(edges, uniforms, side="right").astype(np.int64)


@dataclass(frozen=True)
class AchievedCorrelation:
    """A rank correlation asked for, and the one among the draws.

    Parameters
    ----------
    first
        Name of one of the pair.
    second
        Name of the other.
    asked
        Rank correlation asked for.
    achieved
        Rank correlation among the draws.
    """

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
    return Draws(sources.parameters(design), sources.choices(design), design.shape, layout_notes(scenario))


def layout_notes(scenario: Scenario) -> tuple[str, ...]:
    """Return in words what of a scenario's draws is not as it asks for: their number, correlations."""
    sampling, n_draws = scenario.sampling, design_of(scenario).n_draws
    raised = (
        f"{n_draws:,} draws in place of {sampling.n_draws:,}: "
        f"what {sampling.sampler} lays out evenly in {sampling.n_randomisations} randomisations"
    )
    return (*([raised] if n_draws != sampling.n_draws else ()), *correlation_notes(scenario))


def sources_of(scenario: Scenario, posteriors: Mapping[str, Law] = NONE) -> Sources:
    """Return what all parameters and choices of a scenario are drawn from.

    Parameters
    ----------
    scenario
        A loaded scenario.
    posteriors
        Laws that take the place of those stated, by name.

    Returns
    -------
    Sources
        The sources, with data files read, correlations, and the weights of choices.

    Raises
    ------
    InvalidInput
        If a data file of an empirical parameter cannot be used.
    """
    tied = blocks(scenario.correlations)
    weights = {name: tuple(choice.weights.values()) for name, choice in scenario.choices.items()}
    names = {name for block in tied for name in block.names}
    by_parameter = {
        name: Inverse(posteriors[name]) if name in posteriors else prior.make_source(name in names)
        for name, prior in priors(scenario).items()
    }  # files of names in correlations are drawn from by value, not by row
    return Sources(by_parameter, tied, weights)


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
        The scenario that was drawn.
    draws
        Its draws, from :func:`draw`.

    Returns
    -------
    tuple of AchievedCorrelation
        Correlations, in the order in which the scenario states them.
    """
    return tuple(_achieved(pair, draws.columns) for pair in scenario.correlations)


def _achieved(pair: Correlation, columns: Mapping[str, Array]) -> AchievedCorrelation:
    from scipy.stats import spearmanr  # here: it takes half a second, and checks need none of it

    one, other = (columns[name].ravel() for name in pair.between)
    return AchievedCorrelation(*pair.between, pair.rank, float(spearmanr(one, other).statistic))
