"""What reads what: outcomes, and the parameters, choices and survey columns below them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from sim.formulas import parse
from sim.scenario.quantities import quantities
from sim.scenario.schema import Scenario

Sort = Literal["outcome", "parameter", "choice", "survey"]


@dataclass(frozen=True)
class Node:
    """One quantity or choice.

    Parameters
    ----------
    name
        As formulas write it.
    sort
        What it is.
    unit
        In pint's notation; empty for a choice.
    reads
        Names it is computed from, in order of name, a choice first; empty for inputs.
    """

    name: str
    sort: Sort
    unit: str
    reads: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dependencies:
    """The graph below the reported outcome.

    Parameters
    ----------
    root
        The reported outcome.
    nodes
        All it rests on, itself included, by name.
    unread
        Nodes of the scenario on which it does not rest.
    """

    root: str
    nodes: Mapping[str, Node]
    unread: tuple[Node, ...]


def dependencies(scenario: Scenario) -> Dependencies:
    """Return what the reported outcome of a scenario rests on."""
    every = {node.name: node for node in _nodes(scenario)}
    root = scenario.report.outcome
    reached: dict[str, Node] = {}
    waiting = [root]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached[name] = every[name]
            waiting += every[name].reads
    nodes = {name: node for name, node in every.items() if name in reached}
    return Dependencies(root, nodes, tuple(node for node in every.values() if node.name not in nodes))


def _nodes(scenario: Scenario) -> Iterator[Node]:
    known = quantities(scenario)
    for name, outcome in scenario.outcomes.items():
        read = sorted({name for text in outcome.formulas.values() for name in parse(text).names})
        chosen = (outcome.by,) if outcome.by is not None else ()
        yield Node(name, "outcome", outcome.unit, (*chosen, *read))
    for name in scenario.choices:
        yield Node(name, "choice", "")
    for name in scenario.parameters:
        for drawn in known.wholes.get(name, (name,)):
            yield Node(drawn, "parameter", known.units[drawn])
    told = {*scenario.outcomes, *scenario.parameters, *(n for names in known.wholes.values() for n in names)}
    for name, unit in known.units.items():
        if name not in told:
            yield Node(name, "survey", unit)


def tree_lines(graph: Dependencies) -> tuple[str, ...]:
    """Return the graph as a tree of text, the reported outcome on top.

    An outcome read in several places is spelt out once; afterwards it is marked ``(above)``.
    """
    shown: set[str] = set()

    def below(name: str, prefix: str) -> Iterator[str]:
        reads = graph.nodes[name].reads
        for place, read in enumerate(reads):
            last = place == len(reads) - 1
            again = read in shown and bool(graph.nodes[read].reads)
            shown.add(read)
            yield f"{prefix}{'└─' if last else '├─'} {_label(graph.nodes[read])}{' (above)' * again}"
            if not again:
                yield from below(read, f"{prefix}{'   ' if last else '│  '}")

    return (_label(graph.nodes[graph.root]), *below(graph.root, ""))


def _label(node: Node) -> str:
    unit = f" [{node.unit}]" if node.unit not in ("", "1") else ""
    return f"{node.name}{unit}" + (f" ({node.sort})" if node.sort in ("choice", "survey") else "")
