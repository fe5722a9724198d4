"""`check` says what `run` will say: their verdicts on mutated and on generated scenarios."""

import shutil
import warnings
from enum import Enum
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.engine.simulate import simulate
from sim.engine.survey import has_posterior
from sim.engine.trial import check_run
from sim.faults import InvalidInput
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from tests.builders import load_text, parameter, scenario_text, write_scenario
from tests.properties.mutation import mutated
from tests.properties.test_malformed import time_limit

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "priors").glob("*.toml"))
DRAWS = ["sampling.n_draws=4096", "sampling.n_randomisations=4"]
"""Sixteen times the draws that `check` tries."""
N_FAST, N_SLOW = 12, 150
"""Files made of each shipped scenario, in every run of the suite and in the slow one."""

Verdict = Enum("Verdict", ["VALID", "WARNED", "REFUSED"])

LAWS = (
    'distribution = "normal"\nmean = 1\nsd = 1',
    'distribution = "normal"\nmean = 50\nsd = 3',
    'distribution = "uniform"\nlow = 0\nhigh = 1',
    'distribution = "uniform"\nlow = -2\nhigh = 2',
    'distribution = "lognormal"\nmedian = 3\nsigma = 2',
    'distribution = "student-t"\nlocation = 0\nscale = 1\ndf = 1',
    'distribution = "beta"\nalpha = 0.01\nbeta = 3',
    'distribution = "exponential"\nmean = 400',
    'distribution = "triangular"\nlow = -1\nmode = 8\nhigh = 9',
    'distribution = "constant"\nvalue = 0',
    'distribution = "constant"\nvalue = 1',
    'distribution = "discrete"\nvalues = [0, 1, 5]\nweights = [1, 1000, 1000]',
    'distribution = "discrete"\nvalues = [-1, 2]\nweights = [1, 1]',
    'distribution = "mixture"\ncomponents = [{ weight = 1, of = { distribution = "constant", value = 0 } }, '
    '{ weight = 9, of = { distribution = "lognormal", median = 1, sigma = 1 } }]',
    'distribution = "truncated"\nlow = 0\nof = { distribution = "normal", mean = 1, sd = 1 }',
    'distribution = "loguniform"\nlow = 1e-200\nhigh = 1e200',
)
"""Laws that reach 0, below it, far out, or none of that."""

NAMES = ("a", "b", "c")
COMPARED = ("<", "<=", ">", ">=", "==", "!=")


def formulas() -> st.SearchStrategy[str]:
    """Texts of formulas that are not finite everywhere, some of them guarded."""
    leaves = st.sampled_from([*NAMES, *NAMES, "0", "1", "2", "0.5", "30"])

    def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        binary = st.builds(lambda x, o, y: f"({x} {o} {y})", inner, st.sampled_from("+-*//"), inner)
        powers = st.builds(
            lambda x, k: f"({x} ** {k})", inner, st.sampled_from(["2", "3", "0.5", "-1", "-2", "1.5", *NAMES])
        )
        one = ["exp", "log", "sqrt", "log1p", "expm1", "atan", "abs", "sin", "-"]
        called = st.builds(lambda f, x: f"{f}({x})", st.sampled_from(one), inner)
        several = st.builds(
            lambda f, x, y: f"{f}({x}, {y})", st.sampled_from(["min", "max", "sum"]), inner, inner
        )
        condition = st.builds(
            "{} {} {}".format, st.sampled_from(NAMES), st.sampled_from(COMPARED), st.just(0)
        )
        chosen = st.builds("where({}, {}, {})".format, condition, inner, inner)
        return st.one_of(binary, binary, powers, called, called, several, chosen)

    return st.recursive(leaves, larger, max_leaves=6)


def verdicts(scenario: Scenario) -> tuple[Verdict, Verdict]:
    """Return what `check` and what `run` say of a loaded scenario."""
    try:
        checked = Verdict.WARNED if check_run(scenario) else Verdict.VALID
    except InvalidInput:
        checked = Verdict.REFUSED
    try:
        simulate(scenario)
    except InvalidInput:
        return checked, Verdict.REFUSED
    return checked, Verdict.VALID


