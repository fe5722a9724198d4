"""Which edits belong together: those of which one without another leaves a scenario that cannot be run."""

from collections.abc import Iterable, Sequence

from sim.compare.entries import Faulty
from sim.scenario.merge import KeyPath

Entries = frozenset[KeyPath]


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
    """
    for entries in visited:
        if faulty(entries):
            inside = [group for group in groups if group <= entries]
            outside = [group for group in groups if not group <= entries]
            needed = min(outside, key=lambda group: faulty(entries | group))
            needing = min(inside, key=lambda group: faulty(entries - group))
            return tuple(group | needed if group == needing else group for group in groups if group != needed)
    return tuple(groups)
