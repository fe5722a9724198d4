"""Evaluation of trees over arrays of several shapes: what is the same every year is worked out once."""

import ast
from collections.abc import Callable, Mapping
from functools import reduce

import numpy as np

from sim.formulas.functions import OF_ONE
from sim.types import Array


def _power(base: Array, exponent: Array) -> Array:
    """Return a power: year by year where the exponent is the same in all draws.

    numpy squares where an exponent is 2 throughout, but only in large arrays; so it does in all.
    """
    if exponent.ndim < 2 or exponent.shape[1] > 1:
        return np.asarray(np.power(base, exponent))
    found = np.empty(np.broadcast_shapes(base.shape, exponent.shape))
    for year, each in enumerate(np.broadcast_to(base, found.shape)):
        np.power(each, exponent[year, 0], out=found[year])
    return found


OPERATIONS: dict[type[ast.operator], Callable[..., Array]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: _power,
}
COMPARISONS = {
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
}
OF_SEVERAL = {"sum": np.add, "min": np.minimum, "max": np.maximum}


def evaluate_broadcast(node: ast.expr, values: Mapping[str, Array]) -> Array:
    """Evaluate a tree by numpy, each part in the shape that its own names make together.

    :func:`sim.formulas.evaluate.evaluate` takes all names to one shape, which for streams is every year's.

    Parameters
    ----------
    node, values
        Whitelisted tree; one array per name that it reads, of shapes that go together.

    Returns
    -------
    ndarray
        Double precision; infinite or nan as IEEE 754 says.

    Examples
    --------
    >>> from sim.formulas import parse
    >>> years, rates = np.array([[0.0], [1.0]]), np.array([0.5, 1.0, 2.0])
    >>> evaluate_broadcast(parse("(1 + rate) ** t").body, {"t": years, "rate": rates}).tolist()
    [[1.0, 1.0, 1.0], [1.5, 2.0, 3.0]]
    """
    with np.errstate(all="ignore"):
        return np.asarray(_value(node, values), dtype=np.float64)


def _value(node: ast.expr, values: Mapping[str, Array]) -> Array:
    match node:
        case ast.Constant(value=int() | float() as number):
            return np.asarray(number, dtype=np.float64)
        case ast.Name(id=name):
            return values[name]
        case ast.UnaryOp(op=op, operand=operand):
            inner = _value(operand, values)
            return -inner if isinstance(op, ast.USub) else inner
        case ast.BinOp(left=left, op=operator, right=right):
            return OPERATIONS[type(operator)](_value(left, values), _value(right, values))
        case ast.Compare():
            return np.asarray(_condition(node, values), dtype=np.float64)
        case ast.Call(func=ast.Constant(value=str(name)), args=arguments):
            return _called(name, arguments, values)
    raise AssertionError(f"not admitted by the parser: {ast.dump(node)}")


def _condition(
    node: ast.expr, values: Mapping[str, Array]
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    assert isinstance(node, ast.Compare)
    return COMPARISONS[type(node.ops[0])](_value(node.left, values), _value(node.comparators[0], values))


def _called(name: str, arguments: list[ast.expr], values: Mapping[str, Array]) -> Array:
    if name == "where":
        return np.where(_condition(arguments[0], values), *(_value(part, values) for part in arguments[1:]))
    parts = [_value(argument, values) for argument in arguments]
    if name in OF_SEVERAL:
        return reduce(OF_SEVERAL[name], parts)
    return np.asarray(getattr(np, OF_ONE[name].in_numexpr or name)(parts[0]))
