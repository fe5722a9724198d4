"""Replicates: exact variances by enumeration, and the laws of the draws with their odds stated.

Statistical tests have fixed seeds. Their bound is five standard errors: a right program fails one comparison
with odds of 6e-7 (normal, two sides).
"""

import hashlib
import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sim.evidence import methods
from sim.evidence.methods import draw_evidence
from sim.evidence.methods.bootstraps import PeriodBootstrap, picks_table
from sim.evidence.periods import read_periods
from sim.evidence.readings import PeriodSample, Reading, read_as
from sim.faults import InvalidInput
from sim.types import Array

PERIODS = Path(__file__).parents[2] / "data" / "mloss-2022" / "periods.csv"
REFERENCES = {"pytorch": "pytorch/pytorch", "tensorflow": "tensorflow/tensorflow"}
METHODS = ("naive", "rescaled", "bayesian", "calibrated")
SIGMAS = 5.0


def streams(seed: int) -> Callable[[str], np.random.Generator]:
    def rng_for(name: str) -> np.random.Generator:
        return np.random.default_rng([seed, *hashlib.sha256(name.encode()).digest()])

    return rng_for


def bootstrap(name: str) -> PeriodBootstrap:
    found = methods.METHODS[name]
    assert isinstance(found, PeriodBootstrap)
    return found


def sample_of(counts: dict[str, Array]) -> PeriodSample:
    """Make a sample whose repositories are ``x/<stratum>``."""
    names = [name for name, periods in counts.items() for _ in periods]
    return PeriodSample(
        "made up",
        np.array(names),
        np.array([f"x/{name}" for name in names]),
        np.concatenate([np.arange(len(periods)) for periods in counts.values()]).astype("datetime64[D]"),
        np.concatenate([np.asarray(periods, dtype=np.float64) for periods in counts.values()]),
    )


def made_up(n_strata: int = 12, sizes: tuple[int, ...] = (5, 3, 2)) -> dict[str, Array]:
    rng = np.random.default_rng(99)
    counts = {}
    for h in range(n_strata):
        contributors = rng.poisson(4 + h, sizes[h % len(sizes)]) + 1.0
        commits = contributors * rng.integers(1, 9, len(contributors))
        lines = commits * rng.integers(1, 200, len(contributors))
        counts[f"s{h:02d}"] = np.stack([contributors, commits, lines], axis=1)
    return counts


@pytest.fixture(scope="module")
def survey() -> PeriodSample:
    return read_as(read_periods(PERIODS), Reading())


def close_in_variance(replicates: Array, expected: float) -> bool:
    """Compare a variance with its expectation, in standard errors from the replicates' fourth moment."""
    deviations = replicates - replicates.mean()
    error = np.sqrt((np.mean(deviations**4) - np.mean(deviations**2) ** 2) / replicates.size)
    return bool(abs(replicates.var(ddof=1) - expected) < SIGMAS * error)


@pytest.mark.parametrize("n_periods", [2, 3, 4, 5])
def test_rao_wu_variance_is_exact_by_enumeration(n_periods: int) -> None:
    counts = made_up(1, (n_periods,))["s00"]
    means = picks_table(counts, n_periods - 1) / (n_periods - 1)
    assert len(means) == n_periods ** (n_periods - 1)
    assert means.mean(axis=0) == pytest.approx(counts.mean(axis=0))
    assert np.cov(means.T, bias=True) == pytest.approx(np.cov(counts.T, ddof=1) / n_periods)


@pytest.mark.parametrize("n_periods", [2, 3, 4, 5])
def test_naive_variance_is_too_small_by_exactly_one_period(n_periods: int) -> None:
    counts = made_up(1, (n_periods,))["s00"]
    means = picks_table(counts, n_periods) / n_periods
    right = counts.var(axis=0, ddof=1) / n_periods
    assert means.var(axis=0) == pytest.approx((n_periods - 1) / n_periods * right)


def test_table_of_picks_holds_every_ordered_pick_once() -> None:
    counts = np.array([[1.0], [10.0], [100.0]])
    expected = [sum(picked) for picked in itertools.product([1.0, 10.0, 100.0], repeat=3)]
    assert picks_table(counts, 3)[:, 0].tolist() == expected


