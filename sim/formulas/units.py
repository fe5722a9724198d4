"""Units of formulas, checked by pint when a scenario is loaded.

The check is strict: quantities that are added or compared must be in the same unit, not merely of the
same dimension, and a formula must come out in exactly the unit its outcome declares. So a factor of a
million between a benefit in USD and a cost in million USD cannot slip through.
"""

import ast
import math
import re
import sys
import tokenize
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from sim.formulas.functions import OF_ONE
from sim.formulas.tree import SEVERAL, Formula, FormulaError, write


@contextmanager
def _without_dask() -> Iterator[None]:
    """Let pint do without dask, which it imports where it is installed: a sixth of `sim check`."""
    if "dask" in sys.modules:
        yield
        return
    sys.modules["dask"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["dask"]


with _without_dask():
    import pint

TIME = (
    "second = [time] = s = sec",
    "minute = 60 * second = min",
    "hour = 60 * minute = h = hr",
    "day = 24 * hour = d",
    "week = 7 * day",
    "year = 365.25 * day = a = yr = julian_year",
    "month = year / 12",
)
"""Units of time, as in pint's own list: most scenarios need no more of it, and it takes a while to read."""

DEFINITIONS = (
    "USD = [currency]",
    "EUR = [currency_EUR]",
    "GBP = [currency_GBP]",
    "person = [person] = _ = contributor = FTE",
    "commit = [commit]",
    "line = [line]",
    "period = [period]",
    "thousand = 1e3",
    "million = 1e6",
    "billion = 1e9",
    "trillion = 1e12",
)
"""What pint's own list lacks: money, what the survey counts, and the words for powers of a thousand."""

NOTATION = re.compile(r"[\w .*/^()%°µ-]{1,200}")
EXPONENT = re.compile(
    r"(\*\*|\^)\s*(-?\d{1,3}(\.\d{1,6})?|\(\s*-?\d{1,3}([./]\d{1,6})?\s*\))(?![\w.]|\s*(\*\*|\^))"
)
NUMBER = re.compile(r"(?<![\w.])[\d.][\w.]*")
"""Numbers stand in a unit as exponents only, or as 1: pint would work out 9**9**9 for as long as it takes."""

UNPARSED = (
    pint.errors.PintError,
    tokenize.TokenError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    SyntaxError,
    RecursionError,
)
"""What pint raises for a text that is not a unit."""


@lru_cache(maxsize=1)
def registry() -> pint.UnitRegistry:
    """Return the one registry of units, made on first use; it holds pint's own list once a text needs it."""
    units = pint.UnitRegistry(None, on_redefinition="ignore")
    for definition in TIME + DEFINITIONS:
        units.define(definition)
    return units


@lru_cache(maxsize=1)
def _read_list() -> None:
    """Add the units of pint's own list; a name that both define stays ours."""
    registry().load_definitions(Path(pint.__file__).with_name("default_en.txt"))
    for definition in DEFINITIONS:
        registry().define(definition)


def _named(text: str) -> pint.Unit:
    try:
        return registry().Unit(text)
    except pint.UndefinedUnitError:
        _read_list()
        return registry().Unit(text)


@lru_cache(maxsize=1024)
def parse_unit(text: str) -> pint.Unit:
    """Return the unit a text names; ``"1"`` is dimensionless.

    Raises
    ------
    FormulaError
        If pint does not know the unit.

    Examples
    --------
    >>> str(parse_unit("USD/person/year"))
    'USD / person / year'
    """
    without = EXPONENT.sub(" ", text)
    strange = "**" in without or "^" in without or {*NUMBER.findall(without)} - {"1"}
    if not NOTATION.fullmatch(text) or "//" in text or strange:
        raise FormulaError(
            f"{text!r} is not a unit: write names, 1, * / and parentheses, and ** or ^ with a number"
        )
    try:
        return _named(text)
    except UNPARSED as error:
        reason = str(error) or type(error).__name__
        raise FormulaError(f"{text!r} is not a unit: {reason}") from None


def check_unit(formula: Formula, units: Mapping[str, pint.Unit], declared: pint.Unit) -> None:
    """Check that a formula comes out in the declared unit.

    Parameters
    ----------
    formula, units
        Parsed formula; unit of each name it reads.
    declared
        Unit its outcome states.

    Raises
    ------
    FormulaError
        If units do not fit inside the formula, or the result is in another unit than declared.

    Examples
    --------
    >>> from sim.formulas import parse
    >>> usd, million = parse_unit("USD"), parse_unit("million USD")
    >>> check_unit(parse("benefit / cost"), {"benefit": usd, "cost": million}, parse_unit("1"))
    Traceback (most recent call last):
    ...
    sim.formulas.tree.FormulaError: the formula gives 1/million, but unit says 1: off by a factor of 1e-06
    """
    found = _unit(formula.body, units)
    if found is not None and not _same(found, declared):
        gives, says = describe(found), describe(declared)
        raise FormulaError(f"the formula gives {gives}, but unit says {says}: {_difference(found, declared)}")


def unit_of(formula: Formula, units: Mapping[str, pint.Unit]) -> pint.Unit | None:
    """Return the unit a formula comes out in.

    Parameters
    ----------
    formula, units
        Parsed formula; unit of each name it reads.

    Returns
    -------
    pint.Unit or None
        ``None`` for the number 0, which fits beside any unit.

    Raises
    ------
    FormulaError
        If units do not fit inside the formula.
    """
    return _unit(formula.body, units)


def describe(unit: pint.Unit) -> str:
    """Return a unit in the notation of the scenario file; dimensionless is ``1``.

    Examples
    --------
    >>> describe(parse_unit("USD / person / year"))
    'USD/person/year'
    """
    text = re.sub(r" (\*\*|[*/]) ", r"\1", str(unit))
    return "1" if text == "dimensionless" else text


def _unit(node: ast.expr, units: Mapping[str, pint.Unit]) -> pint.Unit | None:
    """Return the unit of a tree; ``None`` for the number 0, which fits beside any unit."""
    match node:
        case ast.Constant(value=value):
            return None if value == 0 else registry().Unit("")
        case ast.Name(id=name):
            return units[name]
        case ast.UnaryOp(operand=operand):
            return _unit(operand, units)
        case ast.BinOp():
            return _binary(node, units)
        case ast.Compare(left=left, comparators=[right]):
            _agree(node, [left, right], units)
            return registry().Unit("")
        case ast.Call(func=ast.Constant(value=name), args=arguments):
            return _call(node, str(name), arguments, units)
    raise AssertionError(f"not admitted by the parser: {ast.dump(node)}")


def _binary(node: ast.BinOp, units: Mapping[str, pint.Unit]) -> pint.Unit | None:
    if isinstance(node.op, ast.Add | ast.Sub):
        return _agree(node, [node.left, node.right], units)
    left, right = (_unit(part, units) or registry().Unit("") for part in (node.left, node.right))
    if isinstance(node.op, ast.Mult):
        return left * right
    if isinstance(node.op, ast.Div):
        return left / right
    return _power(node, left, right)


def _power(node: ast.BinOp, base: pint.Unit, exponent: pint.Unit) -> pint.Unit:
    if not _same(exponent, registry().Unit("")):
        raise FormulaError(
            f"in '{write(node)}' the exponent is in {describe(exponent)}; it must be a plain number"
        )
    if _same(base, registry().Unit("")):
        return base
    number = _constant(node.right)
    if number is None:
        raise FormulaError(
            f"in '{write(node)}' the base is in {describe(base)}: the exponent must be a number written out"
        )
    return base**number


def _constant(node: ast.expr) -> float | None:
    match node:
        case ast.Constant(value=float(value)):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=float(value))):
            return -value
    return None


