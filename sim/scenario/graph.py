"""The formula graph: what is computed, from which names, in what order, in which units."""

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from graphlib import TopologicalSorter
from typing import Literal

from sim.formulas import Formula, parse
from sim.formulas.functions import TIME_NAMES
from sim.formulas.stream_calls import StreamCall, parse_over_years
from sim.scenario.priors import priors, survey_units, yearly_columns
from sim.scenario.schema import Outcome, Scenario
from sim.scenario.streams import Stream


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


def formula_of(scenario: Scenario, text: str, gives_stream: bool = False) -> Formula:
    """Return a formula of an outcome or a stream, parsed; where there is a horizon, its calls are apart.

    Parameters
    ----------
    scenario
        The scenario that states the formula.
    text
        The formula as written.
    gives_stream
        Whether it is the formula of a stream.

    Returns
    -------
    Formula
        The formula, whose names are those of quantities and of calls.

    Raises
    ------
    FormulaError
        If the text is no formula.
    """
    has_calls = gives_stream or scenario.horizon is not None
    return _formula(text, frozenset(scenario.streams) if has_calls else None, gives_stream)


def _formula(text: str, streams: frozenset[str] | None, gives_stream: bool) -> Formula:
    return parse(text) if streams is None else parse_over_years(text, streams, gives_stream)


@dataclass(frozen=True, eq=False)
class Definition:
    """What is computed: an outcome, a stream, or a call of a function of streams.

    Parameters
    ----------
    name
        Name of the outcome or stream, or text of the call.
    sort
        What it is: an outcome, a stream or a call.
    bodies
        Trees of its formulas by key, over names of quantities, streams and calls; none for a stream that is
        no formula.
    reads
        Names in them, a choice and the number of years among them; for a stream with one draw a year, its
        columns.
    call
        The call, where it is one.
    """

    name: str
    sort: Literal["outcome", "stream", "call"]
    bodies: Mapping[str, ast.expr]
    reads: frozenset[str]
    call: StreamCall | None = None


type _FormulaKey = tuple[str, Literal["outcome", "stream"], tuple[tuple[str, str], ...], tuple[str, ...]]
"""Name and sort of an outcome or stream, its formulas by key, and what it reads besides their names."""


def definitions(scenario: Scenario) -> tuple[Definition, ...]:
    """Return all that is computed, so that each comes after what it reads."""
    horizon, stated = scenario.horizon, list[_FormulaKey]()
    for name, outcome in scenario.outcomes.items():
        stated.append((name, "outcome", (*outcome.formulas.items(),), (outcome.by,) if outcome.by else ()))
    if horizon is None:
        return _definitions(tuple(stated), None, frozenset())
    drawn = yearly_columns(scenario)
    for name, stream in scenario.streams.items():
        stated.append((name, "stream", (*stream.formulas.items(),), drawn.get(name, ())))
    return _definitions(tuple(stated), frozenset(scenario.streams), frozenset({horizon.parameter} - {""}))


@lru_cache(maxsize=256)
def _definitions(
    stated: tuple[_FormulaKey, ...], streams: frozenset[str] | None, number_of_years: frozenset[str]
) -> tuple[Definition, ...]:
    """Return what is computed, in order; asked anew for every block of draws."""
    found: dict[str, Definition] = {}
    for name, sort, texts, besides in stated:
        formulas = {key: _formula(text, streams, sort == "stream") for key, text in texts}
        for formula in formulas.values():
            for text, call in (formula.calls or {}).items():
                bodies = {str(place): argument for place, argument in enumerate(call.arguments)}
                found[text] = Definition(text, "call", bodies, call.names | number_of_years, call)
        reads = frozenset(besides).union(*(formula.names for formula in formulas.values()))
        found[name] = Definition(name, sort, {key: each.body for key, each in formulas.items()}, reads)
    return tuple(found[name] for name in ordered({name: each.reads for name, each in found.items()}))


