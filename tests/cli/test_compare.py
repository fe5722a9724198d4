"""``sim compare`` as a user meets it."""

import json
import re
from pathlib import Path

import pytest
import xarray as xr

from sim.results_file import content_of_tree
from sim.results_file import write as write_results
from tests.cli.conftest import Ended
from tests.compare.builders import compared, constant, lognormal, overlay, write

LAWS = (lognormal("a", 4.0, 0.5), constant("b", 3.0))


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return write(tmp_path, "base", *LAWS, formula="a * b")


def test_a_results_folder_is_used_as_it_stands(base: Path, tmp_path: Path, sim):
    out = tmp_path / "results"
    folder = Path(sim("run", base, "--out", out, "--quiet").out.strip())
    other = overlay(tmp_path, "other", "parameters.b.value = 6\n")
    comparison = compared(folder, other)
    assert comparison.warnings == ()
    assert compared(folder / "results.nc", other).digest == comparison.digest
    rerun = compared(folder, other, seed=3)
    assert "run anew" in rerun.warnings[0]
    assert rerun.baseline.scenario.seed == 3
    sources = compared(base, other).sources
    assert [source.scenario.seed for source in sources] == [7, 7]


def test_wrong_inputs(base: Path, tmp_path: Path, sim):
    assert_refused(sim("compare", base), "two scenarios or more")
    ended = sim("compare", base, tmp_path / "bass.toml")
    assert_refused(ended, "no such file", f"nearest: {base}")
    other = overlay(tmp_path, "other", "parameters.b.value = 6\n")
    assert_refused(sim("compare", base, other, "--baseline", "othr"), "no scenario 'othr'", "nearest: other")
    assert_refused(sim("compare", base, tmp_path), f"{tmp_path}: no results.nc in this folder")
    elsewhere = write(tmp_path, "elsewhere", *LAWS, formula="a")
    text = elsewhere.read_text(encoding="utf-8").replace("total", "sum_of_all")
    elsewhere.write_text(text, encoding="utf-8")
    assert_refused(sim("compare", base, elsewhere), "no outcome in common")
    assert_refused(sim("compare", base, other, "--set", "parameters.a.medain=3"), "medain", "nearest: median")


def test_results_of_another_version_or_edited(base: Path, tmp_path: Path, sim):
    out = tmp_path / "results"
    folder = Path(sim("run", base, "--out", out, "--quiet").out.strip())
    scenario = folder / "scenario.toml"
    kept = scenario.read_text(encoding="utf-8")
    scenario.write_text(kept.replace("median = 4.0", "median = 5.0"), encoding="utf-8")
    assert_refused(sim("compare", base, folder), "not the scenario that results.nc was run from")
    scenario.write_text(kept, encoding="utf-8")
    with xr.open_datatree(folder / "results.nc", engine="h5netcdf") as tree:
        tree.load()
    tree.attrs["format"] = "sim results 0"
    write_results(content_of_tree(tree), folder / "results.nc")
    assert_refused(sim("compare", base, folder), "not results of this version", "sim results 0")


def assert_refused(ended: Ended, *words: str) -> None:
    assert ended.code == 2, ended.err
    assert "Traceback" not in ended.err
    for each in words:
        assert each in ended.err, ended.err


def test_what_the_command_leaves(base: Path, tmp_path: Path, sim):
    other = overlay(tmp_path, "other", "parameters.b.value = 6\n")
    documents = []
    for name in ("one", "two"):
        ended = sim("compare", base, other, "--out", tmp_path / name, "--json")
        assert ended.code == 0, ended.err
        documents.append(ended.out)
    assert documents[0] == documents[1]
    document = json.loads(documents[0])
    assert document["baseline"] == "base"
    ratio = next(
        row for row in document["contrasts"] if (row["measure"], row["statistic"]) == ("ratio", "median")
    )
    assert ratio["value"] == pytest.approx(2.0, rel=1e-12)  # b doubled
    (one,), (two,) = ([*(tmp_path / name).glob("compare-*")] for name in ("one", "two"))
    files = {entry.relative_to(one).as_posix() for entry in one.rglob("*") if entry.is_file()}
    figures = ("densities", "forest", "waterfall_other", "ratio_of_draws")
    tables = ("side_by_side", "differences", "parts_of_change")
    expected = {f"figures/{name}.{end}" for name in figures for end in ("pdf", "png")}
    expected |= {f"tables/{name}.{end}" for name in tables for end in ("csv", "md", "tex")}
    assert expected | {"comparison.json", "provenance.json", "scenarios/other.toml"} <= files
    for name in files - {"provenance.json"}:
        assert (one / name).read_bytes() == (two / name).read_bytes(), name
    assert r"\toprule" in (one / "tables" / "differences.tex").read_text(encoding="utf-8")
    printed = sim("compare", base, other, "--out", tmp_path / "three")
    assert "whole change" in printed.out
    assert str(tmp_path / "three") in printed.out


def test_workers_change_no_byte(base: Path, tmp_path: Path, sim):
    others = [
        overlay(tmp_path, "one", "parameters.a.median = 5\nparameters.b.value = 6\n"),
        overlay(tmp_path, "two", "parameters.a.sigma = 0.7\n"),
    ]
    folders = {}
    for workers in ("1", "2"):
        ended = sim("compare", base, *others, "--workers", workers, "--out", tmp_path / workers, "--json")
        assert ended.code == 0, ended.err
        (folders[workers],) = (tmp_path / workers).glob("compare-*")
    files = [entry.relative_to(folders["1"]) for entry in folders["1"].rglob("*") if entry.is_file()]
    assert len(files) > 20
    for file in files:
        if file.name != "provenance.json":  # it states the command
            assert (folders["1"] / file).read_bytes() == (folders["2"] / file).read_bytes(), file


def test_a_fault_of_a_worker_is_told_as_here(base: Path, tmp_path: Path, sim):
    text = base.read_text(encoding="utf-8").replace("a * b", "a / (b - 3)")
    base.write_text(text, encoding="utf-8")
    other = overlay(tmp_path, "other", "parameters.b.value = 6\n")
    here = sim("compare", base, other)
    there = sim("compare", base, other, "--workers", "2")
    assert_refused(there, "outcomes.total", "infinite or not a number in 256 of 256 draws")
    faults = [re.sub(r"(?m)^\d+ s: .*\n", "", ended.err) for ended in (here, there)]  # but for progress
    assert faults[0] == faults[1]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--workers", "0"], "--workers"),
        (["--workers", "2", "--scheduler", "tcp://127.0.0.1:9"], "one or the other"),
        (["--scheduler", "nonsense"], "'nonsense' is no address of a Dask scheduler"),
        (["--draws", "1e7"], "too many to hold several scenarios in memory"),
        (["--draws", "many"], "'many' is not a whole number"),
    ],
)
def test_wrong_options(base: Path, tmp_path: Path, sim, options: list[str], words: str):
    other = overlay(tmp_path, "other", "parameters.b.value = 6\n")
    assert_refused(sim("compare", base, other, *options), words)


def test_figures_are_in_one_language(base: Path, tmp_path: Path, sim):
    other = overlay(tmp_path, "other", "parameters.b.value = 6\n")
    assert_refused(sim("compare", base, other, "--lang", "de"), "No such option: --lang")
