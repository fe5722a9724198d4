"""Where a formula can lead, from where its names can go: interval arithmetic, and what can go wrong there.

Every operation takes the intervals of its operands for independent, so that a range may be too wide, never
too narrow: what is found safe is safe.
"""

import ast
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import product
from operator import add

from sim.formulas.functions import OF_ONE, Function
from sim.formulas.tree import Formula, write

MAX_SHOWN = 60
NEGATED = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
TURNED = {
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
    ast.Eq: ast.Eq,
    ast.NotEq: ast.NotEq,
}


NEAR = 1e-6
"""Share of its size by which a divisor that can be on either side of 0 comes near to it."""


@dataclass(frozen=True)
class Range:
    """Where a quantity can go; sums and products are as of independent operands.

    Parameters
    ----------
    low
        The least value.
    high
        The largest value.
    zero
        Whether it can be exactly 0; an interval over 0 of a quantity with a density never is.
    steps
        Whether it takes separate values, which can meet another such quantity's.
    """

    low: float
    high: float
    zero: bool = False
    steps: bool = False

    @property
    def over_zero(self) -> bool:
        """Whether 0 is in the interval."""
        return self.low <= 0.0 <= self.high

    def __add__(self, other: "Range") -> "Range":
        low, high = self.low + other.low, self.high + other.high
        low, high = -math.inf if math.isnan(low) else low, math.inf if math.isnan(high) else high
        steps = self.steps and other.steps
        return Range(low, high, (steps and low <= 0.0 <= high) or (self.zero and other.zero), steps)

    def __mul__(self, other: "Range") -> "Range":
        ends = [x * y for x, y in product((self.low, self.high), (other.low, other.high))]
        ends = [0.0 if math.isnan(end) else end for end in ends]  # 0 times what has no bound, but is finite
        return Range(min(ends), max(ends), self.zero or other.zero, self.steps and other.steps)

    def __neg__(self) -> "Range":
        return replace(self, low=-self.high, high=-self.low)

    def __abs__(self) -> "Range":
        ends = sorted((abs(self.low), abs(self.high)))
        return replace(self, low=0.0 if self.over_zero else ends[0], high=ends[1])


ANYWHERE = Range(-math.inf, math.inf)


def range_of(formula: Formula, ranges: Mapping[str, Range]) -> tuple[Range, tuple[str, ...]]:
    """Return where a formula can lead, and in words what can go wrong on the way.

    Parameters
    ----------
    formula
        Parsed formula.
    ranges
        Range of every name that it reads.

    Returns
    -------
    tuple of Range and tuple of str
        The formula's range, and what can go wrong, each said once.

    Examples
    --------
    >>> from sim.formulas import parse
    >>> range_of(parse("log(x) + 1"), {"x": Range(-1.0, math.e)})[1]
    ('log(x), where x can be below 0, down to -1',)
    >>> range_of(parse("where(x > 0, log(x), 0)"), {"x": Range(-1.0, math.e)})[1]
    ()
    """
    walk = _Walk()
    found = walk.range(formula.body, {name: ranges[name] for name in formula.names})
    return found, tuple(dict.fromkeys(walk.problems))


