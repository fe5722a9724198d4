"""``sim new --blank``: a whole appraisal that is made up, and runs as it stands."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim.scenario.load import load

SEED = 1


@pytest.fixture
def blank(sim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write one into an empty folder, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    ended = sim("new", "mine", "--blank")
    assert ended.code == 0, ended.err
    assert ended.out == "written: mine.toml (a whole scenario: sim run mine.toml)\n"
    return tmp_path / "mine.toml"


def test_it_stands_alone_and_has_what_an_appraisal_has(blank: Path):
    text = blank.read_text(encoding="utf-8")
    assert "NAME" not in text and "extends" not in text
    scenario = load(blank)
    assert scenario.evidence is None
    laws = {name: parameter.distribution for name, parameter in scenario.parameters.items()}
    assert laws["new_quarter"] == "discrete"  # the event that may not happen
    (pair,) = scenario.correlations
    assert set(pair.between) == {"construction", "upkeep"}
    cost, benefit = (scenario.outcomes[name].formula for name in ("cost", "benefit"))
    assert "construction" in cost and "upkeep" in cost
    assert "time_per_trip" in benefit and "health_per_trip" in benefit


@pytest.mark.usefixtures("blank")
def test_it_checks_explains_and_runs(sim):
    assert sim("check", "mine.toml").out.startswith("mine.toml: valid (9 parameters, 4 outcomes)")
    assert "new_quarter [1]: Whether the quarter on the far bank is built" in sim("explain", "mine.toml").out
    ran = json.loads(sim("run", "mine.toml", "--json", "--figures", "none").out)
    rows = {
        (row["quantity"], row["statistic"], row.get("at")): row
        for row in ran["rows"]
        if not row["alternative"]
    }
    value, error = by_hand()
    row = rows["bcr", "median", None]
    # five standard errors of both: a right program fails once in a million seeds
    assert abs(row["value"] - value) < 5 * np.hypot(row["mc_error"], error)


def by_hand() -> tuple[float, float]:
    """Return the median ratio and its standard error by independent draws, from the statements alone."""
    rng = np.random.default_rng(SEED)
    n, z95 = 400_000, stats.norm.ppf(0.95)
    rho = 2 * np.sin(np.pi * 0.5 / 6)  # of the normals behind a rank correlation of 0.5
    pair = stats.norm.cdf(rng.multivariate_normal([0, 0], [[1, rho], [rho, 1]], n))
    low, mode, high = 4e6, 5e6, 9e6
    shape = 1 + 4 * (mode - low) / (high - low), 1 + 4 * (high - mode) / (high - low)
    construction = stats.beta.ppf(pair[:, 0], *shape, loc=low, scale=high - low)

    def lognormal(p05: float, p95: float, uniforms: np.ndarray) -> np.ndarray:
        sigma = np.log(p95 / p05) / (2 * z95)
        return np.exp(np.log(p05 * p95) / 2 + sigma * stats.norm.ppf(uniforms))

    upkeep = lognormal(60e3, 140e3, pair[:, 1])
    trips = lognormal(300e3**2 / 500e3, 500e3, rng.random(n))
    further = (rng.random(n) < 0.4) * rng.uniform(50e3, 200e3, n)
    per_trip = rng.triangular(0.4, 1.0, 2.2, n) + lognormal(0.1, 1.2, rng.random(n))
    years = (1 - np.exp(-0.03 * 40)) / 0.03
    ratio = (trips + further) * per_trip * years / (construction + upkeep * years)
    parts = np.median(ratio.reshape(100, -1), axis=1)
    return float(np.median(ratio)), float(parts.std(ddof=1) / 10)


def test_without_a_seed_one_is_recorded(sim, blank: Path):
    text = blank.read_text(encoding="utf-8")
    assert "\nseed = 1\n" in text
    assert load(blank).seed == 1
    blank.write_text(text.replace("\nseed = 1\n", "\n"), encoding="utf-8")
    assert load(blank).seed == 1
    ended = sim("run", "mine", "--set", "sampling.n_draws=64", "--quiet", "--figures", "none")
    folder = Path(ended.out.strip())
    assert "\nseed = 1\n" in (folder / "scenario.toml").read_text(encoding="utf-8")
    assert json.loads((folder / "provenance.json").read_text(encoding="utf-8"))["seed"] == "1"


def test_it_extends_nothing(sim, tmp_path: Path):
    ended = sim("new", "mine", "--blank", "--extends", "default", "--out", tmp_path)
    assert ended.code == 2
    assert "--blank: extends nothing\n    allowed: either --blank or --extends BASE" in ended.err
    assert not (tmp_path / "mine.toml").exists()
