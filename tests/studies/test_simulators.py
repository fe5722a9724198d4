"""Both simulators: truths against brute force, and surveys of the form they should have."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from sim.evidence.estimands import PERIODS_PER_YEAR, estimands, reference_sums, sample_totals
from sim.evidence.hierarchical.model_survey import ModelSurvey, read_model_survey
from sim.evidence.readings import UNITS, Reading
from sim.types import Array
from studies.coverage.population import (
    MODEL,
    ContributorLevels,
    MarkLevels,
    discretised_mean,
    expected_counts,
)
from studies.coverage.simulators import ModelSurveys, ResampledSurveys
from tests.evidence.test_bootstrap import PERIODS, REFERENCES, sample_of

SIGMAS = 5.0  # two-sided odds 6e-7 a comparison


@pytest.fixture(scope="module")
def survey() -> ModelSurvey:
    return read_model_survey(PERIODS, Reading())


def grouped(counts: dict[str, Array]) -> ModelSurvey:
    """Make a survey whose contributors all lie in one bin."""
    sample = sample_of(counts)
    table = sample.contributors.astype(np.int64)[:, np.newaxis]
    ones = dict.fromkeys(UNITS, np.ones(len(table)))
    return ModelSurvey(
        sample,
        dict.fromkeys(UNITS[1:], table),
        dict.fromkeys(UNITS[1:], np.array([10**9])),
        ones,
    )


@pytest.mark.parametrize("spread", [0.4, 1.37, 2.27])
@pytest.mark.parametrize("cap", [1.0, 100.0, 256.0, 10_000.0])
def test_capped_mean_is_the_sum_of_its_definition(spread: float, cap: float) -> None:
    """E[min(x, c)] = sum of P(X > k), k < c, by scipy's lognormal."""
    location = np.array([-6.0, -1.0, 0.5, 4.0, 7.5, 11.0])
    k = np.arange(1, int(cap))
    expected = [1 + stats.lognorm.sf(k, spread, scale=np.exp(eta)).sum() for eta in location]
    assert discretised_mean(location, spread, cap) == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("location", [-2.0, 0.6, 3.0])
def test_uncapped_mean_is_the_sum_to_two_million(location: float) -> None:
    """Beyond two million the lognormal of spread 1.3 holds less than 1e-12 of the mean."""
    k = np.arange(1, 2_000_000)
    expected = 1 + stats.lognorm.sf(k, 1.3, scale=np.exp(location)).sum()
    assert discretised_mean(np.array([location]), 1.3)[0] == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize(("unit", "cap"), [("commits", np.inf), ("lines", 10_000.0)])
def test_expected_counts_against_periods_drawn(unit: str, cap: float) -> None:
    """Three strata, 60,000 periods of each; five standard errors of their means."""
    n_periods = 60_000
    rng = np.random.default_rng(31)
    people = ContributorLevels(np.array([0.3, 5.0, 20.0]), np.array([0.05, 0.4, 1.5]))
    marks = MarkLevels(np.array([0.2, 1.0, 2.0]), MODEL.marks[unit], cap)
    expected = expected_counts(people, marks)
    slots = np.repeat(np.arange(3), n_periods)
    contributors = people.draw(slots, rng)
    each = np.minimum(marks.draw(contributors, people.log_active_means[slots], slots, rng), cap)
    owner = np.repeat(np.arange(len(slots)), contributors)
    totals = np.bincount(owner, each, minlength=len(slots)).reshape(3, n_periods)
    n = contributors.reshape(3, n_periods).astype(np.float64)
    for drawn, wanted in ((totals, expected), (n, people.means)):
        error = drawn.std(axis=1) / np.sqrt(n_periods)
        assert (np.abs(drawn.mean(axis=1) - wanted) < SIGMAS * error).all()
    active = [np.log(row[row > 0].mean()) for row in n]
    assert active == pytest.approx(people.log_active_means, abs=0.05)


