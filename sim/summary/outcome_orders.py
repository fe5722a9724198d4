"""Which moments of outcomes exist, as their formulas and the laws of what they read say.

What lies on the other side of 0 counts only where some draw is there. A cost that is normal with a mean of
ten standard deviations has, strictly, a reciprocal without a mean; no number of draws would ever show it.
"""

import ast
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, reduce
from itertools import product as combinations
from math import prod

import numpy as np

from sim.distributions import Law
from sim.draws.draw import correlated_blocks
from sim.formulas import Formula, evaluate, parse
from sim.formulas.functions import OF_ONE, Function
from sim.formulas.tree import names_in, write
from sim.scenario.evidence import Observed
from sim.scenario.graph import evaluation_order
from sim.scenario.schema import Scenario
from sim.summary.extent import INF, UNKNOWN, Extent, Order, least_of, number
from sim.types import Array

MOST_COMBINATIONS = 32
"""Combinations of alternatives that are looked at one by one; of more, nothing is known but by the draws."""
SURVEY = "the survey"

Extents = Mapping[str, Extent]
Pick = Callable[[Iterable[float]], float]


class OutcomeOrders:
    """The extents of a scenario's parameters and outcomes.

    Parameters
    ----------
    scenario, values
        Loaded scenario; draws of its parameters, survey columns and outcomes by name, all of one shape.
    """

    def __init__(self, scenario: Scenario, values: Mapping[str, Array]) -> None:
        self._scenario, self._values = scenario, values
        self._sides: dict[str, bool] = {}
        self._by_choice: dict[tuple[tuple[str, str], ...], Extents] = {}

    def of(self, quantity: str, held: Mapping[str, str], formula: str = "") -> Extent:
        """Return the extent of a parameter, a column of the survey, or an outcome.

        Parameters
        ----------
        quantity, held
            Its name; alternatives held, by choice, all others are drawn.
        formula
            Where it has no name, what it is in terms of quantities that have.

        Returns
        -------
        Extent
            Bounds and orders.
        """
        parts = [self._read(self._extents(taken), quantity, formula) for taken in self._combinations(held)]
        if not parts:
            return _unknown(frozenset({SURVEY, *self._scenario.parameters}))
        return parts[0] if len(parts) == 1 else _mixture(parts)

    def _combinations(self, held: Mapping[str, str]) -> Iterator[dict[str, str]]:
        """Yield every combination of alternatives that may be taken; nothing where there are too many."""
        options = {
            name: [held[name]] if name in held else [key for key, weight in choice.weights.items() if weight]
            for name, choice in self._scenario.choices.items()
        }
        if prod(len(each) for each in options.values()) <= MOST_COMBINATIONS:
            for taken in combinations(*options.values()):
                yield dict(zip(options, taken, strict=True))

    def _extents(self, taken: Mapping[str, str]) -> Extents:
        key = tuple(taken.items())
        if key not in self._by_choice:
            found = dict(self._inputs)
            for name in evaluation_order(self._scenario):
                outcome = self._scenario.outcomes[name]
                text = outcome.formulas["formula" if outcome.by is None else taken[outcome.by]]
                found[name] = self._extent(parse(text).body, found)
            self._by_choice[key] = found
        return self._by_choice[key]

    @cached_property
    def _inputs(self) -> Extents:
        scenario = self._scenario
        tied: dict[str, set[str]] = defaultdict(set)
        for block in correlated_blocks(scenario):
            for each in block.names:
                tied[each.split(".")[0]].add(block.names[0])
        observed = scenario.evidence.observations if scenario.evidence else {}
        found: dict[str, Extent] = {}
        for name, parameter in scenario.parameters.items():
            source = frozenset(tied.get(name, {name}))
            for column, law in parameter.marginals(name).items():
                if parameter.shared_file:
                    file = frozenset({parameter.shared_file})
                    found[column] = Extent(file, *law.support(), zero=UNKNOWN).settled()
                else:
                    found[column] = self._of_law(column, law, source, observed.get(name))
        return found

    def _read(self, extents: Extents, quantity: str, formula: str) -> Extent:
        if formula:
            return self._extent(parse(formula).body, extents)
        return extents.get(quantity, _unknown(frozenset({SURVEY})))

    def _has_both_signs(self, node: ast.expr) -> bool:
        """Return whether some draws of an expression are above 0 and some below."""
        text = write(node)
        if text not in self._sides:
            names = names_in(node)
            shape = (self._values[names[0]].shape[0], self._values[names[0]].shape[-1])
            with np.errstate(all="ignore"):
                found = evaluate(Formula(text, node), {name: self._values[name] for name in names}, shape)
                self._sides[text] = bool(np.nanmin(found) < 0.0 < np.nanmax(found))
        return self._sides[text]

    def _of_law(self, name: str, law: Law, names: frozenset[str], observed: Observed | None = None) -> Extent:
        (low, high), orders = law.support(), law.orders()
        if observed is not None:
            orders = orders.observed(observed.scale, observed.observations().fall)
        if low == high:
            return number(low)
        straddles = low < 0.0 < high
        reached = not straddles or orders.zero == INF or self._has_both_signs(ast.Name(name))
        near = f"{name} can be 0" if straddles else f"{name} comes arbitrarily close to 0"
        return Extent(
            names,
            low,
            high,
            _known(orders.tail, tail_words(name, orders.tail)),
            _known(orders.zero if reached else INF, near),
            _known(orders.above, f"the tail of {name} falls no faster than an exponential"),
            _known(orders.below, f"the tail of {name} falls no faster than an exponential"),
            not orders.gaps,
        ).settled()

    def _extent(self, node: ast.expr, extents: Extents) -> Extent:
        match node:
            case ast.Constant(value=int() | float() as value):
                return number(float(value))
            case ast.Name(id=name):
                return extents.get(name, _unknown(frozenset({SURVEY})))
            case ast.UnaryOp(op=op, operand=operand):
                inner = self._extent(operand, extents)
                return -inner if isinstance(op, ast.USub) else inner
            case ast.BinOp(left=left, op=op, right=right):
                sides = self._extent(left, extents), self._extent(right, extents)
                found = _of_operation(write(node), op, *sides)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return _of_comparison(op, self._extent(left, extents), self._extent(right, extents))
            case ast.Call(func=ast.Constant(value=function), args=arguments):
                found = _of_call(
                    write(node), str(function), [self._extent(each, extents) for each in arguments]
                )
            case _:
                raise AssertionError(f"not admitted by the parser: {ast.dump(node)}")
        if found.crosses and not self._has_both_signs(node):
            return replace(found, zero=UNKNOWN)
        return found


