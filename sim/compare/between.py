"""The scenarios between two others, evaluated wherever an executor does its tasks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.engine.variants import Variants
from sim.faults import InvalidInputError
from sim.scenario.portable import Portable
from sim.scenario.schema import Scenario
from sim.summary.estimated import median_of
from sim.types import Array

STATISTICS = ("median", "mean_log")


@dataclass(frozen=True)
class Between:
    """A scenario to evaluate.

    Parameters
    ----------
    place
        By which the result is told from others.
    scenario
        With some entries edited.
    outcomes
        Outcomes looked at.
    """

    place: int
    scenario: Portable
    outcomes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Evaluated:
    """What came out.

    Parameters
    ----------
    place
        Of the scenario.
    statistics
        (outcome, statistic, estimate): statistics as in ``STATISTICS``; estimates from all draws, then from
        each randomisation. The median is that of ``sim run``; the mean logarithm is NaN where an outcome is
        not positive in every draw. ``None`` where the scenario cannot be run.
    faults
        Why it cannot.
    """

    place: int
    statistics: Array | None
    faults: InvalidInputError | None = None


class Evaluation:
    """Evaluates scenarios one after the other, draws that they share made once; a worker makes its own."""

    def __init__(self) -> None:
        self._variants = Variants()

    def __call__(self, between: Between) -> Evaluated:
        """Return the statistics of a scenario, or its faults."""
        try:
            found = _statistics(self._variants, between.scenario.scenario, between.outcomes)
        except InvalidInputError as error:
            return Evaluated(between.place, None, error)
        return Evaluated(between.place, found)

    def __reduce__(self) -> tuple[Any, ...]:
        """Send none of the draws."""
        return Evaluation, ()


def _statistics(variants: Variants, scenario: Scenario, outcomes: Sequence[str]) -> Array:
    estimated = variants.estimated(scenario)
    medians = [
        estimated.refined(median_of(name, scenario.outcomes[name].unit)).statistic for name in outcomes
    ]
    return np.stack(
        [
            np.array([[median.value, *median.each], _mean_logs(estimated.outcomes[name])])
            for name, median in zip(outcomes, medians, strict=True)
        ]
    )


def _mean_logs(draws: Array) -> Array:
    """Return the mean logarithm of all draws and of each randomisation; NaN where some are not positive."""
    if (draws > 0).all():
        logs = np.log(draws)
        return np.array([np.mean(logs), *np.mean(logs, axis=1)])
    return np.full(len(draws) + 1, np.nan)