def test_model_truths_are_estimands_of_its_expectations(
    survey: ModelSurvey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No spread between strata: all alike, so totals are 139 times one stratum's.

    sigma = 0 and phi = phi0 e_h with e_h drawn; commits without activity effect do not depend on e_h, so
    E[Y] = mu m(beta) with m by scipy's sum to two million.
    """
    commits = replace(MODEL.marks["commits"], between=0.0, activity=0.0)
    flat = replace(
        MODEL,
        contributors=replace(MODEL.contributors, between=0.0),
        marks={**MODEL.marks, "commits": commits},
    )
    monkeypatch.setattr("studies.coverage.simulators.MODEL", flat)
    simulator = ModelSurveys(survey, REFERENCES, "drawn")
    truths = simulator.simulate(np.random.default_rng(5)).truths
    spread = np.hypot(commits.spread, commits.period)
    mark = 1 + stats.lognorm.sf(np.arange(1, 2_000_000), spread, scale=np.exp(commits.location)).sum()
    mean = np.exp(MODEL.contributors.location)
    assert truths["contributors"] == pytest.approx(139 * mean)
    assert truths["commits_per_year"] == pytest.approx(PERIODS_PER_YEAR * 139 * mean * mark, rel=1e-6)
    assert truths["commits_per_contributor_period.pytorch"] == pytest.approx(mark, rel=1e-6)


def test_model_surveys_have_the_form_of_the_real_one(survey: ModelSurvey) -> None:
    found = ModelSurveys(survey, REFERENCES).simulate(np.random.default_rng(7)).survey
    assert found.sample.counts.shape == survey.sample.counts.shape
    assert (found.sample.stratum == survey.sample.stratum).all()
    for i, unit in enumerate(UNITS[1:], start=1):
        table = found.frequencies[unit]
        upper = found.upper[unit]
        assert (table.sum(axis=1) == found.sample.contributors).all()
        assert unit == "lines" or (table[:, 0] == 0).all()
        low = np.concatenate([[0], upper[:-1] + 1])
        capped = upper if unit == "commits" else np.minimum(upper, 10_000)
        assert (found.sample.counts[:, i] <= table @ capped).all()
        assert (found.sample.counts[:, i] >= table @ np.minimum(low, 10_000)).all()
    assert found.sample.contributors.sum() == pytest.approx(survey.contributors.sum(), rel=0.3)


def test_resampled_truth_by_hand() -> None:
    """Two strata pooled for each of three, worked out by hand: a and b are nearest each other, c to b."""
    counts = {
        "a": np.array([[1.0, 10, 100], [3, 30, 300]]),
        "b": np.array([[4.0, 8, 16], [6, 12, 24]]),
        "c": np.array([[20.0, 40, 80], [40, 80, 160]]),
    }
    truths = ResampledSurveys(grouped(counts), {"r": "x/c"}, like=2).truths
    mean_ab, mean_bc = np.array([3.5, 15.0, 110.0]), np.array([17.5, 35.0, 70.0])
    totals = (2 * mean_ab + mean_bc) * [1, 26, 26]
    assert list(truths.values()) == pytest.approx([*totals, 35 / 17.5, 70 / 17.5])


def test_resampled_truth_is_the_mean_of_its_surveys(survey: ModelSurvey) -> None:
    """Totals are unbiased: the mean of 600 surveys, five standard errors; the reference's sums likewise."""
    rng = np.random.default_rng(9)
    simulator = ResampledSurveys(survey, REFERENCES)
    samples = [simulator.simulate(rng).survey.sample for _ in range(600)]
    names = ("contributors", "commits_per_year", "lines_per_year")
    found = np.array([[estimands(sample_totals(sample), {})[name] for name in names] for sample in samples])
    truth = np.array([simulator.truths[name] for name in names])
    assert (np.abs(found.mean(axis=0) - truth) < SIGMAS * found.std(axis=0) / np.sqrt(len(samples))).all()
    sums = np.array([reference_sums(sample.strata_of("pytorch/pytorch")) for sample in samples])
    for i, unit in enumerate(UNITS[1:], start=1):
        difference = sums[:, i] - simulator.truths[f"{unit}_per_contributor_period.pytorch"] * sums[:, 0]
        assert abs(difference.mean()) < SIGMAS * difference.std() / np.sqrt(len(samples))


def test_resampled_periods_are_whole_real_ones_with_their_frequencies(survey: ModelSurvey) -> None:
    n_periods = len(survey.contributors)
    marked = replace(survey, frequencies={"commits": np.arange(n_periods)[:, np.newaxis]})
    simulator = ResampledSurveys(marked, REFERENCES)
    found = simulator.simulate(np.random.default_rng(3)).survey
    origin = found.frequencies["commits"][:, 0]
    assert (found.sample.counts == survey.sample.counts[origin]).all()
    assert len(np.unique(origin)) > n_periods / 3
    for own, pool in zip(simulator.own, simulator.pools, strict=True):
        assert set(origin[own]) <= set(pool)
        assert set(own) <= set(pool)
        assert len(pool) == 50
