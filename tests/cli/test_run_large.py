"""``sim run`` with more draws than are kept."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from sim.results import draws_of
from sim.results_file import read
from tests.builders import parameter, scenario_text, write_scenario

ROOT = Path(__file__).parents[2]


def ratio(folder: Path) -> Path:
    """Write a scenario whose outcome is a ratio of lognormals: ln is normal with mean ln 1500, sd 0.583."""
    text = scenario_text(
        parameter("value", 'distribution = "lognormal"\nmedian = 3e11\nsigma = 0.5', 'unit = "USD"'),
        parameter("pay", 'distribution = "lognormal"\nmedian = 2e8\nsigma = 0.3', 'unit = "USD"'),
        '[outcomes.benefit]\nformula = "value"\nunit = "USD"\n',
        '[outcomes.cost]\nformula = "pay"\nunit = "USD"\n',
        formula="benefit / cost",
        dimensions=["value", "pay"],
    )
    return write_scenario(folder, text)


def summary_of(folder: Path) -> dict[str, float]:
    """Return the statistics of the outcome."""
    (path,) = folder.glob("*/summary.json")
    content = json.loads(path.read_text(encoding="utf-8"))
    return {row["statistic"]: row["value"] for row in content["rows"] if row["quantity"] == "total"}


def test_a_run_of_over_four_million_draws_is_streamed(sim, tmp_path: Path):
    path = ratio(tmp_path)
    ended = sim("run", path, "--draws", "5e6", "--keep-draws", "1_000", "--out", tmp_path / "out")
    assert ended.code == 0, ended.err
    assert "8,388,608 draws (4 x 2,097,152 sobol)" in ended.out
    assert "1,000 of 8,388,608 draws are kept" in ended.out
    assert len(ended.out.splitlines()) <= 20
    (results,) = (tmp_path / "out").glob("*/results.nc")
    assert draws_of(read(results)).variable("total").shape == (4, 250)
    found = summary_of(tmp_path / "out")
    assert found["median"] == pytest.approx(1500, rel=2.0**-13)
    assert found["mean"] == pytest.approx(1500 * 2.718281828459045**0.17, rel=1e-5)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--draws", "many"), "not a whole number"),
        (("--draws", "1e3.5"), "not a whole number"),
        (("--draws", "1e12"), "--draws: 1000000000000 is too large"),
        (("--keep-draws", "3"), "--keep-draws: 3 is too small"),
        (("--workers", "0"), "--workers"),
        (("--workers", "2", "--scheduler", "tcp://127.0.0.1:9"), "one or the other"),
        (("--scheduler", "tcp://127.0.0.1:9"), "no Dask scheduler answers"),
    ],
)
def test_wrong_options_are_said(sim, tmp_path: Path, arguments: tuple[str, ...], words: str):
    ended = sim("run", ratio(tmp_path), "--out", tmp_path / "out", *arguments)
    assert ended.code == 2
    assert words in ended.err
    assert "Traceback" not in ended.err
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_hundred_million_draws_take_less_than_a_gibibyte(tmp_path: Path):
    command = [
        sys.executable,
        "-m",
        "sim",
        "run",
        str(ratio(tmp_path)),
        "--draws",
        "1e8",
        "--sampler",
        "random",
    ]
    done = subprocess.run(
        [*command, "--out", str(tmp_path / "out")], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert "100,000,000 draws" in done.stdout
    # the largest of all processes waited for so far, in KiB
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 2**20