def assert_agree(checked: Verdict, ran: Verdict, said: object) -> None:
    """Fail where `check` finds valid what `run` refuses, or refuses what `run` takes: it has those draws."""
    assert ran is not Verdict.REFUSED or checked is not Verdict.VALID, said
    assert checked is not Verdict.REFUSED or ran is Verdict.REFUSED, said


def assert_agree_on_generated(folder: Path, laws: list[str], formula: str, weight: int) -> None:
    parts = [parameter(name, law) for name, law in zip(NAMES, laws, strict=True)]
    choice = f'[choices.way]\nrationale = "for a test"\none = 1\nother = {weight}\n'
    by = f'[outcomes.chosen]\nby = "way"\none = "total"\nother = "{formula} + a"\n'
    path = write_scenario(folder, scenario_text(*parts, choice, by, formula=formula, n_draws=4096))
    try:
        scenario = load(path)
    except InvalidInput:
        return  # both load it
    with warnings.catch_warnings(), time_limit(60):
        warnings.simplefilter("ignore", RuntimeWarning)  # overflow on the way to what is refused
        assert_agree(*verdicts(scenario), (laws, formula))


generated = {
    "laws": st.lists(st.sampled_from(LAWS), min_size=3, max_size=3),
    "formula": formulas(),
    "weight": st.integers(0, 1),
}
in_folder = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def test_what_overflows_by_a_divisor_near_0_is_warned_of(tmp_path: Path):
    """1 / a goes up to 4.5e307, once in a thousand draws: divided by less than a quarter it has no double."""
    beta, normal = LAWS[6], LAWS[0]
    scenario = load_text(
        tmp_path,
        scenario_text(parameter("a", beta), parameter("b", normal), formula="a ** -1 / b", n_draws=4096),
    )
    assert verdicts(scenario) == (Verdict.WARNED, Verdict.REFUSED)


@settings(derandomize=True, max_examples=150, deadline=None, suppress_health_check=in_folder)
@given(**generated)
def test_generated_scenarios(tmp_path: Path, laws: list[str], formula: str, weight: int):
    assert_agree_on_generated(tmp_path, laws, formula, weight)


@pytest.mark.slow
@settings(max_examples=4000, deadline=None, suppress_health_check=in_folder)
@given(**generated)
def test_thousands_of_generated_scenarios(tmp_path: Path, laws: list[str], formula: str, weight: int):
    assert_agree_on_generated(tmp_path, laws, formula, weight)


def assert_agree_on_mutated(path: Path, folder: Path, n_files: int) -> None:
    rng = np.random.default_rng([7, *path.stem.encode()])
    text = path.read_text(encoding="utf-8")
    shutil.copytree(ROOT / "priors", folder / "priors")
    shutil.copytree(ROOT / "data", folder / "data")
    target = folder / "priors" / "mutated.toml"
    for _ in range(n_files):
        content = mutated(text, rng)
        target.write_bytes(content)
        try:
            scenario = load(target, DRAWS)
            if has_posterior(scenario):  # another survey's posterior takes minutes to sample
                scenario = load(target, [*DRAWS, "evidence.method=calibrated"])
        except InvalidInput:
            continue
        with warnings.catch_warnings(), time_limit(120):
            warnings.simplefilter("ignore", RuntimeWarning)
            assert_agree(*verdicts(scenario), content)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_mutated_scenarios(path: Path, tmp_path: Path):
    assert_agree_on_mutated(path, tmp_path, N_FAST)


@pytest.mark.slow
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_thousands_of_mutated_scenarios(path: Path, tmp_path: Path):
    assert_agree_on_mutated(path, tmp_path, N_SLOW)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_scenarios_get_no_warning(path: Path):
    assert check_run(load(path)) == ()
