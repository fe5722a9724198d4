"""Calibrated draws, against t intervals built from scipy and from plain replicates.

Bounds state their error; seeds are fixed.
"""

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim.evidence.calibration import reference_error, widening
from sim.evidence.estimands import point_estimates, sample_totals
from sim.evidence.periods import read_periods
from sim.evidence.readings import PeriodSample, Reading, read_as
from sim.evidence.sampling_error import draw_evidence
from tests.evidence.test_bootstrap import PERIODS, REFERENCES, made_up, sample_of, streams

N_DRAWS = 65_536
assert isinstance(PERIODS, Path)


def survey_as(lines: str) -> PeriodSample:
    return read_as(read_periods(PERIODS), Reading(lines=lines))  # type: ignore[arg-type]


@pytest.mark.parametrize("nu", [1.0, 4.0, 37.3])
def test_widening_is_root_of_nu_over_chi_square(nu: float) -> None:
    u = np.array([0.01, 0.2, 0.5, 0.9, 0.999])
    assert widening(u, nu) == pytest.approx(np.sqrt(nu / stats.chi2.ppf(u, nu)), rel=1e-10)
    assert widening(np.array([0.0, 1e-9]), nu).tolist() == [widening(np.array([0.01]), nu)[0]] * 2
    assert widening(u, np.inf).tolist() == [1.0] * 5


def test_reference_covariance_by_brute_force() -> None:
    """All 5^4 resamples written out with itertools, moments by their definition."""
    import itertools

    counts = made_up(1)["s00"]
    sample = sample_of({"r": counts, "other": made_up(2)["s01"]})
    totals = sample_totals(sample)
    error = reference_error(sample.strata_of("x/r"), totals, streams(1))
    rows = []
    for picked in itertools.product(range(5), repeat=4):
        mean = counts[list(picked)].mean(axis=0)
        rows.append([*(mean / totals), np.log(mean[1] / mean[0]), np.log(mean[2] / mean[0])])
    centred = np.array(rows) - np.mean(rows, axis=0)
    assert error.covariance == pytest.approx(centred.T @ centred / len(rows), rel=1e-9)
    assert error.degrees_of_freedom == pytest.approx(4)
    assert error.undefined == 0


def test_reference_covariance_of_many_periods_is_sampled_alike() -> None:
    """Nine periods have 9^8 resamples: the fixed sample of 65,536 meets the closed form of its linear parts.

    A variance from 65,536 near-normal replicates has a relative error of 0.0055; 3 % is over five of them.
    """
    counts = made_up(1, (9,))["s00"]
    sample = sample_of({"r": counts})
    error = reference_error(sample.strata, sample_totals(sample), streams(2))
    expected = np.cov((counts / counts.mean(axis=0)).T, ddof=1) / 9
    assert np.diag(error.covariance)[:3] == pytest.approx(np.diag(expected), rel=0.03)
    assert error.degrees_of_freedom == pytest.approx(8)


@pytest.mark.parametrize("lines", ["capped", "corrected"])
def test_cost_rows_have_the_t_interval_of_the_method(lines: str) -> None:
    """Of log U/R: point estimate and t_nu sd, nu Satterthwaite's, sd that of plain Rao-Wu log replicates.

    Those replicates are drawn with other seeds. The rows are drawn as a sum of two widened parts, so their
    intervals are the t's or up to a tenth wider: 3 % below (three Monte Carlo errors of a tail quantile)
    to 12 % above.
    """
    sample = survey_as(lines)
    points = point_estimates(sample, REFERENCES)
    drawn = draw_evidence(sample, REFERENCES, "calibrated", N_DRAWS, streams(3))
    plain = draw_evidence(sample, REFERENCES, "rescaled", N_DRAWS, streams(4)).columns
    for unit in ("commits", "lines"):
        for reference in REFERENCES:
            total, ratio = f"{unit}_per_year", f"{unit}_per_contributor_period.{reference}"
            half = (
                stats.t.ppf(0.975, drawn.degrees_of_freedom[ratio])
                * np.log(plain[total] / plain[ratio]).std()
            )
            logs = np.log(drawn.columns[total] / drawn.columns[ratio]) - np.log(points[total] / points[ratio])
            low, high = np.quantile(logs, [0.025, 0.975])
            assert 0.97 < -low / half < 1.12
            assert 0.97 < high / half < 1.12


def test_totals_have_the_t_interval_of_their_linearised_variance() -> None:
    """T exp(+- t_nu sd), sd from sum of s_h^2/n_h and nu Satterthwaite's, both by hand here; 3 % as above."""
    sample = survey_as("capped")
    drawn = draw_evidence(sample, REFERENCES, "calibrated", N_DRAWS, streams(5)).columns
    for unit, name in enumerate(("contributors", "commits_per_year", "lines_per_year")):
        v = np.array([stratum.counts[:, unit].var(ddof=1) / 5 for stratum in sample.strata])
        nu = v.sum() ** 2 / (v**2 / 4).sum()
        half = stats.t.ppf(0.975, nu) * np.sqrt(v.sum()) / sample_totals(sample)[unit]
        logs = np.log(drawn[name] / point_estimates(sample, REFERENCES)[name])
        assert np.quantile(logs, [0.025, 0.975]) == pytest.approx([-half, half], rel=0.03)


