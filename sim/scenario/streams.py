"""Tables of the file that are about years: the horizon, and streams, one value a year."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    FiniteFloat,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from sim.citations import Citations
from sim.formulas.stream_calls import schedule_problem
from sim.scenario.fields import FileTable, Parameter, Text, Year

MOST_YEARS = 1000
DELAYS = {"start": 0.0, "middle": 0.5, "end": 1.0}
"""Part of a year by which the first year's flow is discounted."""


def _number_or_name(value: object) -> object:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if isinstance(value, str) or (is_number and value in range(1, MOST_YEARS + 1)):
        return value
    allowed = f"a whole number from 1 to {MOST_YEARS:,}, or the name of a parameter"
    raise ValueError(f"{value!r} is no number of years; allowed: {allowed}")


class Horizon(FileTable):
    """The years over which streams go, one year a step.

    Parameters
    ----------
    start
        First year, whose t is 0.
    years
        How many years there are; or the name of a parameter of whole numbers. A stream is 0 after its last
        year.
    discounting
        Place of a flow in its year: at its ``start``, so that the first year's counts in full and that of
        year t is divided by (1 + rate)**t; in its ``middle``, (1 + rate)**(t + 1/2); or at its ``end``, (1 +
        rate)**(t + 1).
    """

    start: Year
    years: Annotated[Annotated[int, Field(ge=1, le=MOST_YEARS)] | str, BeforeValidator(_number_or_name)]
    discounting: Literal["start", "middle", "end"]

    @property
    def delay(self) -> float:
        """Part of a year by which the first year's flow is discounted."""
        return DELAYS[self.discounting]

    @property
    def parameter(self) -> str:
        """The parameter that says how many years there are; empty where it is a number."""
        return self.years if isinstance(self.years, str) else ""


def _of_the_calendar(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"\d{4}", value) is None:
        raise ValueError(f"{value!r} is no year; allowed: four digits, such as 2030")
    return value


CalendarYear = Annotated[str, BeforeValidator(_of_the_calendar), Field(pattern=r"^\d{4}$")]


FORMS = ("formula", "values", "schedule", "file", "distribution")
BESIDE_A_LAW = {"by_year", "correlation", "formula", "schedule", "year_column", "interpolate"}
"""Keys of a stream that are not its law's; values, file and column may be keys of a family."""
OF_BOTH = {"distribution", "title", "unit", "source", "url", "rationale", "doi", "bibtex"}


def _as_stated(schema: dict[str, Any]) -> None:
    """Make the JSON Schema that of the file, in which the keys of a law stand beside the stream's."""
    del schema["properties"]["law"]
    schema["additionalProperties"] = True


