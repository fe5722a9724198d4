"""Where outcomes and streams can lead, from where columns can go."""

import ast
import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property, reduce
from itertools import accumulate, product
from operator import add

import numpy as np

from sim.distributions import Law
from sim.formulas import Formula
from sim.formulas.ranges import ANYWHERE, Range, either, range_of
from sim.formulas.stream_calls import SCHEDULE, StreamCall
from sim.formulas.tree import names_in
from sim.formulas.years import Years
from sim.scenario.graph import Definition, definitions, names_below
from sim.scenario.overlays import KeyPath
from sim.scenario.schema import Scenario
from sim.scenario.stream_tables import n_years, shortest_and_longest, table_of

RARE = 1e-12
"""Probability of a tail that no run is taken to reach."""
NOTHING = Range(0.0, 0.0, zero=True, steps=True)
Ranges = Sequence[Range]
"""Ranges by year; those of a number are the same in each."""


class OutcomeRanges:
    """The ranges of all that is computed.

    Parameters
    ----------
    scenario
        A checked scenario.
    columns
        Range of every column that formulas read.
    outcome
        Name of the outcome whose ranges are wanted, with those of all it rests on; all outcomes unless
        stated.

    Attributes
    ----------
    numbers
        Ranges by name of column, outcome and call.
    problems
        What can go wrong, as key path and words, each said once.
    """

    def __init__(self, scenario: Scenario, columns: Mapping[str, Range], outcome: str | None = None) -> None:
        self._scenario = scenario
        self.numbers = dict(columns)
        self.problems: dict[tuple[KeyPath, str], None] = {}
        self._streams: dict[str, Ranges] = {}
        below = None if outcome is None else names_below(scenario, outcome) | {outcome}
        self._defined = tuple(each for each in definitions(scenario) if below is None or each.name in below)
        if scenario.horizon is not None:
            self._streams["t"] = [_value(float(t)) for t in range(self._years.n)]
            self._streams["year"] = [_value(float(self._years.start + t)) for t in range(self._years.n)]
        for each in self._defined:
            self._add(each)

    @cached_property
    def _years(self) -> Years:
        assert self._scenario.horizon is not None
        return Years(self._scenario.horizon.start, n_years(self._scenario), self._scenario.horizon.delay)

    def _add(self, each: Definition) -> None:
        if each.sort == "outcome":
            parts = []
            for key, body in each.bodies.items():
                found, words = range_of(Formula("", body), self.numbers)
                parts.append(found)
                self._note(each, key, words)
            self.numbers[each.name] = either(parts)
        elif each.call is not None:
            parts_by_year = [self._by_year(each, key, body) for key, body in each.bodies.items()]
            found_by_year, problem = _ranges_of_call(each.call, parts_by_year, self._years)
            self._note(each, "", [problem] if problem else [])
            if each.call.gives_stream:
                self._streams[each.name] = self._ending(found_by_year)
            else:
                self.numbers[each.name] = found_by_year[0]
        elif each.bodies:
            ((key, body),) = each.bodies.items()
            self._streams[each.name] = self._ending(self._by_year(each, key, body))
        else:
            self._streams[each.name] = self._ending(self._stated(each.name))

    def _stated(self, name: str) -> list[Range]:
        """Return the ranges of a stream that is no formula."""
        stated = self._scenario.streams[name]
        if stated.law is None:
            return [_value(value) for value in table_of(self._scenario, name, self._years.n).tolist()]
        reach = reach_of(stated.law.law(), steps=not stated.law.has_density)
        if stated.by_year != "random-walk":
            return [reach] * self._years.n
        return [*accumulate([reach] * self._years.n, add)]

    def _by_year(self, each: Definition, key: str, body: ast.expr) -> list[Range]:
        """Return the range of a tree in each year; what can go wrong is said of the first such year."""
        names = names_in(body)
        over = [name for name in names if name in self._streams]
        ranges = {name: self.numbers[name] for name in names if name not in self._streams}
        found: list[Range] = []
        is_noted = False
        for t in range(self._years.n if over else 1):
            ranges |= {name: self._streams[name][t] for name in over}
            reach, words = range_of(Formula("", body), ranges)
            found.append(reach)
            if not is_noted:
                self._note(each, key, words)
                is_noted = bool(words)
        return found if over else found * self._years.n

    def _ending(self, ranges: Ranges) -> Ranges:
        """Return ranges that hold 0 in years that a draw may not have."""
        assert self._scenario.horizon is not None
        if not self._scenario.horizon.parameter:
            return ranges
        shortest = int(shortest_and_longest(self._scenario)[0])
        return [*ranges[:shortest], *(either([each, NOTHING]) for each in ranges[shortest:])]

    def _note(self, each: Definition, key: str, words: Collection[str]) -> None:
        for word in words:
            self.problems |= {(path, word): None for path in self._paths(each, key)}

    def _paths(self, each: Definition, key: str) -> Iterator[KeyPath]:
        """Yield where a formula is stated: a call stands in the formulas that read it."""
        if each.sort != "call":
            yield (f"{each.sort}s", each.name, key)
            return
        for reader in self._defined:
            for inner, body in reader.bodies.items():
                if each.name in names_in(body):
                    yield from self._paths(reader, inner)