def ordered(reads: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Return names so that each comes after those it reads; names that only are read are left out.

    Raises
    ------
    graphlib.CycleError
        If names read each other in a circle.
    """
    inner = {name: sorted(set(reads[name]) & reads.keys()) for name in sorted(reads)}
    return tuple(TopologicalSorter(inner).static_order())


def evaluation_order(scenario: Scenario) -> tuple[str, ...]:
    """Return the outcomes so that each comes after those it reads."""
    return tuple(each.name for each in definitions(scenario) if each.sort == "outcome")


@lru_cache(maxsize=256)
def _below(defined: tuple[Definition, ...], past_outcomes: bool) -> dict[str, frozenset[str]]:
    """Return what each definition rests on; or each stream and call, short of what outcomes rest on."""
    found: dict[str, frozenset[str]] = {}
    for each in defined:
        if past_outcomes or each.sort != "outcome":
            found[each.name] = each.reads.union(*(found.get(name, frozenset()) for name in each.reads))
    return found


def names_below(scenario: Scenario, outcome: str) -> frozenset[str]:
    """Return what an outcome rests on: names it reads, directly or through others, and choices.

    Parameters
    ----------
    scenario
        A checked scenario.
    outcome
        Name of an outcome.

    Returns
    -------
    frozenset of str
        Names of parameters, columns of the survey, outcomes and choices; of streams, and calls of their
        functions.
    """
    return _below(definitions(scenario), past_outcomes=True)[outcome]


def outcomes_below(scenario: Scenario, outcome: str) -> tuple[str, ...]:
    """Return the outcomes needed for one, itself last, in the order of evaluation.

    Parameters
    ----------
    scenario
        A checked scenario.
    outcome
        Name of an outcome.

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
    scenario
        A checked scenario.
    choice
        Name of a choice.

    Returns
    -------
    set of str
        Names of outcomes.
    """
    below = _below(definitions(scenario), past_outcomes=True)
    return {name for name in scenario.outcomes if choice in below[name]}


def inputs_below(scenario: Scenario, names: Iterable[str]) -> frozenset[str]:
    """Return the columns and outcomes that streams and calls of their functions are evaluated from.

    Parameters
    ----------
    scenario
        A checked scenario with a horizon.
    names
        Names of streams, and texts of calls.

    Returns
    -------
    frozenset of str
        Names; what the outcomes among them rest on is left out.
    """
    below = _below(definitions(scenario), past_outcomes=False)
    return frozenset[str]().union(*(below[name] for name in names)) - below.keys() - {*TIME_NAMES}


def calls_ready(
    scenario: Scenario, outcome: str, known: Collection[str], readers: Collection[str]
) -> tuple[str, ...]:
    """Return calls to evaluate before an outcome: where it reads one that is not known, all that can be.

    Parameters
    ----------
    scenario
        A checked scenario with a horizon.
    outcome
        Name of the outcome.
    known
        Names of columns, outcomes and calls that have been evaluated.
    readers
        Outcomes that are evaluated.

    Returns
    -------
    tuple of str
        Texts of calls that these outcomes read.
    """
    defined = {each.name: each for each in definitions(scenario)}
    calls = [name for name, each in defined.items() if each.call is not None and name not in known]
    if defined[outcome].reads.isdisjoint(calls):
        return ()
    below = _below((*defined.values(),), past_outcomes=False)
    waiting = scenario.outcomes.keys() - {*known}
    read = {name for reader in readers for name in defined[reader].reads}
    return tuple(name for name in calls if name in read and below[name].isdisjoint(waiting))


@dataclass(frozen=True)
class Node:
    """One quantity that formulas read or give, or a choice.

    Parameters
    ----------
    name
        Name of the quantity or choice.
    sort
        What it is.
    unit
        Unit in pint's notation; empty for a choice, which has none.
    reads
        Names that it is computed from, a choice first.
    """

    name: str
    sort: Literal["outcome", "stream", "parameter", "choice", "survey"]
    unit: str
    reads: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dependencies:
    """What the reported outcome rests on.

    Parameters
    ----------
    root
        Name of the reported outcome.
    nodes
        The nodes that it rests on, itself among them, by name.
    unread
        The other nodes.
    """

    root: str
    nodes: Mapping[str, Node]
    unread: tuple[Node, ...]


def dependencies(scenario: Scenario) -> Dependencies:
    """Return what the reported outcome of a scenario rests on."""
    root, nodes = scenario.report.outcome, tuple(_nodes(scenario))
    reached = names_below(scenario, root) | {root}
    unread = tuple(node for node in nodes if node.name not in reached)
    return Dependencies(root, {node.name: node for node in nodes if node.name in reached}, unread)


def _nodes(scenario: Scenario) -> Iterator[Node]:
    computed: Mapping[str, Outcome | Stream] = {**scenario.outcomes, **scenario.streams}
    for name, stated in computed.items():
        is_stream = isinstance(stated, Stream)
        chosen = (stated.by,) if isinstance(stated, Outcome) and stated.by is not None else ()
        parsed = (formula_of(scenario, text, is_stream) for text in stated.formulas.values())
        reads = (*chosen, *sorted({read for formula in parsed for read in formula.reads}))
        yield Node(name, "stream" if is_stream else "outcome", stated.unit, reads)
    for name in scenario.choices:
        yield Node(name, "choice", "")
    for name, parameter in scenario.parameters.items():
        for column in parameter.columns(name):
            yield Node(column, "parameter", parameter.unit)
    for name, unit in survey_units(scenario).items():
        yield Node(name, "survey", unit)