@dataclass
class _Walk:
    """One way through a formula, which collects what can go wrong."""

    problems: list[str] = field(default_factory=list)

    def range(self, node: ast.expr, held: Mapping[str, Range]) -> Range:
        """Return where a tree can lead.

        Parameters
        ----------
        node
            The tree.
        held
            Ranges of names, and of parts that a condition narrows.

        Returns
        -------
        Range
            The range of its values.
        """
        match node:
            case ast.Name(id=name):
                return held[name]
            case ast.Constant(value=float(value)):
                return Range(value, value, value == 0.0, steps=True)
        text = write(node) if any(not key.replace(".", "").isidentifier() for key in held) else ""
        return held[text] if text in held else self._inner(node, held)

    def _inner(self, node: ast.expr, held: Mapping[str, Range]) -> Range:
        match node:
            case ast.UnaryOp(op=op, operand=operand):
                inner = self.range(operand, held)
                return -inner if isinstance(op, ast.USub) else inner
            case ast.BinOp(left=left, right=right):
                return self._binary(node, self.range(left, held), self.range(right, held))
            case ast.Compare(left=left, comparators=[right]):
                for part in (left, right):
                    self.range(part, held)
                return Range(0.0, 1.0, zero=True, steps=True)
            case ast.Call(func=ast.Constant(value="where"), args=[condition, yes, no]):
                return self._where(condition, (yes, no), held)
            case ast.Call(func=ast.Constant(value=name), args=arguments):
                return self._call(node, str(name), [self.range(argument, held) for argument in arguments])
        raise AssertionError(f"not admitted by the parser: {ast.dump(node)}")

    def _says(self, node: ast.expr, part: ast.expr, words: str) -> None:
        self.problems.append(f"{_short(node)}, where {_short(part)} {words}")

    def _within_doubles(self, node: ast.expr, found: Range, *parts: Range) -> Range:
        """Note what overflows, where the operands do not."""
        ends = [end for part in (*parts, found) for end in (part.low, part.high)]
        if all(map(math.isfinite, ends[:-2])) and not all(map(math.isfinite, ends[-2:])):
            self.problems.append(f"{_short(node)}, which can be too large for double precision")
        return found

    def _binary(self, node: ast.BinOp, left: Range, right: Range) -> Range:
        match node.op:
            case ast.Add():
                return self._within_doubles(node, left + right, left, right)
            case ast.Sub():
                return self._within_doubles(node, left + -right, left, right)
            case ast.Mult():
                if write(node.left) == write(node.right):
                    left = right = abs(left)
                return self._within_doubles(node, left * right, left, right)
            case ast.Div():
                return self._quotient(node, left, right)
        return self._power(node, left, right)

    def _quotient(self, node: ast.BinOp, left: Range, right: Range) -> Range:
        if right.zero:
            self._says(node, node.right, "can be 0")
        if right.over_zero:
            largest, divisor = (max(abs(each.low), abs(each.high)) for each in (left, right))
            if math.isfinite(largest) and 0.0 < NEAR * divisor < largest / sys.float_info.max:
                self.problems.append(f"{_short(node)}, which can be too large for double precision")
            return left if left.low == left.high == 0.0 else replace(ANYWHERE, zero=left.zero)
        inverse = Range(1.0 / right.high, 1.0 / right.low, steps=right.steps)
        return self._within_doubles(node, left * inverse, left, right)

    def _power(self, node: ast.BinOp, base: Range, exponent: Range) -> Range:
        power = exponent.low if exponent.low == exponent.high else math.nan
        if base.zero and exponent.low < 0.0:
            self._says(node, node.left, "can be 0")
        whole = power.is_integer() if math.isfinite(power) else exponent.steps
        if base.low < 0.0 and not whole:
            self._says(node, node.left, f"can be negative, down to {base.low:.3g}")
            base = replace(base, low=0.0, high=max(base.high, 0.0))
        if exponent.low < 0.0 and base.over_zero:
            return ANYWHERE
        magnitude = abs(base)
        ends = [_raised(x, y) for x in (magnitude.low, magnitude.high) for y in (exponent.low, exponent.high)]
        low = -max(ends) if base.low < 0.0 and power % 2 != 0 else min(ends)
        zero = base.zero and exponent.high > 0.0
        found = Range(low, max(ends), zero, base.steps and exponent.steps)
        return self._within_doubles(node, found, base, exponent)

    def _where(self, condition: ast.expr, branches: Sequence[ast.expr], held: Mapping[str, Range]) -> Range:
        assert isinstance(condition, ast.Compare)
        sides = {part: self.range(part, held) for part in (condition.left, condition.comparators[0])}
        found = []
        for branch, holds in zip(branches, (True, False), strict=True):
            narrowed = _narrowed(condition, sides, holds)
            if narrowed is not None:
                found.append(self.range(branch, {**held, **narrowed}))
        return either(found)

    def _call(self, node: ast.Call, name: str, parts: Sequence[Range]) -> Range:
        first = parts[0]
        match name:
            case "sum":
                return self._within_doubles(node, reduce(add, parts), *parts)
            case "min" | "max":
                take = min if name == "min" else max
                both = either(parts)
                return replace(
                    both, low=take(part.low for part in parts), high=take(part.high for part in parts)
                )
            case "abs":
                return abs(first)
        function = OF_ONE[name]
        self._refuse_outside(node, function, first)
        if not function.rises:
            return Range(*function.bounds, steps=first.steps)
        low, high = function(first.low), function(first.high)
        if function.overflows and high == math.inf:
            self.problems.append(f"{_short(node)}, which can be too large for double precision")
        zero = first.zero if function(0.0) == 0.0 else function.overflows and low == 0.0
        return Range(low, high, zero, first.steps)

    def _refuse_outside(self, node: ast.Call, function: Function, first: Range) -> None:
        """Note where a function is not defined everywhere its argument can go."""
        least = function.least
        if first.low < least:
            self._says(node, node.args[0], f"can be below {least:g}, down to {first.low:.3g}")
        elif first.low == least and function.is_open and (first.zero if least == 0.0 else first.steps):
            self._says(node, node.args[0], f"can be {least:g}")


def either(parts: Sequence[Range]) -> Range:
    """Return where a quantity can go that is one of several."""
    ends = min(part.low for part in parts), max(part.high for part in parts)
    return Range(*ends, any(part.zero for part in parts), any(part.steps for part in parts))


def _raised(base: float, exponent: float) -> float:
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return math.inf
    except ValueError:  # 0 to a negative power, or a root of a negative number: said elsewhere
        return 0.0


def _narrowed(
    condition: ast.Compare, sides: Mapping[ast.expr, Range], holds: bool
) -> dict[str, Range] | None:
    """Return the ranges of both sides where a condition holds, or does not; None where that cannot be."""
    left, right = condition.left, condition.comparators[0]
    kind = type(condition.ops[0])
    kind = kind if holds else NEGATED[kind]
    found = {}
    for part, other, op in ((left, right, kind), (right, left, TURNED[kind])):
        inner = _held_by(op, sides[part], sides[other])
        if inner.low > inner.high:
            return None
        if not isinstance(part, ast.Constant):
            found[part.id if isinstance(part, ast.Name) else write(part)] = inner
    return found


def _held_by(op: type[ast.cmpop], one: Range, other: Range) -> Range:
    """Return where one side can go given that it compares with the other as an operator says."""
    zero = one.zero and not (op in (ast.Lt, ast.Gt, ast.NotEq) and other.low == other.high == 0.0)
    low = max(one.low, other.low) if op in (ast.Gt, ast.GtE, ast.Eq) else one.low
    high = min(one.high, other.high) if op in (ast.Lt, ast.LtE, ast.Eq) else one.high
    return replace(one, low=low, high=high, zero=zero and low <= 0.0 <= high)


def _short(node: ast.expr) -> str:
    text = write(node)
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 3]}..."
