"""What a lock holds, and what is refused as one."""

import hashlib
import tomllib
from pathlib import Path

import pytest

from sim.faults import InvalidInput
from sim.replication.lock import LockedNumber, Machine, read_lock, write_lock
from sim.replication.machine import peak_memory_bytes, run_stamp
from sim.replication.verify import scenario_of
from sim.scenario.data_files import scenario_digest
from tests.replication.builders import locked


def test_a_lock_reads_back_the_same(tmp_path: Path):
    made = locked(tmp_path)
    assert read_lock(made.file) == made.lock


def test_it_holds_what_a_replication_needs(tmp_path: Path):
    made = locked(tmp_path)
    content = tomllib.loads(made.file.read_text(encoding="utf-8"))
    digest = hashlib.sha256(made.data.read_bytes()).hexdigest()
    assert content["data"] == [{"key": "parameters.effort.file", "file": "effort.csv", "sha256": digest}]
    assert content["run"]["seed"] == 21
    assert content["run"]["n_draws"] == 8192
    assert content["run"]["sampler"] == "sobol"
    assert {"sim", "python", "numpy", "scipy", "numexpr"} <= content["versions"].keys()
    assert str(tmp_path) not in made.file.read_text(encoding="utf-8")
    again = scenario_of(made.lock, made.file)
    assert scenario_digest(again) == scenario_digest(made.scenario) == content["run"]["scenario_digest"]


def test_every_number_of_every_outcome_is_quoted(tmp_path: Path):
    made = locked(tmp_path)
    rows = [row for row in made.run.statistics.rows if row.quantity in ("cost", "bcr", "value - cost")]
    assert [
        (q.quantity, q.alternative, q.statistic, q.value, q.mc_error, q.unit) for q in made.lock.numbers
    ] == [(r.quantity, r.alternative, r.statistic, r.value, r.mc_error, r.unit) for r in rows]


def test_a_lock_written_elsewhere_finds_its_data(tmp_path: Path):
    made = locked(tmp_path)
    text = made.file.read_text(encoding="utf-8")
    other = tmp_path / "package"
    other.mkdir()
    (other / "effort.csv").write_bytes(made.data.read_bytes())
    (other / "x.toml").write_text(text, encoding="utf-8")
    assert scenario_of(read_lock(other / "x.toml"), other / "x.toml").parameters["effort"].file == str(  # type: ignore[attr-defined]
        (other / "effort.csv").resolve()
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            'format = "sim lock 1"',
            'format = "sim lock 0"',
            "not a lock of this version: format = 'sim lock 0'",
        ),
        ("seed = 21", "seed = 22", "edited by hand"),
        ('printed = "', 'printed = "1', "edited by hand"),
        ("median = 300.0", "median = 315.0", "edited by hand"),
        ('title = "A test"', "title = A test", "not TOML, or cut short"),
    ],
)
def test_what_is_not_a_lock_is_refused(tmp_path: Path, old: str, new: str, words: str):
    file = locked(tmp_path).file
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InvalidInput, match=words):
        read_lock(file)


@pytest.mark.parametrize("share", [0.02, 0.5, 0.99])
def test_a_lock_cut_short_is_refused(tmp_path: Path, share: float):
    file = locked(tmp_path).file
    content = file.read_bytes()
    file.write_bytes(content[: int(share * len(content))])
    with pytest.raises(InvalidInput, match=r"cut short|not a lock of this version"):
        read_lock(file)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"a = 1\n"])
def test_other_files_are_refused(tmp_path: Path, content: bytes):
    file = tmp_path / "x.toml"
    with pytest.raises(InvalidInput, match="no such file"):
        read_lock(file)
    file.write_bytes(content)
    with pytest.raises(InvalidInput, match=r"not a lock of this version|not UTF-8"):
        read_lock(file)


def test_an_unfinished_lock_leaves_nothing(tmp_path: Path):
    lock = locked(tmp_path).lock
    (tmp_path / "taken").mkdir()
    before = {entry.name for entry in tmp_path.iterdir()}
    with pytest.raises(InvalidInput, match="cannot be written"):
        write_lock(lock, tmp_path / "taken")
    assert {entry.name for entry in tmp_path.iterdir()} == before


def test_what_a_run_took_is_measured():
    held = bytearray(64 * 2**20)
    held[::4096] = b"x" * len(held[::4096])  # touched, so that it is resident
    stamp = run_stamp(0.0)
    assert int(stamp["peak_memory_bytes"]) >= len(held)
    assert float(stamp["runtime_seconds"]) > 0
    assert peak_memory_bytes() == int(stamp["peak_memory_bytes"])
    assert "runtime_seconds" not in run_stamp(None)
    assert Machine.model_validate(
        {key.removeprefix("machine_"): value for key, value in stamp.items() if key.startswith("machine_")}
    ).cores


def test_words_of_a_number():
    row = LockedNumber(
        quantity="cost", alternative="method=few", statistic="low", at=0.95, value=1, mc_error=0, unit="1",
        printed="1",
    )  # fmt: skip
    assert row.words == "cost (method=few), low 0.95"
