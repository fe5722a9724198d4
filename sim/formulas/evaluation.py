"""Evaluation of parsed formulas: by numexpr over arrays of draws, by numpy over arrays of several shapes."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from types import ModuleType

import numpy as np

from sim.formulas.functions import OF_ONE
from sim.formulas.tree import COMPARISONS, OPERATORS, Formula, FormulaError, names_in, write
from sim.types import Array, Flags

MAX_NODES = 60
"""Nodes numexpr is given at once; its register file and argument list are bounded."""

MAX_ARGUMENTS = 16
"""Arguments of one ``min``, ``max`` or ``sum`` given to numexpr at once."""


def evaluate(formula: Formula, values: Mapping[str, Array], shape: tuple[int, ...]) -> Array:
    """Evaluate a formula draw by draw.

    Parameters
    ----------
    formula
        Parsed formula.
    values
        One array per name the formula reads, broadcastable to `shape`.
    shape
        Shape of the result, e.g. (randomisation, draw).

    Returns
    -------
    ndarray
        Double precision, of the given shape. A comparison gives 1 where it holds and 0 elsewhere.
        Division by zero and the like give infinities or NaN as IEEE 754 says; the caller judges them.

    Raises
    ------
    FormulaError
        If numbers written in the formula cannot be worked out among themselves, as in ``1 / 0``.

    Examples
    --------
    >>> from sim.formulas import parse
    >>> evaluate(parse("where(a > 1, a, 2) ** 2"), {"a": np.array([1.0, 3.0])}, (2,))
    array([4., 9.])
    """
    result = _value(formula.body, dict(values))
    return result if result.shape == shape else np.broadcast_to(result, shape).copy()


def _value(node: ast.expr, values: dict[str, Array]) -> Array:
    """Evaluate a tree, splitting it where it is too large for one numexpr program."""
    program = _program(node)
    while program is None:
        node, values = _with_parts_evaluated(node, values)
        program = _program(node)
    arrays = {symbol: values[name] for name, symbol in program.symbols.items()}
    try:
        found = _numexpr().evaluate(program.text, local_dict=arrays, global_dict={})
    except (ArithmeticError, ValueError) as error:  # numexpr works out numbers among themselves in Python
        raise FormulaError(f"'{write(node)}' cannot be worked out: {error}") from None
    return np.asarray(found, dtype=np.float64)


@cache
def _numexpr() -> ModuleType:
    """Import numexpr, when first something is evaluated: checking a formula does not wait for it."""
    import numexpr

    numexpr.set_num_threads(1)  # many draws are shared out in blocks, and a worker keeps to one core
    return numexpr  # type: ignore[no-any-return]


@dataclass(frozen=True)
class _Program:
    """What numexpr is given: its text, and the symbol in it that stands for each name."""

    text: str
    symbols: Mapping[str, str]


@lru_cache(maxsize=4096)
def _program(node: ast.expr) -> _Program | None:
    """Write a tree for numexpr; ``None`` where it is too large for one program."""
    if sum(1 for _ in ast.walk(node)) > MAX_NODES:
        return None
    symbols = {name: f"v{place}" for place, name in enumerate(names_in(node))}
    return _Program(_render(node, symbols), symbols)


def _with_parts_evaluated(node: ast.expr, values: dict[str, Array]) -> tuple[ast.expr, dict[str, Array]]:
    """Replace each large operand by a name that stands for its value."""
    parts = dict(values)

    def settle(part: ast.expr) -> ast.expr:
        if isinstance(part, ast.Compare):
            return ast.Compare(settle(part.left), part.ops, [settle(part.comparators[0])])
        if isinstance(part, ast.Name | ast.Constant):
            return part
        name = f" {len(parts)}"  # a space cannot stand in a formula's own names
        parts[name] = _value(part, values)
        return ast.Name(name)

    match node:
        case ast.BinOp(left=left, op=op, right=right):
            return ast.BinOp(settle(left), op, settle(right)), parts
        case ast.UnaryOp(op=unary, operand=operand):
            return ast.UnaryOp(unary, settle(operand)), parts
        case ast.Call(func=function, args=arguments) if len(arguments) > MAX_ARGUMENTS:
            groups = [arguments[i : i + MAX_ARGUMENTS] for i in range(0, len(arguments), MAX_ARGUMENTS)]
            return ast.Call(function, [settle(ast.Call(function, group, [])) for group in groups], []), parts
        case ast.Call(func=function, args=arguments):
            return ast.Call(function, [settle(argument) for argument in arguments], []), parts
        case _:
            return settle(node), parts


def _render(node: ast.expr, symbols: Mapping[str, str]) -> str:
    """Write a whitelisted tree in numexpr's language; every number is written as a double."""
    match node:
        case ast.Constant(value=value):
            return repr(value)
        case ast.Name(id=name):
            return symbols[name]
        case ast.UnaryOp(op=op, operand=operand):
            return f"({'-' if isinstance(op, ast.USub) else ''}{_render(operand, symbols)})"
        case ast.BinOp(left=left, op=op, right=right):
            return f"({_render(left, symbols)} {OPERATORS[type(op)]} {_render(right, symbols)})"
        case ast.Compare():
            return f"where({_condition(node, symbols)}, 1.0, 0.0)"
        case ast.Call(func=ast.Constant(value=name), args=arguments):
            return _call(str(name), arguments, symbols)
    raise AssertionError(f"not admitted by the parser: {ast.dump(node)}")