def _unknown(names: frozenset[str]) -> Extent:
    return Extent(names, -INF, INF, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)


def _known(order: float, why: str) -> Order:
    return Order(order, order, why if order < INF else "")


def _of_operation(text: str, op: ast.operator, left: Extent, right: Extent) -> Extent:
    match op:
        case ast.Add():
            return left.plus(right, text)
        case ast.Sub():
            return left.plus(-right, text)
        case ast.Mult():
            return left * right
        case ast.Div():
            return left * right**-1.0
    return _of_power(text, left, right)


def _of_comparison(op: ast.cmpop, left: Extent, right: Extent) -> Extent:
    """Return 1 or 0 where the bounds of both sides decide, else both."""
    if left.low > right.high or left.high < right.low:
        is_above = left.low > right.high
        return number(
            float(isinstance(op, ast.NotEq | ast.Gt | ast.GtE if is_above else ast.NotEq | ast.Lt | ast.LtE))
        )
    return Extent(left.names | right.names, 0.0, 1.0, zero=UNKNOWN).settled()


def _of_power(text: str, base: Extent, exponent: Extent) -> Extent:
    if exponent.is_number and math.isfinite(exponent.low):
        return base**exponent.low
    if base.low > 0.0:
        return (exponent * base.log(f"the logarithm of {text}")).exp()
    return _unknown(base.names | exponent.names)


def _of_call(text: str, function: str, parts: list[Extent]) -> Extent:
    first, one = parts[0], number(1.0)
    functions: dict[str, Callable[[], Extent]] = {
        "sum": lambda: reduce(lambda x, y: x.plus(y, text), parts),
        "exp": first.exp,
        "expm1": lambda: first.exp().plus(-one, text),
        "log": lambda: first.log(text),
        "log1p": lambda: first.plus(one, text).log(text),
        "sqrt": lambda: first**0.5,
        "abs": lambda: abs(first),
        "min": lambda: _one_of(parts, min),
        "max": lambda: _one_of(parts, max),
        "where": lambda: (
            parts[1 if first.low else 2] if first.is_number else _one_of(parts[1:], None, first.names)
        ),
    }
    return functions[function]() if function in functions else _of_other(OF_ONE[function], first)


def _of_other(function: Function, argument: Extent) -> Extent:
    """Return the extent of a function of which nothing is known but its bounds."""
    if all(map(math.isfinite, function.bounds)):
        return Extent(argument.names, *function.bounds, zero=UNKNOWN).settled()
    return _unknown(argument.names)


def _one_of(parts: Sequence[Extent], pick: Pick | None, names: frozenset[str] = frozenset()) -> Extent:
    """Return the extent of what always equals one of some others: the one that is picked, or any."""
    whole = _mixture(parts)
    low, high = whole.low, whole.high
    if pick is not None:
        low, high = pick(part.low for part in parts), pick(part.high for part in parts)
    tail, zero, above, below = (
        Order(each.least, INF) for each in (whole.tail, whole.zero, whole.above, whole.below)
    )
    return Extent(whole.names | names, low, high, tail, zero, above, below).settled()


def _mixture(parts: Sequence[Extent]) -> Extent:
    """Return the extent of a quantity that is each of some others in part of all cases, by chance."""
    return Extent(
        frozenset().union(*(part.names for part in parts)),
        min(part.low for part in parts),
        max(part.high for part in parts),
        least_of([part.tail for part in parts]),
        least_of([part.zero for part in parts]),
        least_of([part.above for part in parts]),
        least_of([part.below for part in parts]),
    )


def tail_words(quantity: str, index: float) -> str:
    """Return in words which moments of a quantity exist.

    Parameters
    ----------
    quantity, index
        Name, and the order from which moments do not exist.

    Returns
    -------
    str
        A clause.
    """
    return f"the tail of {quantity} has index {index:.3g}"
