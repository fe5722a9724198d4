"""``sim lock`` and ``sim verify`` as a user meets them."""

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from sim.faults import InvalidInput
from sim.replication.lock import read_lock, write_lock
from sim.replication.verify import scenario_of, verify
from sim.results_file import read, write
from sim.types import silent

ROOT = Path(__file__).parents[2]
DEFAULT = ROOT / "priors" / "default.toml"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Run the default scenario once; give its folder and what the terminal showed."""
    parent = tmp_path_factory.mktemp("results")
    command = [sys.executable, "-m", "sim", "run", str(DEFAULT), "--out", str(parent), "--draws", "4096"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return next(path for path in parent.iterdir() if path.is_dir()), ended.stdout.splitlines()


def test_lock_and_verify(sim, ran):
    folder, _ = ran
    ended = sim("lock", folder)
    assert ended.code == 0, ended.err
    file = folder.parent / f"{folder.name}.lock.toml"
    assert str(file) in ended.out
    ended = sim("verify", file)
    assert (ended.code, ended.out.startswith("identical:")) == (0, True), ended.out
    found = json.loads(sim("verify", file, "--json", "--seed", 7).out)
    # false alarm odds 1 in 1,000, fixed seed
    assert (found["verdict"], found["moved"]) == ("holds", [])
    assert found["differs_here"] == ["seed 7 (locked: 2022)"]


def test_every_place_on_the_terminal_holds_the_number(sim, ran, tmp_path: Path):
    folder, lines = ran
    sim("lock", folder, "-o", tmp_path / "a.lock.toml")
    placed = [number for number in read_lock(tmp_path / "a.lock.toml").numbers if number.place]
    for number in placed:
        line = int(str(number.place).split()[1].rstrip(","))
        assert number.printed in lines[line - 1], (number.words, lines[line - 1])
    # the median, interval, mean and three probabilities of the BCR stand on it; and each cost method's median
    found = {(number.quantity, number.alternative, number.statistic, number.at) for number in placed}
    assert {("bcr", "", key, at) for key, at in (("median", None), ("low", 0.95), ("mean", None))} <= found
    assert {("bcr", "", "p_above", t) for t in (1.0, 4.0, 100.0)} <= found
    for alternative in tomllib.loads(DEFAULT.read_text(encoding="utf-8"))["outcomes"]["cost"]:
        if alternative not in ("title", "unit", "by"):
            assert ("cost", f"cost_method={alternative}", "median", None) in found
            assert ("bcr", f"cost_method={alternative}", "median", None) in found


def test_the_run_records_what_it_took_outside_of_the_numbers(sim, ran, tmp_path: Path):
    folder, _ = ran
    provenance = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    _, attributes = read(folder / "results.nc")
    for name in ("runtime_seconds", "peak_memory_bytes", "machine_cores", "machine_system"):
        assert provenance[name] == str(attributes[name])
        assert name not in (folder / "summary.json").read_text(encoding="utf-8")
    assert 0 < float(provenance["runtime_seconds"]) < 600
    assert int(provenance["peak_memory_bytes"]) > 50e6  # numpy, scipy and pandas alone need more
    sim("lock", folder, "-o", tmp_path / "a.lock.toml")
    locked = read_lock(tmp_path / "a.lock.toml")
    assert locked.run.runtime_seconds == float(provenance["runtime_seconds"])
    assert locked.machine.architecture == provenance["machine_architecture"]


def test_a_moved_number_fails_and_is_named(sim, ran, tmp_path: Path):
    folder, _ = ran
    file = tmp_path / "results" / "a.lock.toml"
    sim("lock", folder, "-o", file)
    lock = read_lock(file)
    assert "median = 300000.0" in lock.scenario
    moved = lock.scenario.replace("median = 300000.0", "median = 315000.0").replace(
        "p95 = 365000.0", "p95 = 383250.0"
    )
    write_lock(lock.model_copy(update={"scenario": moved}), file)
    ended = sim("verify", file)
    assert ended.code == 1
    assert "cost (cost_method=contributors), median: locked 233" in ended.out
    assert ended.out.splitlines()[-1].startswith("moved: ")
    found = json.loads(sim("verify", file, "--json").out)
    row = next(row for row in found["moved"] if row["quantity"] == "cost" and row["statistic"] == "median")
    assert row["found"] == pytest.approx(1.05 * row["value"], rel=1e-3)
    assert abs(row["found"] - row["value"]) > row["allowed"]


def test_results_that_do_not_belong_together_are_refused(sim, ran):
    folder, _ = ran
    groups, attributes = read(folder / "results.nc")
    other = folder.with_name("other")  # beside it, so that the paths in the scenario hold
    shutil.copytree(folder, other)
    write((groups, {**attributes, "scenario_digest": "0" * 64}), other / "results.nc")
    ended = sim("lock", other)
    assert ended.code == 2
    assert "do not belong together" in ended.err
    assert "Traceback" not in ended.err


def test_altered_data_end_with_two(sim, ran, tmp_path: Path):
    folder, _ = ran
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data" / "mloss-2022", data)
    sim("lock", folder, "-o", tmp_path / "a.lock.toml")
    lock = read_lock(tmp_path / "a.lock.toml")
    stated = lock.data[0]
    near = stated.model_copy(update={"file": "data/periods.csv"})
    write_lock(
        lock.model_copy(
            update={"data": (near,), "scenario": lock.scenario.replace(stated.file, "data/periods.csv")}
        ),
        tmp_path / "a.lock.toml",
    )
    assert sim("verify", tmp_path / "a.lock.toml").code == 0
    with (data / "periods.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    altered = sim("verify", tmp_path / "a.lock.toml")
    assert altered.code == 2
    assert "has been altered" in altered.err
    assert "data/periods.csv" in altered.err
    assert stated.sha256 in altered.err


def test_data_that_come_with_the_program_need_not_be_there(tmp_path: Path):
    """As where somebody has the lock and an installed program, but not the repository."""
    file = tmp_path / "default.lock.toml"
    shutil.copy(ROOT / "results" / "locks" / "default.lock.toml", file)
    periods = ROOT / "data" / "mloss-2022" / "periods.csv"
    assert not (tmp_path / "../../data/mloss-2022/periods.csv").exists()
    scenario = scenario_of(read_lock(file), file)
    assert scenario.evidence is not None and scenario.evidence.periods == periods
    # of the same name, but not the same
    lock = read_lock(file)
    other = lock.data[0].model_copy(update={"sha256": "0" * 64})
    write_lock(lock.model_copy(update={"data": (other,)}), file)
    with pytest.raises(InvalidInput, match="no such data file"):
        verify(read_lock(file), file, silent)


def test_histories_that_come_with_the_program_need_not_be_there(tmp_path: Path):
    file = tmp_path / "census.lock.toml"
    shutil.copy(ROOT / "results" / "locks" / "census.lock.toml", file)
    evidence = scenario_of(read_lock(file), file).evidence
    assert evidence is not None
    assert evidence.periods == ROOT / "data" / "mloss-2022" / "everybody.csv"
    assert evidence.histories == ROOT / "data" / "mloss-histories" / "periods.csv"


@pytest.mark.parametrize("content", [None, "", "format = 'sim lock 9'", "x ="])
def test_wrong_locks_end_with_two(sim, tmp_path: Path, content: str | None):
    file = tmp_path / "x.toml"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    ended = sim("verify", file)
    assert ended.code == 2
    assert str(file) in ended.err
    assert "Traceback" not in ended.err


def test_wrong_results_end_with_two(sim, tmp_path: Path):
    ended = sim("lock", tmp_path / "nothing")
    assert ended.code == 2
    assert "no such folder of results" in ended.err
