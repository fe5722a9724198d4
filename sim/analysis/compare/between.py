"""The scenarios between two others, evaluated wherever an executor does its tasks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.analysis.compare.entries import Edits, Entries
from sim.engine.variants import Variants
from sim.faults import InvalidInput
from sim.scenario.portable import Portable
from sim.scenario.schema import Scenario
from sim.summary.outcome_estimates import median_of
from sim.types import Array

STATISTICS = ("median", "mean_log")


@dataclass(frozen=True)
class BetweenScenario:
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
class EvaluationResult:
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
    faults: InvalidInput | None = None


class Evaluation:
    """Evaluates scenarios one after the other, draws that they share made once; a worker makes its own."""

    def __init__(self) -> None:
        self._variants = Variants()

    def __call__(self, between: BetweenScenario) -> EvaluationResult:
        """Return the statistics of a scenario, or its faults."""
        try:
            found = _statistics(self._variants, between.scenario.scenario, between.outcomes)
        except InvalidInput as error:
            return EvaluationResult(between.place, None, error)
        return EvaluationResult(between.place, found)

    def __reduce__(self) -> tuple[Any, ...]:
        """Send none of the draws."""
        return Evaluation, ()


class Subsets:
    """The medians and mean logarithms of scenarios between two others, all on the baseline's draws.

    Parameters
    ----------
    edits
        What differs.
    outcomes
        Outcomes looked at.
    evaluation
        Evaluates what is asked for and not yet known.
    """

    def __init__(self, edits: Edits, outcomes: Sequence[str], evaluation: Evaluation) -> None:
        self.edits = edits
        self.outcomes = tuple(outcomes)
        self._evaluation = evaluation
        self._found: dict[Entries, EvaluationResult] = {}
        self._unsound: dict[Entries, int] = {}

    def unsound(self, entries: Entries) -> int:
        """Return how many faults the scenario with just these entries edited has before it is run."""
        if entries not in self._unsound:
            self._unsound[entries] = self.edits.n_faults(entries)
        return self._unsound[entries]

    def problems(self, entries: Entries) -> int:
        """Return how many faults keep the scenario with just these entries edited from being run."""
        refused = None if self.unsound(entries) else self._evaluated(entries).faults
        return self.unsound(entries) or (0 if refused is None else len(refused.faults))

    def between(self, entries: Entries, place: int = 0) -> BetweenScenario:
        """Return the scenario with just these entries edited, to be evaluated somewhere.

        Parameters
        ----------
        entries
            Edited.
        place
            By which the result is told from others.

        Returns
        -------
        BetweenScenario
            A task for :class:`Evaluation`.
        """
        return BetweenScenario(place, Portable(self.edits.laid(entries)), self.outcomes)

    def take(self, entries: Entries, found: EvaluationResult) -> None:
        """Keep what was evaluated elsewhere.

        Parameters
        ----------
        entries
            Edited.
        found
            The result of their scenario.
        """
        self._found[entries] = found

    def statistics(self, entries: Entries) -> Array:
        """Return the statistics of the scenario with just these entries edited.

        Returns
        -------
        ndarray
            As :class:`EvaluationResult` has them.

        Raises
        ------
        InvalidInput
            If the scenario cannot be run.
        """
        found = self._evaluated(entries)
        if found.statistics is None:
            assert found.faults is not None
            raise found.faults
        return found.statistics

    def _evaluated(self, entries: Entries) -> EvaluationResult:
        if entries not in self._found:
            self._found[entries] = self._evaluation(self.between(entries))
        return self._found[entries]


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
