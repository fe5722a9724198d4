"""Estimands from posterior arrays: against scipy's laws summed term by term, and brute force."""

import numpy as np
import pytest
from scipy import stats

from sim.evidence.hierarchical.expectation import (
    ContributorsDraws,
    EffortDraws,
    estimand_draws,
    expected_counts,
    mean_count,
    negative_binomial_nodes,
)
from tests.evidence.hierarchical.builders import survey_of


@pytest.mark.parametrize("dispersion", [0.0, 1e-6, 0.01, 0.3, 1.0, 5.0])
@pytest.mark.parametrize("mean", [0.05, 3.0, 30.0, 1000.0])
@pytest.mark.parametrize("power", [0.0, 0.8, 1.0, 1.5])
def test_nodes_integrate_like_scipys_law(mean: float, dispersion: float, power: float) -> None:
    """Expected: the sum of scipy.stats.nbinom.pmf (poisson without dispersion) over all that matters."""
    top = int(mean + 12 * np.sqrt(mean + dispersion * mean**2) + 60 * dispersion * mean + 60)
    n = np.arange(1, top)
    law = stats.nbinom(1 / dispersion, 1 / (1 + dispersion * mean)) if dispersion else stats.poisson(mean)
    nodes = negative_binomial_nodes(np.array(mean), np.array(dispersion))
    found = float((nodes.weights * nodes.numbers**power).sum())
    assert found == pytest.approx(float((law.pmf(n) * n**power).sum()), rel=2e-4)


@pytest.mark.parametrize("dispersion", [0.0, 0.3])
def test_nodes_of_a_billion(dispersion: float) -> None:
    """Expected: the mean itself, and the law's variance."""
    nodes = negative_binomial_nodes(np.array(1e9), np.array(dispersion))
    mean = float((nodes.weights * nodes.numbers).sum())
    variance = float((nodes.weights * (nodes.numbers - 1e9) ** 2).sum())
    assert mean == pytest.approx(1e9, rel=2e-4)
    assert variance == pytest.approx(1e9 + dispersion * 1e18, rel=5e-3)


@pytest.mark.parametrize(
    ("location", "scale", "offset", "cap"),
    [
        (0.6, 1.35, 0, np.inf),
        (2.0, 0.3, 0, np.inf),
        (0.0, 1.0, 1, 5.0),
        (2.3, 0.3, 1, 20.0),
        (5.0, 2.2, 1, 10_000.0),
        (-3.0, 1.0, 1, np.inf),
    ],
)
def test_mean_count_is_the_sum_of_survival(location: float, scale: float, offset: int, cap: float) -> None:
    """Expected: sum of P(count > k) by scipy.stats.lognorm over every k up to the cap or 100,000."""
    k = np.arange(offset, int(min(offset + cap, 100_000)))
    expected = stats.lognorm.sf(k, scale, scale=np.exp(location)).sum()
    assert float(mean_count(np.array(location), np.array(scale), offset, cap)) == pytest.approx(
        expected, rel=1e-4
    )


def test_estimands_against_brute_force_simulation() -> None:
    """Simulate 400,000 periods of a stratum from the model and count.

    Bound: 4 standard errors, three comparisons, odds of a false alarm 2e-4.
    """
    survey = survey_of({"a": [[(3, 40)] * 4, [(2, 9)] * 9]}, cap=1000.0)
    mu, phi, b, tau = 6.0, 0.4, -0.3, 0.4
    levels, scales = {"commits": 0.8, "lines": 4.5}, {"commits": 1.2, "lines": 2.0}
    contributors = ContributorsDraws(np.array([[np.log(mu)]]), np.array([[phi]]))
    efforts = {
        unit: EffortDraws(
            np.array([[levels[unit]]]), np.array([b]), np.array([tau]), np.array([scales[unit]])
        )
        for unit in levels
    }
    counts = expected_counts(survey, contributors, efforts)
    columns = estimand_draws(survey, counts, {"a": "x/a"})

    rng = np.random.default_rng(5)
    n = rng.poisson(mu * rng.gamma(1 / phi, phi, 400_000))
    period = np.repeat(np.arange(len(n)), n)
    deviation = np.log(n[period]) - np.log(6.5)  # 6.5: mean of 4 and 9 contributors
    simulated = {"contributors": n.astype(float)}
    for unit, offset, cap in (("commits", 0, np.inf), ("lines", 1, 1000.0)):
        level = (levels[unit] + tau * rng.standard_normal(len(n)))[period] + b * deviation
        x = np.exp(level + scales[unit] * rng.standard_normal(len(period)))
        each = np.minimum(np.ceil(x) - offset, cap)
        simulated[unit] = np.bincount(period, each, len(n))
    for place, values in enumerate(simulated.values()):
        error = values.std() / np.sqrt(len(values))
        assert abs(counts[0, 0, place] - values.mean()) < 4 * error
    assert columns["contributors"][0] == pytest.approx(mu)
    assert columns["commits_per_year"][0] == pytest.approx(26 * counts[0, 0, 1])
    assert columns["lines_per_contributor_period.a"][0] == pytest.approx(counts[0, 0, 2] / mu)


def test_a_reference_listed_twice_weighs_its_strata_by_their_periods() -> None:
    """By hand: (2 x 10 + 1 x 30) / (2 x 1 + 1 x 2)."""
    survey = survey_of({"a": [[(1, 1)], [(1, 1)]], "b": [[(1, 1)]]})
    object.__setattr__(survey.sample, "repository", np.array(["x/r"] * 3))
    counts = np.array([[[1.0, 10.0, 10.0], [2.0, 30.0, 30.0]]])
    found = estimand_draws(survey, counts, {"r": "x/r"})
    assert found["commits_per_contributor_period.r"][0] == pytest.approx(50 / 4)
