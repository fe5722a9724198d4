"""Log likelihoods of periods: against scipy's laws and scipy's quadrature."""

import numpy as np
import pytest
from scipy import integrate, stats

from sim.evidence.hierarchical.checks import contributors_statistics, effort_statistics
from sim.evidence.hierarchical.model_survey import cells_of
from sim.evidence.hierarchical.predictions import (
    ContributorsDraws,
    EffortDraws,
    contributors_log_likelihood,
    effort_log_likelihood,
    predict_contributors,
    predict_frequencies,
    predicted_bins,
)
from tests.evidence.hierarchical.builders import survey_of

SURVEY = survey_of({"a": [[(1, 0), (3, 40), (3, 50)], [], [(12, 900)]]})
EFFORT = EffortDraws(np.array([[1.0]]), np.array([-0.4]), np.array([0.5]), np.array([1.2]))


def test_contributors_by_scipys_negative_binomial() -> None:
    mu, phi = 1.7, 0.6
    found = contributors_log_likelihood(SURVEY, ContributorsDraws(np.log([[mu]]), np.array([[phi]])))
    expected = stats.nbinom.logpmf([3, 0, 1], 1 / phi, 1 / (1 + phi * mu))
    np.testing.assert_allclose(found[0], expected, rtol=1e-10)


def test_period_level_is_integrated_out() -> None:
    """Expected: scipy.integrate.quad over the level of products of differences of scipy.stats.norm.cdf."""
    found = effort_log_likelihood(cells_of(SURVEY, "commits"), EFFORT, "lognormal")
    for place, (n, bins) in enumerate([(3, [(0, 1, 1), (2, 4, 2)]), (1, [(8, 16, 1)])]):
        centre = 1.0 - 0.4 * np.log(n / 2)  # two active periods of 3 and 1: mean 2

        def integrand(u: float, centre: float = centre, bins: list[tuple[int, int, int]] = bins) -> float:
            law = stats.norm(centre + 0.5 * u, 1.2)
            chances = [
                (law.cdf(np.log(high)) - (law.cdf(np.log(low)) if low else 0.0)) ** times
                for low, high, times in bins
            ]
            return float(np.prod(chances) * stats.norm.pdf(u))

        expected = np.log(integrate.quad(integrand, -8, 8)[0])
        assert found[0, place] == pytest.approx(expected, abs=1e-5)


def test_predictions_have_the_laws_of_the_model() -> None:
    """Bounds: 5 standard errors, 5 comparisons, odds of a false alarm 3e-6. Means by scipy."""
    rng, n = np.random.default_rng(8), 20_000
    mu, phi = 2.5, 0.6
    drawn = predict_contributors(
        SURVEY, ContributorsDraws(np.full((n, 1), np.log(mu)), np.full((n, 1), phi)), rng
    )
    law = stats.nbinom(1 / phi, 1 / (1 + phi * mu))
    empty = (drawn == 0).mean()
    assert abs(drawn.mean() - mu) < 5 * law.std() / np.sqrt(drawn.size)
    assert abs(empty - law.pmf(0)) < 5 * np.sqrt(law.pmf(0) / drawn.size)

    many = EffortDraws(*(np.repeat(each, n, axis=0) for each in vars(EFFORT).values()))
    cells = cells_of(SURVEY, "lines")
    frequencies = predict_frequencies(SURVEY, cells, "lines", many, "lognormal", rng)
    assert (frequencies.sum(axis=2) == SURVEY.contributors[SURVEY.active]).all()
    upper = predicted_bins(SURVEY.upper["lines"])
    single = frequencies[:, 1].argmax(axis=1)
    scale = np.hypot(0.5, 1.2)
    for k in (0, 3, 5):
        chance = stats.norm.cdf((np.log(upper[k] + 1) - 1.0 + 0.4 * np.log(0.5)) / scale)
        assert abs((single <= k).mean() - chance) < 5 * np.sqrt(chance * (1 - chance) / n)


def test_statistics_by_hand() -> None:
    survey = survey_of({"a": [[(1, 1)], [(1, 1)] * 3], "b": [[(4, 4)], []]})
    found = contributors_statistics(survey, survey.contributors[np.newaxis])
    assert found["share_empty"][0] == 0.25
    assert found["maximum"][0] == 3
    assert found["top_share"][0] == pytest.approx(3 / 5)
    assert found["spread"][0] == pytest.approx(np.mean([np.sqrt(2) / 2, np.sqrt(0.5) / 0.5]))
    frequencies = survey.frequencies["commits"][survey.active][np.newaxis]
    efforts = effort_statistics(survey, frequencies, survey.upper["commits"])
    assert efforts["maximum"][0] == 4
    assert efforts["top_share"][0] == pytest.approx(3.5 / (4 + 3.5))  # bin 3-4 stands at 3.5
    assert efforts["spread"][0] == 0.0  # stratum b has one active period, a's are alike
