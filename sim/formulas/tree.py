"""The formula language: what parses, and into what.

A formula is text from a scenario file and therefore data, never code: Python's parser turns it into a
tree, and only the node types listed here survive. Nothing is ever handed to ``eval``.
"""

import ast
import math
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from sim.formulas.functions import OF_ONE, STREAM_FUNCTIONS, TIME_NAMES

if TYPE_CHECKING:
    from sim.formulas.stream_calls import StreamCall

FUNCTIONS = {
    "where": "where(condition, a, b)",
    **{name: function.form for name, function in OF_ONE.items()},
    "min": "min(a, b, ...)",
    "max": "max(a, b, ...)",
    "sum": "sum(a, b, ...)",
}
"""Every function of the language, with its form."""

CONSTANTS = {"pi": math.pi}
"""Numbers that have a name."""

SEVERAL = ("min", "max", "sum")
"""Functions of any number of arguments."""

ARITY = {name: 3 if name == "where" else 1 for name in FUNCTIONS if name not in SEVERAL}
ARITY_OVER_YEARS = {name: len(each.roles) for name, each in STREAM_FUNCTIONS.items() if name not in SEVERAL}
OVER_YEARS = FUNCTIONS | {
    name: each.short_form for name, each in STREAM_FUNCTIONS.items() if name not in SEVERAL
}
"""The functions of a scenario with a horizon."""

OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
COMPARISONS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}
LANGUAGE = "names, numbers, + - * / **, comparisons, " + ", ".join([*FUNCTIONS, *CONSTANTS])
MAX_LENGTH = 20_000
MAX_DEPTH = 200
MAX_DOTS = 8


class FormulaError(ValueError):
    """A formula that does not belong to the language, or cannot be evaluated as written."""