def test_log_ratio_of_one_reference_is_a_scaled_t() -> None:
    """R alone is exp(sd t_4) about its point estimate, t held at w's 99 % point, which 90 % quantiles miss.

    Tail quantiles of 65,536 draws have errors under 1 %; 5 % is over five of them.
    """
    sample = survey_as("capped")
    drawn = draw_evidence(sample, REFERENCES, "calibrated", N_DRAWS, streams(6)).columns
    name = "commits_per_contributor_period.tensorflow"
    logs = np.log(drawn[name] / point_estimates(sample, REFERENCES)[name])
    error = reference_error(sample.strata_of("tensorflow/tensorflow"), sample_totals(sample), streams(6))
    sd = np.sqrt(error.covariance[3, 3])
    for p in (0.025, 0.05, 0.25, 0.75, 0.95, 0.975):
        assert np.quantile(logs, p) == pytest.approx(sd * stats.t.ppf(p, 4), rel=0.05)
    # the median of n draws of t_4 has standard error 1 / (2 f(0) sqrt(n)), f(0) = 0.375: five of them
    assert abs(np.median(logs)) < 5 * sd / (2 * 0.375 * np.sqrt(N_DRAWS))


def test_commits_and_lines_of_a_reference_widen_together() -> None:
    """One chi-square for a reference: x = w z, so whitened parts y have cov(log|y_1|, log|y_2|) = var(log w).

    Without sharing it is 0. The expected variance is a midpoint sum over the uniform; bound: five standard
    errors of the covariance of 65,536 draws, odds 6e-7.
    """
    sample = survey_as("capped")
    drawn = draw_evidence(sample, REFERENCES, "calibrated", N_DRAWS, streams(7)).columns
    points = point_estimates(sample, REFERENCES)
    names = [f"{unit}_per_contributor_period.pytorch" for unit in ("commits", "lines")]
    logs = np.stack([np.log(drawn[name] / points[name]) for name in names])
    error = reference_error(sample.strata_of("pytorch/pytorch"), sample_totals(sample), streams(7))
    whitened = np.linalg.solve(np.linalg.cholesky(error.covariance[3:, 3:]), logs)
    sizes = np.log(np.abs(whitened))
    products = np.prod(sizes - sizes.mean(axis=1, keepdims=True), axis=0)
    expected = np.log(widening((np.arange(100_000) + 0.5) / 100_000, 4.0)).var()
    assert abs(products.mean() - expected) < 5 * products.std() / np.sqrt(N_DRAWS)
    assert expected > 0.1


def test_total_of_a_tiny_sample_may_be_zero_and_never_negative() -> None:
    sample = sample_of({"a": np.array([[0.0, 0, 0], [4, 8, 0]]), "b": np.array([[0.0, 0, 0], [1, 1, 0]])})
    drawn = draw_evidence(sample, {}, "calibrated", 500, streams(8)).columns
    assert (drawn["contributors"] >= 0).all()
    assert (drawn["lines_per_year"] == 0).all()


@pytest.mark.slow
def test_coverage_of_calibrated_draws() -> None:
    """300 simulated surveys of 40 repositories and five periods, the truth known in closed form.

    N is gamma-Poisson with mean m; each contributor makes a Poisson number of commits with mean 3 g, g a
    gamma level of the period with mean 1. So R = 3 and U = 26 * 3 * sum of m. Measured: calibrated 95 %,
    Rao-Wu percentiles 90 %. At a true 95 % a result under 90 % or over 98.5 % has odds below 1e-3.
    """
    rng = np.random.default_rng(21)
    levels = np.exp(rng.normal(1.0, 1.0, 40))
    levels[0] = 20.0
    truth = 26 * levels.sum()
    hits = dict.fromkeys(("rescaled", "calibrated"), 0)
    n_surveys = 300
    for k in range(n_surveys):
        counts = {}
        for h, level in enumerate(levels):
            n = rng.poisson(level * rng.gamma(2.0, 0.5, 5))
            commits = rng.poisson(3 * n * rng.gamma(4.0, 0.25, 5))
            counts[f"s{h:02d}"] = np.stack([n, commits, commits], axis=1)
        for method in hits:
            drawn = draw_evidence(sample_of(counts), {"r": "x/s00"}, method, 1_024, streams(k)).columns  # type: ignore[arg-type]
            row = drawn["commits_per_year"] / drawn["commits_per_contributor_period.r"]
            low, high = np.quantile(row, [0.025, 0.975])
            hits[method] += low <= truth <= high
    share = {method: count / n_surveys for method, count in hits.items()}
    assert 0.90 < share["calibrated"] < 0.985
    assert share["rescaled"] < share["calibrated"]
