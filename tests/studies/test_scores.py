"""Scores: a toy whose coverage is known exactly, binomial errors against scipy, and counting by hand."""

import numpy as np
import pytest
from scipy import stats

from studies.coverage.scores import binomial_error, score
from studies.coverage.tables import as_csv, as_markdown
from studies.coverage.trials import NOMINAL, RowEstimate, Trial, TrialKey, estimate


def trial(number: int, *rows: RowEstimate, refused: str = "", n_without_ratio: int = 0) -> Trial:
    return Trial(TrialKey("toy", 1, number, "model", "naive"), rows, refused, n_without_ratio)


@pytest.mark.parametrize("scale", [1.0, 0.7])
def test_coverage_of_normal_means_with_known_variance(scale: float) -> None:
    """The mean of 9 standard normals, its interval from draws of N(mean, scale^2 / 9).

    A true interval of probability p covers with p when scale = 1, and with 2 Phi(scale z_p) - 1 in general;
    with 4,000 draws the end points are off by at most 0.04 standard errors of the mean, coverage by under
    0.1 points (second order). 3,000 trials: bound five binomial standard errors, odds 6e-7 a comparison.
    """
    rng = np.random.default_rng(11)
    standard = np.quantile(rng.standard_normal(400_000), (np.arange(4_000) + 0.5) / 4_000)
    n_trials = 3_000
    means = rng.normal(2.0, 1 / 3, n_trials)
    table = score(
        trial(k, estimate("mean", 2.0, mean + scale / 3 * standard)) for k, mean in enumerate(means)
    )
    assert [one.nominal for one in table.coverages] == list(NOMINAL)
    for one in table.coverages:
        z = stats.norm.ppf((1 + one.nominal) / 2)
        expected = 2 * stats.norm.cdf(scale * z) - 1
        assert abs(one.share - expected) < 5 * np.sqrt(expected * (1 - expected) / n_trials) + 0.001
        assert one.width == pytest.approx(2 * scale * z / 3 / 2.0, rel=0.02)


@pytest.mark.parametrize(("n_held", "n_trials"), [(95, 100), (100, 100), (0, 7), (380, 400), (1, 2)])
def test_binomial_error_is_wilsons(n_held: int, n_trials: int) -> None:
    """Half of scipy's Wilson interval over its z; near sqrt(p q / n) where that holds."""
    interval = stats.binomtest(n_held, n_trials).proportion_ci(0.95, method="wilson")
    expected = (interval.high - interval.low) / 2 / stats.norm.ppf(0.975)
    assert binomial_error(n_held, n_trials) == pytest.approx(expected, rel=1e-9)
    if n_trials == 400:
        assert binomial_error(n_held, n_trials) == pytest.approx(np.sqrt(0.95 * 0.05 / 400), rel=0.02)


def test_counts_and_widths_by_hand() -> None:
    """Intervals [0, 4], [0, 8], [3, 5] and the truth 2: two hold it; widths over the truth 2, 4, 1."""
    ends = [(0.0, 4.0), (0.0, 8.0), (3.0, 5.0)]
    rows = [RowEstimate("U", 2.0, (low, low, low, high, high, high)) for low, high in ends]
    table = score(trial(k, row) for k, row in enumerate(rows))
    for one in table.coverages:
        assert (one.n_trials, one.n_held, one.width) == (3, 2, 2.0)
    assert "model,naive,U,0.95,3,2,0.6667,0.1864,2" in as_csv(table)
    # Wilson's interval of 2 in 3 is 0.2077 to 0.9385 (scipy): half width 0.3654 over z 1.95996 = 0.1864
    assert binomial_error(2, 3) == pytest.approx(0.1864, abs=1e-4)


def test_interval_ends_are_quantiles() -> None:
    one = estimate("U", 1.0, np.arange(1001.0))
    assert one.interval(0.95) == (25.0, 975.0)
    assert one.interval(0.9) == (50.0, 950.0)
    assert one.interval(0.5) == (250.0, 750.0)


def test_refused_surveys_are_counted_and_not_scored() -> None:
    held = RowEstimate("U", 2.0, (0.0, 0.0, 0.0, 4.0, 4.0, 4.0))
    table = score([trial(0, held), trial(1, refused="r-hat 1.2"), trial(2, held, n_without_ratio=3)])
    assert {one.n_trials for one in table.coverages} == {2}
    assert table.n_refused == {("model", "naive"): 1}
    text = as_markdown(table)
    assert "naive refused 1 surveys of simulator model" in text
    assert "3 surveys of simulator model had no ratio" in text


def test_a_draw_that_is_not_finite_is_no_interval() -> None:
    with pytest.raises(ValueError, match="U: 1 draws are not finite"):
        estimate("U", 1.0, np.array([1.0, np.inf]))
