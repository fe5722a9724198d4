"""The entries of the table in which two scenarios differ, and scenarios that have some of them."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel

from sim.faults import InvalidInput
from sim.scenario.check import faults_in
from sim.scenario.ledger import DESCRIPTIVE
from sim.scenario.merge import KeyPath
from sim.scenario.resolved import file_digest
from sim.scenario.schema import Scenario

TABLES = ("parameters", "choices", "outcomes")
WHOLES = ("evidence", "correlations", "price_year")
LAYOUT = ("sampling", "dimensions")

Entries = frozenset[KeyPath]
Faulty = Callable[[Entries], int]
"""Gives how much is wrong with a scenario that has these entries edited; 0 where it can be run."""


class Edits:
    """What a scenario edits of a baseline, entry by entry.

    An entry is a parameter, a choice, an outcome, the evidence, the correlations, the price year, or the list
    of Sobol' dimensions. Name, titles, sources, seed, size of the run and report are no edits: they move no
    number but through the draws.

    Parameters
    ----------
    baseline, other
        Checked scenarios.
    """

    def __init__(self, baseline: Scenario, other: Scenario) -> None:
        self.baseline = baseline
        self.other = other
        self.entries = _differing(baseline, other)

    def laid(self, entries: Collection[KeyPath]) -> Scenario:
        """Return the baseline with some entries as the other scenario has them, not checked."""
        update: dict[str, object] = {}
        for table in TABLES:
            names = {path[1] for path in entries if path[0] == table}
            if names:
                update[table] = _replaced(getattr(self.baseline, table), getattr(self.other, table), names)
        update |= {whole: getattr(self.other, whole) for whole in WHOLES if (whole,) in entries}
        if LAYOUT in entries:
            dimensions = self.other.sampling.dimensions
            update["sampling"] = self.baseline.sampling.model_copy(update={"dimensions": dimensions})
        return self.baseline.model_copy(update=update)

    def n_faults(self, entries: Collection[KeyPath]) -> int:
        """Return how many faults the baseline has with just these entries edited."""
        try:
            return len(faults_in(self.laid(entries), frozenset(), lambda _: self.baseline.name))
        except InvalidInput as error:
            return len(error.faults)


def _replaced[Entry](
    ours: Mapping[str, Entry], theirs: Mapping[str, Entry], names: Collection[str]
) -> dict[str, Entry]:
    kept = {name: entry for name, entry in ours.items() if name not in names or name in theirs}
    return kept | {name: theirs[name] for name in theirs if name in names}


def _differing(baseline: Scenario, other: Scenario) -> tuple[KeyPath, ...]:
    found: list[KeyPath] = []
    for table in TABLES:
        ours, theirs = getattr(baseline, table), getattr(other, table)
        names = dict.fromkeys([*ours, *theirs])
        found += [(table, name) for name in names if _content(ours.get(name)) != _content(theirs.get(name))]
    if _evidence(baseline) != _evidence(other):
        found.append(("evidence",))
    if [_content(each) for each in baseline.correlations] != [_content(each) for each in other.correlations]:
        found.append(("correlations",))
    if baseline.price_year != other.price_year:
        found.append(("price_year",))
    if baseline.sampling.dimensions != other.sampling.dimensions:
        found.append(LAYOUT)
    return tuple(found)


def _content(entry: BaseModel | None) -> object:
    """Return what of an entry moves numbers, data files by their content."""
    if entry is None:
        return None
    table = entry.model_dump(mode="json", exclude=DESCRIPTIVE, exclude_none=True)
    if isinstance(table.get("price_index"), dict):
        table["price_index"].pop("source", None)
    if "file" in table:
        table["file"] = file_digest(Path(table["file"]))
    return table


def _evidence(scenario: Scenario) -> object:
    evidence = scenario.evidence
    if evidence is None:
        return None
    table = evidence.model_dump(mode="json", exclude={"accept_diagnostics"}, exclude_none=True)
    for observed in table["observations"].values():
        observed.pop("source")
    if evidence.periods is not None:
        table["periods"] = file_digest(evidence.periods)
    return table


def merged_once(groups: Sequence[Entries], faulty: Faulty, visited: Iterable[Entries]) -> tuple[Entries, ...]:
    """Join two groups if some set of groups cannot be run; else return the groups as they are.

    Of the first such set, the group outside which mends most is joined with the group inside whose absence
    would have mended most. Repeated until nothing changes this ends: all edits together can be run.

    Parameters
    ----------
    groups
        Disjoint sets of entries.
    faulty
        Gives how much is wrong with a set of entries edited.
    visited
        Unions of groups that must all be sound.

    Returns
    -------
    tuple
        One group fewer, or all as they are.
    """
    for entries in visited:
        if faulty(entries):
            inside = [group for group in groups if group <= entries]
            outside = [group for group in groups if not group <= entries]
            needed = min(outside, key=lambda group: faulty(entries | group))
            needing = min(inside, key=lambda group: faulty(entries - group))
            return tuple(group | needed if group == needing else group for group in groups if group != needed)
    return tuple(groups)
