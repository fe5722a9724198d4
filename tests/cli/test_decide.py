"""``sim decide``."""

import json
from pathlib import Path

import pandas as pd
import pytest

from sim.recipe import open_or_run
from tests.builders import parameter, scenario_text, write_scenario

PARTS = (
    parameter("gain", 'distribution = "lognormal"\nmedian = 8\nsigma = 0.5'),
    parameter("pay", 'distribution = "lognormal"\nmedian = 2\nsigma = 0.3'),
    parameter("spare", 'distribution = "lognormal"\nmedian = 1\nsigma = 0.1'),
)
SIDES = '[outcomes.benefit]\nformula = "gain * spare"\n[outcomes.cost]\nformula = "pay"\n'


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    text = scenario_text(*PARTS, SIDES, formula="benefit / cost", n_draws=1024)
    return write_scenario(
        tmp_path_factory.mktemp("scenario"), text.replace("[report]\n", "[report]\nthresholds = [1, 3]\n")
    )


@pytest.fixture(scope="module")
def finished(scenario: Path) -> Path:
    """Return the folder of a run."""
    return open_or_run(scenario, [], scenario.parent / "results", ["sim"], lambda _: None).folder


def test_file_and_results_give_the_same_tables(sim, scenario: Path, tmp_path: Path):
    ended = sim("decide", scenario, "--out", tmp_path / "results")
    assert ended.code == 0, ended.err
    for words in ("Switching values", "Break-even values", "EVPI", "all judgement", "files:"):
        assert words in ended.out
    folder = next(path for path in (tmp_path / "results").iterdir() if path.is_dir())
    written = {path.name: path.read_bytes() for path in (folder / "tables").glob("*.csv")}
    assert {"acceptability.csv", "switching_values.csv", "information.csv", "threshold_map.csv"} <= set(
        written
    )
    table = pd.read_csv(folder / "tables" / "switching_values.csv")
    # median(gain spare / pay | gain = v) = v / 2: 3 at v = 6; 1,024 draws
    at = table[(table["parameter"] == "gain") & (table["threshold"] == 3)]
    assert at["value"].item() == pytest.approx(6.0, rel=0.03)
    again = sim("decide", folder)
    assert again.code == 0, again.err
    assert written == {path.name: path.read_bytes() for path in (folder / "tables").glob("*.csv")}
    assert sim("decide", folder / "results.nc").code == 0


def test_map_threshold_and_json(sim, finished: Path):
    ended = sim("decide", finished, "--map", "pay", "--map", "spare", "--threshold", 5, "--json")
    assert ended.code == 0, ended.err
    tables = json.loads(ended.out)
    assert {row["threshold"] for row in tables["information"]} == {5.0}
    first = tables["threshold_map"][0]
    assert (first["x_name"], first["y_name"], first["threshold"]) == ("pay", "spare", 5.0)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--map", "gian", "--map", "pay"), "nearest: gain"),
        (("--map", "gain"), "two different names"),
        (("--map", "gain", "--map", "total"), "'total' is no uncertain quantity"),
        (("--threshold", "nan"), "nan is not a threshold"),
        (("--set", "seed=3"), "a finished run cannot be changed"),
    ],
)
def test_wrong_options(sim, finished: Path, arguments: tuple[str, ...], words: str):
    ended = sim("decide", finished, *arguments)
    assert ended.code == 2
    assert words in ended.err and "Traceback" not in ended.err


def test_wrong_subjects(sim, scenario: Path, tmp_path: Path):
    assert sim("decide", tmp_path / "nothing.toml").code == 2
    ended = sim("decide", scenario, "--set", "parameters.pay.medain=3", "--out", tmp_path)
    assert ended.code == 2 and "medain" in ended.err
    (tmp_path / "empty").mkdir()
    ended = sim("decide", tmp_path / "empty")
    assert ended.code == 2 and "results.nc" in ended.err
