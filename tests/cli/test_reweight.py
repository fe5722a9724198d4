"""``sim reweight`` as a user meets it."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.run_folder import open_run
from sim.summary.estimate import estimate

ROOT = Path(__file__).parents[2]
DEFAULT = ROOT / "priors" / "default.toml"
SETTINGS = ("--set", "parameters.salary.median=310000", "--set", "choices.cost_method.contributors=3")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the default scenario once."""
    parent = tmp_path_factory.mktemp("results")
    command = [sys.executable, "-m", "sim", "run", str(DEFAULT), "--out", str(parent), "--draws", "16384"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout
    return next(path for path in parent.iterdir() if path.is_dir())


def test_a_reweighted_run_agrees_with_a_fresh_one(sim, folder: Path, tmp_path: Path):
    ended = sim("reweight", folder, *SETTINGS, "--json", "--out", tmp_path / "w.csv")
    assert ended.code == 0, ended.err
    found = json.loads(ended.out)
    assert 400 < found["n_effective"] < found["n_draws"] == 16384
    fresh = sim("run", DEFAULT, "--out", tmp_path, "--draws", 16384, "--seed", 5, *SETTINGS, "--quiet")
    drawn = open_run(Path(fresh.out.strip()))
    table = pd.read_csv(tmp_path / "w.csv")
    assert len(table) == len(found["rows"])
    for row in found["rows"]:
        # weights count draws, and so does what they are compared with: a run's own summary may integrate
        expected = estimate(counted(row["statistic"], row["at"]), drawn.variable(row["quantity"]))
        # 15 statistics, each within 5.5 combined errors of 16 randomisations: false alarm 1e-3; seeds fixed
        allowed = 5.5 * (row["after_mc_error"] ** 2 + expected.error**2) ** 0.5
        assert abs(row["after"] - expected.value) <= allowed, (row, expected)


def counted(statistic: str, at: float | None) -> Callable[[np.ndarray], float]:
    """Return a statistic of draws as they stand."""
    functions: dict[str, Callable[[np.ndarray], float]] = {
        "median": np.median,
        "mean": np.mean,
        "low": lambda draws: np.quantile(draws, 0.025),
        "high": lambda draws: np.quantile(draws, 0.975),
        "p_above": lambda draws: np.mean(draws > at),
    }
    return functions[statistic]


def test_the_terminal_shows_both(sim, folder: Path):
    ended = sim("reweight", folder / "results.nc", *SETTINGS)
    assert ended.code == 0, ended.err
    for words in (
        "as run",
        "reweighted",
        "bcr, median",
        "P(bcr > 100)",
        "effective of 16,384 draws",
        "Pareto k",
    ):
        assert words in ended.out


def test_tipping(sim, folder: Path):
    # bcr is proportional to ai_value and to 1/salary: the factors are 100 over its median, and the inverse
    ended = sim("reweight", folder, "--tipping")
    assert ended.code == 0, ended.err
    table = pd.read_csv(folder / "tables" / "tipping.csv").set_index(["parameter", "threshold"])
    median = float(np.median(open_run(folder).variable("bcr")))
    for threshold in (1, 4, 100):
        factor = table.loc[("ai_value", threshold), "factor"]
        assert factor == pytest.approx(threshold / median, rel=1e-5)
        assert table.loc[("salary", threshold), "factor"] == pytest.approx(1 / factor, rel=1e-5)
    assert {"attribution.algorithms", "attribution.people", "attribution.technology"} <= set(
        table.index.get_level_values(0)
    )
    times = f"times {table.loc[('ai_value', 100), 'factor']:.3g}"
    for words in ("must become", times, "points", "written:"):
        assert words in ended.out
    as_json = json.loads(sim("reweight", folder, "--tipping", "--json").out)
    assert len(as_json["rows"]) == len(table)


WRONG = {
    "nothing asked": ((), "either --set KEY=VALUE, or --tipping"),
    "both asked": (("--tipping", *SETTINGS), "two different tables"),
    "misspelt": (("--set", "parameters.salary.medain=3"), "nearest: median"),
    "no value": (("--set", "parameters.salary"), "is not key.path=value"),
    "too far": (("--set", "parameters.ai_value.median=1e9"), "effective of 16,384 draws are left"),
    "evidence": (("--set", "evidence.bots=dropped"), "only laws of parameters"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_inputs_end_with_two(sim, folder: Path, name: str):
    arguments, words = WRONG[name]
    ended = sim("reweight", folder, *arguments)
    assert ended.code == 2
    assert words in ended.err
    assert "Traceback" not in ended.err


def test_a_refusal_names_the_command_to_run(sim, folder: Path):
    ended = sim("reweight", folder, "--set", "parameters.ai_value.median=1e9")
    assert f"sim run {folder / 'scenario.toml'} --set parameters.ai_value.median=1e9" in ended.err
