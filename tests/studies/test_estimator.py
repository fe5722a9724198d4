"""Methods that fit a model: the hybrid stands on the same posterior."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from sim.evidence.estimands import point_estimates
from sim.evidence.hierarchical.model_survey import ModelSurvey, read_model_survey
from sim.evidence.readings import Reading
from sim.samplers.base import stream
from studies.coverage.runner import Estimator
from studies.coverage.study import FIT
from tests.evidence.test_bootstrap import PERIODS, REFERENCES


def test_posteriors_of_a_study_are_used_whatever_their_diagnostics() -> None:
    """A refusal would leave out the hard surveys and flatter the coverage of the rest."""
    assert FIT.accept_diagnostics


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Estimated shape parameter of Pareto")
def test_hybrid_shares_the_fit_of_the_real_survey() -> None:
    """Ratios are the posterior's draws, totals centre on the point estimates.

    A calibrated total's median of 800 draws is off by under five times 1.25 sd / sqrt(800), 0.22 sd.
    """
    survey: ModelSurvey = read_model_survey(Path(PERIODS), Reading())
    rng_for: Callable[[str], np.random.Generator] = partial(stream, 5, "test")
    estimator = Estimator(survey, REFERENCES, 500, rng_for)
    posterior, hybrid = estimator.columns("hierarchical"), estimator.columns("hybrid")
    assert len(hybrid["contributors"]) == FIT.draws * FIT.chains
    for name in posterior:
        if "." in name:
            assert hybrid[name] is posterior[name]
    points = point_estimates(survey.sample, {})
    for name, point in points.items():
        sd = hybrid[name].std()
        assert abs(np.median(hybrid[name]) - point) < 0.22 * sd
        assert 0.3 < sd / posterior[name].std() < 3
        in_order = hybrid[name][np.argsort(posterior[name])]
        assert (np.diff(in_order) >= 0.0).all()  # the ranks of the posterior; two draws may be one number
