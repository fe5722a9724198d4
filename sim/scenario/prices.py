"""Price years: whose year's money an amount is in, and the factor to another year's."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

from pydantic import ConfigDict, Field

from sim.citations import Cited
from sim.distributions import Bootstrap, ContinuousLaw, Dirichlet, Law
from sim.distributions.scaled import ScaledContinuousLaw, ScaledLaw
from sim.formulas import FormulaError
from sim.formulas.units import parse_unit
from sim.scenario.findings import Finding

if TYPE_CHECKING:
    from sim.distributions import Empirical, EmpiricalSample, FamilyBase
    from sim.scenario.schema import Scenario
else:
    FamilyBase = Empirical = object

Year = Annotated[int, Field(strict=True, ge=1800, le=2200)]


class PriceIndex(Cited):
    """The factor from a parameter's price year to the scenario's.

    Parameters
    ----------
    factor
        Prices of the scenario's year over prices of the parameter's.
    source
        Where the index stands.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    factor: Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False)]
    source: Annotated[str, Field(min_length=1)]


class Indexed(FamilyBase):
    """A family whose law is in the scenario's prices: that of the stated numbers, times the index."""

    if TYPE_CHECKING:
        price_index: PriceIndex | None = None

    def law(self) -> Law:
        """Return the law in the scenario's prices."""
        stated = super().law()
        if self.price_index is None:
            return stated
        if self.has_density:
            return ScaledContinuousLaw(cast(ContinuousLaw, stated), self.price_index.factor)
        return ScaledLaw(stated, self.price_index.factor)


class IndexedSample(Empirical):
    """Values of a file in the scenario's prices."""

    def law(self) -> Law:
        """Read the values, and return their law in the scenario's prices."""
        return self.read(Path()).law()

    if TYPE_CHECKING:
        price_index: PriceIndex | None = None

    def read(self, folder: Path) -> "EmpiricalSample":
        """Read the values, in the scenario's prices."""
        sample = super().read(folder)
        factor = 1.0 if self.price_index is None else self.price_index.factor
        return replace(sample, values=factor * sample.values)


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


def price_findings(scenario: "Scenario") -> Iterator[Finding]:
    """Yield price years and indices that cannot mean anything."""
    for name, parameter in scenario.parameters.items():
        path = ("parameters", name)
        if parameter.price_year is not None and not is_money(parameter.unit):
            problem = (
                f"{parameter.price_year} is a price year, but the unit {parameter.unit} holds no currency"
            )
            yield Finding((*path, "price_year"), problem, "price_year beside units such as USD/year")
        if parameter.price_index is None:
            continue
        if isinstance(parameter, Dirichlet | Bootstrap):
            shares = isinstance(parameter, Dirichlet)
            what = (
                "shares add to one in any year's prices" if shares else "a statistic of rows takes no index"
            )
            yield Finding((*path, "price_index"), what, "no index" if shares else "the factor in a formula")
        elif parameter.price_year is None:
            yield Finding((*path, "price_index"), "an index from no year", "price_year beside it")
        elif scenario.price_year is None:
            problem = f"an index from {parameter.price_year} to no year"
            yield Finding((*path, "price_index"), problem, "price_year at the top of the file")
        elif scenario.price_year == parameter.price_year and parameter.price_index.factor != 1:
            problem = f"an index of {parameter.price_index.factor:g} from {parameter.price_year} to itself"
            yield Finding((*path, "price_index"), problem, "no index, or other years")
