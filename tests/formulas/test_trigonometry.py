"""Sine, cosine and pi."""

import math
from pathlib import Path

import numpy as np
import pytest

from sim.faults import InvalidInput
from sim.formulas import FormulaError, evaluate, parse
from sim.formulas.unit_check import check_unit
from sim.formulas.units import parse_unit
from tests.builders import load_text, parameter, scenario_text


def test_values_are_the_standard_librarys():
    x = np.array([-3.0, 0.0, 0.7, 100.0])
    found = evaluate(parse("sin(x) + 2 * cos(x / pi)"), {"x": x}, (4,))
    expected = [math.sin(v) + 2 * math.cos(v / math.pi) for v in x]
    np.testing.assert_allclose(found, expected, rtol=1e-14)


def test_pi_is_a_number_and_no_quantity():
    assert parse("pi * r ** 2").names == ("r",)
    assert parse("circle.pi").names == ("circle.pi",)


def test_angles_are_plain_numbers_or_radians():
    check_unit(parse("sin(x)"), {"x": parse_unit("radian")}, parse_unit("1"))
    with pytest.raises(FormulaError, match="sin takes a plain number"):
        check_unit(parse("sin(x)"), {"x": parse_unit("degree")}, parse_unit("1"))
    with pytest.raises(FormulaError, match=r"write cos\(a\)"):
        parse("cos(a, b)")


@pytest.mark.parametrize("name", ["pi", "sin", "cos"])
def test_their_names_are_reserved(tmp_path: Path, name: str):
    law = parameter(name, 'distribution = "constant"\nvalue = 1')
    with pytest.raises(InvalidInput, match="is a word of the formula language"):
        load_text(tmp_path, scenario_text(law))
