"""``sim evidence fit`` from end to end, on few draws of the shipped survey."""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import xarray as xr

ROOT = Path(__file__).parents[3]
FEW = ["--draws", "60", "--tune", "150", "--chains", "2"]


def fit(arguments: list[str], cache: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", "sim", "evidence", "fit", *arguments]
    environment = os.environ | {"SIM_CACHE_DIR": str(cache)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_fit_prints_and_writes(tmp_path: Path) -> None:
    """Few draws are refused with the numbers; accepted by hand they are written, and said to be few."""
    out = tmp_path / "out"
    arguments = [*FEW, "--out", str(out)]
    refused = fit(arguments, tmp_path / "cache")
    assert refused.returncode == 2
    assert "effective draws" in refused.stderr
    assert "--accept-diagnostics" in refused.stderr
    assert not out.exists()
    accepted = fit([*arguments, "--accept-diagnostics", "--figures"], tmp_path / "cache")
    assert accepted.returncode == 0, accepted.stderr
    assert "commits_per_contributor_period.tensorflow" in accepted.stdout
    assert "accepted although: posterior" in accepted.stdout
    table = pd.read_csv(out / "estimands.csv", index_col="estimand")
    assert table.loc["contributors", "design"] == pytest.approx(779.0)  # method page, reproduced by Table 1
    assert (table["low"] < table["median"]).all()
    tree = xr.load_datatree(out / "posterior.nc", engine="h5netcdf")
    assert tree["posterior"]["contributors"].sizes == {"chain": 2, "draw": 60}
    names = {path.name for path in out.iterdir()}
    assert {"shrinkage.pdf", "ranks.png", "forest.png", "predictive.png", "lines.nc", "strata.csv"} <= names


def test_wrong_models_are_said(tmp_path: Path) -> None:
    found = fit(["--model", "commits=lognormall", "--model", "comits=poisson"], tmp_path)
    assert found.returncode == 2
    assert "nearest: lognormal" in found.stderr
    assert "nearest: commits" in found.stderr
    assert "Traceback" not in found.stderr
