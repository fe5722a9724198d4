"""What an analyst may write: functions that keep their digits, angles, single values among others.

The scenarios restate problems that people brought; each test says where the right value comes from.
"""

import math
from pathlib import Path

import numpy as np
import pytest
import scipy.special

from sim.engine.simulate import simulate
from sim.faults import InvalidInput
from sim.formulas import evaluate, parse
from sim.formulas.unit_check import check_unit
from sim.formulas.units import parse_unit
from sim.scenario.power_form import degree
from tests.builders import load_text, parameter, scenario_text

ANNUITY = "-expm1(-30 * log1p(r)) / r"
NOTHING_OR_SOMETHING = parameter(
    "gain",
    """distribution = "mixture"
components = [
    { weight = 0.6, of = { distribution = "constant", value = 0 } },
    { weight = 0.2, of = { distribution = "constant", value = 1 } },
    { weight = 0.1, of = { distribution = "lognormal", p05 = 1, p95 = 3 } },
    { weight = 0.1, of = { distribution = "lognormal", p05 = 2, p95 = 10 } },
]""",
)


@pytest.mark.parametrize("rate", [1e-17, -1e-300, 1e-9, 0.05])
def test_an_annuity_at_any_rate(rate: float):
    """100 a year for 30 years is worth 3,000 as the rate goes to 0; else by summing the 30 payments."""
    (found,) = 100 * evaluate(parse(ANNUITY), {"r": np.array([rate])}, (1,))
    assert found == pytest.approx(math.fsum(100 * (1 + rate) ** -year for year in range(1, 31)), rel=1e-13)


def test_a_tiny_rate_in_a_whole_scenario(tmp_path: Path):
    """Payments of 100 with standard deviation 1: the mean is 3,000, the standard deviation 30."""
    rate = parameter("r", 'distribution = "constant"\nvalue = 1e-17')
    pay = parameter("c", 'distribution = "normal"\nmean = 100\nsd = 1')
    worth = simulate(load_text(tmp_path, scenario_text(rate, pay, formula=f"c * {ANNUITY}"))).variable(
        "total"
    )
    assert worth.mean() == pytest.approx(3000, abs=5)  # 256 stratified draws: an error far below 30 / 16
    assert worth.std() == pytest.approx(30, rel=0.05)


@pytest.mark.parametrize(
    ("formula", "theirs"),
    [("expm1(x)", np.expm1), ("log1p(x)", np.log1p), ("atan(x)", np.arctan), ("abs(x)", np.abs)],
)
def test_values_are_numpys(formula: str, theirs):
    x = np.array([-0.9, -1e-9, -1e-300, 0.0, 1e-17, 0.3, 20.0])
    found = evaluate(parse(formula), {"x": x}, (7,))
    np.testing.assert_allclose(found, theirs(x), rtol=4e-16)


def test_the_phase_of_a_complex_quantity():
    """JCGM 102:2011, 9.3: y2 = atan(x2 / x1), in radians; the phase of a complex number by the library."""
    x1, x2 = np.array([0.001, 0.02]), np.array([0.01, -0.003])
    found = evaluate(parse("atan(x2 / x1)"), {"x1": x1, "x2": x2}, (2,))
    np.testing.assert_allclose(found, np.angle(x1 + 1j * x2), rtol=1e-15)


def test_their_units():
    usd, one = parse_unit("USD"), parse_unit("1")
    check_unit(parse("abs(a - b)"), {"a": usd, "b": usd}, usd)
    check_unit(parse("atan(a / b) + expm1(c) + log1p(c)"), {"a": usd, "b": usd, "c": one}, one)
    with pytest.raises(Exception, match="expm1 takes a plain number"):
        check_unit(parse("expm1(a)"), {"a": usd}, one)


def test_absolute_value_of_a_positive_factor(tmp_path: Path):
    p = parameter("p", 'distribution = "uniform"\nlow = 1\nhigh = 2')
    assert degree(load_text(tmp_path, scenario_text(p, formula="abs(-3 * p ** 2)")), "total", "p") == 2.0
    assert degree(load_text(tmp_path, scenario_text(p, formula="abs(p - 3)")), "total", "p") is None


def test_an_effect_that_may_be_nothing(tmp_path: Path):
    """P(0) = 0.6 and P(1) = 0.2; beyond, two lognormals, whose ends of 5 and 95 % fix their logarithms."""
    gain = simulate(load_text(tmp_path, scenario_text(NOTHING_OR_SOMETHING, formula="gain", n_draws=4096)))
    draws = gain.variable("gain")
    assert np.mean(draws == 0) == pytest.approx(0.6, abs=0.002)  # stratified: each of 4 parts is 2 / 1024 off
    assert np.mean(draws == 1) == pytest.approx(0.2, abs=0.004)
    z = scipy.special.ndtri(0.95)
    laws = [(math.log(low * high) / 2, math.log(high / low) / 2 / z) for low, high in ((1, 3), (2, 10))]
    mean = 0.2 + 0.1 * sum(math.exp(mu + sigma**2 / 2) for mu, sigma in laws)
    assert gain.variable("gain").mean() == pytest.approx(mean, rel=0.02)
    above_3 = 0.1 * sum(scipy.special.ndtr((mu - math.log(3)) / sigma) for mu, sigma in laws)
    assert np.mean(draws > 3) == pytest.approx(above_3, abs=0.003)


def test_values_of_a_file_inside_a_mixture(tmp_path: Path):
    """Half 10, 20 and 30 from a file named relative to the scenario, half uniform on 0 to 1."""
    (tmp_path / "seen.csv").write_text("x\n10\n20\n30\n", encoding="utf-8")
    law = parameter(
        "gain",
        """distribution = "mixture"
components = [
    { weight = 1, of = { distribution = "empirical", file = "seen.csv", column = "x" } },
    { weight = 1, of = { distribution = "uniform", low = 0, high = 1 } },
]""",
    )
    draws = simulate(load_text(tmp_path, scenario_text(law, formula="gain", n_draws=1024))).variable("total")
    shares = [np.mean(draws == value) for value in (10, 20, 30)]
    assert shares == pytest.approx([1 / 6] * 3, abs=0.01)
    assert np.mean(draws < 1) == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("family", ["dirichlet", "bootstrap"])
@pytest.mark.parametrize("outer", ["mixture", "truncated"])
def test_families_that_stand_inside_no_other(tmp_path: Path, family: str, outer: str):
    """The refusal lists what may stand there, which does not hold what it refuses."""
    inner = f'{{ distribution = "{family}" }}'
    more = (
        f"components = [{{ weight = 1, of = {inner} }}]" if outer == "mixture" else f"of = {inner}\nlow = 0"
    )
    with pytest.raises(InvalidInput) as refused:
        load_text(tmp_path, scenario_text(parameter("x", f'distribution = "{outer}"\n{more}')))
    (fault,) = refused.value.faults
    assert fault.problem == f"a {family} cannot stand inside another family"
    assert family not in fault.allowed and not fault.nearest
    assert {"constant", "discrete", "empirical", "normal"} <= set(fault.allowed.split(", "))
