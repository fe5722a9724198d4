"""Shapley effects of a run's inputs, which its summary and its tables both quote."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from sim.analysis.sensitivity.shapley import Names, ValueFunction, shapley_effects
from sim.analysis.sensitivity.sobol import Scale, Share
from sim.engine.experiment import Experiment, moment_note
from sim.engine.inputs import groups_of


class Effects:
    """Shapley effects of inputs and of groups, worked out when they are first asked for.

    Parameters
    ----------
    experiment
        Of a run, with an input that varies.
    """

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.value = ValueFunction(experiment)

    @cached_property
    def inputs(self) -> Mapping[Scale, Mapping[str, Share]]:
        """Those of each input, by scale and name."""
        return self._of({each.name: frozenset([each.name]) for each in self.experiment.inputs})

    @cached_property
    def groups(self) -> Mapping[Scale, Mapping[str, Share]]:
        """Those of each group of inputs that are tied to each other, by scale and name."""
        groups = groups_of(self.experiment.inputs)
        return self._of({group.name: frozenset(each.name for each in group.inputs) for group in groups})

    @cached_property
    def note(self) -> str:
        """Why the variance on the raw scale does not exist, or the draws cannot give it; empty otherwise."""
        return moment_note(self.experiment, "sd")

    @property
    def are_known(self) -> bool:
        """Whether the variance of the first scale, which inputs are ranked on, can be split."""
        return not (self.note and set(self.value.transforms) == {"raw"})

    def _of(self, players: Mapping[str, Names]) -> dict[Scale, Mapping[str, Share]]:
        seed, sets = self.experiment.scenario.seed, list(players.values())
        return {
            scale: dict(zip(players, shapley_effects(self.value, sets, scale, seed), strict=True))
            for scale in self.value.transforms
        }


def effects_of(experiment: Experiment) -> Effects | None:
    """Return the effects of a run's inputs, or ``None`` where nothing that the outcome reads varies."""
    if not experiment.inputs or float(np.ptp(experiment.outcome)) == 0.0:
        return None
    return Effects(experiment)
