"""Units of formulas: strict to the factor."""

import subprocess
import sys

import numpy as np
import pint
import pytest

from sim.formulas import FormulaError, parse
from sim.formulas.unit_check import check_unit
from sim.formulas.units import ALIASES, DEFINITIONS, NAMES, parse_unit

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


@pytest.fixture(scope="module")
def whole() -> pint.UnitRegistry:
    """Return what the units are measured against: a registry with all of pint's list and our names."""
    units = pint.UnitRegistry(on_redefinition="ignore")
    for definition in DEFINITIONS:
        units.define(definition)
    return units


def agrees(text: str, whole: pint.UnitRegistry) -> bool:
    """Tell whether a unit is written, sized and dimensioned as pint has it."""
    found, expected = parse_unit(text), whole.Unit(text)
    size = (1.0 * expected).to_root_units().magnitude
    dimensions = {name: pytest.approx(power) for name, power in expected.dimensionality.items()}
    same_size = found.size == pytest.approx(size, rel=1e-12)
    return str(found) == str(expected) and same_size and found.dimensionality == dimensions


def test_every_unit_of_the_list_is_known(whole: pint.UnitRegistry):
    for name in filter(str.isidentifier, whole):
        unit = whole.Unit(name)
        if (1.0 * unit)._is_multiplicative:
            assert agrees(name, whole), name
        else:
            assert str(parse_unit(name)) == str(unit)


def test_names_of_our_own_are_as_pint_would_have_them(whole: pint.UnitRegistry):
    names = [*NAMES, *ALIASES]
    plurals = [f"{name}s" for name in names if len(name) > 2]
    for name in (*names, *plurals):
        assert agrees(name, whole), name


def test_products_and_powers_are_as_pint_has_them(whole: pint.UnitRegistry):
    """Units of up to five names, spelt in every way; seeded, so that it asks the same each time."""
    rng = np.random.default_rng(1)
    names = [*NAMES, *ALIASES, "1"]
    for _ in range(400):
        text = str(rng.choice(names))
        for _ in range(rng.integers(5)):
            sign, name = rng.choice(["*", "/", " ", " / ", " * "]), rng.choice(names)
            power = rng.choice(["", "", "", "**2", "^3", " ** -1", "^ 0"]) if name != "1" else ""
            text += f"{sign}{name}{power}"
        assert agrees(text, whole), text


def test_exponents_and_parentheses(whole: pint.UnitRegistry):
    texts = (
        "USD**0.5",
        "m^(1/2)",
        "(USD/year)/(commit/period)",
        "1/(person*year)**2",
        "kg m/s^2",
        "USD per h",
    )
    for text in texts:
        assert agrees(text, whole), text


def test_a_unit_with_an_offset_is_no_other():
    with pytest.raises(FormulaError, match="measure different things"):
        check_unit(parse("t"), {"t": parse_unit("degC")}, parse_unit("K"))
    check_unit(parse("t * 2"), {"t": parse_unit("degC")}, parse_unit("degC"))


def test_pint_is_imported_for_a_unit_that_needs_it():
    code = (
        "import sys\n"
        "from sim.formulas.units import parse_unit\n"
        "for text in ('million USD/person/year', 'commits/contributor/period', '1', 'kUSD'):\n"
        "    print(parse_unit(text), 'pint' in sys.modules)\n"
    )
    printed = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert printed.splitlines() == [
        "USD * million / person / year False",
        "commit / period / person False",
        "dimensionless False",
        "kiloUSD True",
    ]
