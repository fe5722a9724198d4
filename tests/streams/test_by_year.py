"""Results by year: the group of results, the table, what has come together so far, and its figures."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from sim.analysis.sweep.grid import read_axes, read_grid
from sim.engine.simulate import simulate
from sim.figures.catalogue.net_value import turning_year
from sim.recipe import Destination, run_and_write
from sim.run_folder import open_run
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from sim.summary.by_year import stored_by_year
from sim.tables.years import years_table
from tests.builders import parameter, scenario_text, write_scenario
from tests.streams.by_year import horizon, stream

GAIN = parameter("gain", 'distribution = "uniform"\nlow = 10\nhigh = 40')
SPENT = stream("spent", "formula = 'where(t == 0, 100, 0)'")
GAINED = stream("gained", "formula = 'where(t > 0, gain, 0)'")
OUTCOMES = """
[outcomes.cost]
formula = "present_value(spent, 0.05)"
[outcomes.benefit]
formula = "present_value(gained, 0.05)"
"""


def appraisal(folder: Path, years: int = 8) -> Scenario:
    """Return a scenario whose ratio is of present values."""
    text = scenario_text(
        horizon(years), GAIN, SPENT, GAINED, OUTCOMES, formula="benefit / cost", n_draws=1024
    )
    return load(write_scenario(folder, text))


def test_the_table_has_streams_and_the_net_value_so_far(tmp_path: Path):
    scenario = appraisal(tmp_path)
    table = stored_by_year(scenario, simulate(scenario).groups)
    assert table.groupby("quantity", sort=False)["role"].first().to_dict() == {
        "spent": "stream",
        "gained": "stream",
        "benefit - cost": "so far",
    }
    assert table["year"].tolist() == [*range(2025, 2033)] * 3
    gained = table[(table["quantity"] == "gained") & (table["year"] == 2028)].iloc[0]
    # gain is uniform from 10 to 40; draws are Latin hypercubes
    assert gained[["low", "p25", "median", "p75", "high"]].tolist() == pytest.approx(
        [10.75, 17.5, 25, 32.5, 39.25], abs=0.1
    )
    assert gained["mean"] == pytest.approx(25.0, abs=0.01)
    net = table[table["role"] == "so far"]
    factors = np.cumsum(1.05 ** -np.arange(1.0, 8.0))
    np.testing.assert_allclose(net["median"], [-100.0, *(25.0 * factors - 100.0)], atol=0.3)
    # at the end the median is 44.7: above 0 from the fifth year on, 25 (1.05**-1 + ... + 1.05**-5) = 108
    assert turning_year(net) == 2030
    assert net["above_zero"].iloc[-1] == pytest.approx((40 - 100 / factors[-1]) / 30, abs=0.01)


def test_a_cut_horizon_is_that_of_a_scenario_that_ends_there(tmp_path: Path):
    whole = appraisal(tmp_path)
    table = stored_by_year(whole, simulate(whole).groups)
    for n in (1, 5, 8):
        short = appraisal(tmp_path, n)
        last = stored_by_year(short, simulate(short).groups).query("role == 'so far'").iloc[-1]
        row = table.query("role == 'so far'").iloc[n - 1]
        assert row["median"] == pytest.approx(last["median"], rel=1e-12)


def test_a_ratio_of_what_does_not_add_up_has_no_value_so_far(tmp_path: Path):
    text = scenario_text(horizon(8), GAIN, SPENT, GAINED, formula="irr(gained - spent)")
    scenario = load(write_scenario(tmp_path, text))
    assert set(stored_by_year(scenario, simulate(scenario).groups)["role"]) == {"stream"}
    plain = load(write_scenario(tmp_path, scenario_text(GAIN, formula="gain"), "plain.toml"))
    assert stored_by_year(plain, simulate(plain).groups).empty
    assert "/by_year" not in simulate(plain).groups


def test_results_hold_the_years_and_a_run_its_table_figures_and_page(tmp_path: Path):
    made = run_and_write(appraisal(tmp_path), Destination(tmp_path / "run", ["sim", "run"]))
    opened = open_run(made.folder)
    with xr.open_datatree(made.folder / "results.nc", engine="h5netcdf") as tree:
        group = tree["by_year"].to_dataset()
        assert group.sizes == {"statistic": 8, "year": 8}
        assert float(group["gained"].sel(statistic="median", year=2028)) == pytest.approx(25.0, abs=0.1)
        assert group["gained"].attrs == {"unit": "1", "role": "stream"}
    pd.testing.assert_frame_equal(
        stored_by_year(made.scenario, made.groups), opened.tables["by_year"], check_dtype=False
    )
    page = (made.folder / "report.html").read_text(encoding="utf-8")
    assert "were the years to end with each" in page


def test_the_table_for_papers_prints_some_years_and_holds_all(tmp_path: Path):
    scenario = appraisal(tmp_path, 23)
    table = years_table(scenario, {"by_year": stored_by_year(scenario, simulate(scenario).groups)})
    assert table is not None
    assert [section.title for section in table.sections] == ["spent", "gained", "benefit, less cost, so far"]
    assert [row[0] for row in table.sections[0].rows] == ["2025", "2030", "2035", "2040", "2045", "2047"]
    assert table.numbers is not None
    assert len(table.numbers) == 3 * 23
    assert years_table(scenario, {}) is None


def test_a_sweep_holds_a_parameter_at_each_value(tmp_path: Path):
    rate = parameter("r", 'distribution = "uniform"\nlow = 0.01\nhigh = 0.07')
    text = scenario_text(horizon(8), GAIN, rate, GAINED, formula="present_value(gained, r)")
    file = write_scenario(tmp_path, text)
    grid = read_grid(file, (), read_axes(["r=0.02:0.06:3"]))
    assert [point.scenario.parameters["r"].value for point in grid.points] == [0.02, 0.04, 0.06]
