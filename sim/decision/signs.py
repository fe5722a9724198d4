"""What cannot be negative, by how it is written and where its inputs can lie."""

import ast
from collections.abc import Iterable, Set

from sim.formulas import parse
from sim.scenario.schema import Scenario

ALWAYS = ("exp", "abs", "sqrt")
WITH_ARGUMENTS = ("sum", "min", "expm1", "log1p", "atan")


def never_negative(scenario: Scenario, order: Iterable[str], columns: Iterable[str]) -> frozenset[str]:
    """Return the columns and outcomes that cannot be negative.

    Parameters
    ----------
    scenario
        Checked scenario.
    order
        Outcomes so that each comes after those it reads.
    columns
        Parameters, components and survey columns that cannot be negative.
    """
    known = set(columns)
    for name in order:
        formulas = scenario.outcomes[name].formulas.values()
        if all(cannot_be_negative(parse(text).body, known) for text in formulas):
            known.add(name)
    return frozenset(known)


def cannot_be_negative(node: ast.expr, known: Set[str]) -> bool:
    """Tell whether a formula cannot be negative where some names cannot.

    Examples
    --------
    >>> cannot_be_negative(parse("a * exp(b) + max(b, 0)").body, {"a"})
    True
    """
    match node:
        case ast.Constant(value=int() | float() as value):
            return value >= 0
        case ast.Name(id=name):
            return name in known
        case ast.UnaryOp(op=ast.UAdd(), operand=part) | ast.BinOp(left=part, op=ast.Pow()):
            return cannot_be_negative(part, known)
        case ast.BinOp(left=left, op=ast.Add() | ast.Mult() | ast.Div(), right=right):
            return cannot_be_negative(left, known) and cannot_be_negative(right, known)
        case ast.Call(func=ast.Constant(value=function), args=arguments):
            return _call(str(function), [cannot_be_negative(part, known) for part in arguments])
    return isinstance(node, ast.Compare)


def _call(function: str, parts: list[bool]) -> bool:
    match function:
        case "max":
            return any(parts)
        case "where":
            return all(parts[1:])
    return function in ALWAYS or (function in WITH_ARGUMENTS and all(parts))