@dataclass(frozen=True)
class Formula:
    """A parsed formula.

    Parameters
    ----------
    text
        The formula as written.
    body
        Its whitelisted syntax tree. Dotted names (``attribution.algorithms``) are single names here.
    calls
        Calls of functions of streams by text, each after those that it reads; they are taken out, and their
        texts stand among the names.

    Examples
    --------
    >>> parse("salary * contributors / 2").names
    ('contributors', 'salary')
    """

    text: str
    body: ast.expr
    calls: "Mapping[str, StreamCall] | None" = None

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names the formula reads, sorted."""
        return names_in(self.body)

    @property
    def reads(self) -> tuple[str, ...]:
        """Names of the scenario that it reads, through calls or not, sorted."""
        if self.calls is None:
            return self.names
        found = {*self.names}.union(*(call.names for call in self.calls.values()))
        return tuple(sorted(found - self.calls.keys() - {*TIME_NAMES}))


def names_in(node: ast.expr) -> tuple[str, ...]:
    """Return the names that a whitelisted tree reads, sorted."""
    return tuple(sorted({part.id for part in ast.walk(node) if isinstance(part, ast.Name)}))


def written_number(node: ast.expr) -> float | None:
    """Return the number that a tree is, with or without a minus; ``None`` where it is none written out."""
    match node:
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return -float(value)
    return None


@lru_cache(maxsize=4096)
def parse(text: str, over_years: bool = False) -> Formula:
    """Parse a formula.

    Parameters
    ----------
    text
        Names, numbers, ``+ - * / **``, comparisons, the calls in :data:`FUNCTIONS` and the names in
        :data:`CONSTANTS`.
    over_years
        Whether functions of streams and schedules may stand in it
        (:func:`sim.formulas.stream_calls.parse_over_years` takes them out).

    Returns
    -------
    Formula
        Parsed.

    Raises
    ------
    FormulaError
        If anything else stands in it; the message names the part and the language.

    Examples
    --------
    >>> parse("__import__('os')")
    Traceback (most recent call last):
    ...
    sim.formulas.tree.FormulaError: '__import__(...)' is not a function of the language; allowed: ...
    """
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"the formula has {len(text):,} characters; at most {MAX_LENGTH:,} are read")
    if not text.isascii():  # Python reads look-alike letters of other alphabets as the plain ones
        strange = next(letter for letter in text if not letter.isascii())
        raise FormulaError(f"{strange!r} is not part of the language; allowed: {LANGUAGE}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)  # of Python's taste in spaces
            tree = ast.parse(text.strip(), mode="eval")
    except SyntaxError as error:
        raise FormulaError(f"not a formula: {error.msg} at character {error.offset}") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise FormulaError(f"not a formula: {error or 'nested too deeply'}") from None
    try:
        return Formula(text, _admit(tree.body, 0, OVER_YEARS if over_years else FUNCTIONS))
    except RecursionError:
        raise FormulaError(f"nested more than {MAX_DEPTH} deep") from None


def _admit(node: ast.expr, depth: int, functions: Mapping[str, str]) -> ast.expr:
    """Return the node with its children admitted and dotted names folded, or refuse it."""
    if depth > MAX_DEPTH:
        raise FormulaError(f"nested more than {MAX_DEPTH} deep; split the formula into several outcomes")
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return _number(value)
        case ast.Name() | ast.Attribute():
            return _named(_dotted(node))
        case ast.Call():
            return _admit_call(node, depth, functions)
        case ast.List() if functions is OVER_YEARS:
            return node  # a schedule, which is looked at where calls are taken out
    return _admit_operation(node, depth + 1, functions)


def _admit_operation(node: ast.expr, depth: int, functions: Mapping[str, str]) -> ast.expr:
    match node:
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            return ast.UnaryOp(node.op, _admit(operand, depth, functions))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            return ast.BinOp(_admit(left, depth, functions), op, _admit(right, depth, functions))
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARISONS:
            return ast.Compare(_admit(left, depth, functions), [op], [_admit(right, depth, functions)])
    raise FormulaError(f"{_quote(node)} is not part of the language; allowed: {LANGUAGE}")


def _number(value: float) -> ast.expr:
    try:
        number = float(value)
    except OverflowError:
        number = float("inf")
    if number == float("inf"):
        raise FormulaError("a number in the formula is too large for double precision (1.8e308)")
    return ast.Constant(number)


def _named(name: str) -> ast.expr:
    return ast.Constant(CONSTANTS[name]) if name in CONSTANTS else ast.Name(name)


def _dotted(node: ast.expr, depth: int = 0) -> str:
    """Fold ``a.b`` into one name; anything but plain names joined by a few dots is refused."""
    if depth > MAX_DOTS:
        raise FormulaError(f"a name with more than {MAX_DOTS} dots is not a name; allowed: {LANGUAGE}")
    match node:
        case ast.Name(id=name) if not name.startswith("_"):
            return name
        case ast.Attribute(value=ast.Name() | ast.Attribute() as value, attr=name) if not name.startswith(
            "_"
        ):
            return f"{_dotted(value, depth + 1)}.{name}"
    raise FormulaError(f"{_quote(node)} is not a name; allowed: {LANGUAGE}")


def _admit_call(node: ast.Call, depth: int, functions: Mapping[str, str]) -> ast.expr:
    if not isinstance(node.func, ast.Name) or node.func.id not in functions:
        called = ast.unparse(node.func)[:60]
        if called in OVER_YEARS:
            raise FormulaError(
                f"'{called}(...)' is a function of streams; allowed where there is a [horizon] with start, "
                "years and discounting"
            )
        raise FormulaError(
            f"'{called}(...)' is not a function of the language; allowed: {', '.join(functions.values())}"
        )
    name = node.func.id
    starred = any(isinstance(argument, ast.Starred) for argument in node.args)
    wanted = ARITY.get(name) or ARITY_OVER_YEARS.get(name)
    if node.keywords or starred or not node.args or (wanted and len(node.args) != wanted):
        raise FormulaError(f"{_quote(node)}: write {functions[name]}")
    arguments = [_admit(argument, depth + 1, functions) for argument in node.args]
    if name == "where" and not isinstance(arguments[0], ast.Compare):
        raise FormulaError(f"{_quote(node)}: the condition of where must be a comparison such as a > b")
    # The function becomes a constant, so that every remaining ast.Name is a quantity.
    return ast.Call(ast.Constant(name), arguments, [])


def write(node: ast.expr) -> str:
    """Write a whitelisted tree as the formula it came from."""
    return re.sub(r"'(\w+)'\(", r"\1(", ast.unparse(node))


def _quote(node: ast.expr) -> str:
    text = ast.unparse(node)
    return f"'{text if len(text) <= 60 else text[:57] + '...'}'"
