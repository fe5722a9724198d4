"""Every formula that parses evaluates like Python's own arithmetic on floats."""

import ast
import math
from functools import reduce
from operator import add

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sim.formulas import CONSTANTS, FUNCTIONS, FormulaError, evaluate, parse
from sim.formulas.tree import ARITY

VALUES = {"a": 1.75, "b": -2.5, "c": 0.375, "share.of_d": 12.0, "e": 0.0}
SIGNED = {
    ast.Add: lambda x, y: x + y,
    ast.Sub: lambda x, y: x - y,
    ast.Mult: lambda x, y: x * y,
    ast.Div: lambda x, y: x / y,
    ast.Pow: lambda x, y: x**y,
    ast.Lt: lambda x, y: float(x < y),
    ast.LtE: lambda x, y: float(x <= y),
    ast.Gt: lambda x, y: float(x > y),
    ast.GtE: lambda x, y: float(x >= y),
    ast.Eq: lambda x, y: float(x == y),
    ast.NotEq: lambda x, y: float(x != y),
}
SIGNS = {ast.USub: -1.0, ast.UAdd: 1.0}
CALLS = {
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
    "sin": math.sin,
    "cos": math.cos,
    "expm1": math.expm1,
    "log1p": math.log1p,
    "atan": math.atan,
    "abs": abs,
    "min": lambda *parts: min(parts),
    "max": lambda *parts: max(parts),
    "sum": lambda *parts: reduce(add, parts),  # Python's own sum of floats compensates its rounding
    "where": lambda condition, yes, no: yes if condition else no,
}


class Reference:
    """A tiny evaluator of its own: Python's syntax tree on Python's floats.

    Parameters
    ----------
    text
        A formula.

    Attributes
    ----------
    largest
        Magnitude of the largest number met on the way: the size that rounding errors are relative to.
    """

    def __init__(self, text: str) -> None:
        self.largest = 0.0
        self.value = self._of(ast.parse(text, mode="eval").body)

    def _of(self, node: ast.expr) -> float:
        found = self._inner(node)
        if isinstance(found, complex):
            raise ValueError("a root of a negative number")
        self.largest = max(self.largest, abs(found))
        return float(found)

    def _inner(self, node: ast.expr) -> float:
        match node:
            case ast.Constant(value=value):
                return float(value)
            case ast.Name() | ast.Attribute():
                return {**CONSTANTS, **VALUES}[ast.unparse(node)]
            case ast.UnaryOp(op=op, operand=operand):
                return SIGNS[type(op)] * self._of(operand)
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return CALLS[name](*map(self._of, arguments))
        left, op, right = _sides(node)
        return SIGNED[type(op)](self._of(left), self._of(right))


def _sides(node: ast.expr) -> tuple[ast.expr, ast.AST, ast.expr]:
    if isinstance(node, ast.BinOp):
        return node.left, node.op, node.right
    assert isinstance(node, ast.Compare)
    return node.left, node.ops[0], node.comparators[0]


def _expressions(exact: bool) -> st.SearchStrategy[str]:
    """Texts of formulas; `exact`: only operations that IEEE 754 rounds correctly, so equal bit for bit."""
    numbers = st.sampled_from(["0", "1", "2", "0.5", "3.25", "1e3", "1_000", ".125", "7"])
    leaves = st.one_of(st.sampled_from([*VALUES, "pi"]), numbers)
    operators = ["+", "-", "*", "/"] if exact else ["+", "-", "*", "/", "**"]
    functions = ["sqrt", "abs"] if exact else [name for name, arity in ARITY.items() if arity == 1]
    comparisons = ["<", "<=", ">", ">=", "==", "!="]

    def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        binary = st.builds(lambda x, o, y: f"({x}) {o} ({y})", inner, st.sampled_from(operators), inner)
        bare = st.builds(lambda x, o, y: f"({x} {o} {y})", inner, st.sampled_from(operators), inner)
        unary = st.builds(lambda o, x: f"({o}{x})", st.sampled_from("+-"), inner)
        called = st.builds(lambda f, x: f"{f}({x})", st.sampled_from(functions), inner)
        several = st.builds(
            lambda f, parts: f"{f}({', '.join(parts)})",
            st.sampled_from(["min", "max", "sum"]),
            st.lists(inner, min_size=1, max_size=20),
        )
        compared = st.builds(lambda x, o, y: f"(({x}) {o} ({y}))", inner, st.sampled_from(comparisons), inner)
        chosen = st.builds(lambda c, x, y: f"where({c}, {x}, {y})", compared, inner, inner)
        return st.one_of(binary, bare, unary, called, several, *([compared, chosen] if exact else []))

    return st.recursive(leaves, larger, max_leaves=60 if exact else 10)


def _both(text: str) -> tuple[float, Reference]:
    try:
        reference = Reference(text)
    except (ArithmeticError, ValueError):  # Python raises where IEEE 754 has infinities and NaN
        assume(False)
    assume(math.isfinite(reference.largest))
    formula = parse(text)
    values = {name: np.full(2, VALUES[name]) for name in formula.names}
    found = evaluate(formula, values, (2,))
    assert found[0] == found[1] or np.isnan(found).all()
    return float(found[0]), reference


@settings(derandomize=True, max_examples=150, deadline=None)
@given(text=_expressions(exact=True))
def test_arithmetic_is_pythons_bit_for_bit(text: str):
    found, reference = _both(text)
    assert found == reference.value, text


@settings(derandomize=True, max_examples=150, deadline=None)
@given(text=_expressions(exact=False))
def test_functions_are_pythons_but_for_rounding(text: str):
    found, reference = _both(text)
    assume(reference.largest < 1e8)
    assert found == pytest.approx(reference.value, rel=1e-9, abs=1e-9 * max(1.0, reference.largest)), text


@settings(derandomize=True, max_examples=150, deadline=None)
@given(text=st.text("abe01.+-*/(),<>=! _[]'\"\\\n\t#;:@%&|^~`${}lambdaforxwhersqtpi", max_size=60))
def test_any_text_is_a_formula_or_a_clear_refusal(text: str):
    try:
        formula = parse(text)
        evaluate(formula, {name: np.array([1.5, 2.5]) for name in formula.names}, (2,))
    except FormulaError as error:
        assert 10 < len(str(error)) < 1000


def test_every_function_of_the_language_is_evaluated_here():
    assert set(CALLS) == set(FUNCTIONS)
