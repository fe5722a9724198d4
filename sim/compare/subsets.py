"""Statistics of the baseline with some of its entries edited, worked out when asked for and kept."""

from collections.abc import Sequence

import numpy as np

from sim.compare.entries import Edits
from sim.compare.estimated import Estimated, median_of
from sim.engine.variants import Variants
from sim.faults import InvalidInputError
from sim.results import Array
from sim.scenario.merge import KeyPath
from sim.scenario.schema import Scenario

STATISTICS = ("median", "mean_log")
Entries = frozenset[KeyPath]


class Subsets:
    """The medians and mean logarithms of scenarios between two others, all on the baseline's draws.

    Parameters
    ----------
    edits
        What differs.
    outcomes
        Outcomes looked at.
    variants
        Evaluates scenarios; its draws can be shared by several comparisons.
    """

    def __init__(self, edits: Edits, outcomes: Sequence[str], variants: Variants) -> None:
        self.edits = edits
        self.outcomes = tuple(outcomes)
        self._variants = variants
        self._statistics: dict[Entries, Array] = {}
        self._problems: dict[Entries, int] = {}

    def problems(self, entries: Entries) -> int:
        """Return how many faults keep the scenario with just these entries edited from being run."""
        if entries not in self._problems:
            self._problems[entries] = self.edits.n_faults(entries) or self._refused(entries)
        return self._problems[entries]

    def statistics(self, entries: Entries) -> Array:
        """Return the statistics of the scenario with just these entries edited.

        Returns
        -------
        ndarray
            (outcome, statistic, estimate): statistics as in ``STATISTICS``; estimates from all draws, then
            from each randomisation. The mean logarithm is NaN where an outcome is not positive in every draw.

        Raises
        ------
        InvalidInputError
            If the scenario cannot be run.
        """
        if entries not in self._statistics:
            self._statistics[entries] = _statistics(self._variants, self.edits.laid(entries), self.outcomes)
        return self._statistics[entries]

    def _refused(self, entries: Entries) -> int:
        try:
            self.statistics(entries)
        except InvalidInputError as error:
            return len(error.faults)
        return 0


def _statistics(variants: Variants, scenario: Scenario, outcomes: Sequence[str]) -> Array:
    drawn = variants.outcomes(scenario)
    estimated = Estimated(scenario, variants.known(scenario), drawn)
    medians = [
        estimated.refined(median_of(name, scenario.outcomes[name].unit)).statistic for name in outcomes
    ]
    return np.stack(
        [
            np.array([[median.value, *median.each], _mean_logs(drawn[name])])
            for name, median in zip(outcomes, medians, strict=True)
        ]
    )


def _mean_logs(draws: Array) -> Array:
    """Return the mean logarithm of all draws and of each randomisation; NaN where some are not positive."""
    if (draws > 0).all():
        logs = np.log(draws)
        return np.array([np.mean(logs), *np.mean(logs, axis=1)])
    return np.full(len(draws) + 1, np.nan)
