"""The posterior kept beside the survey: found where it belongs, refused where damaged, and refitted."""

import json
import shutil
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from sim.evidence.hierarchical.cache import ABOUT, Posterior, keep_beside, posterior_beside, posterior_digest
from sim.evidence.hierarchical.model_survey import read_model_survey
from sim.evidence.hierarchical.settings import FIT_SEED, FitSettings
from sim.evidence.readings import Reading
from sim.evidence.survey_format import POSTERIOR_DRAWS
from sim.faults import InvalidInput
from sim.samplers.base import stream
from sim.scenario.load import load

ROOT = Path(__file__).parents[3]
PERIODS = ROOT / "data" / "mloss-2022" / "periods.csv"
REFERENCES = {"pytorch": "pytorch/pytorch", "tensorflow": "tensorflow/tensorflow"}


def digest(references: dict[str, str], lines: str = "capped") -> str:
    survey = read_model_survey(PERIODS, Reading(lines=lines))
    return posterior_digest(survey, references, FitSettings(), partial(stream, FIT_SEED))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in (POSTERIOR_DRAWS, ABOUT):
        shutil.copy(PERIODS.parent / name, tmp_path)
    return tmp_path


def test_the_default_scenarios_posterior_is_shipped():
    scenario = load(ROOT / "priors" / "default.toml")
    assert scenario.evidence is not None
    found = posterior_beside(PERIODS, digest(dict(scenario.evidence.references)), FitSettings().draws)
    assert found is not None
    assert not found.diagnostics.faults()
    assert {len(column) for column in found.columns.values()} == {32_000}


def test_another_posterior_is_not_taken_for_it():
    assert posterior_beside(PERIODS, digest({"torch": "pytorch/pytorch"}), 4) is None
    assert posterior_beside(PERIODS, digest(REFERENCES, lines="corrected"), 4) is None
    assert posterior_beside(PERIODS, digest(REFERENCES), 8_000) is not None
    assert posterior_beside(PERIODS, digest(REFERENCES), 8_001) is None


def test_what_is_kept_comes_back(tmp_path: Path):
    """To the last bit: what is written is Python's shortest text that gives the number back."""
    shipped = posterior_beside(PERIODS, digest(REFERENCES), 4)
    assert shipped is not None
    rng = np.random.default_rng(1)
    columns = {"a": np.exp(rng.normal(size=1000) * 20), "b": rng.random(1000) / 3}
    keep_beside(Posterior(columns, shipped.diagnostics), "it", 250, tmp_path)
    again = posterior_beside(tmp_path / "periods.csv", "it", 250)
    assert again is not None
    assert again.diagnostics == shipped.diagnostics
    for name, column in columns.items():
        assert np.array_equal(again.columns[name], column)


def test_nothing_beside_the_survey(tmp_path: Path):
    assert posterior_beside(tmp_path / "periods.csv", "it", 4) is None


@pytest.mark.parametrize("damage", ["draws", "about", "part"])
def test_damage_is_refused(copy: Path, damage: str):
    wanted = digest(REFERENCES)
    if damage == "draws":
        content = (copy / POSTERIOR_DRAWS).read_bytes()
        (copy / POSTERIOR_DRAWS).write_bytes(content.replace(b"1", b"2", 1))
    elif damage == "about":
        (copy / ABOUT).write_bytes((copy / ABOUT).read_bytes()[:100])
    else:
        about = json.loads((copy / ABOUT).read_bytes())
        del about["diagnostics"]["units"]
        (copy / ABOUT).write_text(json.dumps(about), encoding="utf-8")
    with pytest.raises(InvalidInput, match="the posterior kept beside the survey is damaged"):
        posterior_beside(copy / "periods.csv", wanted, 4)


@pytest.mark.slow
def test_a_new_fit_agrees_with_the_shipped_posterior():
    """Medians of 11 estimands, another seed: within five Monte Carlo errors of both together.

    The error of a median from n effective draws of a normal is 1.25 sd / sqrt(n), n at least 400 for both: a
    false alarm in 11 * 5.7e-7, one in 160,000.
    """
    from sim.evidence.hierarchical.posterior import posterior_columns

    survey = read_model_survey(PERIODS, Reading())
    found = posterior_columns(survey, REFERENCES, FitSettings(), partial(stream, 1))
    shipped = posterior_beside(PERIODS, digest(REFERENCES), 4)
    assert shipped is not None
    for name, column in shipped.columns.items():
        error = 1.25 * np.std(np.log(column)) * np.sqrt(2 / 400)
        if np.ptp(column) > 0:
            difference = np.median(np.log(column)) - np.median(np.log(found.columns[name]))
            assert abs(difference) < 5 * error, name
