"""Price years: whose year's money an amount is in, and the factor to another year's."""

from typing import Annotated

from pydantic import ConfigDict, Field

from sim.citations import Cited
from sim.formulas import FormulaError
from sim.formulas.units import parse_unit

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
