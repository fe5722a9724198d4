"""Units of formulas, checked when a scenario is loaded.

The check is strict: quantities that are added or compared must be in the same unit, not merely of the
same dimension, and a formula must come out in exactly the unit its outcome declares. So a factor of a
million between a benefit in USD and a cost in million USD cannot slip through.
"""

import ast
import math
from collections.abc import Mapping

from sim.formulas.functions import OF_ONE
from sim.formulas.stream_calls import RATES, SCHEDULE, StreamCall
from sim.formulas.tree import SEVERAL, Formula, FormulaError, write, written_number
from sim.formulas.units import ONE, Unit, describe, parse_unit


def check_unit(formula: Formula, units: Mapping[str, Unit], declared: Unit) -> None:
    """Check that a formula comes out in the declared unit.

    Parameters
    ----------
    formula
        Parsed formula.
    units
        Unit of each name it reads.
    declared
        Unit its outcome states.

    Raises
    ------
    FormulaError
        If units do not fit inside the formula, or the result is in another unit than declared.

    Examples
    --------
    >>> from sim.formulas import parse
    >>> from sim.formulas.units import parse_unit
    >>> usd, million = parse_unit("USD"), parse_unit("million USD")
    >>> check_unit(parse("benefit / cost"), {"benefit": usd, "cost": million}, parse_unit("1"))
    Traceback (most recent call last):
    ...
    sim.formulas.tree.FormulaError: the formula gives 1/million, but unit says 1: off by a factor of 1e-06
    """
    found = _unit(formula.body, _with_calls(formula, units))
    if found is not None and not _same(found, declared):
        gives, says = describe(found), describe(declared)
        raise FormulaError(f"the formula gives {gives}, but unit says {says}: {_difference(found, declared)}")


def _with_calls(formula: Formula, units: Mapping[str, Unit]) -> dict[str, Unit]:
    """Return units by name, those of the calls of functions of streams in a formula among them."""
    found = dict(units)
    for text, call in (formula.calls or {}).items():
        found[text] = _of_stream_call(call, found) or ONE
    return found


def _of_stream_call(call: StreamCall, units: Mapping[str, Unit]) -> Unit | None:
    if call.function == SCHEDULE:
        return ONE
    parts = [_unit(argument, units) for argument in call.arguments]
    for argument, part, role in zip(call.arguments, parts, call.stated.roles, strict=True):
        if role in RATES and part is not None and not _same(part, ONE):
            raise FormulaError(
                f"in '{call.text}' the rate '{write(argument)}' is in {describe(part)}; a rate is a plain "
                'number, a part of the value in a year: state it with unit = "1", 0.03 for 3 % a year'
            )
    match call.stated.unit:
        case "total":
            return _over_years(parts[0])
        case "same":
            return parts[0]
        case "last":
            return parts[-1]
    return parse_unit(call.stated.unit)


def _over_years(flow: Unit | None) -> Unit | None:
    """Return the unit of a flow summed over years: an amount of each year, without time, stays one."""
    return flow * parse_unit("year") if flow is not None and "[time]" in flow.dimensionality else flow


def _unit(node: ast.expr, units: Mapping[str, Unit]) -> Unit | None:
    """Return the unit of a tree; ``None`` for the number 0, which fits beside any unit."""
    match node:
        case ast.Constant(value=value):
            return None if value == 0 else ONE
        case ast.Name(id=name):
            return units[name]
        case ast.UnaryOp(operand=operand):
            return _unit(operand, units)
        case ast.BinOp():
            return _binary(node, units)
        case ast.Compare(left=left, comparators=[right]):
            _agree(node, [left, right], units)
            return ONE
        case ast.Call(func=ast.Constant(value=name), args=arguments):
            return _call(node, str(name), arguments, units)
    raise AssertionError(f"not admitted by the parser: {ast.dump(node)}")


def _binary(node: ast.BinOp, units: Mapping[str, Unit]) -> Unit | None:
    if isinstance(node.op, ast.Add | ast.Sub):
        return _agree(node, [node.left, node.right], units)
    left, right = (_unit(part, units) or ONE for part in (node.left, node.right))
    if isinstance(node.op, ast.Mult):
        return left * right
    if isinstance(node.op, ast.Div):
        return left / right
    return _power(node, left, right)


def _power(node: ast.BinOp, base: Unit, exponent: Unit) -> Unit:
    if not _same(exponent, ONE):
        raise FormulaError(
            f"in '{write(node)}' the exponent is in {describe(exponent)}; it must be a plain number"
        )
    if _same(base, ONE):
        return base
    number = written_number(node.right)
    if number is None:
        raise FormulaError(
            f"in '{write(node)}' the base is in {describe(base)}: the exponent must be a number written out"
        )
    return base**number


def _call(node: ast.Call, name: str, arguments: list[ast.expr], units: Mapping[str, Unit]) -> Unit | None:
    if name == "where":
        _unit(arguments[0], units)
        return _agree(node, arguments[1:], units)
    if name in SEVERAL:
        return _agree(node, arguments, units)
    power, stated = OF_ONE[name].power, _unit(arguments[0], units)
    if power == 1.0:
        return stated
    inner = stated or ONE
    if power is not None:
        return inner**power
    if not _same(inner, ONE):
        raise FormulaError(
            f"in '{write(node)}' the argument is in {describe(inner)}; {name} takes a plain number (unit 1)"
        )
    return ONE


def _agree(node: ast.expr, parts: list[ast.expr], units: Mapping[str, Unit]) -> Unit | None:
    """Return the one unit of several operands, or say which two differ."""
    agreed: Unit | None = None
    for part in parts:
        unit = _unit(part, units)
        if agreed is None:
            agreed = unit
        elif unit is not None and not _same(unit, agreed):
            raise FormulaError(
                f"in '{write(node)}' one part is in {describe(agreed)} and "
                f"'{write(part)}' in {describe(unit)}: {_difference(unit, agreed)}"
            )
    return agreed


def _same(one: Unit, other: Unit) -> bool:
    return one.dimensionality == other.dimensionality and math.isclose(one.size, other.size, rel_tol=1e-9)


def _difference(found: Unit, wanted: Unit) -> str:
    if found.dimensionality != wanted.dimensionality:
        return "they measure different things"
    return f"off by a factor of {found.size / wanted.size:.6g}"
