"""Parameters conditioned on observed values: against a conjugate case and against quadrature."""

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim.evidence.hierarchical.cache import FitCache
from sim.evidence.hierarchical.meta_analysis import condition, log_density_on_working_scale
from sim.evidence.observations import Observations, PosteriorLaw


def monte_carlo_error(draws: np.ndarray, ess: float) -> float:
    return float(draws.std() / np.sqrt(ess))


def test_a_normal_prior_with_normal_errors_is_conjugate(tmp_path: Path):
    # exact: precisions add. Four Monte Carlo errors: false alarm 6e-5 for each of two statistics, seed fixed
    values, sds = np.array([4.0, 6.0, 9.0]), np.array([1.0, 2.0, 1.5])
    found = condition(stats.norm(5, 3), Observations(values, sds, "natural", 0.0), 1, FitCache(tmp_path))
    precision = 1 / 9 + (1 / sds**2).sum()
    mean = (5 / 9 + (values / sds**2).sum()) / precision
    error = monte_carlo_error(found.draws, found.convergence.ess_bulk)
    assert found.draws.mean() == pytest.approx(mean, abs=4 * error)
    assert found.draws.std() == pytest.approx(precision**-0.5, abs=4 * error)
    assert found.spread == 0.0


def test_random_effects_agree_with_quadrature(tmp_path: Path):
    # the posterior of (theta, tau) on a grid, by plain summation: an engine with no sampler in it
    values, sds, between = np.array([63e9, 350e9, 430e9, 690e9, 1262e9]), np.full(5, 0.4), 0.8
    observations = Observations(values, sds, "log", between)
    prior = stats.lognorm(0.89, scale=3e11)
    grid, log_prior = log_density_on_working_scale(prior, observations)
    taus = np.linspace(0.0, 6.0, 1201)
    spreads = np.sqrt(sds**2 + taus[:, None] ** 2)
    log_posterior = log_prior[:, None] + stats.halfnorm(scale=between).logpdf(taus)
    for value, spread in zip(np.log(values), spreads.T, strict=True):
        log_posterior = log_posterior + stats.norm.logpdf(value, grid[:, None], spread)
    weights = np.exp(log_posterior - log_posterior.max())
    weights /= weights.sum()
    mean = (weights.sum(axis=1) * grid).sum()
    sd = np.sqrt((weights.sum(axis=1) * (grid - mean) ** 2).sum())
    spread = (weights.sum(axis=0) * taus).sum()

    found = condition(prior, observations, 3, FitCache(tmp_path))
    logs = np.log(found.draws)
    error = monte_carlo_error(logs, found.convergence.ess_bulk)
    assert logs.mean() == pytest.approx(mean, abs=4 * error)
    assert logs.std() == pytest.approx(sd, abs=4 * error)
    assert found.spread == pytest.approx(spread, rel=0.05)


def test_the_posterior_law_is_that_of_its_draws():
    draws = np.sort(np.random.default_rng(2).normal(size=10_001))
    law = PosteriorLaw(draws)
    u = np.linspace(0.01, 0.99, 99)
    np.testing.assert_allclose(law.ppf(u), np.quantile(draws, u))
    np.testing.assert_allclose(law.cdf(law.ppf(u)), u, atol=1e-9)
    assert (law.mean(), law.std()) == (draws.mean(), draws.std(ddof=1))