class Stream(FileTable, Citations):
    """One value a year, stated by just one of: a formula, values by year, a schedule, a file, a law.

    A stream with a `distribution` has one draw a year; the other keys are those of a parameter.

    Parameters
    ----------
    title
        Title in words.
    unit
        Unit in pint's notation. A flow states its unit by year, such as USD/year, and sums to USD; an amount
        of each year, without time in its unit, sums to one.
    formula
        Formula of parameters, other streams, the survey's quantities and outcomes, of ``t``, the years since
        the start, and of ``year``.
    values
        One for each year of the horizon; or by year, where years outside the horizon are left out.
    schedule
        Pairs of t and the value from then on, the first at t = 0: ``[[0, 0.035], [31, 0.03]]``.
    file
        Path of a CSV or Parquet file with a row for each year, relative to the scenario file, or absolute.
        Years outside the horizon are left out.
    column
        Name of the column of that file with the values.
    year_column
        Name of the column of that file with the years; ``year`` unless stated.
    interpolate
        Whether years between those of `values` or of a file lie on a straight line; all must be stated
        otherwise.
    distribution
        Family of the law, whose own keys stand beside it.
    by_year
        How the draws of the years go together: ``independent``; ``ar1``, where each year's normal score is
        `correlation` times that of the year before and a rest; ``random-walk``, where the stream is the sum
        of the draws up to each year.
    correlation
        Correlation of one year with the next, with ``ar1``: of the values themselves where the law is normal.
    law
        Law of one year, made of `distribution` and the keys that stand beside it.
    source
        Source of the figures. Whatever is no formula states a source or a rationale.
    url
        Address of the source.
    rationale
        Why these figures.
    """

    model_config = ConfigDict(json_schema_extra=_as_stated, defer_build=True)

    title: Text | None = None
    unit: Text = "1"
    formula: Text | None = None
    values: tuple[FiniteFloat, ...] | dict[CalendarYear, FiniteFloat] | None = None
    schedule: Annotated[tuple[tuple[FiniteFloat, FiniteFloat], ...], Field(min_length=1)] | None = None
    file: Text | None = None
    column: Text | None = None
    year_column: Text | None = None
    interpolate: bool = False
    distribution: Text | None = None
    by_year: Literal["independent", "ar1", "random-walk"] | None = None
    correlation: Annotated[float, Field(strict=True, gt=-1, lt=1)] | None = None
    law: Parameter | None = None
    source: Text | None = None
    url: Text | None = None
    rationale: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _law_apart(cls, stated: Any) -> Any:
        """Put the keys of a law into a table of their own."""
        if not isinstance(stated, dict) or stated.get("distribution") is None:
            return stated
        given = {key: value for key, value in stated.items() if value is not None}
        own = {key: value for key, value in given.items() if key in BESIDE_A_LAW | OF_BOTH}
        return own | {"law": {key: value for key, value in given.items() if key not in BESIDE_A_LAW}}

    @model_serializer(mode="wrap")
    def _law_beside(self, serialise: SerializerFunctionWrapHandler) -> dict[str, Any]:
        table: dict[str, Any] = serialise(self)
        law = table.pop("law", None) or {}
        return table | {key: value for key, value in law.items() if table.get(key) is None}

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        stated = [key for key in FORMS if getattr(self, key) is not None]
        if len(stated) != 1:
            given = f"given: {' and '.join(stated)}" if stated else "given: none"
            raise ValueError(f"a stream states just one of {', '.join(FORMS)}; {given}")
        if self.formula is None and self.source is None and self.rationale is None:
            raise ValueError(f"source is missing; {stated[0]} stands with a source, or a rationale")
        if self.interpolate and self.file is None and not isinstance(self.values, Mapping):
            raise ValueError("interpolate goes with values by year, such as { 2025 = 1.0, 2030 = 2.0 }")
        if self.schedule is not None and (problem := schedule_problem(self.schedule)):
            raise ValueError(f"schedule {problem}")
        return self

    @model_validator(mode="after")
    def _keys_of_a_file(self) -> Self:
        if self.file is None:
            for key in ("column", "year_column"):
                if getattr(self, key) is not None:
                    raise ValueError(f"{key} goes with file")
            return self
        from sim.distributions.empirical import require_table

        require_table(self.file)
        if self.column is None:
            raise ValueError("column is missing; a file states the column of its values")
        return self

    @model_validator(mode="after")
    def _keys_of_a_law(self) -> Self:
        if self.law is None:
            if self.by_year or self.correlation is not None:
                raise ValueError(f"{'by_year' if self.by_year else 'correlation'} goes with distribution")
            return self
        if self.law.parts:
            raise ValueError(f"distribution cannot be: a {self.law.distribution} has several columns")
        if self.by_year is None:
            words = "independent, ar1 or random-walk"
            raise ValueError(f"by_year is missing: how the draws of the years go together, {words}")
        if (self.by_year == "ar1") != (self.correlation is not None):
            raise ValueError("correlation goes with by_year = 'ar1', and that with correlation")
        return self

    @property
    def formulas(self) -> Mapping[str, str]:
        """Formula text by the key that states it; empty where there is none."""
        return {} if self.formula is None else {"formula": self.formula}
