"""A run in memory and one opened from its folder answer alike."""

from dataclasses import astuple
from pathlib import Path
from shutil import copytree, ignore_patterns

import pandas as pd
import pytest

from sim.engine.adaptive_run import Goal
from sim.faults import InvalidInput
from sim.recipe import Destination, open_or_run, run, run_and_write
from sim.report.page import render_report
from sim.run_folder import open_run, open_tables
from sim.run_record import Run
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from sim.summary.precision import Precision
from tests.builders import load_text, parameter, scenario_text, write_scenario
from tests.foreign.scenarios import Foreign
from tests.foreign.test_foreign import generated

ROOT = Path(__file__).parents[1]
TEXT = scenario_text(
    parameter("value", 'distribution = "lognormal"\nmedian = 3\np95 = 6'),
    parameter("pay", 'distribution = "uniform"\nlow = 1\nhigh = 2'),
    formula="value / pay",
)
SEEDS = (3, 4, 9)
"""Of scenarios that nobody wrote; those that no run accepts are passed over."""


def differences(made: Run, opened: Run) -> list[str]:
    """Return what two runs do not answer alike."""
    found = []
    rows = [[str(astuple(row)) for row in each.statistics.rows] for each in (made, opened)]
    if rows[0] != rows[1]:
        found.append("summary")
    if not made.draws.identical(opened.draws):
        found.append("draws")
    found += [f"table {name}" for name in set(made.tables) ^ set(opened.tables)]
    for name in set(made.tables) & set(opened.tables):
        try:
            pd.testing.assert_frame_equal(
                made.tables[name], opened.tables[name], check_dtype=False, check_exact=True
            )
        except AssertionError as error:
            found.append(f"table {name}: {error}")
    for name in ("name", "notes", "attributes", "n_draws", "outcome", "title", "unit", "support"):
        if getattr(made, name) != getattr(opened, name):
            found.append(name)
    if render_report([made]) != render_report([opened]):
        found.append("report page")
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return the shipped default scenario, run and written."""
    scenario = load(ROOT / "priors" / "default.toml", ["sampling.n_draws=1024"])
    return run_and_write(scenario, Destination(tmp_path_factory.mktemp("results"), ["sim", "run"]))


def test_a_shipped_scenario(made: Run):
    assert {"bcr_distribution", "convergence", "tornado", "drivers", "switching_values"} <= set(made.tables)
    assert differences(made, open_run(made.folder)) == []


def test_scenarios_that_nobody_wrote(tmp_path: Path):
    seen: list[str] = []

    def each(foreign: Foreign) -> None:
        folder = tmp_path / str(len(seen))
        folder.mkdir()
        try:
            made = run_and_write(load(foreign.write(folder)), Destination(folder, ["sim", "run"]))
        except InvalidInput:
            return
        seen.append(made.name)
        assert differences(made, open_run(made.folder)) == []

    generated(SEEDS, each)
    assert len(seen) >= 3


def test_a_run_whose_draws_are_not_all_kept_and_that_drew_until_it_settled(tmp_path: Path):
    scenario = small(tmp_path, keep_draws=512)
    made = run_and_write(scenario, Destination(tmp_path, ["sim"]), goal=Goal(Precision(rel_error=0.05)))
    assert made.stages is not None
    assert made.draws.sizes["randomisation"] * made.draws.sizes["draw"] == 512 < made.n_draws
    assert "adaptive" in made.tables
    assert differences(made, open_run(made.folder)) == []


def test_tables_can_be_opened_without_the_draws(made: Run, tmp_path: Path):
    folder = tmp_path / "copy"
    copytree(made.folder, folder, ignore=ignore_patterns("results.nc"))
    opened = open_tables(folder)
    assert str(opened.statistics.rows) == str(made.statistics.rows)
    assert set(opened.tables) == set(made.tables)
    with pytest.raises(InvalidInput, match=r"no results\.nc in this folder"):
        _ = opened.draws


def test_what_is_computed_is_computed_once_and_stays_when_the_run_is_written(tmp_path: Path):
    made = run(small(tmp_path))
    with pytest.raises(ValueError, match="has not been written"):
        _ = made.folder
    summary, tables = made.statistics, made.tables
    written = made.replace(tmp_path)
    assert written.statistics is summary
    assert written.tables is tables
    assert written.folder == tmp_path


def test_a_scenario_file_is_run_and_a_folder_is_opened(tmp_path: Path):
    steps: list[str] = []
    write_scenario(tmp_path, TEXT, "small.toml")
    made = open_or_run(tmp_path / "small.toml", ["seed=3"], tmp_path, ["sim"], steps.append)
    assert made.scenario.seed == 3
    assert steps[0] != "opening the run"
    opened = open_or_run(made.folder, [], tmp_path, ["sim"], steps.append)
    assert steps[-1] == "opening the run"
    assert opened.attributes == made.attributes
    with pytest.raises(InvalidInput, match="a finished run cannot be changed"):
        open_or_run(made.folder, ["seed=1"], tmp_path, ["sim"], steps.append)


def small(folder: Path, **sampling: int) -> Scenario:
    """Return a scenario of two parameters."""
    scenario = load_text(folder, TEXT)
    return scenario.model_copy(update={"sampling": scenario.sampling.model_copy(update=sampling)})
