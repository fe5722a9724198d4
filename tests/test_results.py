"""Results: one file, verified by digest, readable by others; a folder that is whole or not there."""

import copy
import os
from pathlib import Path

import arviz_base
import arviz_stats
import numpy as np
import pytest
import xarray as xr

from sim.engine.simulate import simulate
from sim.faults import InvalidInput
from sim.files import complete_or_absent
from sim.results_file import read, write
from sim.run_record import Run
from sim.scenario.load import load
from tests.builders import parameter, scenario_text, write_scenario

PAY = parameter("pay", 'distribution = "lognormal"\nmedian = 3e5\np95 = 4e5', 'unit = "USD"\ntitle = "Pay"')
METHOD = """
[choices.method]
one = 1
two = 2
[outcomes.cost]
unit = "USD"
by = "method"
one = "pay"
two = "2 * pay"
"""


@pytest.fixture
def results(tmp_path: Path) -> Run:
    return simulate(load(write_scenario(tmp_path, scenario_text(PAY, METHOD))))


def test_written_results_read_back_the_same(results: Run, tmp_path: Path):
    write(results.content, tmp_path / "r.nc")
    again = Run(results.scenario, content=read(tmp_path / "r.nc"))
    assert again.attributes == results.attributes
    for name in ("pay", "cost", "total"):
        assert np.array_equal(again.variable(name), results.variable(name))


def test_xarray_alone_opens_them(results: Run, tmp_path: Path):
    write(results.replace(stamp={"created": "2026-11-24T00:00:00+00:00"}).content, tmp_path / "r.nc")
    with xr.open_datatree(tmp_path / "r.nc", engine="h5netcdf") as tree:
        assert tree["parameters"]["pay"].dims == ("randomisation", "draw")
        assert tree["parameters"]["pay"].attrs == {"unit": "USD", "title": "Pay"}
        assert tree["by_choice/method"]["cost"].sel({"method": "two"}).shape == (4, 64)
        assert tree.attrs["seed"] == "7"
        assert tree.attrs["created"] == "2026-11-24T00:00:00+00:00"


def test_outcomes_hold_draw_by_draw(results: Run):
    # recomputed by hand from the stored draws: `two` is the second alternative
    pay, method = results.variable("pay"), results.arrays.choices["method"]
    assert np.array_equal(results.variable("cost"), np.where(method == 1, 2 * pay, pay))
    by_choice = results.dataset("by_choice/method")["cost"]
    assert np.array_equal(by_choice.sel({"method": "two"}).values, 2 * pay)


def test_arviz_reads_them(results: Run):
    tree = results.to_arviz()
    table = arviz_stats.summary(
        tree, var_names=["pay"], kind="stats", ci_prob=0.9, ci_kind="eti", round_to="none"
    )
    assert float(table["mean"].iloc[0]) == pytest.approx(results.variable("pay").mean())
    assert arviz_base.extract(tree)["cost"].size == 256


@pytest.mark.parametrize("how", ["truncated", "edited", "other format", "missing", "not NetCDF"])
def test_damaged_results_are_refused(results: Run, tmp_path: Path, how: str):
    path = tmp_path / "r.nc"
    if how == "edited":
        groups, attributes = results.content
        changed = copy.deepcopy(groups)
        changed["/outcomes"]["cost"][1][0, 0] += 1.0
        write((changed, attributes), path)
    elif how == "other format":
        write(results.replace(stamp={"format": "sim results 0"}).content, path)
    elif how == "not NetCDF":
        path.write_text("hello", encoding="utf-8")
    elif how == "truncated":
        write(results.content, path)
        path.write_bytes(path.read_bytes()[:-5000])
    with pytest.raises(InvalidInput, match=r"r\.nc"):
        read(path)


def test_same_seed_same_numbers_same_digest(tmp_path: Path):
    path = write_scenario(tmp_path, scenario_text(PAY, METHOD))
    one, other = simulate(load(path)), simulate(load(path))
    assert one.attributes == other.attributes
    moved = simulate(load(path, ["seed=8"]))
    assert moved.attributes["numbers_digest"] != one.attributes["numbers_digest"]


def test_a_failing_run_leaves_the_earlier_folder_alone(tmp_path: Path):
    target = tmp_path / "results" / "a"
    with complete_or_absent(target) as part:
        (part / "x").write_text("first", encoding="utf-8")
    with pytest.raises(RuntimeError), complete_or_absent(target) as part:
        (part / "x").write_text("second", encoding="utf-8")
        raise RuntimeError
    assert (target / "x").read_text(encoding="utf-8") == "first"
    assert [entry.name for entry in target.parent.iterdir() if entry.is_dir()] == ["a"]


def test_a_new_run_replaces_the_earlier_folder_whole(tmp_path: Path):
    target = tmp_path / "a"
    for name in ("x", "y"):
        with complete_or_absent(target) as part:
            (part / name).touch()
    assert [entry.name for entry in target.iterdir()] == ["y"]


def test_a_run_killed_while_swapping_is_put_right_by_the_next(tmp_path: Path):
    target = tmp_path / "a"
    with complete_or_absent(target) as part:
        (part / "x").touch()
    target.rename(tmp_path / ".old-a")  # the state after the first of the two renames
    with pytest.raises(RuntimeError), complete_or_absent(target) as part:
        raise RuntimeError
    with complete_or_absent(tmp_path / "a") as part:
        (part / "y").touch()
    assert [entry.name for entry in target.iterdir()] == ["y"]
    assert not (tmp_path / ".old-a").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path):
    tmp_path.chmod(0o500)
    with pytest.raises(InvalidInput, match="cannot be written"), complete_or_absent(tmp_path / "a"):
        pass


def test_a_file_where_the_folder_should_be(tmp_path: Path):
    (tmp_path / "results").touch()
    with (
        pytest.raises(InvalidInput, match="cannot be written"),
        complete_or_absent(tmp_path / "results" / "a"),
    ):
        pass
