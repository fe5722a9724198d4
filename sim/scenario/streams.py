"""Tables of the file that are about years: the horizon, and streams, one value a year."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, FiniteFloat, model_validator

from sim.citations import Cited
from sim.formulas.stream_calls import schedule_problem
from sim.scenario.fields import Frozen, Name, Text, Year

MOST_YEARS = 1000
DELAYS = {"start": 0.0, "middle": 0.5, "end": 1.0}
"""Part of a year by which the first year's flow is discounted."""


class Horizon(Frozen):
    """The years over which streams go, one year a step.

    Parameters
    ----------
    start
        First year, whose t is 0.
    years
        How many years there are; or the name of a parameter of whole numbers. A stream is 0 after its last
        year.
    discounting
        Where in its year a flow stands: at its ``start``, so that the first year's counts in full and that of
        year t is divided by (1 + rate)**t; in its ``middle``, (1 + rate)**(t + 1/2); or at its ``end``,
        (1 + rate)**(t + 1).
    """

    start: Year
    years: Annotated[int, Field(strict=True, ge=1, le=MOST_YEARS)] | Name
    discounting: Literal["start", "middle", "end"]

    @property
    def delay(self) -> float:
        """Part of a year by which the first year's flow is discounted."""
        return DELAYS[self.discounting]

    @property
    def parameter(self) -> str:
        """The parameter that says how many years there are; empty where it is a number."""
        return self.years if isinstance(self.years, str) else ""


CalendarYear = Annotated[str, Field(pattern=r"^\d{4}$")]


class Stream(Frozen, Cited):
    """One value a year, stated by just one of: a formula, values by year, a schedule.

    Parameters
    ----------
    title
        In words.
    unit
        In pint's notation. A flow states its unit by year, such as USD/year, and sums to USD; an amount of
        each year, without time in its unit, sums to one.
    formula
        Of parameters, other streams, the survey's quantities and outcomes, of ``t``, the years since the
        start, and of ``year``.
    values
        One for each year of the horizon; or by year, where years outside the horizon are left out.
    interpolate
        Whether years between those of `values` lie on a straight line; all must be stated otherwise.
    schedule
        Pairs of t and the value from then on, the first at t = 0: ``[[0, 0.035], [31, 0.03]]``.
    source, url, rationale
        Where the figures stand, and why these. Values and schedules state a source or a rationale.
    """

    title: Text | None = None
    unit: Text = "1"
    formula: Text | None = None
    values: tuple[FiniteFloat, ...] | dict[CalendarYear, FiniteFloat] | None = None
    interpolate: bool = False
    schedule: Annotated[tuple[tuple[FiniteFloat, FiniteFloat], ...], Field(min_length=1)] | None = None
    source: Text | None = None
    url: Text | None = None
    rationale: Text | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        stated = [key for key in ("formula", "values", "schedule") if getattr(self, key) is not None]
        if len(stated) != 1:
            given = f"given: {' and '.join(stated)}" if stated else "given: none"
            raise ValueError(f"a stream states just one of formula, values, schedule; {given}")
        if self.formula is None and self.source is None and self.rationale is None:
            raise ValueError(f"source is missing; {stated[0]} stand with a source, or a rationale")
        if self.interpolate and not isinstance(self.values, Mapping):
            raise ValueError("interpolate goes with values by year, such as { 2025 = 1.0, 2030 = 2.0 }")
        if self.schedule is not None and (problem := schedule_problem(self.schedule)):
            raise ValueError(f"schedule {problem}")
        return self

    @property
    def formulas(self) -> Mapping[str, str]:
        """Formula text by the key that states it; empty where there is none."""
        return {} if self.formula is None else {"formula": self.formula}
