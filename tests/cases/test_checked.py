"""What `sim check` says beforehand: what `sim run` would refuse of a scenario's input, or may refuse."""

import shutil
from pathlib import Path

import pytest

from sim.engine.simulate import simulate
from sim.engine.trial import check_run
from sim.faults import InvalidInput
from sim.scenario.load import load
from tests.builders import load_text, parameter, scenario_text, write_scenario
from tests.cli.conftest import sim  # noqa: F401 - a fixture

ROOT = Path(__file__).parents[2]
X = parameter("x", 'distribution = "normal"\nmean = 4.5\nsd = 1')
SHARE = 'distribution = "triangular"\nlow = 10\nmode = 20\nhigh = 30'


@pytest.mark.parametrize("method", ["hybrid", "hierarchical"])
def test_a_model_needs_the_frequencies_beside_the_survey(sim, tmp_path: Path, method: str):  # noqa: F811
    shutil.copy(ROOT / "data" / "mloss-2022" / "periods.csv", tmp_path)
    text = (
        scenario_text(formula="contributors") + f'[evidence]\nperiods = "periods.csv"\nmethod = "{method}"\n'
    )
    path = write_scenario(
        tmp_path, text.replace('formula = "contributors"', 'formula = "contributors"\nunit = "person"')
    )
    checked = sim("check", path)
    assert checked.code == 2
    assert "frequencies.csv: no such file" in checked.err
    with pytest.raises(InvalidInput, match=r"frequencies\.csv: no such file"):
        simulate(load(path))


@pytest.mark.parametrize(("floor", "code"), [(300, 0), (779, 2)])
def test_the_survey_is_tried_as_a_run_draws_it(sim, tmp_path: Path, floor: int, code: int):  # noqa: F811
    """Of 779 contributors, give or take 12 %, every draw is above 300, and half are below 779."""
    survey = f'[evidence]\nperiods = "{ROOT / "data" / "mloss-2022" / "periods.csv"}"\n'
    least = parameter("least", f'distribution = "constant"\nvalue = {floor}', 'unit = "person"')
    text = scenario_text(least, survey, formula="(contributors / least - 1) ** 0.5")
    checked = sim("check", write_scenario(tmp_path, text))
    assert checked.code == code, checked.err
    assert ("may be infinite" in checked.out) == (code == 0)


@pytest.mark.parametrize("formula", ["log(x - 9)", "1 / (x - x)", "sqrt(-abs(x))", "(0 - abs(x)) ** 0.5"])
def test_what_is_undefined_in_most_draws_is_refused_as_run_refuses_it(sim, tmp_path: Path, formula: str):  # noqa: F811
    path = write_scenario(tmp_path, scenario_text(X, formula=formula))
    checked = sim("check", path)
    assert checked.code == 2
    assert checked.err.startswith(f"{path}: outcomes.total: infinite or not a number in ")


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("log(x)", "log(x), where x can be below 0"),
        ("sqrt(x + 1)", "sqrt(x + 1.0), where x + 1.0 can be below 0"),
        ("x ** 1.5", "x ** 1.5, where x can be negative"),
        ("1 / max(x, 0)", "1.0 / max(x, 0.0), where max(x, 0.0) can be 0"),
        ("exp(100 * x - 300)", "exp(100.0 * x - 300.0), which can be too large for double precision"),
    ],
)
def test_what_rare_draws_make_undefined_is_warned_of(sim, tmp_path: Path, formula: str, words: str):  # noqa: F811
    """P(x < 0) = 3.4e-6 for a normal of mean 4.5 and sd 1: not in 256 draws, but in millions."""
    path = write_scenario(tmp_path, scenario_text(X, formula=formula))
    checked = sim("check", path)
    assert checked.code == 0, checked.err
    (line,) = (line for line in checked.out.splitlines() if line.startswith("warning: "))
    assert line.startswith(
        f"warning: {path}: outcomes.total.formula: may be infinite or not a number in rare draws"
    )
    assert words in line


@pytest.mark.parametrize(
    "formula",
    ["where(x > 0, log(x), 0)", "log(max(x, 0.1))", "1 / x", "sqrt(x * x)", "sqrt(x ** 2 + 1)", "exp(x)"],
)
def test_what_cannot_happen_is_not_warned_of(tmp_path: Path, formula: str):
    """A density meets no single point: 1 / x is finite in every draw, whatever the sign of x."""
    assert check_run(load_text(tmp_path, scenario_text(X, formula=formula))) == ()


@pytest.mark.parametrize(
    ("name", "law", "formula"),
    [("loss", SHARE, "1 - loss"), ("share_lost", SHARE, "share_lost * 2")],
)
def test_a_share_stated_in_percent(sim, tmp_path: Path, name: str, law: str, formula: str):  # noqa: F811
    """20 for 20 %: unit 1 takes it for twenty times the whole."""
    path = write_scenario(tmp_path, scenario_text(parameter(name, law), formula=formula))
    checked = sim("check", path)
    assert checked.code == 0
    assert f"warning: {path}: parameters.{name}.unit: values of about 20 in unit 1" in checked.out
    notes = simulate(load(path)).notes
    assert any(note.startswith(f"{name}: values of about 20 in unit 1") for note in notes)


@pytest.mark.parametrize(
    "formula", ["present_value(1, yearly)", "annuity(yearly, 9)", "sum(stock(1, yearly))"]
)
def test_a_rate_typed_in_percent_is_warned_of(tmp_path: Path, formula: str):
    """Nobody discounts by 2,000 % a year."""
    horizon = "\n[horizon]\nstart = 2025\nyears = 9\ndiscounting = 'end'\n"
    scenario = load_text(tmp_path, scenario_text(parameter("yearly", SHARE), formula=formula) + horizon)
    (warning,) = check_run(scenario)
    assert warning.path == ("parameters", "yearly", "unit")
    assert formula[: formula.index("(")].replace("sum", "stock") in warning.problem
    assert warning.allowed == "values from 0 to 1, such as 0.2 for 20 %"


@pytest.mark.parametrize(
    ("name", "more", "formula", "unit"),
    [
        ("loss", 'unit = "percent"', "1 - loss", "1"),
        ("growth", "", "1 + growth", "1"),
        ("shares_sold", 'unit = "USD"', "shares_sold", "USD"),
    ],
)
def test_what_is_no_share_gets_no_warning(tmp_path: Path, name: str, more: str, formula: str, unit: str):
    text = scenario_text(parameter(name, SHARE, more), formula=formula)
    text = text.replace(f'formula = "{formula}"', f'formula = "{formula}"\nunit = "{unit}"')
    try:
        scenario = load_text(tmp_path, text)
    except InvalidInput as error:
        assert "off by a factor" in str(error)  # a percentage beside a plain number: the unit says it
        return
    assert check_run(scenario) == ()
