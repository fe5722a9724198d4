"""``sim sweep`` as a user meets it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from tests.builders import parameter, scenario_text, write_scenario

ROOT = Path(__file__).parents[2]
VALUE = parameter("value", 'distribution = "lognormal"\nmedian = 600.0\nsigma = 0.5')
PAY = parameter("pay", 'distribution = "constant"\nvalue = 3.0')


@pytest.fixture
def path(tmp_path: Path) -> Path:
    text = scenario_text(VALUE, PAY, formula="value / pay")
    return write_scenario(tmp_path, text.replace("[report]", "[report]\nthresholds = [100]"))


def table_in(printed: str) -> pd.DataFrame:
    return pd.read_csv(Path(printed.strip()) / "sweep.csv")


def test_a_curve_is_found_once_and_then_kept(sim, path: Path, tmp_path: Path):
    command = ["sweep", path, "--over", "pay.value=1:4:4", "--out", tmp_path / "out", "--workers", 1]
    first = sim(*command)
    assert first.code == 0, first.err
    again = sim(*command)
    assert "4 of 4 points were in" in again.err
    assert first.out == again.out
    folder = Path(sim(*command, "--quiet").out.strip())
    names = {entry.name for entry in folder.iterdir()}
    assert names == {"sweep.csv", "scenario.toml", "provenance.json", "curve.pdf", "curve.png"}
    table = table_in(str(folder))
    medians = table[table["statistic"] == "median"]
    assert (medians["value"] * medians["pay.value"]).to_numpy() == pytest.approx(medians["value"].iloc[0])
    # a finer grid runs the new points only
    finer = sim(*command[:3], "pay.value=1:4:7", *command[4:])
    assert "4 of 7 points were in" in finer.err


def test_maps(sim, path: Path, tmp_path: Path):
    over = ["--over", "pay.value=1:100:3:log", "--over", "value.median=300:900:3"]
    ended = sim("sweep", path, *over, "--out", tmp_path / "out", "--workers", 1, "--quiet")
    assert ended.code == 0, ended.err
    folder = Path(ended.out.strip())
    for name in ("median", "p_above_100"):
        assert (folder / f"{name}.pdf").is_file()
        assert (folder / f"{name}.png").is_file()
    table = table_in(ended.out)
    assert len(table) == 9 * 5  # median, low, high, mean, one threshold
    words = ["--over", "sampling.sampler=lhs,random", "--over", "value.median=300:900:3"]
    assert sim("sweep", path, *words, "--out", tmp_path / "out", "--workers", 1).code == 0


def test_kept_points_are_drawn_again(sim, path: Path, tmp_path: Path):
    command = ["sweep", path, "--over", "pay.value=1:4:3", "--out", tmp_path / "out", "--workers", 1]
    folder = Path(sim(*command, "--quiet").out.strip())
    drawn = [(folder / name).read_bytes() for name in ("curve.png", "curve.pdf", "sweep.csv")]
    again = sim(*command)
    assert "3 of 3 points were in" in again.err
    assert [(folder / name).read_bytes() for name in ("curve.png", "curve.pdf", "sweep.csv")] == drawn


def test_wrong_inputs(sim, path: Path, tmp_path: Path):
    out = ["--out", tmp_path / "out"]
    for arguments, words in (
        ([path, "--over", "pya.value=1,2"], "nearest: pay"),
        ([path, "--over", "value.sigma=-1:1:3"], "point value.sigma=-1:"),
        ([tmp_path / "tset.toml", "--over", "pay.value=1,2"], "no such file"),
    ):
        ended = sim("sweep", *arguments, *out)
        assert ended.code == 2
        assert words in ended.err
        assert "Traceback" not in ended.err
    assert not (tmp_path / "out").exists()


def test_an_interrupted_sweep_goes_on(path: Path, tmp_path: Path):
    out = tmp_path / "out"
    command = [sys.executable, "-m", "sim", "sweep", str(path), "--over", "pay.value=1:400:400",
               "--draws", "65536", "--out", str(out), "--workers", "1"]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, env={**os.environ})
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not list(out.glob("*/points.jsonl")):
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    assert "the same command goes on" in errors
    (store,) = out.glob("*/points.jsonl")
    n_kept = len(store.read_bytes().splitlines())
    assert 0 < n_kept < 400
    assert not list(out.glob("*/grid-*"))


def test_titles_are_not_read_as_mathematics(sim, tmp_path: Path):
    """A dollar in a title is a dollar: matplotlib would refuse the unclosed group behind it."""
    text = scenario_text(
        parameter("pay", 'distribution = "lognormal"\nmedian = 3\nsigma = 0.5').replace(
            "[parameters.pay]\n", '[parameters.pay]\ntitle = "pay $x^{$"\n'
        ),
        formula="pay * 2",
    ).replace('formula = "pay * 2"', 'formula = "pay * 2"\ntitle = "result $\\\\frac{1$ & %"')
    assert text.count("$") == 4
    path = write_scenario(tmp_path, text)
    edited = tmp_path / "edited.toml"
    edited.write_text(f'extends = "{path.name}"\n[parameters.pay]\nmedian = 4\n', encoding="utf-8")
    swept = sim("sweep", path, "--over", "pay.median=2,4", "--out", tmp_path, "--quiet")
    assert (swept.code, swept.err) == (0, "")
    compared = sim("compare", path, edited, "--out", tmp_path)
    assert (compared.code, compared.err) == (0, "")
    assert len(list(tmp_path.rglob("*.png"))) == 5
