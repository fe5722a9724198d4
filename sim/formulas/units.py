"""Units: products of powers of names, each with its size and its dimension.

Most scenarios are in money, persons, time and what a survey counts: these names stand here. A text with any
other is read by pint, which knows some thousand and takes half a second to say so.
"""

import math
import re
import tokenize
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sim.faults import nearest_name
from sim.formulas.tree import FormulaError

if TYPE_CHECKING:
    import pint


class UnitName(NamedTuple):
    """What a name of a unit measures.

    Parameters
    ----------
    size
        Size in root units.
    dimensions
        Powers of dimensions, by name.
    """

    size: float
    dimensions: Mapping[str, float]


CURRENCIES = (
    *("AUD", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EUR", "GBP", "GHS", "HKD", "HUF"),
    *("IDR", "ILS", "INR", "JPY", "KES", "KRW", "MXN", "MYR", "NGN", "NOK", "NZD", "PEN", "PHP", "PLN"),
    *("RON", "RWF", "SEK", "SGD", "THB", "TRY", "TWD", "TZS", "UAH", "UGX", "VND", "ZAR"),
)
"""Codes of ISO 4217 beside USD; no rate of exchange is assumed between any two."""
COUNTED_THINGS = (
    *("animal", "birth", "building", "business", "case", "child", "death", "dose", "event", "family", "farm"),
    *("head", "household", "item", "job", "journey", "life", "meal", "passenger", "patient", "pupil", "QALY"),
    *("DALY", "school", "student", "ticket", "tree", "trip", "unit", "vehicle", "visit", "worker"),
)
"""What appraisals count, each a dimension of its own."""
TIME, NUMBER_WORD = {"[time]": 1.0}, dict[str, float]()
NAMES: Mapping[str, UnitName] = {
    "second": UnitName(1.0, TIME),
    "minute": UnitName(60.0, TIME),
    "hour": UnitName(3600.0, TIME),
    "day": UnitName(86400.0, TIME),
    "week": UnitName(7 * 86400.0, TIME),
    "month": UnitName(365.25 / 12 * 86400.0, TIME),
    "year": UnitName(365.25 * 86400.0, TIME),
    "USD": UnitName(1.0, {"[currency]": 1.0}),
    **{code: UnitName(1.0, {f"[currency_{code}]": 1.0}) for code in CURRENCIES},
    **{thing: UnitName(1.0, {f"[{thing}]": 1.0}) for thing in COUNTED_THINGS},
    "person": UnitName(1.0, {"[person]": 1.0}),
    "commit": UnitName(1.0, {"[commit]": 1.0}),
    "line": UnitName(1.0, {"[line]": 1.0}),
    "period": UnitName(1.0, {"[period]": 1.0}),
    "thousand": UnitName(1e3, NUMBER_WORD),
    "million": UnitName(1e6, NUMBER_WORD),
    "billion": UnitName(1e9, NUMBER_WORD),
    "trillion": UnitName(1e12, NUMBER_WORD),
}
"""Names that need no pint; those of time as in its own list."""
ALIASES = {
    **{"s": "second", "sec": "second", "min": "minute", "h": "hour", "hr": "hour", "d": "day"},
    **{"a": "year", "yr": "year", "julian_year": "year", "contributor": "person", "FTE": "person"},
}
DEFINITIONS = (
    "person = [person] = _ = contributor = FTE",
    *(
        f"{name} = {next(iter(each.dimensions), each.size)}"
        for name, each in NAMES.items()
        if name != "person" and each.dimensions != TIME
    ),
)
"""The same for pint, of what its own list lacks: money, what the survey counts, powers of a thousand."""

NOTATION = re.compile(r"[\w .*/^()%°µ-]{1,200}")
EXPONENT = re.compile(
    r"(\*\*|\^)\s*(-?\d{1,3}(\.\d{1,6})?|\(\s*-?\d{1,3}([./]\d{1,6})?\s*\))(?![\w.]|\s*(\*\*|\^))"
)
NUMBER = re.compile(r"(?<![\w.])[\d.][\w.]*")
"""Numbers stand in a unit as exponents only, or as 1: pint would work out 9**9**9 for as long as it takes."""
PLAIN = re.compile(r"\s*([*/]?)\s*([A-Za-z_]+|1(?![\w.]))(?:\s*(?:\*\*|\^)\s*(-?\d{1,3})(?![\w.]))?")
"""A factor of a unit without parentheses: what stands before it, its name, its power."""


@dataclass(frozen=True)
class Unit:
    """A product of powers of names.

    Parameters
    ----------
    powers
        Power by name as pint writes it in full, sorted; none of them 0, and none at all for what has no
        dimension.

    Examples
    --------
    >>> year, usd = parse_unit("year"), parse_unit("USD")
    >>> str(usd / year), str((usd / year) * year), (year**2).size == year.size**2
    ('USD / year', 'USD', True)
    """

    powers: tuple[tuple[str, float], ...] = ()

    @property
    def size(self) -> float:
        """Size in root units."""
        return float(math.prod(_measured(name).size ** power for name, power in self.powers))

    @property
    def dimensionality(self) -> dict[str, float]:
        """Powers of dimensions, such as ``[currency]``."""
        found = dict[str, float]()
        for name, power in self.powers:
            for dimension, of_name in _measured(name).dimensions.items():
                found[dimension] = found.get(dimension, 0.0) + power * of_name
        return _without_zeros(found)

    def __mul__(self, other: "Unit") -> "Unit":
        return _product([(self, 1.0), (other, 1.0)])

    def __truediv__(self, other: "Unit") -> "Unit":
        return _product([(self, 1.0), (other, -1.0)])

    def __pow__(self, power: float) -> "Unit":
        return _product([(self, power)])

    def __str__(self) -> str:
        above = [_written(name, power) for name, power in self.powers if power > 0]
        below = [_written(name, -power) for name, power in self.powers if power < 0]
        if not self.powers:
            return "dimensionless"
        return " / ".join([" * ".join(above) or "1", *below])


ONE = Unit()
"""No dimension, and the size 1."""


def describe(unit: Unit) -> str:
    """Return a unit in the notation of the scenario file; dimensionless is ``1``.

    Examples
    --------
    >>> describe(parse_unit("USD / person / year"))
    'USD/person/year'
    """
    return re.sub(r" (\*\*|[*/]) ", r"\1", str(unit)) if unit.powers else "1"


@lru_cache(maxsize=1024)
def parse_unit(text: str) -> Unit:
    """Return the unit a text names; ``"1"`` is dimensionless.

    Raises
    ------
    FormulaError
        If it is no unit that pint knows either.

    Examples
    --------
    >>> str(parse_unit("USD/person/year")), str(parse_unit("kUSD per h"))
    ('USD / person / year', 'kiloUSD / hour')
    """
    without = EXPONENT.sub(" ", text)
    strange = "**" in without or "^" in without or {*NUMBER.findall(without)} - {"1"}
    if not NOTATION.fullmatch(text) or "//" in text or strange:
        raise FormulaError(
            f"{text!r} is not a unit: write names, 1, * / and parentheses, and ** or ^ with a number"
        )
    plain = _plain(text)
    return _by_pint(text) if plain is None else plain


def nearest_unit(text: str) -> str:
    """Return the name that stands here nearest to the first strange word of a text; or nothing."""
    words = [word for word in re.findall(r"[A-Za-z_]+", text) if _canonical(word) is None]
    return nearest_name(words[0], [*NAMES, *ALIASES]) if words else ""


def _plain(text: str) -> Unit | None:
    """Return the unit of a text of names that stand here, without parentheses."""
    found: list[tuple[Unit, float]] = []
    place = 0
    while place < len(text.rstrip()):
        factor = PLAIN.match(text, place)
        if (
            factor is None
            or not (factor[1] or text[place].isspace() or not found)
            or (factor[1] and not found)
        ):
            return None
        name = "" if factor[2] == "1" else _canonical(factor[2])
        if name is None:
            return None
        power = float(factor[3] or 1) * (-1.0 if factor[1] == "/" else 1.0)
        found.append((Unit(((name, 1.0),)) if name else ONE, power))
        place = factor.end()
    return _product(found) if found else None


def _canonical(name: str) -> str | None:
    """Return the full name of one that stands here; a word may be in the plural."""
    singular = name[:-1] if name.endswith("s") and len(name) > 3 else name
    return next((ALIASES.get(each, each) for each in (name, singular) if {each} & {*ALIASES, *NAMES}), None)


def _product(factors: Iterable[tuple[Unit, float]]) -> Unit:
    powers = dict[str, float]()
    for unit, by in factors:
        for name, power in unit.powers:
            powers[name] = powers.get(name, 0.0) + power * by
    return Unit(tuple(sorted(_without_zeros(powers).items())))


def _without_zeros(powers: Mapping[str, float]) -> dict[str, float]:
    rounded = {name: round(power, 9) for name, power in powers.items()}
    return {name: power for name, power in rounded.items() if power}


def _written(name: str, power: float) -> str:
    return name if power == 1 else f"{name} ** {power:g}"


@lru_cache(maxsize=1)
def registry() -> "pint.UnitRegistry[float]":
    """Return pint's registry, made on first use; a name that both define is ours."""
    import pint

    units = pint.UnitRegistry(on_redefinition="ignore")
    for definition in DEFINITIONS:
        units.define(definition)
    return units


def _by_pint(text: str) -> Unit:
    import pint

    try:
        parsed = registry().parse_units(text)
    except (
        pint.errors.PintError,
        tokenize.TokenError,
        ValueError,
        TypeError,
        AttributeError,
        ArithmeticError,
        SyntaxError,
        RecursionError,
    ) as error:
        reason = (str(error) or type(error).__name__).replace(
            "is not defined in the unit registry", "is not known"
        )
        raise FormulaError(f"{text!r} is not a unit: {reason}") from None
    powers = {name: float(str(power)) for name, power in pint.util.to_units_container(parsed).items()}
    return Unit(tuple(sorted(_without_zeros(powers).items())))


@lru_cache(maxsize=1024)
def _measured(name: str) -> UnitName:
    """Return what a full name measures; one with an offset or a logarithm measures nothing but itself."""
    if name in NAMES:
        return NAMES[name]
    unit = registry().Unit(name)
    if not (1.0 * unit)._is_multiplicative:
        return UnitName(1.0, {f"[{name}]": 1.0})
    dimensions = {dimension: float(str(power)) for dimension, power in unit.dimensionality.items()}
    return UnitName(float((1.0 * unit).to_root_units().magnitude), dimensions)
