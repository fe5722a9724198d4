"""Statistics of the baseline with some of its entries edited, worked out when asked for and kept."""

from collections.abc import Sequence

from sim.compare.between import Between, Evaluated, Evaluation
from sim.compare.entries import Edits
from sim.scenario.merge import KeyPath
from sim.scenario.portable import Portable
from sim.types import Array

Entries = frozenset[KeyPath]


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
        self._found: dict[Entries, Evaluated] = {}
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

    def between(self, entries: Entries, place: int = 0) -> Between:
        """Return the scenario with just these entries edited, to be evaluated somewhere."""
        return Between(place, Portable(self.edits.laid(entries)), self.outcomes)

    def take(self, entries: Entries, found: Evaluated) -> None:
        """Keep what was evaluated elsewhere."""
        self._found[entries] = found

    def statistics(self, entries: Entries) -> Array:
        """Return the statistics of the scenario with just these entries edited.

        Returns
        -------
        ndarray
            As :class:`sim.compare.between.Evaluated` has them.

        Raises
        ------
        InvalidInputError
            If the scenario cannot be run.
        """
        found = self._evaluated(entries)
        if found.statistics is None:
            assert found.faults is not None
            raise found.faults
        return found.statistics

    def _evaluated(self, entries: Entries) -> Evaluated:
        if entries not in self._found:
            self._found[entries] = self._evaluation(self.between(entries))
        return self._found[entries]
