"""The tables that sliders read, against densities in closed form and against sim.analysis.reweighting."""

import numpy as np
import pytest

from sim.analysis.reweighting.density_ratios import changes_between, log_ratios
from sim.report.page.movable_priors import REACH, MovablePrior, movable_priors
from sim.run_record import Run
from sim.scenario.load import load
from tests.report.conftest import told_text
from tests.report.exact import EXACT
from tests.report.scenarios import HEAD

N_EACH = 256


def page_log_weights(prior: MovablePrior, spreads: float) -> np.ndarray:
    """Return what the page's script computes, in the precision in which the page holds its numbers."""
    scores = prior.scores.astype("<f4").astype(float)
    table = prior.log_density.astype("<f4").astype(float)
    grid = prior.first + prior.step * np.arange(len(table))
    return np.interp(scores - spreads, grid, table) - np.interp(scores, grid, table)


def test_every_continuous_independent_parameter_has_one(families: Run):
    assert {prior.name for prior in movable_priors(families, N_EACH)} == set(EXACT)


@pytest.mark.parametrize("spreads", [-REACH, -0.35, 0.05, 1.0, REACH])
@pytest.mark.parametrize("name", EXACT)
def test_weights_are_the_ratio_of_densities(families: Run, name: str, spreads: float):
    prior = next(prior for prior in movable_priors(families, N_EACH) if prior.name == name)
    draws = families.variable(name)[:, :N_EACH].ravel()
    expected = EXACT[name].log_weights(draws, spreads)
    error = np.abs(page_log_weights(prior, spreads) - expected)
    # single precision of logarithms up to some 50, linear interpolation; a triangle's density has a kink
    assert np.median(error) < 1e-5
    assert error.max() < (3e-3 if name == "p_triangular" else 5e-5)


def test_spread_is_that_of_the_law(families: Run):
    for prior in movable_priors(families, N_EACH):
        assert prior.spread == pytest.approx(EXACT[prior.name].spread, rel=1e-6)


def test_a_moved_lognormal_is_what_sim_reweight_weighs(families: Run):
    """The same move stated as another median: the log ratios of reweighting itself, up to their constant."""
    prior = next(prior for prior in movable_priors(families, N_EACH) if prior.name == "p_lognormal")
    median = float(prior.scale.back(np.array(prior.middle + 0.7 * prior.spread)))
    path = families.folder / "test.toml"
    new = load(path, [f"parameters.p_lognormal.median={median!r}"])
    ratios = log_ratios(families.scenario, new, changes_between(families.scenario, new), families.arrays)
    expected = ratios[:, :N_EACH].ravel()
    np.testing.assert_allclose(page_log_weights(prior, 0.7), expected, atol=2e-5)


def test_tied_observed_and_unread_parameters_have_none(tmp_path):
    law = 'rationale = "for a test"\ndistribution = "lognormal"\nmedian = 1\nsigma = 0.2\n'
    text = f"""title = "Tied"
{HEAD}
[parameters.a]
{law}
[parameters.b]
{law}
[parameters.free]
{law}
[parameters.unread]
{law}
[[correlations]]
between = ["a", "b"]
rank = 0.5
rationale = "for a test"
[outcomes.total]
formula = "a * b * free"
[report]
outcome = "total"
"""
    assert [prior.name for prior in movable_priors(told_text(text, tmp_path), N_EACH)] == ["free"]


def test_a_density_without_end_has_no_slider(tmp_path):
    """A beta with alpha = 0.001 has draws that are 0 in floating point, where no logit exists."""
    text = f"""title = "Steep"
{HEAD}
[parameters.a]
rationale = "for a test"
distribution = "beta"
alpha = 0.001
beta = 0.001
[outcomes.total]
formula = "1 + a"
[report]
outcome = "total"
"""
    assert movable_priors(told_text(text, tmp_path), N_EACH) == ()
