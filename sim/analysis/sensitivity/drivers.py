"""The columns that the reported outcome reads, with the group and kind each belongs to."""

from dataclasses import dataclass

import numpy as np

from sim.engine.experiment import Experiment
from sim.engine.inputs import Group, groups_of
from sim.scenario.graph import names_below
from sim.types import Array


@dataclass(frozen=True)
class Driver:
    """A column that varies and that the reported outcome reads.

    Parameters
    ----------
    name
        Of the column, such as ``attribution.algorithms``.
    group
        The group it belongs to.
    draws
        (randomisation, draw).
    """

    name: str
    group: Group
    draws: Array


def drivers(experiment: Experiment) -> tuple[Driver, ...]:
    """Return the columns that the reported outcome reads, directly or through other outcomes."""
    read = names_below(experiment.scenario, experiment.scenario.report.outcome)
    return tuple(
        Driver(name, group, experiment.first.columns[name])
        for group in groups_of(experiment.inputs)
        for name in group.columns
        if name in read and np.ptp(experiment.first.columns[name]) > 0
    )
