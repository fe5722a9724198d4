"""Hybrid draws: distributions of the totals from the design, all else from the posterior."""

import numpy as np
import pytest
from scipy import stats

from sim.evidence.methods import METHODS, draw_evidence
from sim.evidence.methods.posterior_methods import in_ranks_of
from sim.types import Array
from tests.evidence.test_bootstrap import made_up, sample_of, streams

N_DRAWS = 2_000
NAMES = ("contributors", "commits_per_year", "lines_per_year")
RATIOS = ("commits_per_contributor_period.r", "lines_per_contributor_period.r")


@pytest.fixture
def posterior() -> dict[str, Array]:
    """Made up: five lognormals with one common part."""
    rng = np.random.default_rng(41)
    common = rng.standard_normal(N_DRAWS)
    return {name: np.exp(common + rng.standard_normal(N_DRAWS)) for name in (*NAMES, *RATIOS)}


def test_totals_by_design_ratios_by_model_ranks_by_model(posterior: dict[str, Array]) -> None:
    sample, references = sample_of(made_up()), {"r": "x/s01"}
    found = METHODS["hybrid"].of_posterior(sample, references, posterior, streams(6))
    design = draw_evidence(sample, references, "calibrated", N_DRAWS, streams(6)).columns
    assert set(found) == {*NAMES, *RATIOS}
    for name in NAMES:
        assert (np.sort(found[name]) == np.sort(design[name])).all()
    for name in RATIOS:
        assert (found[name] == posterior[name]).all()
    together = [
        np.stack([columns[name] for name in (*NAMES, *RATIOS)], axis=1) for columns in (found, posterior)
    ]
    correlations = [stats.spearmanr(columns).statistic for columns in together]
    assert correlations[0] == pytest.approx(correlations[1], abs=1e-6)
    assert correlations[0][0, 3] > 0.3


def test_ranks_are_taken_over_exactly() -> None:
    rng = np.random.default_rng(2)
    draws, model = rng.random(500), rng.standard_normal(500)
    arranged = in_ranks_of(draws, model)
    assert (stats.rankdata(arranged) == stats.rankdata(model)).all()
