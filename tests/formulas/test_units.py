"""Units of formulas: strict to the factor."""

import subprocess
import sys

import pint
import pytest

from sim.formulas import FormulaError, parse
from sim.formulas.units import DEFINITIONS, check_unit, parse_unit

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


READ = """
import sys
from sim.formulas.units import _read_list, parse_unit
for text in sys.argv[1:]:
    unit = parse_unit(text)
    print(unit, (1.0 * unit).to_root_units(), _read_list.cache_info().currsize, sep=" | ")
"""


@pytest.fixture(scope="module")
def whole() -> pint.UnitRegistry:
    """Return what the units are measured against: a registry with all of pint's list and our names."""
    units = pint.UnitRegistry(on_redefinition="ignore")
    for definition in DEFINITIONS:
        units.define(definition)
    return units


def read(*texts: str) -> list[list[str]]:
    """Return each unit, one of it in root units, and whether the list was read, from a process of its own."""
    command = [sys.executable, "-c", READ, *texts]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [line.split(" | ") for line in printed.splitlines()]


def test_every_unit_of_the_list_is_known(whole: pint.UnitRegistry):
    for name in filter(str.isidentifier, whole):
        expected = whole.Unit(name)
        assert str(parse_unit(name)) == str(expected)
        assert str((1.0 * parse_unit(name)).to_root_units()) == str((1.0 * expected).to_root_units()), name


def test_the_list_is_read_for_a_unit_that_needs_it_and_changes_no_other(whole: pint.UnitRegistry):
    texts = ["USD/year", "lines/week", "h", "s", "d", "a", "min", "months", "million", "periods/person"]
    found = read(*texts, "kUSD", *texts)
    expected = [[str(whole.Unit(t)), str((1.0 * whole.Unit(t)).to_root_units())] for t in texts]
    assert [row[:2] for row in found[: len(texts)]] == expected
    assert found[len(texts)] == ["kiloUSD", "1000.0 USD", "1"]
    assert [row[:2] for row in found[len(texts) + 1 :]] == expected
    assert [row[2] for row in found] == ["0"] * len(texts) + ["1"] * (len(texts) + 1)
