"""What the tables of a scenario file are made of: frozen models, texts, names, price years, parameters.

A parameter is a probability family together with what it measures and where it comes from. One model is made
for each family, so that a parameter is one flat table in the file and one flat object in the JSON Schema:
``distribution`` selects the family, whose own keys stand beside title, unit and source.
"""

import keyword
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    create_model,
    model_validator,
)

from sim.citations import Citations
from sim.distributions.selection import FAMILIES, ModelByDistribution
from sim.formulas import CONSTANTS, FUNCTIONS, FormulaError
from sim.formulas.units import parse_unit

if TYPE_CHECKING:
    from sim.distributions import FamilyBase

Text = Annotated[str, Field(min_length=1)]


class FileTable(BaseModel):
    """A table of the file: immutable, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def _not_reserved(name: str) -> str:
    if name in FUNCTIONS or name in CONSTANTS or keyword.iskeyword(name):
        raise ValueError(f"{name!r} is a word of the formula language and cannot be a name")
    return name


Name = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=80),
    AfterValidator(_not_reserved),
]
"""A letter, then letters, digits and underscores; no word of the formula language."""


Year = Annotated[int, Field(strict=True, ge=1800, le=2200)]


class PriceIndex(Citations):
    """The factor from a parameter's price year to the scenario's.

    Parameters
    ----------
    factor
        Prices of the scenario's year over prices of the parameter's.
    source
        Source of the index.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    factor: Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False)]
    source: Annotated[str, Field(min_length=1)]


def is_money(unit: str) -> bool:
    """Tell whether a unit holds a currency.

    Examples
    --------
    >>> is_money("million EUR/year"), is_money("commit/year"), is_money("1")
    (True, False, False)
    """
    try:
        dimensions = parse_unit(unit).dimensionality
    except FormulaError:
        return False  # reported where the unit is stated
    return any(name.startswith("[currency") for name in dimensions)


class Description(Citations):
    """What every parameter says besides its distribution.

    Parameters
    ----------
    title
        Title in words, as a table of assumptions would print it.
    unit
        Unit in pint's notation; ``1`` is dimensionless. Money by its code (USD, EUR, SEK), what is counted by
        its name (person, household, trip, visit, QALY), and all that pint knows (km, ha, kWh).
    kind
        ``data`` (measured), ``judgement`` (an expert's), or ``choice`` (of the analyst). Groups the variance.
    source
        Source of the figures. Required, unless `kind` is ``judgement`` and `rationale` is given.
    url
        Address of the source.
    rationale
        Why these figures.
    price_year
        Year of whose money the figures are; for units of money only. The scenario's own year where left out.
    price_index
        Factor from that year to the scenario's, with its source; multiplies the law.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Annotated[str, Field(min_length=1)] | None = None
    unit: Annotated[str, Field(min_length=1)] = "1"
    kind: Literal["data", "judgement", "choice"] = "judgement"
    source: Annotated[str, Field(min_length=1)] | None = None
    url: Annotated[str, Field(min_length=1)] | None = None
    rationale: Annotated[str, Field(min_length=1)] | None = None
    price_year: Year | None = None
    price_index: PriceIndex | None = None

    @property
    def price_factor(self) -> float:
        """Factor on every value that the distribution states."""
        return 1.0 if self.price_index is None else self.price_index.factor

    @model_validator(mode="after")
    def _provenance(self) -> Self:
        if self.source is None and not (self.kind == "judgement" and self.rationale):
            raise ValueError(
                f"source is missing (kind = {self.kind!r}); "
                "allowed without a source: kind = 'judgement' with a rationale"
            )
        return self


@cache
def parameter_model(distribution: str) -> type[BaseModel]:
    """Return the model of a parameter, by the name of its family."""
    family = FAMILIES[distribution]
    name = f"{family.__name__}Parameter"  # in the module where the names in its annotations stand
    return create_model(
        name, __base__=(Description, family), __doc__=family.__doc__, __module__=family.__module__
    )


if TYPE_CHECKING:

    class Parameter(Description, FamilyBase):
        """Any of the models of :func:`parameter_model`."""

else:
    Parameter = Annotated[Description, ModelByDistribution(lambda: FAMILIES, parameter_model)]
