"""The formula language: what parses, what it evaluates to, what is refused."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.formulas import FormulaError, evaluate, parse
from sim.formulas.evaluation import evaluate_few
from sim.formulas.functions import OF_ONE

ATTACKS = [
    "__import__('os').system('true')",
    "__import__",
    "().__class__",
    "a.__class__",
    "a.__class__()",
    "a._b",
    "(a + b).real",
    "open('x')",
    "eval('1')",
    "[a for a in b]",
    "lambda: 1",
    "a if b else c",
    "'text'",
    "f'{a}'",
    "a[0]",
    "a := 1",
    "a and b",
    "not a",
    "a % b",
    "a // b",
    "a @ b",
    "a << 1",
    "~a",
    "True",
    "None",
    "1j",
    "...",
    "a < b < c",
    "a is b",
    "exp(*a)",
    "exp(a, b)",
    "exp()",
    "where(a, b, c)",
    "min(a, key=b)",
    "import os",
    "a; b",
    "",
    "a +",
    "(" * 500 + "a" + ")" * 500,
    "-" * 5000 + "a",
    "a + " * 300 + "a",
    "1e999",
    "9" * 5000,
    "a" * 20_001,
]


@pytest.mark.parametrize("text", ATTACKS, ids=lambda text: text[:24] or "empty")
def test_what_is_not_in_the_language_is_refused(text: str):
    with pytest.raises(FormulaError):
        parse(text)


# Python's own arithmetic is the reference: `text` is written in the common subset and evaluated by both.
CASES = [
    "a + b * 2 - c / 4",
    "-a ** 2",
    "(-a) ** 2",
    "2 ** -1",
    "1 / 3",
    "7 / 2",
    "exp(log(a)) + sqrt(b)",
    "where(a > b, a, b) - where(a <= b, 1, 0)",
    "min(a, b, c, 1.5)",
    "max(a, b, c)",
    "sum(a, b, c, 1)",
    "(a > 1) * 3 + (b == 2)",
    "attribution.algorithms * 2",
    "3",
]


@pytest.mark.parametrize("text", CASES)
def test_formulas_evaluate_like_pythons_own_arithmetic(text: str):
    values = {"a": 1.7, "b": 2.0, "c": 0.3, "attribution.algorithms": 0.1}

    class Attribution:
        algorithms = 0.1

    words = {
        **{name: value for name, value in values.items() if "." not in name},
        "attribution": Attribution,
        "exp": math.exp,
        "log": math.log,
        "sqrt": math.sqrt,
        "min": min,
        "max": max,
        "sum": lambda *parts: math.fsum(parts),
        "where": lambda condition, yes, no: yes if condition else no,
    }
    expected = eval(text, {"__builtins__": {}}, words)
    formula = parse(text)
    arrays = {name: np.array([values[name]] * 2) for name in formula.names}
    assert evaluate(formula, arrays, (2,)) == pytest.approx([expected] * 2, rel=1e-14)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=180))
def test_long_sums_are_split_without_changing_their_value(terms: list[float]):
    names = [f"x{place}" for place in range(len(terms))]
    formula = parse(" + ".join(names))
    arrays = {name: np.array([term]) for name, term in zip(names, terms, strict=True)}
    assert evaluate(formula, arrays, (1,))[0] == pytest.approx(sum(terms), abs=1e-9)


def test_a_large_call_is_split_too():
    formula = parse("max(" + ", ".join(f"x{place} * 2 + 1" for place in range(100)) + ")")
    arrays = {f"x{place}": np.array([float(place), -float(place)]) for place in range(100)}
    assert evaluate(formula, arrays, (2,)).tolist() == [199.0, 1.0]


def test_values_that_do_not_exist_are_left_to_the_caller():
    result = evaluate(parse("log(a) / b"), {"a": np.array([-1.0, 1.0]), "b": np.array([1.0, 0.0])}, (2,))
    assert np.isnan(result).all()  # log(-1); 0/0


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "2 * a - b / 3",
        "where(a > b, a ** 2, -b)",
        "min(a, b, 1) + max(a, 0.5) * sum(a, b)",
        *(f"{name}(a) * 1" for name in OF_ONE),
        "(1 / 3) * a",
        "a / 3",
    ],
)
def test_few_draws_have_the_values_of_many(text: str):
    values = {"a": np.linspace(-0.9, 3.0, 12).reshape(3, 4), "b": np.array([[0.5], [1.0], [2.0]])}
    found = evaluate_few(parse(text), values, (3, 4))
    np.testing.assert_allclose(found, evaluate(parse(text), values, (3, 4)), rtol=1e-14)


@pytest.mark.parametrize("text", ["a / 10.0 ** 400", "a + 1 / 0", "where(a < 0, a / 0, a)"])
def test_numbers_that_cannot_be_worked_out_are_refused_for_few_draws_too(text: str):
    with pytest.raises(FormulaError, match="cannot be worked out"):
        evaluate_few(parse(text), {"a": np.ones(2)}, (2,))
