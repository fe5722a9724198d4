"""The formula graph: which names outcomes read, directly or through others, in what order, in which units."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from sim.evidence.estimands import evidence_units
from sim.scenario.definitions import Definition, definitions, formula_of
from sim.scenario.priors import priors, yearly_columns
from sim.scenario.schema import Outcome, Scenario
from sim.scenario.streams import Stream

Sort = Literal["outcome", "stream", "parameter", "choice", "survey"]


@dataclass(frozen=True)
class Quantities:
    """Names that formulas can read.

    Parameters
    ----------
    units
        Unit text by name: parameters (of one that has several columns, those as ``name.column``), the
        survey's columns and the outcomes.
    wholes
        Columns of each parameter that has several, which formulas read by column only.
    """

    units: Mapping[str, str]
    wholes: Mapping[str, tuple[str, ...]]


def quantities(scenario: Scenario) -> Quantities:
    """Collect the quantities of a scenario."""
    laws = priors(scenario)
    columns = {name: prior.columns(name) for name, prior in laws.items()}
    units = {each: laws[name].unit for name, names in columns.items() for each in names}
    units |= survey_units(scenario) | {name: outcome.unit for name, outcome in scenario.outcomes.items()}
    return Quantities(units, {name: names for name, names in columns.items() if names != (name,)})


def parameter_columns(scenario: Scenario) -> frozenset[str]:
    """Return the names of the columns that parameters fill, and streams with one draw a year."""
    return frozenset(each for name, prior in priors(scenario).items() for each in prior.columns(name))


def summarised(scenario: Scenario, columns: Iterable[str]) -> list[str]:
    """Return the columns that a summary has rows of: all but those of streams by year.

    Parameters
    ----------
    scenario, columns
        Whose columns, and their names.

    Returns
    -------
    list of str
        In their order.
    """
    left_out = {each for names in yearly_columns(scenario).values() for each in names}
    return [name for name in columns if name not in left_out]


def survey_units(scenario: Scenario) -> dict[str, str]:
    """Return the units of the survey's columns by name; none where the scenario has no survey."""
    evidence = scenario.evidence
    return (
        evidence_units(evidence.references) if evidence is not None and evidence.periods is not None else {}
    )


def _names_read(scenario: Scenario, stated: Outcome | Stream) -> frozenset[str]:
    """Return the parameters, columns, outcomes and streams that formulas of an outcome or stream read."""
    is_stream = isinstance(stated, Stream)
    parsed = (formula_of(scenario, text, is_stream) for text in stated.formulas.values())
    return frozenset(name for each in parsed for name in each.reads)


def evaluation_order(scenario: Scenario) -> tuple[str, ...]:
    """Return the outcomes so that each comes after those it reads."""
    return tuple(each.name for each in definitions(scenario) if each.sort == "outcome")


@lru_cache(maxsize=256)
def _below(defined: tuple[Definition, ...]) -> dict[str, frozenset[str]]:
    """Return what each definition rests on, in their order."""
    found: dict[str, frozenset[str]] = {}
    for each in defined:
        found[each.name] = each.reads.union(*(found.get(name, frozenset()) for name in each.reads))
    return found


def names_below(scenario: Scenario, outcome: str) -> frozenset[str]:
    """Return what an outcome rests on: names it reads, directly or through others, and choices.

    Parameters
    ----------
    scenario, outcome
        Checked scenario; name of an outcome.

    Returns
    -------
    frozenset of str
        Parameters, columns of the survey, outcomes and choices; streams, and calls of their functions.
    """
    return _below(definitions(scenario))[outcome]


def outcomes_below(scenario: Scenario, outcome: str) -> tuple[str, ...]:
    """Return the outcomes needed for one, itself last, in the order of evaluation.

    Parameters
    ----------
    scenario, outcome
        Checked scenario; name of an outcome.

    Returns
    -------
    tuple of str
        Names of outcomes.
    """
    below = names_below(scenario, outcome) | {outcome}
    return tuple(name for name in evaluation_order(scenario) if name in below)


def touched_outcomes(scenario: Scenario, choice: str) -> set[str]:
    """Return the outcomes that a choice touches, directly or through others.

    Parameters
    ----------
    scenario, choice
        Checked scenario; name of a choice.

    Returns
    -------
    set of str
        Names of outcomes.
    """
    below = _below(definitions(scenario))
    return {name for name in scenario.outcomes if choice in below[name]}


@dataclass(frozen=True)
class Node:
    """One quantity or choice, as formulas write it.

    Its unit is empty for a choice; the names that it is computed from are in order of name, a choice first,
    and none for inputs.
    """

    name: str
    sort: Sort
    unit: str
    reads: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dependencies:
    """The graph below the reported outcome: the nodes that it rests on, itself included, by name.

    Those of the scenario on which it does not rest are ``unread``.
    """

    root: str
    nodes: Mapping[str, Node]
    unread: tuple[Node, ...]


def dependencies(scenario: Scenario) -> Dependencies:
    """Return what the reported outcome of a scenario rests on."""
    root = scenario.report.outcome
    reached = names_below(scenario, root) | {root}
    every = tuple(_nodes(scenario))
    nodes = {node.name: node for node in every if node.name in reached}
    return Dependencies(root, nodes, tuple(node for node in every if node.name not in reached))


def _nodes(scenario: Scenario) -> Iterator[Node]:
    for name, outcome in scenario.outcomes.items():
        chosen = (outcome.by,) if outcome.by is not None else ()
        yield Node(name, "outcome", outcome.unit, (*chosen, *sorted(_names_read(scenario, outcome))))
    for name, stream in scenario.streams.items():
        yield Node(name, "stream", stream.unit, (*sorted(_names_read(scenario, stream)),))
    for name in scenario.choices:
        yield Node(name, "choice", "")
    for name, parameter in scenario.parameters.items():
        for column in parameter.columns(name):
            yield Node(column, "parameter", parameter.unit)
    for name, unit in survey_units(scenario).items():
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
    return f"{node.name}{unit}" + (f" ({node.sort})" if node.sort in ("choice", "survey", "stream") else "")