@pytest.mark.parametrize("method", ["naive", "rescaled", "bayesian"])
@pytest.mark.parametrize("n_periods", [2, 3, 5, 10])
def test_variance_of_drawn_means(method: str, n_periods: int) -> None:
    """s^2/n, or (n-1)/n of it for the naive bootstrap; ten periods need three tables of picks."""
    counts = made_up(1, (n_periods,))["s00"]
    means = bootstrap(method).means(counts, 40_000, np.random.default_rng(3))
    right = counts.var(axis=0, ddof=1) / n_periods
    factor = (n_periods - 1) / n_periods if method == "naive" else 1.0
    for unit in range(3):
        error = np.sqrt(factor * right[unit] / len(means))
        assert abs(means[:, unit].mean() - counts[:, unit].mean()) < SIGMAS * error
        assert close_in_variance(means[:, unit], factor * right[unit])


@pytest.mark.parametrize(("method", "factor"), [("rescaled", 1.0), ("bayesian", 1.0), ("naive", 0.0)])
def test_totals_vary_and_covary_as_the_closed_form_says(method: str, factor: float) -> None:
    """Cov(T_u, T_v) = sum of cov_h(u, v) / n_h, times (n_h - 1)/n_h if naive; joint over units."""
    counts = made_up()
    drawn = bootstrap(method).draw(sample_of(counts), {}, 40_000, streams(4)).columns
    expected = np.zeros((3, 3))
    for periods in counts.values():
        n = len(periods)
        expected += np.cov(periods.T, ddof=1) / n * (factor or (n - 1) / n)
    totals = np.stack([drawn["contributors"], drawn["commits_per_year"] / 26, drawn["lines_per_year"] / 26])
    for i, j in itertools.combinations_with_replacement(range(3), 2):
        products = (totals[i] - totals[i].mean()) * (totals[j] - totals[j].mean())
        assert abs(products.mean() - expected[i, j]) < SIGMAS * products.std() / np.sqrt(products.size)


