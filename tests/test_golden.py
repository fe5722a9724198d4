"""The shipped scenarios give the numbers they gave when last looked at."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.engine import run
from sim.report.folder import write_results
from sim.scenario.load import load

PRIORS = Path(__file__).parents[1] / "priors"


@pytest.mark.parametrize("path", sorted(PRIORS.glob("*.toml")), ids=lambda path: path.stem)
def test_golden_summary(path: Path, tmp_path: Path, golden: Callable[[str, Path], None]):
    scenario = load(path)
    written = write_results(scenario, run(scenario), tmp_path, ["sim"], print)
    golden(path.stem, written.folder / "summary.csv")
