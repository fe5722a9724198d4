"""Which moments of outcomes exist, as their formulas and the laws of what they read say.

What lies on the other side of 0 counts only where some draw is there. A cost that is normal with a mean of
ten standard deviations has, strictly, a reciprocal without a mean; no number of draws would ever show it.
"""

import ast
import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import product as combinations
from math import prod

import numpy as np

from sim.distributions import ContinuousLaw, Law
from sim.draws.draw import Draws
from sim.formulas import Formula, evaluate
from sim.formulas.tree import names_in, write
from sim.outcomes import evaluate_anywhere, with_calls
from sim.scenario.correlations import blocks
from sim.scenario.evidence import ObservedValues
from sim.scenario.graph import definitions, evaluation_order, formula_of, names_below
from sim.scenario.priors import yearly_columns
from sim.scenario.schema import Scenario
from sim.summary.extent import INF, UNKNOWN, Extent, Order, number
from sim.summary.extent_operations import (
    mixture,
    of_node,
    unknown,
    within_reach,
)
from sim.summary.tails import tail_words
from sim.types import Array

BEYOND = ((-300.0, -900.0), (-60.0, -180.0))
"""Powers of 2: probabilities beyond which an expression is looked at, the smaller ones first."""
SLOWEST = 0.02
"""Growth of an expression towards an end that is told from none; powers of logarithms grow slower."""
MOST_COMBINATIONS = 32
"""Combinations of alternatives that are looked at one by one; of more, nothing is known but by the draws."""
FARTHEST, FARTHER = 16, 64
"""Draws where a factor is largest, and by how many times as many that are large the other is compared: one
that falls as its cube root there, and so leaves a mean, is at the limit."""
SURVEY = "the survey"

Extents = Mapping[str, Extent]