def test_reference_moves_with_the_total_it_enters() -> None:
    """With one stratum, R = U / (26 C) in every replicate: the same periods feed all three."""
    sample = sample_of(made_up(1))
    for method in ("naive", "rescaled", "bayesian"):
        drawn = bootstrap(method).draw(sample, {"r": "x/s00"}, 500, streams(5)).columns
        ratio = drawn["lines_per_year"] / (26 * drawn["contributors"])
        assert drawn["lines_per_contributor_period.r"] == pytest.approx(ratio, rel=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_order_of_rows_is_irrelevant_bit_for_bit(survey: PeriodSample, method: str) -> None:
    order = np.random.default_rng(6).permutation(len(survey.stratum))
    shuffled = PeriodSample(
        survey.source,
        survey.stratum[order],
        survey.repository[order],
        survey.start[order],
        survey.counts[order],
    )
    backwards = dict(reversed(REFERENCES.items()))
    one = draw_evidence(survey, REFERENCES, method, 300, streams(7)).columns
    other = draw_evidence(shuffled, backwards, method, 300, streams(7)).columns
    assert {k: v.tolist() for k, v in one.items()} == {k: v.tolist() for k, v in other.items()}


@pytest.mark.parametrize("method", METHODS)
def test_first_draws_do_not_depend_on_how_many_follow(survey: PeriodSample, method: str) -> None:
    few = draw_evidence(survey, REFERENCES, method, 1_000, streams(8)).columns
    many = draw_evidence(survey, REFERENCES, method, 4_000, streams(8)).columns
    assert {k: v.tolist() for k, v in few.items()} == {k: v[:1_000].tolist() for k, v in many.items()}


@pytest.mark.parametrize("method", ["naive", "rescaled", "bayesian"])
def test_another_repository_leaves_the_others_resamples_alone(method: str) -> None:
    counts = made_up()
    more = {**counts, "s05b": made_up(1)["s00"]}
    before = bootstrap(method).draw(sample_of(counts), {"r": "x/s03"}, 200, streams(9)).columns
    after = bootstrap(method).draw(sample_of(more), {"r": "x/s03"}, 200, streams(9)).columns
    alone = bootstrap(method).means(more["s05b"], 200, streams(9)("s05b"))
    assert after["contributors"] - before["contributors"] == pytest.approx(alone[:, 0], rel=1e-9)
    name = "commits_per_contributor_period.r"
    assert after[name].tolist() == before[name].tolist()


def test_merged_listings_are_resampled_as_ten_periods(survey: PeriodSample) -> None:
    """Variance of C: strata of five and of ten periods, by the closed form of each reading."""
    merged = read_as(read_periods(PERIODS), Reading(duplicates="merged"))
    assert (len(survey.strata), len(merged.strata)) == (139, 137)
    assert sorted({len(stratum.counts) for stratum in merged.strata}) == [5, 10]
    drawn = bootstrap("rescaled").draw(merged, {}, 20_000, streams(10)).columns["contributors"]
    parts = [stratum.counts[:, 0].var(ddof=1) / len(stratum.counts) for stratum in merged.strata]
    assert close_in_variance(drawn, sum(parts))


def test_a_reference_listed_twice_pools_its_listings() -> None:
    first, second = made_up(2, (5, 3)).values()
    sample = sample_of({"one": first, "two": second})
    sample = PeriodSample(sample.source, sample.stratum, np.full(8, "x/both"), sample.start, sample.counts)
    drawn = bootstrap("rescaled").draw(sample, {"r": "x/both"}, 100, streams(11)).columns
    means = [bootstrap("rescaled").means(counts, 100, streams(11)(name)) for name, counts in
             (("one", first), ("two", second))]  # fmt: skip
    sums = 5 * means[0] + 3 * means[1]
    assert drawn["commits_per_contributor_period.r"] == pytest.approx(sums[:, 1] / sums[:, 0], rel=1e-12)


def test_thirteen_per_cent_of_replicates_hold_only_the_windows_of_2015(survey: PeriodSample) -> None:
    """Three of pytorch's five windows are from 2015, with 0, 2 and 2 contributors: (3/5)^4 = 0.1296."""
    (stratum,) = survey.strata_of("pytorch/pytorch")
    own = survey.repository == "pytorch/pytorch"
    early = survey.contributors[own & (survey.start < np.datetime64("2016-01-01"))]
    assert sorted(early) == [0, 2, 2]
    only_early = picks_table(stratum.counts, 4)[:, 0] <= 4 * early.max()
    assert only_early.mean() == pytest.approx(0.1296, abs=1e-12)
    n_draws = 65_536
    drawn = bootstrap("rescaled").means(stratum.counts, n_draws, np.random.default_rng(12))
    share = np.mean(drawn[:, 0] <= early.max())
    assert abs(share - 0.1296) < SIGMAS * np.sqrt(0.1296 * 0.8704 / n_draws)


@pytest.mark.parametrize(("method", "n_picks"), [("naive", 5), ("rescaled", 4)])
def test_empty_replicates_of_a_reference_are_drawn_again_and_counted(
    survey: PeriodSample, method: str, n_picks: int
) -> None:
    """One empty window of five: all picks empty with odds p = (1/5)^m, so n p/(1-p) drawn again in all."""
    strata = survey.strata_of("pytorch/pytorch")
    n_draws = 65_536
    raw, means, n_redrawn = bootstrap(method).defined_means(strata, n_draws, streams(13))
    p = 0.2**n_picks
    # drawn again: geometric, less one, for each replicate: mean p/(1-p), variance p/(1-p)^2
    assert abs(n_redrawn - n_draws * p / (1 - p)) < SIGMAS * np.sqrt(n_draws * p) / (1 - p)
    assert (means > 0).all()
    assert np.count_nonzero((raw == 0).all(axis=2)) > 0
    drawn = draw_evidence(survey, REFERENCES, method, n_draws, streams(13))
    assert n_redrawn > 0
    assert any(f"in {n_redrawn:,} of 65,536 replicates: drawn again" in words for words in drawn.warnings)


def test_a_reference_is_drawn_again_as_often_as_needed() -> None:
    """Two periods, one empty: a replicate is empty with odds 1/2, so n are drawn again, in many rounds."""
    stratum = sample_of({"r": np.array([[0.0, 0, 0], [3, 6, 9]])}).strata
    _, means, n_redrawn = bootstrap("rescaled").defined_means(stratum, 10_000, streams(22))
    assert (means == np.array([3.0, 6, 9])).all()
    # p/(1-p) = 1 each, variance p/(1-p)^2 = 2
    assert abs(n_redrawn - 10_000) < SIGMAS * np.sqrt(2 * 10_000)


def test_redrawing_leaves_the_other_draws_alone(survey: PeriodSample) -> None:
    (stratum,) = survey.strata_of("pytorch/pytorch")
    raw = bootstrap("rescaled").means(stratum.counts, 4_000, streams(14)("PyTorch"))
    first, means, n_redrawn = bootstrap("rescaled").defined_means((stratum,), 4_000, lambda name: streams(14)(
        name.replace(stratum.name, "PyTorch")))  # fmt: skip
    assert (first[0] == raw).all()
    same = (means[0] == raw).all(axis=1)
    assert n_redrawn > 0
    assert (raw[~same, 0] == 0).all()
    assert (raw[same, 0] > 0).all()


@pytest.mark.parametrize("method", ["naive", "rescaled"])
def test_totals_keep_the_resamples_in_which_a_reference_is_empty(method: str) -> None:
    """The mean of a total is its estimate, exact by linearity: five standard errors of 40,000 draws.

    Of the reference's four periods two are empty; leaving out the resamples with nothing else lifted the mean
    by a tenth of the reference's.
    """
    counts = made_up(3)
    counts["r"] = np.array([[0.0, 0, 0], [0, 0, 0], [6, 12, 90], [2, 9, 40]])
    drawn = draw_evidence(sample_of(counts), {"r": "x/r"}, method, 40_000, streams(30))
    assert any("drawn again" in words for words in drawn.warnings)
    for unit, name in enumerate(("contributors", "commits_per_year", "lines_per_year")):
        expected = sum(periods[:, unit].mean() for periods in counts.values()) * (26 if unit else 1)
        column = drawn.columns[name]
        assert abs(column.mean() - expected) < SIGMAS * column.std() / np.sqrt(column.size)


def test_point_has_no_sampling_error(survey: PeriodSample) -> None:
    drawn = draw_evidence(survey, REFERENCES, "point", 7, streams(15))
    assert drawn.columns["contributors"].tolist() == [779.0] * 7
    assert drawn.columns["periods_per_year"].tolist() == [26.0] * 7
    assert all(np.unique(values).size == 1 for values in drawn.columns.values())


@pytest.mark.parametrize("method", METHODS)
def test_one_period_in_a_stratum_is_refused(method: str) -> None:
    counts = made_up(3, (5,))
    counts["s01"] = counts["s01"][:1]
    with pytest.raises(InvalidInput, match="'s01' has one period") as caught:
        draw_evidence(sample_of(counts), {}, method, 10, streams(16))
    assert len(caught.value.faults) == 1


def test_a_reference_without_a_ratio_is_refused(survey: PeriodSample) -> None:
    references = {"torch": "pytorch/pytorhc"}
    with pytest.raises(InvalidInput, match="'pytorch/pytorhc' is not in the file") as caught:
        draw_evidence(survey, references, "rescaled", 10, streams(17))
    assert caught.value.faults[0].nearest == "pytorch/pytorch"


def test_columns_are_those_of_the_units_table(survey: PeriodSample) -> None:
    from sim.evidence.estimands import evidence_units

    for method in ("point", *METHODS):
        drawn = draw_evidence(survey, REFERENCES, method, 10, streams(18))
        assert set(drawn.columns) == set(evidence_units(REFERENCES))
        assert all(np.isfinite(values).all() for values in drawn.columns.values())


def test_cautions_name_what_is_thin(survey: PeriodSample) -> None:
    said = "\n".join(draw_evidence(survey, REFERENCES, "calibrated", 10, streams(19)).warnings)
    assert "139 of 139 strata have only 5 periods" in said
    assert "few degrees of freedom (under 8): commits_per_contributor_period.pytorch 7.4" in said
    assert "pytorch/pytorch carries over half of the sampling variance" in said
    by_design = "\n".join(draw_evidence(survey, REFERENCES, "rescaled", 10, streams(19)).warnings)
    assert "few degrees of freedom (under 8): commits_per_contributor_period.pytorch 4.2" in by_design
    plenty = sample_of(made_up(40, (12,)))
    assert draw_evidence(plenty, {}, "rescaled", 10, streams(19)).warnings == ()


@pytest.mark.parametrize("method", ["naive", "rescaled", "bayesian"])
def test_sums_over_strata_are_those_of_each_stratums_replicates(method: str) -> None:
    """To the last bit; ten periods take several tables, the others one."""
    strata = sample_of(made_up(8, (5, 3, 2, 10))).strata
    found = bootstrap(method).summed_means(strata, 300, streams(23))
    expected = np.zeros((300, 3))
    for stratum in strata:
        means = bootstrap(method).means(stratum.counts, 300, streams(23)(stratum.name))
        expected += means
    np.testing.assert_array_equal(found, expected)


def test_five_periods_are_picked_by_the_digits_of_one_integer() -> None:
    """Numpy's integer below 5^5, written in base five, says which periods; the first digit first."""
    counts = made_up(1, (5,))["s00"]
    digits = np.stack(np.unravel_index(np.random.default_rng(24).integers(0, 5**5, 200), (5,) * 5), axis=1)
    found = bootstrap("naive").means(counts, 200, np.random.default_rng(24))
    np.testing.assert_allclose(found, counts[digits].mean(axis=1), rtol=1e-14)