def reach_of(law: Law, steps: bool) -> Range:
    """Return where draws of a law can go, but for tails that no run is taken to reach.

    Parameters
    ----------
    law
        The law.
    steps
        Whether it is of separate values.

    Returns
    -------
    Range
        The range between two far quantiles.
    """
    low, high = (float(end) for end in law.ppf(np.array([RARE, 1.0 - RARE])))
    below, up_to = law.cdf(np.array([-5e-324, 0.0]))
    return Range(low, high, zero=bool(up_to - below > RARE) or 0.0 in (low, high), steps=steps)


def _value(value: float) -> Range:
    return Range(value, value, value == 0.0, steps=True)


def _ranges_of_call(call: StreamCall, parts: Sequence[Ranges], years: Years) -> tuple[list[Range], str]:
    """Return where a call can lead in each year, and in words what can go wrong, empty where nothing can.

    Too wide, never too narrow, and the same for each year where the call gives a number.

    Examples
    --------
    >>> from sim.formulas.stream_calls import parse_over_years
    >>> (call,) = parse_over_years("sum(cost)", frozenset({"cost"})).calls.values()
    >>> found, _ = _ranges_of_call(call, [[Range(1.0, 2.0)] * 10], Years(2025, 10, 0.0))
    >>> found[0].low, found[0].high
    (10.0, 20.0)
    """
    if call.function == SCHEDULE:
        values = call.values(years.n)
        return [Range(value, value, value == 0.0, steps=True) for value in values.tolist()], ""
    for part, role in zip(parts, call.stated.roles, strict=True):
        if role in ("rate", "one rate") and min(each.low for each in part) <= -1.0:
            return [ANYWHERE] * years.n, f"{call.text}, where the rate can be -1 or less"
    found = _found(call, parts, years)
    return (found if isinstance(found, list) else [found] * years.n), ""


def _found(call: StreamCall, parts: Sequence[Ranges], years: Years) -> list[Range] | Range:
    flows = parts[0]
    rules: dict[str, Callable[[], list[Range] | Range]] = {
        "sum": lambda: reduce(add, flows),
        "mean": lambda: either([*flows]),
        "at": lambda: flows[int(parts[1][0].low) - years.start],
        "lag": lambda: [NOTHING] * int(parts[1][0].low) + [*flows[: years.n - int(parts[1][0].low)]],
        "cumulative": lambda: [*accumulate(flows, add)],
        "stock": lambda: _stock(flows, parts[1]),
        "present_value": lambda: _discounted(flows, parts[1], years.delay),
        "annuity": lambda: _annuity(flows[0], parts[1][0], years),
    }
    return rules[call.function]() if call.function in rules else ANYWHERE


def _stock(flows: Ranges, depreciation: Ranges) -> list[Range]:
    found = [flows[0]]
    for flow, rate in zip(flows[1:], depreciation[1:], strict=True):
        kept = Range(1.0, 1.0, steps=True) + rate * Range(-1.0, -1.0, steps=True)
        found.append(found[-1] * kept + flow)
    return found


def _discounted(flows: Ranges, rates: Ranges, delay: float) -> Range:
    factors = [Range(1.0 / (1.0 + rate.high), 1.0 / (1.0 + rate.low), steps=rate.steps) for rate in rates]
    found = flows[-1]
    for flow, factor in zip(reversed(flows[:-1]), reversed(factors[1:]), strict=True):
        found = found * factor + flow
    first = factors[0]
    return found * Range(first.low**delay, first.high**delay, steps=first.steps)


def _annuity(rate: Range, n: Range, years: Years) -> Range:
    pairs = product((rate.low, rate.high), (n.low, n.high))
    ends = [float(years.annuity(np.array(each), np.array(long))) for each, long in pairs]
    return Range(min(ends), max(ends), zero=n.zero) if all(map(math.isfinite, ends)) else ANYWHERE
