"""What a scenario computes, in an order in which it can be: outcomes, streams, calls of their functions."""

import ast
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from graphlib import TopologicalSorter
from typing import Literal

from sim.formulas import Formula, parse
from sim.formulas.stream_calls import StreamCall, parse_over_years
from sim.scenario.priors import yearly_columns
from sim.scenario.schema import Scenario


def formula_of(scenario: Scenario, text: str, gives_stream: bool = False) -> Formula:
    """Return a formula of an outcome or a stream, parsed; where there is a horizon, its calls are apart.

    Parameters
    ----------
    scenario, text
        Whose formula, and the formula.
    gives_stream
        Whether it is that of a stream.

    Returns
    -------
    Formula
        Its names are those of quantities and of calls.

    Raises
    ------
    FormulaError
        If it is none.
    """
    if scenario.horizon is None and not gives_stream:
        return parse(text)
    return parse_over_years(text, frozenset(scenario.streams), gives_stream)


@dataclass(frozen=True, eq=False)
class Definition:
    """What is computed: an outcome, a stream, or a call of a function of streams.

    Parameters
    ----------
    name
        Of the outcome or stream; the text of the call.
    sort
        Which of these it is.
    bodies
        Trees of its formulas by key, over names of quantities, streams and calls; none of a stream that is
        no formula.
    reads
        Names in them, a choice and the number of years among them; of a stream with one draw a year, the
        columns of these.
    call
        Where it is one.
    """

    name: str
    sort: Literal["outcome", "stream", "call"]
    bodies: Mapping[str, ast.expr]
    reads: frozenset[str]
    call: StreamCall | None = None

    @property
    def gives_stream(self) -> bool:
        """Whether it has one value a year."""
        return self.sort == "stream" or (self.call is not None and self.call.gives_stream)


def definitions(scenario: Scenario) -> tuple[Definition, ...]:
    """Return all that is computed, so that each comes after what it reads."""
    outcomes = tuple(
        (name, each.by or "", (*each.formulas.items(),)) for name, each in scenario.outcomes.items()
    )
    drawn = yearly_columns(scenario)
    streams = tuple(
        (name, (*each.formulas.items(),), drawn.get(name, ())) for name, each in scenario.streams.items()
    )
    return _definitions(outcomes, None if scenario.horizon is None else streams, _lasting(scenario))


def _lasting(scenario: Scenario) -> frozenset[str]:
    """Return the parameter that says how many years there are, where one does."""
    horizon = scenario.horizon
    return frozenset({horizon.parameter} - {""}) if horizon is not None else frozenset()


Texts = tuple[tuple[str, str], ...]


@lru_cache(maxsize=256)
def _definitions(
    outcomes: tuple[tuple[str, str, Texts], ...],
    streams: tuple[tuple[str, Texts, tuple[str, ...]], ...] | None,
    lasting: frozenset[str],
) -> tuple[Definition, ...]:
    """Return what is computed, in order; asked anew for every block of draws."""
    found: dict[str, Definition] = {}
    names = frozenset(name for name, *_ in streams or ())
    for name, by, texts in outcomes:
        formulas = {
            key: parse(text) if streams is None else parse_over_years(text, names) for key, text in texts
        }
        _define(found, name, "outcome", formulas, {by} - {""}, lasting)
    for name, texts, columns in streams or ():
        formulas = {key: parse_over_years(text, names, gives_stream=True) for key, text in texts}
        _define(found, name, "stream", formulas, {*columns}, lasting)
    return tuple(found[name] for name in ordered({name: each.reads for name, each in found.items()}))


def _define(
    found: dict[str, Definition],
    name: str,
    sort: Literal["outcome", "stream"],
    formulas: Mapping[str, Formula],
    besides: set[str],
    lasting: frozenset[str],
) -> None:
    """Add an outcome or a stream, and the calls in its formulas."""
    for formula in formulas.values():
        for text, call in (formula.calls or {}).items():
            bodies = {str(place): argument for place, argument in enumerate(call.arguments)}
            found[text] = Definition(text, "call", bodies, call.names | lasting, call)
    reads = frozenset(besides).union(*(formula.names for formula in formulas.values()))
    found[name] = Definition(name, sort, {key: each.body for key, each in formulas.items()}, reads)


def ordered(reads: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Return names so that each comes after those it reads; names that only are read are left out.

    Raises
    ------
    graphlib.CycleError
        If names read each other in a circle.
    """
    inner = {name: sorted(set(reads[name]) & reads.keys()) for name in sorted(reads)}
    return tuple(TopologicalSorter(inner).static_order())


def calls_ready(
    scenario: Scenario, outcome: str, known: Collection[str], readers: Collection[str]
) -> tuple[str, ...]:
    """Return calls to evaluate before an outcome: where it reads one that is not known, all that can be.

    Parameters
    ----------
    scenario, outcome
        Checked scenario with a horizon; name of the outcome.
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
    have = set(known)
    if not any(name in defined and defined[name].call for name in defined[outcome].reads - have):
        return ()
    waiting = {each.name for each in defined.values() if each.sort == "outcome"} - have
    for each in defined.values():
        if each.sort != "outcome" and each.reads & waiting:
            waiting.add(each.name)
    read = {name for reader in readers for name in defined[reader].reads} - waiting - have
    return tuple(name for name, each in defined.items() if each.call and name in read)


def moved_calls(scenario: Scenario, moving: Collection[str]) -> set[str]:
    """Return the calls of functions of streams that move with some names.

    Parameters
    ----------
    scenario, moving
        Checked scenario; names of columns.

    Returns
    -------
    set of str
        Texts of the calls.
    """
    found = set(moving)
    for each in definitions(scenario):
        if each.reads & found:
            found.add(each.name)
    return {each.name for each in definitions(scenario) if each.call and each.name in found}