class OutcomeOrders:
    """The extents of a scenario's parameters and outcomes.

    Parameters
    ----------
    scenario
        A loaded scenario.
    values
        Draws of its parameters, survey columns and outcomes by name, all of one shape.
    n_draws
        Number of draws. Where it is given, an end of a law that so many draws do not come near is no bound: 0
        or infinity stands for it, with the order that the law shows on the way there. A mean that exists for
        such an end alone is one that draws cannot give.
    """

    def __init__(self, scenario: Scenario, values: Mapping[str, Array], n_draws: int | None = None) -> None:
        self._scenario, self._values, self._n_draws = scenario, values, n_draws
        self._sides: dict[str, bool] = {}
        self._by_choice: dict[tuple[tuple[str, str], ...], Extents] = {}

    def of(self, quantity: str, held: Mapping[str, str], formula: str = "") -> Extent:
        """Return the extent of a parameter, a column of the survey, or an outcome.

        Parameters
        ----------
        quantity
            Name of the quantity.
        held
            Alternatives that are held, by choice; all others are drawn.
        formula
            What the quantity is in terms of others that have names, where it has none.

        Returns
        -------
        Extent
            Bounds and orders of the quantity.
        """
        parts = [self._read(self._extents(taken), quantity, formula) for taken in self._combinations(held)]
        if not parts:
            return unknown(frozenset({SURVEY, *self._scenario.parameters}))
        return parts[0] if len(parts) == 1 else mixture(parts)

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
            for each in definitions(self._scenario):
                if each.sort != "outcome":
                    known_names = (found[name].names for name in each.reads if name in found)
                    found[each.name] = unknown(frozenset().union(*known_names))
                    continue
                by = self._scenario.outcomes[each.name].by
                found[each.name] = self._extent(each.bodies["formula" if by is None else taken[by]], found)
            self._by_choice[key] = found
        return self._by_choice[key]

    @cached_property
    def _inputs(self) -> Extents:
        scenario = self._scenario
        tied: dict[str, set[str]] = defaultdict(set)
        for block in blocks(scenario.correlations):
            for each in block.names:
                tied[each.split(".")[0]].add(block.names[0])
        observed = scenario.evidence.observations if scenario.evidence else {}
        found: dict[str, Extent] = {}
        for name, parameter in scenario.parameters.items():
            source = frozenset(tied.get(name, {name}))
            smooth = parameter.continuous_marginals(name)
            for column, law in (smooth or parameter.marginals(name)).items():
                if parameter.shared_file:
                    file = frozenset({parameter.shared_file})
                    found[column] = Extent(file, *law.support(), zero=UNKNOWN).settled()
                else:
                    found[column] = self._of_law(column, law, source, observed.get(name))
                    if self._n_draws is not None and column in smooth and law.support()[0] < law.support()[1]:
                        found[column] = within_reach(found[column], smooth[column], 1.0 / self._n_draws)
        for name, columns in yearly_columns(scenario).items():
            found |= dict.fromkeys(columns, unknown(frozenset({name})))
        return found

    def _read(self, extents: Extents, quantity: str, formula: str) -> Extent:
        if formula:
            return self._extent(formula_of(self._scenario, formula).body, extents)
        return extents.get(quantity, unknown(frozenset({SURVEY})))

    def _has_both_signs(self, node: ast.expr) -> bool:
        """Return whether some draws of an expression are above 0 and some below."""
        text = write(node)
        if text not in self._sides:
            with np.errstate(all="ignore"):
                found = self._drawn(node)
                self._sides[text] = bool(np.nanmin(found) < 0.0 < np.nanmax(found))
        return self._sides[text]

    def _drawn(self, node: ast.expr) -> Array:
        """Return the draws of an expression, dimensions randomisation and draw."""
        formula = Formula(write(node), node)
        values = with_calls(self._scenario, formula, self._values)
        shape = next(iter(self._values.values())).shape
        return evaluate(formula, {name: values[name] for name in formula.names}, shape)

    def _of_law(
        self, name: str, law: Law, names: frozenset[str], observed: ObservedValues | None = None
    ) -> Extent:
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
                return extents.get(name, unknown(frozenset({SURVEY})))
            case ast.UnaryOp(op=op, operand=operand):
                inner = self._extent(operand, extents)
                return -inner if isinstance(op, ast.USub) else inner
            case ast.BinOp(left=left, right=right):
                sides = self._extent(left, extents), self._extent(right, extents)
                found = self._with_shared_tail(node, sides, of_node(node, sides))
            case ast.Compare(left=left, comparators=[right]):
                return of_node(node, [self._extent(left, extents), self._extent(right, extents)])
            case ast.Call(args=arguments):
                found = of_node(node, [self._extent(each, extents) for each in arguments])
            case _:
                raise AssertionError(f"not admitted by the parser: {ast.dump(node)}")
        found = self._at_the_ends(node, found)
        if found.crosses and not self._has_both_signs(node):
            return replace(found, zero=UNKNOWN)
        return found

    def _with_shared_tail(self, node: ast.BinOp, sides: tuple[Extent, Extent], found: Extent) -> Extent:
        """Return the extent of a product whose factors depend on each other, with the tail that draws show.

        A factor with a heavy tail hands it on unless the other one vanishes there: it is looked at in the
        draws that are farthest out. A quotient is the product with the reciprocal of its divisor.
        """
        if self._n_draws is None or not isinstance(node.op, ast.Mult | ast.Div):
            return found
        is_quotient = isinstance(node.op, ast.Div)
        tails = sides[0].tail, sides[1].zero if is_quotient else sides[1].tail
        if not sides[0].names & sides[1].names or min(tails[0].most, tails[1].most) >= found.tail.most:
            return found
        with np.errstate(all="ignore"):
            first, second = (np.abs(self._drawn(side)).ravel() for side in (node.left, node.right))
            second = 1.0 / second if is_quotient else second
        for heavy, light, order in ((first, second, tails[0]), (second, first, tails[1])):
            if order.most < found.tail.most and _stays(light, heavy):
                found = replace(found, tail=Order(0.0, order.most, order.why))
        return found

    def _at_the_ends(self, node: ast.expr, found: Extent) -> Extent:
        r"""Return an extent with what an expression of one parameter does at the ends of its law.

        Where :math:`|f(x)|` grows as :math:`u^{-s}` with the probability u of what lies beyond x, moments
        from 1/s on do not exist, whatever else the formula does.
        """
        name, *others = found.names or ("",)
        law = self._single.get(name)
        if others or law is None or found.tail.least == found.tail.most:
            return found
        steepest = max(self._growth(node, name, end) for end in (law.ppf, law.isf))
        index = round(1.0 / steepest, 2) if steepest > SLOWEST else INF
        if index >= found.tail.most:
            return found
        why = tail_words(write(node), index)
        return replace(found, tail=Order(min(found.tail.least, index), index, why))

    def _growth(self, node: ast.expr, column: str, end: Callable[[Array], Array]) -> float:
        """Return the power of u by which an expression grows towards an end; 0 where none shows."""
        for nearer, farther in BEYOND:
            with np.errstate(all="ignore"):
                places = end(np.exp2(np.array([[nearer, farther]])))
                first, second = np.log2(np.abs(self._along(node, column, places)))[0]
                growth = float((second - first) / (nearer - farther))
            if math.isfinite(growth):
                return growth
        return 0.0

    def _along(self, node: ast.expr, column: str, values: Array) -> Array:
        """Return an expression of one column at values of it, (1, value); all else that it reads is nan."""
        outcomes, read = self._scenario.outcomes, set(names_in(node))
        below = read.union(*(names_below(self._scenario, name) for name in read & outcomes.keys()))
        order = [
            name for name in evaluation_order(self._scenario) if name in below and outcomes[name].by is None
        ]
        unknowns = dict.fromkeys(below.difference(order), np.full_like(values, np.nan))
        draws = Draws({**unknowns, column: values}, {}, (1, values.shape[-1]))
        given = evaluate_anywhere(self._scenario, draws, order)
        return evaluate(Formula(write(node), node), given, draws.shape)

    @cached_property
    def _single(self) -> dict[str, ContinuousLaw]:
        """Laws of the parameters of one column that are neither observed nor drawn from a file."""
        observed = self._scenario.evidence.observations if self._scenario.evidence else {}
        laws = {
            name: parameter.continuous_marginals(name)
            for name, parameter in self._scenario.parameters.items()
            if name not in observed
        }
        return {name: found[name] for name, found in laws.items() if found.keys() == {name}}


def _known(order: float, why: str) -> Order:
    """Return an order that is known, with what keeps moments beyond it, if any, from existing."""
    return Order(order, order, why if order < INF else "")


def _stays(light: Array, heavy: Array) -> bool:
    """Return whether a factor keeps its size where another is largest, by draws of both."""
    usable = np.isfinite(light) & np.isfinite(heavy)
    light, heavy = light[usable], heavy[usable]
    if light.size < FARTHEST * FARTHER:
        return False
    out = np.argsort(-heavy)[: FARTHEST * FARTHER]
    return bool(np.median(light[out[:FARTHEST]]) > np.median(light[out]) / 4.0)
