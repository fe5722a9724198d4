"""The shipped scenarios give the numbers they gave when last looked at."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pandas as pd
import pytest

from sim.engine.recipe import run
from sim.scenario.load import load
from sim.summary.rows import summarise

PRIORS = Path(__file__).parents[1] / "priors"


@pytest.mark.parametrize("path", sorted(PRIORS.glob("*.toml")), ids=lambda path: path.stem)
def test_golden_summary(path: Path, tmp_path: Path, golden: Callable[[str, Path], None]):
    scenario = load(path)
    summary = tmp_path / "summary.csv"
    rows = [asdict(row) for row in summarise(scenario, run(scenario))]
    pd.DataFrame(rows).to_csv(summary, index=False, lineterminator="\n")
    golden(path.stem, summary)
