"""A simulated survey and the truth it was drawn from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, Protocol

import numpy as np

from sim.evidence.hierarchical.grouped import GroupedSurvey, Integers
from sim.types import Array

SimulatorName = Literal["model", "resampled"]


@dataclass(frozen=True, eq=False)
class Simulated:
    """A survey whose truth is known.

    Parameters
    ----------
    survey
        The survey with its frequencies, in the layout of the real one: same strata, repositories, starts and
        numbers of periods.
    truths
        True value by column of :func:`sim.evidence.estimands.estimands`.
    """

    survey: GroupedSurvey
    truths: Mapping[str, float]


class Simulator(Protocol):
    """Makes surveys like the real one."""

    def simulate(self, rng: np.random.Generator) -> Simulated:
        """Return one survey with its truth."""
        ...


def in_layout_of(
    real: GroupedSurvey,
    counts: Array,
    frequencies: Mapping[str, Integers],
    upper: Mapping[str, Integers],
    exposures: Mapping[str, Array],
) -> GroupedSurvey:
    """Return a survey with the strata, repositories, starts and caps of the real one.

    Parameters
    ----------
    real
        The real survey.
    counts
        (period, unit).
    frequencies, upper
        (period, bin) and (bin) by unit.
    exposures
        (period) by unit.
    """
    sample = replace(real.sample, source="a simulated survey", counts=counts)
    return GroupedSurvey(sample, frequencies, upper, exposures, real.caps)
