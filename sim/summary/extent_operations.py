"""The extent of what a formula makes of other extents: operations, comparisons and functions."""

import ast
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import reduce

import numpy as np

from sim.distributions import ContinuousLaw
from sim.formulas.functions import OF_ONE, Function
from sim.formulas.tree import write
from sim.summary.extent import INF, UNKNOWN, Extent, Order, least_of, number

Pick = Callable[[Iterable[float]], float]

OUT_OF_REACH = 1e3
"""Ratio of the outermost quantile of so many draws to an end, or of the end to it, that is too far."""
NEARER = 2.0**-20
"""Part of the probability at which a law is asked again, for how it goes on towards such an end."""


def unknown(names: frozenset[str]) -> Extent:
    """Return the extent of a quantity of which nothing is known but what it depends on."""
    return Extent(names, -INF, INF, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)


def within_reach(extent: Extent, law: ContinuousLaw, least: float) -> Extent:
    """Return the extent of a law without the ends that its quantiles at a probability do not come near.

    Parameters
    ----------
    extent
        What the law says.
    law
        The law.
    least
        Probability beyond such a quantile, on either side.

    Returns
    -------
    Extent
        The extent, with 0 or infinity for such an end, and the order that the law shows on the way there.
    """
    for end, inverse in ((extent.low, law.ppf), (extent.high, law.isf)):
        near, nearer = map(float, inverse(np.array([least, least * NEARER])))
        if not 0.0 < near * math.copysign(1.0, end) < INF or math.isinf(end) or end == 0.0:
            continue
        with np.errstate(divide="ignore"):
            growth = float(np.abs(np.log(np.float64(nearer / near)) / math.log(NEARER)))
        order = Order(0.0, 1.0 / growth if growth > 0.0 else INF)
        limit = 0.0 if abs(near) > abs(end) else math.copysign(INF, end)
        if not 1.0 / OUT_OF_REACH <= abs(near / end) <= OUT_OF_REACH:
            low, high = (limit, extent.high) if inverse == law.ppf else (extent.low, limit)
            tail, zero = (order, extent.zero) if limit else (extent.tail, order)
            extent = replace(extent, low=low, high=high, tail=tail, zero=zero)
    return extent


def of_node(node: ast.BinOp | ast.Compare | ast.Call, parts: Sequence[Extent]) -> Extent:
    """Return the extent of an operation, a comparison or a call of a function.

    Parameters
    ----------
    node
        The operation, comparison or call, as the parser admits it.
    parts
        Extents of its operands, in order.

    Returns
    -------
    Extent
        The extent of the whole.
    """
    match node:
        case ast.BinOp(op=op):
            return _of_operation(write(node), op, *parts)
        case ast.Compare(ops=[comparison]):
            return _of_comparison(comparison, *parts)
        case ast.Call(func=ast.Constant(value=function)):
            return _of_call(write(node), str(function), parts)
    raise AssertionError(f"not admitted by the parser: {ast.dump(node)}")


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
    return unknown(base.names | exponent.names)


def _of_call(text: str, function: str, parts: Sequence[Extent]) -> Extent:
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
    return unknown(argument.names)


def _one_of(parts: Sequence[Extent], pick: Pick | None, names: frozenset[str] = frozenset()) -> Extent:
    """Return the extent of what always equals one of some others: the one that is picked, or any."""
    whole = mixture(parts)
    low, high = whole.low, whole.high
    if pick is not None:
        low, high = pick(part.low for part in parts), pick(part.high for part in parts)
    tail, zero, above, below = (
        Order(each.least, INF) for each in (whole.tail, whole.zero, whole.above, whole.below)
    )
    return Extent(whole.names | names, low, high, tail, zero, above, below).settled()


def mixture(parts: Sequence[Extent]) -> Extent:
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