def _call(
    node: ast.Call, name: str, arguments: list[ast.expr], units: Mapping[str, pint.Unit]
) -> pint.Unit | None:
    if name == "where":
        _unit(arguments[0], units)
        return _agree(node, arguments[1:], units)
    if name in SEVERAL:
        return _agree(node, arguments, units)
    power, stated = OF_ONE[name].power, _unit(arguments[0], units)
    if power == 1.0:
        return stated
    inner = stated or registry().Unit("")
    if power is not None:
        return inner**power
    if not _same(inner, registry().Unit("")):
        raise FormulaError(
            f"in '{write(node)}' the argument is in {describe(inner)}; {name} takes a plain number (unit 1)"
        )
    return registry().Unit("")


def _agree(node: ast.expr, parts: list[ast.expr], units: Mapping[str, pint.Unit]) -> pint.Unit | None:
    """Return the one unit of several operands, or say which two differ."""
    agreed: pint.Unit | None = None
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


def _same(one: pint.Unit, other: pint.Unit) -> bool:
    return one.dimensionality == other.dimensionality and math.isclose(_factor(one, other), 1.0, rel_tol=1e-9)


def _factor(one: pint.Unit, other: pint.Unit) -> float:
    return float((1.0 * one).to(other).magnitude)


def _difference(found: pint.Unit, wanted: pint.Unit) -> str:
    if found.dimensionality != wanted.dimensionality:
        return "they measure different things"
    return f"off by a factor of {_factor(found, wanted):.6g}"
