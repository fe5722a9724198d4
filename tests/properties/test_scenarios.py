"""Properties of whole scenarios: what must not matter does not, what must scale scales."""

import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tomlkit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.distributions import Empirical
from sim.engine.simulate import simulate
from sim.evidence.estimands import point_estimates
from sim.evidence.periods import read_periods
from sim.evidence.readings import Reading, read_as
from sim.run_record import Run
from sim.scenario.data_files import resolved_toml
from sim.scenario.load import load
from tests.builders import parameter, scenario_text, write_scenario
from tests.properties.laws import STATED

ROOT = Path(__file__).parents[2]
PRIORS = ROOT / "priors"
PERIODS = ROOT / "data" / "mloss-2022" / "periods.csv"
SHIPPED = sorted(PRIORS.glob("*.toml"))
SMALL = ["sampling.n_draws=512", "sampling.n_randomisations=4"]
in_folder = settings(
    derandomize=True,
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@cache
def default_run(*settings: str) -> Run:
    return simulate(load(PRIORS / "default.toml", [*SMALL, *settings]))


def _with_pay(median: float, tmp_path: Path) -> Run:
    """Run with pay by its median and the spread of its logarithm, whose quantiles scale exactly."""
    overlay = (
        f'extends = "{(PRIORS / "default.toml").as_posix()}"\nremove = ["parameters.salary"]\n'
        '[parameters.salary]\nunit = "USD/person/year"\ndistribution = "lognormal"\n'
        f'median = {median!r}\nsigma = 0.12\nrationale = "for a test"\n'
    )
    return simulate(load(write_scenario(tmp_path, overlay), SMALL))


@in_folder
@given(power=st.integers(-12, 12))
def test_pay_times_a_power_of_two_divides_the_ratio_exactly(tmp_path: Path, power: int):
    """Draw by draw, bit for bit: products and quotients by powers of two are exact in floating point."""
    one, other = (_with_pay(300e3 * factor, tmp_path).variable("bcr") for factor in (1.0, 2.0**power))
    assert np.array_equal(one, 2.0**power * other)


@in_folder
@given(factor=st.floats(0.01, 100))
def test_pay_times_anything_divides_the_ratio_to_rounding(tmp_path: Path, factor: float):
    one, other = (_with_pay(300e3 * k, tmp_path).variable("bcr") for k in (1.0, factor))
    np.testing.assert_allclose(one, factor * other, rtol=1e-13)


def test_quantiles_of_pay_twice_as_high_halve_the_ratio():
    doubled = default_run("parameters.salary.median=600_000", "parameters.salary.p95=730_000")
    np.testing.assert_allclose(default_run().variable("bcr"), 2 * doubled.variable("bcr"), rtol=1e-12)


@in_folder
@given(order=st.randoms(use_true_random=False))
def test_the_order_of_the_survey_does_not_matter(tmp_path: Path, order):
    lines = PERIODS.read_text(encoding="utf-8").splitlines()
    rows = lines[1:]
    order.shuffle(rows)
    shuffled = tmp_path / "periods.csv"
    shuffled.write_text("\n".join([lines[0], *rows]) + "\n", encoding="utf-8")
    method = "evidence.method=calibrated"
    again = default_run(f"evidence.periods={shuffled}", method)
    default_run.cache_clear()
    for name in ("bcr", "cost", "commits_per_year", "lines_per_contributor_period.pytorch"):
        assert np.array_equal(again.variable(name), default_run(method).variable(name)), name


@in_folder
@given(order=st.randoms(use_true_random=False))
def test_the_order_of_tables_does_not_matter(tmp_path: Path, order):
    """Parameters, choices and their weights, outcomes and their alternatives, sections: all shuffled."""

    def shuffled(table: dict[str, object]) -> dict[str, object]:
        keys = list(table)
        order.shuffle(keys)
        return {key: shuffled(table[key]) if isinstance(table[key], dict) else table[key] for key in keys}

    table = tomllib.loads((PRIORS / "default.toml").read_text(encoding="utf-8"))
    table["evidence"]["periods"] = str(PERIODS)
    again = simulate(load(write_scenario(tmp_path, tomlkit.dumps(shuffled(table))), SMALL))
    for group in ("parameters", "evidence", "outcomes", "choices"):
        left, right = again.dataset(group), default_run().dataset(group)
        assert set(left.data_vars) == set(right.data_vars)
        for name in left.data_vars:
            assert np.array_equal(left[name].values, right[name].values), name


@st.composite
def surveys(draw: Callable[..., object]) -> pd.DataFrame:
    """Small period files: one to four repositories, two to five periods each, any counts."""
    header = PERIODS.read_text(encoding="utf-8").split("\n", 1)[0].split(",")
    counts = st.integers(0, 5000)
    rows = []
    for place in range(draw(st.integers(1, 4))):
        for period in range(draw(st.integers(2, 5))):
            people = draw(st.integers(1, 60))  # someone, with a commit and a line: every ratio exists
            row = {"label": f"L{place}", "repository": f"o/r{place}"}
            row |= {"start": f"2019-{period + 1:02}-01", "end": f"2019-{period + 1:02}-15"}
            row |= {"contributors": people, "commits": people + draw(counts)}
            for kind in ("added", "deleted"):
                lines = 1 + draw(counts)
                row |= {f"lines_{kind}{way}": lines for way in ("", "_published", "_capped")}
            rows.append(row)
    return pd.DataFrame(rows).reindex(columns=header, fill_value=0).fillna(0)


@settings(
    derandomize=True,
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(frame=surveys(), place=st.integers(0, 3))
def test_merging_a_repository_with_itself_changes_nothing(tmp_path: Path, frame: pd.DataFrame, place: int):
    """A second listing of a repository with the same periods: merged, every estimand is what it was."""
    repositories = frame["repository"].unique()
    twin = frame[frame["repository"] == repositories[place % len(repositories)]].assign(label="twin")
    references = {"r": str(repositories[0])}
    found = []
    for table in (frame, pd.concat([frame, twin])):
        path = tmp_path / "periods.csv"
        table.to_csv(path, index=False)
        sample = read_as(read_periods(path), Reading(duplicates="merged", lines="corrected"))
        found.append(point_estimates(sample, references))
    assert found[1] == pytest.approx(found[0], rel=1e-12)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_resolved_scenario_runs_to_the_same_numbers(path: Path, tmp_path: Path):
    scenario = load(path, SMALL)
    first = simulate(scenario)
    again = load(write_scenario(tmp_path, resolved_toml(scenario, tmp_path), "again.toml"))
    assert simulate(again).attributes["numbers_digest"] == first.attributes["numbers_digest"]


@pytest.mark.parametrize("name, keys", STATED, ids=[f"{n}: {', '.join(k)}" for n, k in STATED])
def test_every_family_survives_being_written_and_read(tmp_path: Path, name: str, keys: dict[str, object]):
    table = tomllib.loads(scenario_text(parameter("x", f'distribution = "{name}"')))
    table["parameters"]["x"] |= keys
    scenario = load(write_scenario(tmp_path, tomlkit.dumps(table)))
    again = load(write_scenario(tmp_path, resolved_toml(scenario, tmp_path), "again.toml"))
    assert again.parameters == scenario.parameters
    assert resolved_toml(again, tmp_path) == resolved_toml(scenario, tmp_path).replace("'test'", "'again'")
    assert isinstance(scenario.parameters["x"], Empirical) == (name in ("empirical", "bootstrap"))