def _condition(node: ast.expr, symbols: Mapping[str, str]) -> str:
    assert isinstance(node, ast.Compare)
    left, right = _render(node.left, symbols), _render(node.comparators[0], symbols)
    return f"({left} {COMPARISONS[type(node.ops[0])]} {right})"


def _call(name: str, arguments: list[ast.expr], symbols: Mapping[str, str]) -> str:
    if name == "where":
        condition = _condition(arguments[0], symbols)
        return f"where({condition}, {_render(arguments[1], symbols)}, {_render(arguments[2], symbols)})"
    texts = [_render(argument, symbols) for argument in arguments]
    match name:
        case "sum":
            return f"({' + '.join(texts)})"
        case "min" | "max":
            return reduce(lambda a, b: f"{name}imum({a}, {b})", texts)
        case _:
            return f"{OF_ONE[name].in_numexpr or name}({texts[0]})"


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


NUMPY_OPERATIONS: dict[type[ast.operator], Callable[..., Array]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: _power,
}
NUMPY_COMPARISONS = {
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

    :func:`sim.formulas.evaluation.evaluate` takes all names to one shape, which for streams is every year's.

    Parameters
    ----------
    node
        Whitelisted tree.
    values
        One array for each name that the tree reads, of shapes that go together.

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
        return np.asarray(_numpy_value(node, values), dtype=np.float64)


def evaluate_few(formula: Formula, values: Mapping[str, Array], shape: tuple[int, ...]) -> Array:
    """Evaluate a formula over few draws, by numpy: to load numexpr takes longer than they do.

    Parameters
    ----------
    formula
        Parsed formula.
    values
        One array for each name that the formula reads, broadcastable to `shape`.
    shape
        Shape of the result, e.g. (randomisation, draw).

    Returns
    -------
    ndarray
        Values that agree with those of :func:`evaluate` but for rounding, of the given shape.

    Raises
    ------
    FormulaError
        If numbers written in the formula cannot be worked out among themselves, as for :func:`evaluate`,
        which is asked wherever numexpr does another sum than is written.

    Examples
    --------
    >>> from sim.formulas import parse
    >>> evaluate_few(parse("2 * a"), {"a": np.array([1.0, 3.0])}, (2,))
    array([2., 6.])
    """
    if any(_is_rewritten(part) for part in ast.walk(formula.body)):
        return evaluate(formula, values, shape)
    return np.broadcast_to(evaluate_broadcast(formula.body, values), shape).copy()


def _is_rewritten(node: ast.AST) -> bool:
    """Tell whether numexpr works out the node itself in Python, or as other operations.

    So it does with numbers among themselves, quotients by a number, and powers.
    """
    match node:
        case ast.BinOp(op=ast.Pow()):
            return True
        case ast.BinOp(op=ast.Div(), right=right):
            return not names_in(right)
        case ast.BinOp() | ast.Compare() | ast.Call():
            return not names_in(node)
    return False


def _numpy_value(node: ast.expr, values: Mapping[str, Array]) -> Array:
    match node:
        case ast.Constant(value=int() | float() as number):
            return np.asarray(number, dtype=np.float64)
        case ast.Name(id=name):
            return values[name]
        case ast.UnaryOp(op=op, operand=operand):
            inner = _numpy_value(operand, values)
            return -inner if isinstance(op, ast.USub) else inner
        case ast.BinOp(left=left, op=operator, right=right):
            return NUMPY_OPERATIONS[type(operator)](_numpy_value(left, values), _numpy_value(right, values))
        case ast.Compare():
            return np.asarray(_holds(node, values), dtype=np.float64)
        case ast.Call(func=ast.Constant(value=str(name)), args=arguments):
            return _called(name, arguments, values)
    raise AssertionError(f"not admitted by the parser: {ast.dump(node)}")


def _holds(node: ast.expr, values: Mapping[str, Array]) -> Flags:
    assert isinstance(node, ast.Compare)
    return NUMPY_COMPARISONS[type(node.ops[0])](
        _numpy_value(node.left, values), _numpy_value(node.comparators[0], values)
    )


def _called(name: str, arguments: list[ast.expr], values: Mapping[str, Array]) -> Array:
    if name == "where":
        return np.where(_holds(arguments[0], values), *(_numpy_value(part, values) for part in arguments[1:]))
    parts = [_numpy_value(argument, values) for argument in arguments]
    if name in OF_SEVERAL:
        return reduce(OF_SEVERAL[name], parts)
    return np.asarray(getattr(np, OF_ONE[name].in_numexpr or name)(parts[0]))
