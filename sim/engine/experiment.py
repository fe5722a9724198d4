"""A scenario as an experiment: two independent joint samples, and any mixture of them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import cache, cached_property

import numpy as np

from sim.distributions import Law
from sim.draws.draw import Draws, Sources, design_of, draw, sources_of
from sim.engine.inputs import SURVEY, Group, Input, conditioned_laws, groups_of, inputs_of
from sim.outcomes import evaluate_outcomes
from sim.samplers.base import Design, stream
from sim.scenario.correlations import Block, blocks
from sim.scenario.graph import names_below
from sim.scenario.priors import yearly_columns
from sim.scenario.schema import Scenario
from sim.summary.statistic import NAN, Statistic
from sim.summary.trust import trust_of
from sim.types import Array, Indices

MOST_DRAWS = 2**19
"""Most draws looked at, the first of each randomisation: more take memory, and add no digit."""


class Experiment:
    """Two independent samples of a scenario's inputs and the mixtures between them.

    The first sample is that of a run. The second has the same layout and other random numbers; listed
    Sobol' names move on to the next coordinates, so that both together fill the unit cube. The survey's
    second sample is its first with the draws permuted within each randomisation: its draws are
    exchangeable, so that the rows of both are independent up to one part in the number of draws.

    Parameters
    ----------
    scenario
        The scenario that was run.
    draws
        The first sample; of more than 2^19 draws, the first of each randomisation are taken.
    """

    def __init__(self, scenario: Scenario, draws: Draws) -> None:
        self.scenario = scenario
        self.first = draws.thinned(MOST_DRAWS // scenario.sampling.n_randomisations)
        # a run may have kept only the first draws
        self.design = design_of(scenario).first(self.first.shape[1])
        self.inputs = tuple(each for each in inputs_of(scenario) if _varies(each, self.first))
        self._blocks = {name: block for block in blocks(scenario.correlations) for name in block.names}

    @cached_property
    def outcome(self) -> Array:
        """The reported outcome of the first sample, (randomisation, draw)."""
        return self.evaluate(self.first)

    @cached_property
    def second(self) -> Draws:
        """The second sample."""
        drawn = draw(self._second_scenario, self.posteriors, self._second_design)
        survey = next((each.columns for each in self.inputs if each.name == SURVEY), ())
        permuted = _permuted({name: self.first.columns[name] for name in survey}, self.scenario.seed)
        return self.first.replace({**drawn.columns, **permuted}, drawn.choices)

    @cached_property
    def drivers(self) -> Mapping[str, Group]:
        """The group of each column that varies and that the reported outcome reads, by the column."""
        read = names_below(self.scenario, self.scenario.report.outcome)
        return {
            name: group
            for group in groups_of(self.inputs)
            for name in group.columns
            if name in read and np.ptp(self.first.columns[name]) > 0
        }

    @cached_property
    def driver_draws(self) -> Mapping[str, tuple[Array, Group]]:
        """Draws, (randomisation, draw), and group of each driver; of a stream the mean over years."""
        whole = {each: name for name, columns in yearly_columns(self.scenario).items() for each in columns}
        found = {
            name: (self.first.columns[name], group)
            for name, group in self.drivers.items()
            if name not in whole
        }
        for name in dict.fromkeys(whole[each] for each in self.drivers if each in whole):
            years = [each for each in self.drivers if whole.get(each) == name]
            mean = np.mean([self.first.columns[each] for each in years], axis=0)
            found[name] = mean, self.drivers[years[0]]
        return found

    def evaluate(self, draws: Draws) -> Array:
        """Return the reported outcome of some draws, (randomisation, draw).

        Raises
        ------
        InvalidInput
            If it is not finite in some draw.
        """
        return self.evaluate_all(draws)[self.scenario.report.outcome]

    def evaluate_all(self, draws: Draws) -> dict[str, Array]:
        """Return every outcome of some draws by name."""
        return evaluate_outcomes(self.scenario, draws)

    def mixed(self, fresh: Collection[str]) -> Draws:
        """Return the first sample with some inputs, by name, taken from the second, given all that stands.

        A member of a copula block whose other members stand is drawn from its conditional law given them.
        """
        columns: dict[str, Array] = {}
        choices: dict[str, Indices] = {}
        for each in self.inputs:
            if each.name not in fresh:
                continue
            if not each.columns:
                choices[each.name] = self.second.choices[each.name]
            elif each.tied_to and not set(each.tied_to) <= set(fresh):
                columns |= self._conditional(each, fresh)
            else:
                columns |= {name: self.second.columns[name] for name in each.columns}
        return self.first.replace(columns, choices)

    def _conditional(self, each: Input, fresh: Collection[str]) -> dict[str, Array]:
        from sim.draws.copula import conditional_uniforms  # here: most scenarios tie nothing

        block = self._block_of(each)
        kept = [name for name in block.names if name.split(".")[0] not in fresh]
        uniforms = conditional_uniforms(block, kept, *self._uniforms)
        return self._sources.given(uniforms, self._second_design, each.parameters)

    @cached_property
    def _sources(self) -> Sources:
        return sources_of(self.scenario, self.posteriors)

    @cached_property
    def _uniforms(self) -> tuple[Callable[[str], Array], Callable[[str], Array]]:
        """Uniforms by name of the two samples, made once: every set of inputs drawn anew asks for them."""
        return cache(self.design.uniforms), cache(self._second_design.uniforms)

    def _block_of(self, each: Input) -> Block:
        names = (*each.columns, *each.parameters)
        return next(self._blocks[name] for name in names if name in self._blocks)

    @cached_property
    def posteriors(self) -> Mapping[str, Law]:
        """Laws of parameters conditioned on observed values, by name."""
        return conditioned_laws(self.scenario).posteriors

    @cached_property
    def _second_design(self) -> Design:
        first = self.design
        skipped = tuple(f" {place}" for place in range(len(first.dimensions)))  # no name holds a space
        dimensions = (*skipped, *first.dimensions)
        return replace(first, seed=self._second_scenario.seed, dimensions=dimensions)

    @cached_property
    def _second_scenario(self) -> Scenario:
        seed = int(stream(self.scenario.seed, "second sample").integers(2**63))
        return self.scenario.model_copy(update={"seed": seed})


def _varies(each: Input, draws: Draws) -> bool:
    if not each.columns:
        return bool(np.ptp(draws.choices[each.name]) > 0)
    return any(bool(np.ptp(draws.columns[name]) > 0) for name in each.columns)


def _permuted(columns: Mapping[str, Array], seed: int) -> dict[str, Array]:
    if not columns:
        return {}
    n_randomisations, n_draws = next(iter(columns.values())).shape
    rng = stream(seed, "second sample", SURVEY)
    order = np.stack([rng.permutation(n_draws) for _ in range(n_randomisations)])
    return {name: np.take_along_axis(array, order, axis=1) for name, array in columns.items()}


def moment_note(experiment: Experiment, statistic: str, *quantities: str) -> str:
    """Return why a moment does not exist, or cannot be trusted; empty where nothing is against it.

    Parameters
    ----------
    experiment
        The experiment of a run.
    statistic
        ``mean`` or ``sd``.
    *quantities
        Names of the quantities; the reported outcome unless stated.

    Returns
    -------
    str
        The note of the first quantity that has one, as in :class:`sim.summary.row.Row`.
    """
    values = {**experiment.first.columns, **experiment.evaluate_all(experiment.first)}
    trust = trust_of(experiment.scenario, {(name, ""): draws for name, draws in values.items()})
    keys = [(name, "") for name in quantities or (experiment.scenario.report.outcome,)]
    notes = (trust.note(Statistic(*key, statistic, NAN, "", (key,))) for key in keys)
    return next(filter(None, notes), "")
