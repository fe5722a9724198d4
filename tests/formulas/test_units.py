"""Units of formulas: strict to the factor."""

import pytest

from sim.formulas import FormulaError, parse
from sim.formulas.units import check_unit, parse_unit

UNITS = {
    "salary": "USD/person/year",
    "people": "person",
    "commits": "commit/year",
    "rate": "commit/person/period",
    "periods": "period/year",
    "cost_m": "million USD/year",
    "benefit": "USD/year",
    "share": "1",
    "length": "m",
}


def check(text: str, unit: str) -> None:
    check_unit(parse(text), {name: parse_unit(u) for name, u in UNITS.items()}, parse_unit(unit))


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("salary * people", "USD/year"),
        ("salary / (periods * rate) * commits", "USD/year"),
        ("benefit / (salary * people)", "1"),
        ("benefit / cost_m / 1", "1/million"),
        ("where(benefit > 0, benefit, 0)", "USD/year"),
        ("max(benefit, salary * people, 0)", "USD/year"),
        ("share * benefit + benefit", "USD/year"),
        ("exp(log(share)) ** 2", "1"),
        ("length ** 2", "m^2"),
        ("sqrt(length * length)", "m"),
        ("length ** -1", "1/m"),
        ("(benefit > 3 * benefit) * 2", "1"),
        ("0", "USD"),
    ],
)
def test_units_that_fit(text: str, unit: str):
    check(text, unit)


@pytest.mark.parametrize(
    ("text", "unit", "says"),
    [
        ("benefit / cost_m", "1", "off by a factor of 1e-06"),
        ("benefit + cost_m", "USD/year", "off by a factor of 1e+06"),
        ("salary * commits", "USD/year", "measure different things"),
        ("benefit + share", "USD/year", "measure different things"),
        ("benefit > share", "1", "measure different things"),
        ("where(benefit > 0, benefit, share)", "USD/year", "measure different things"),
        ("exp(benefit)", "1", "plain number"),
        ("share ** benefit", "1", "must be a plain number"),
        ("length ** share", "m", "must be a number written out"),
        ("benefit", "USD/month", "off by a factor of"),
    ],
)
def test_units_that_do_not_fit(text: str, unit: str, says: str):
    with pytest.raises(FormulaError, match=says.replace("+", r"\+")):
        check(text, unit)


@pytest.mark.parametrize("text", ["dolars", "USD//year", "USD per", "((", "3 $"])
def test_what_is_not_a_unit(text: str):
    with pytest.raises(FormulaError, match="is not a unit"):
        parse_unit(text)
