"""The columns that the reported outcome reads, with the group and kind each belongs to."""

from dataclasses import dataclass

import numpy as np

from sim.engine.experiment import Experiment
from sim.engine.inputs import Group, groups_of
from sim.formulas import parse
from sim.scenario.check_formulas import evaluation_order
from sim.scenario.schema import Scenario
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
    read = names_read(experiment.scenario)
    return tuple(
        Driver(name, group, experiment.first.columns[name])
        for group in groups_of(experiment.inputs)
        for name in group.columns
        if name in read and np.ptp(experiment.first.columns[name]) > 0
    )


def names_read(scenario: Scenario) -> frozenset[str]:
    """Return every name the reported outcome reads, and the choices it depends on."""
    reads: dict[str, set[str]] = {}
    for name in evaluation_order(scenario):
        outcome = scenario.outcomes[name]
        names = {read for text in outcome.formulas.values() for read in parse(text).names}
        reads[name] = names | ({outcome.by} if outcome.by else set())
        reads[name] |= {deeper for each in names for deeper in reads.get(each, ())}
    return frozenset(reads[scenario.report.outcome])
