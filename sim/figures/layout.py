"""A layered layout: boxes in columns by depth, ordered so that few lines cross."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

SWEEPS = 8


@dataclass(frozen=True)
class Layout:
    """Where everything stands.

    Parameters
    ----------
    columns
        Names from top to bottom, by depth; the root's column is the first. Names that do not occur in the
        graph are waypoints.
    routes
        For each line (reader, read) the names it passes, reader first, one in each column.
    """

    columns: tuple[tuple[str, ...], ...]
    routes: Mapping[tuple[str, str], tuple[str, ...]]


def lay_out(root: str, reads: Mapping[str, Sequence[str]]) -> Layout:
    """Lay out what a root rests on (Sugiyama, Tagawa & Toda 1981).

    A name stands one column behind the last that reads it. A line over several columns gets a waypoint in
    each between, so that it runs between boxes and not behind them. Within columns, names are put by the mean
    place of their neighbours, back and forth.

    Parameters
    ----------
    root
        The name everything else is read by, directly or not.
    reads
        For each name what it reads; no circles.

    Returns
    -------
    Layout
        With a column for each depth.

    Examples
    --------
    >>> layout = lay_out("r", {"r": ["a", "x"], "a": ["x"], "x": []})
    >>> layout.columns
    (('r',), ('a', 'r > x'), ('x',))
    >>> layout.routes["r", "x"]
    ('r', 'r > x', 'x')
    """
    depths = _depths(root, reads)
    columns: list[list[str]] = [[] for _ in range(max(depths.values()) + 1)]
    for name, depth in depths.items():
        columns[depth].append(name)
    routes = {}
    for reader, names in reads.items():
        for name in names:
            route = [reader]
            for depth in range(depths[reader] + 1, depths[name]):
                waypoint = f"{reader} > {name}" if depth == depths[reader] + 1 else f"{route[-1]} >"
                columns[depth].append(waypoint)
                route.append(waypoint)
            routes[reader, name] = (*route, name)
    return Layout(_ordered(columns, routes), routes)


def _depths(root: str, reads: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Return the longest way from the root to each name."""
    depths = {root: 0}
    waiting = [root]
    while waiting:
        reader = waiting.pop()
        for name in reads[reader]:
            if depths.get(name, -1) < depths[reader] + 1:
                depths[name] = depths[reader] + 1
                waiting.append(name)
    return {name: depths[name] for name in reads}


def _ordered(
    columns: Sequence[Sequence[str]], routes: Mapping[tuple[str, str], tuple[str, ...]]
) -> tuple[tuple[str, ...], ...]:
    """Order each column by the mean place of its names' neighbours in the column before, then behind."""
    before: dict[str, list[str]] = {}
    behind: dict[str, list[str]] = {}
    for route in routes.values():
        for reader, name in pairwise(route):
            before.setdefault(name, []).append(reader)
            behind.setdefault(reader, []).append(name)
    ordered = [list(column) for column in columns]
    for sweep in range(SWEEPS):
        neighbours = before if sweep % 2 == 0 else behind
        places = {name: (i + 0.5) / len(column) for column in ordered for i, name in enumerate(column)}
        for column in ordered if sweep % 2 == 0 else reversed(ordered):
            means = {name: _mean([places[n] for n in neighbours.get(name, [name])]) for name in column}
            column.sort(key=lambda name: means[name])
            places |= {name: (i + 0.5) / len(column) for i, name in enumerate(column)}
    return tuple(tuple(column) for column in ordered)


def _mean(places: Sequence[float]) -> float:
    return sum(places) / len(places)
