"""Functions of streams, one value a year, that formulas may call."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sim.formulas.years import Years
from sim.types import Array

Role = Literal["stream", "rate", "one rate", "number", "year", "whole"]
"""Of an argument: a stream; a rate, by year or not; one that is not; a number; a year or a whole number,
written out."""


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
        ``total``: of the stream times a year, where its unit holds time; ``same``: of its first argument;
        ``last``: of its last argument; else the unit itself.
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
        """Its name."""
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
