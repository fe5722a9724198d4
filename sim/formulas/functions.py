"""Functions that formulas may call, each stated whole in one place: of one number, and of streams."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sim.formulas.years import Years
from sim.types import Array


@dataclass(frozen=True)
class Function:
    """A function of one number, as formulas write it.

    Parameters
    ----------
    form
        How it is written, with what to know: ``exp(a)``.
    value
        Its value; OverflowError where that is too large, ValueError where there is none.
    in_numexpr
        Its name in numexpr, where that is another.
    bounds
        Least and largest value that it can have.
    rises
        Whether it never falls.
    least
        Least number for which it is defined; a function that rises and is not bounded above there falls to
        minus infinity.
    is_open
        Whether it is not defined at `least` either.
    overflows
        Whether it is too large for double precision at numbers that are not.
    power
        k where it is :math:`a^k` for every positive a; its argument then may have a unit.
    """

    form: str
    value: Callable[[float], float]
    in_numexpr: str = ""
    bounds: tuple[float, float] = (-math.inf, math.inf)
    rises: bool = True
    least: float = -math.inf
    is_open: bool = False
    overflows: bool = False
    power: float | None = None

    @property
    def name(self) -> str:
        """Name of the function."""
        return self.form.partition("(")[0]

    def __call__(self, a: float) -> float:
        """Return its value, infinite where that is too large; below `least` that at `least`."""
        try:
            return self.value(max(a, self.least))
        except OverflowError:
            return math.inf
        except ValueError:
            return -math.inf


FUNCTIONS = (
    Function("exp(a)", math.exp, overflows=True),
    Function("log(a)", math.log, least=0.0, is_open=True),
    Function("expm1(a), exp(a) - 1 to full accuracy where a is tiny", math.expm1, overflows=True),
    Function("log1p(a), log(1 + a) likewise", math.log1p, least=-1.0, is_open=True),
    Function("sqrt(a)", math.sqrt, least=0.0, power=0.5),
    Function("abs(a)", abs, rises=False, power=1.0),
    Function("sin(a), a in radians", math.sin, bounds=(-1.0, 1.0), rises=False),
    Function("cos(a), a in radians", math.cos, bounds=(-1.0, 1.0), rises=False),
    Function("atan(a), in radians", math.atan, "arctan", bounds=(-math.pi / 2, math.pi / 2)),
)
"""Functions in the order in which users see them: a new one is a line here."""

OF_ONE: dict[str, Function] = {each.name: each for each in FUNCTIONS}
"""Every function of one number by its name."""

Role = Literal["stream", "rate", "one rate", "number", "year", "whole"]
"""What an argument is: a stream; a rate, by year or not; one that is not; a number; a year or a whole
number, written out."""


@dataclass(frozen=True)
class StreamFunction:
    """A function of streams, as formulas write it.

    Parameters
    ----------
    form
        How it is written, with what to know.
    value
        Its value, from the years and its arguments.
    roles
        What its arguments are.
    gives
        A stream, or a number.
    unit
        Unit of its value: ``total``: of the stream times a year, where its unit holds time; ``same``: of its
        first argument; ``last``: of its last argument; else the unit itself.
    of_flow
        ``linear`` in the stream; or ``scale-free``: the same of every positive multiple of it.
    """

    form: str
    value: Callable[..., Array]
    roles: tuple[Role, ...]
    gives: Literal["stream", "number"]
    unit: str
    of_flow: Literal["linear", "scale-free"] = "linear"

    @property
    def name(self) -> str:
        """Name of the function."""
        return self.form.partition("(")[0]

    @property
    def short_form(self) -> str:
        """How it is written, and no more."""
        return self.form.partition(")")[0] + ")"


STREAM_FUNCTIONS: dict[str, StreamFunction] = {
    each.name: each
    for each in (
        StreamFunction(
            "present_value(stream, rate), the rate also by year, or a schedule [[0, 0.035], [31, 0.03]]",
            Years.present_value,
            ("stream", "rate"),
            "number",
            "total",
        ),
        StreamFunction("sum(stream), over all years", Years.total, ("stream",), "number", "total"),
        StreamFunction("mean(stream), over all years", Years.mean, ("stream",), "number", "same"),
        StreamFunction(
            "at(stream, year), the year written out", Years.at, ("stream", "year"), "number", "same"
        ),
        StreamFunction(
            "irr(stream), the rate at which its present value is 0; there must be just one",
            Years.irr,
            ("stream",),
            "number",
            "1",
            "scale-free",
        ),
        StreamFunction(
            "payback(stream), t of the first year with a sum so far above 0; else the number of years",
            Years.payback,
            ("stream",),
            "number",
            "year",
            "scale-free",
        ),
        StreamFunction(
            "annuity(rate, years), the present value of 1 in each of so many years",
            Years.annuity,
            ("one rate", "number"),
            "number",
            "last",
        ),
        StreamFunction(
            "lag(stream, n), the value n years before; 0 before the first year",
            Years.lag,
            ("stream", "whole"),
            "stream",
            "same",
        ),
        StreamFunction(
            "cumulative(stream), the sum up to each year", Years.cumulative, ("stream",), "stream", "total"
        ),
        StreamFunction(
            "stock(stream, depreciation), what is left of the flows of all years up to each",
            Years.stock,
            ("stream", "rate"),
            "stream",
            "total",
        ),
    )
}
"""Every function of streams by its name, in the order in which users see them."""

TIME_NAMES = ("t", "year")
"""What formulas of streams read besides: years since the start, and the calendar's."""
