"""The exponent of a parameter in an outcome, checked by evaluating: y(2 p) / y(p) = 2^k."""

from pathlib import Path

import numpy as np
import pytest

from sim.draws.draw import Draws
from sim.outcomes import evaluate_outcomes
from sim.scenario.load import load
from sim.scenario.power_form import PowerForm, degree, power_form
from tests.builders import load_text, parameter, scenario_text

P = parameter("p", 'distribution = "uniform"\nlow = 1\nhigh = 2')
Q = parameter("q", 'distribution = "uniform"\nlow = 1\nhigh = 2')
DEFAULT = Path(__file__).parents[2] / "priors" / "default.toml"


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("p * q", 1.0),
        ("q / p ** 2", -2.0),
        ("p ** -1.5 * q", -1.5),
        ("sqrt(p * p * p)", 1.5),
        ("p * q + 3 * p", 1.0),
        ("max(p, 2 * p) - min(p, q * p)", 1.0),
        ("sum(p, p, q * p) * where(q > 1.5, p, 2 * p)", 2.0),
        ("-(p / (q + 1))", 1.0),
        ("q", 0.0),
    ],
)
def test_degree_is_what_doubling_shows(tmp_path: Path, formula: str, expected: float):
    scenario = load_text(tmp_path, scenario_text(P, Q, formula=formula))
    assert degree(scenario, "total", "p") == expected
    q = np.linspace(1.1, 1.9, 7)[np.newaxis]
    once, twice = (
        evaluate_outcomes(scenario, Draws({"p": np.full((1, 7), value), "q": q}, {}, (1, 7)))["total"]
        for value in (0.7, 1.4)
    )
    assert twice / once == pytest.approx(np.full((1, 7), 2.0**expected), rel=1e-12)


@pytest.mark.parametrize(
    "formula",
    ["p + q", "exp(p)", "p ** q", "q ** p", "log(p) * q", "where(p > 1.5, p, p)", "max(p, q)", "p + p*p"],
)
def test_no_degree(tmp_path: Path, formula: str):
    scenario = load_text(tmp_path, scenario_text(P, Q, formula=formula))
    assert degree(scenario, "total", "p") is None


def test_default_scenario():
    scenario = load(DEFAULT)
    names = ("ai_value", "attribution.algorithms", "salary", "contributors")
    assert [degree(scenario, "bcr", name) for name in names] == [1.0, 1.0, -1.0, None]


@pytest.mark.parametrize(
    ("formula", "form"),
    [
        ("p * q - 3", PowerForm(1.0, shifted=True)),
        ("q - 2 / p", PowerForm(-1.0, shifted=True)),
        ("2 * (p ** 2 + q) / q", PowerForm(2.0, shifted=True)),
        ("p / p", PowerForm(0.0)),
        ("sum(p, q, 2 * p)", PowerForm(1.0, shifted=True)),
        ("(p + q) * p", None),
        ("1 / (p + q)", None),
        ("(p + q) ** 2", None),
    ],
)
def test_shifted_forms(tmp_path: Path, formula: str, form: PowerForm | None):
    """With y = r p^k + c, (y(4 p) - y(p)) / (y(2 p) - y(p)) = (4^k - 1) / (2^k - 1)."""
    scenario = load_text(tmp_path, scenario_text(P, Q, formula=formula))
    assert power_form(scenario, "total", "p") == form
    if form is not None and not form.free:
        q = np.linspace(1.1, 1.9, 7)[np.newaxis]
        once, twice, four = (
            evaluate_outcomes(scenario, Draws({"p": np.full((1, 7), value), "q": q}, {}, (1, 7)))["total"]
            for value in (0.7, 1.4, 2.8)
        )
        k = form.exponent
        assert (four - once) / (twice - once) == pytest.approx(np.full((1, 7), (4**k - 1) / (2**k - 1)))
