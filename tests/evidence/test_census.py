"""Strata observed whole, or a known part of them: the finite-population correction.

Expected values are closed forms: the variance of the mean of n of N periods drawn without replacement is
s^2 (1 - n/N) / n (Cochran 1977, section 2.6); that of all N is zero.
"""

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from sim.evidence.estimands import point_estimates
from sim.evidence.methods import METHODS
from sim.evidence.periods import read_periods
from sim.evidence.readings import PeriodSample, Reading, read_as
from sim.evidence.variance import variance_splits
from sim.faults import InvalidInput
from sim.samplers.base import stream

REPLICATING = ("naive", "rescaled", "bayesian", "calibrated")
RNG_FOR = partial(stream, 5)
N_DRAWS = 40_000


def sample_of(populations: dict[str, float], n_periods: int = 6, seed: int = 1) -> PeriodSample:
    """Return periods of some repositories with their populations; counts do not vary much."""
    rng = np.random.default_rng(seed)
    names = np.repeat(list(populations), n_periods)
    counts = np.stack([rng.integers(50, 150, len(names)) * scale for scale in (1, 10, 1000)], axis=1)
    start = np.tile(np.arange(n_periods), len(populations)).astype("datetime64[D]")
    repositories = np.array([f"org/{name}" for name in names])
    population = np.repeat(list(populations.values()), n_periods)
    return PeriodSample("made", names, repositories, start, counts.astype(float), population=population)


@pytest.mark.parametrize("method", REPLICATING)
def test_a_census_has_no_sampling_error(method: str):
    sample = sample_of({"a": 6, "b": 6})
    drawn = METHODS[method].draw(sample, {"r": "org/a"}, 100, RNG_FOR)
    for name, value in point_estimates(sample, {"r": "org/a"}).items():
        assert drawn.columns[name] == pytest.approx(np.full(100, value), rel=1e-12)
    assert "2 of 2 strata observed whole: these have no sampling error" in drawn.warnings
    assert not any("few" in words or "no sampling error shows" in words for words in drawn.warnings)


@pytest.mark.parametrize("population", [6, 8, 12, 60, np.inf])
def test_replicates_have_the_variance_of_a_finite_population(population: float):
    sample = sample_of({"a": population})
    columns = METHODS["rescaled"].draw(sample, {}, N_DRAWS, RNG_FOR).columns
    own = sample.counts.var(axis=0, ddof=1) * (1 - 6 / population) / 6
    for name, scale, wanted in zip(columns, (1, 26, 26), own, strict=False):
        # the variance of 40,000 replicates is known to 1 % (their kurtosis is below 3)
        assert (columns[name] / scale).var() == pytest.approx(wanted, rel=0.05, abs=1e-12)


def test_a_mixed_survey_errs_by_what_was_sampled_alone():
    # the census adds its exact total; the sampled stratum errs as it would alone
    both, alone = sample_of({"a": 6, "b": np.inf}), sample_of({"b": np.inf}, seed=2)
    places = both.stratum == "b"
    counts = both.counts.copy()
    counts[places] = alone.counts
    mixed = replace(both, counts=counts)
    for method in REPLICATING[:3]:
        together = METHODS[method].draw(mixed, {}, 1000, RNG_FOR).columns
        apart = METHODS[method].draw(alone, {}, 1000, RNG_FOR).columns
        exact = counts[~places].mean(axis=0) * (1, 26, 26)
        for name, whole in zip(("contributors", "commits_per_year", "lines_per_year"), exact, strict=True):
            assert together[name] == pytest.approx(apart[name] + whole, rel=1e-12)


def test_linearised_variances_carry_the_correction():
    finite, infinite = sample_of({"a": 24, "b": 24}), sample_of({"a": np.inf, "b": np.inf})
    references = {"r": "org/a"}
    pairs = (variance_splits(sample, references) for sample in (finite, infinite))
    for ours, theirs in zip(*(splits.values() for splits in pairs), strict=True):
        assert ours.variance == pytest.approx(theirs.variance * 0.75, rel=1e-12)
        assert ours.degrees_of_freedom == pytest.approx(theirs.degrees_of_freedom, rel=1e-12)


def test_calibrated_intervals_shrink_by_the_root_of_what_is_left():
    # as many degrees of freedom, a variance of 3/4: the logarithm's quantiles shrink by the root of it
    ends = []
    for population in (np.inf, 24.0):
        sample = sample_of({"a": population, "b": population})
        drawn = METHODS["calibrated"].draw(sample, {"r": "org/a"}, N_DRAWS, RNG_FOR).columns
        points = point_estimates(sample, {"r": "org/a"})
        ends.append({name: np.quantile(np.log(drawn[name] / points[name]), 0.975) for name in points})
    for name, end in ends[0].items():
        assert ends[1][name] == pytest.approx(end * np.sqrt(0.75), rel=1e-6)


def test_a_census_of_one_period_is_no_fault_and_a_sample_of_one_is():
    sample = sample_of({"a": 1, "b": np.inf, "c": np.inf}, n_periods=2)
    keep = np.array([True, False, True, True, True, True])
    one = PeriodSample(
        "made", sample.stratum[keep], sample.repository[keep], sample.start[keep], sample.counts[keep],
        population=np.array([1.0, *[np.inf] * 4]),
    )  # fmt: skip
    for method in REPLICATING:
        METHODS[method].check_periods(one, {})
        columns = METHODS[method].draw(one, {}, 50, RNG_FOR).columns
        assert all(np.isfinite(column).all() and column.std() > 0 for column in columns.values())
    unknown = PeriodSample(one.source, one.stratum, one.repository, one.start, one.counts)
    with pytest.raises(InvalidInput, match="'a' has one period"):
        METHODS["rescaled"].check_periods(unknown, {})


HEAD = "repository,start,end,contributors,commits,lines,population"


def written(folder: Path, *rows: str) -> Path:
    path = folder / "periods.csv"
    path.write_text("\n".join([HEAD, *rows]) + "\n")
    return path


def test_populations_are_read_and_may_be_unknown(tmp_path: Path):
    path = written(tmp_path, "o/a,2020-01-05,2020-01-18,1,2,3,4", "o/b,2020-01-05,2020-01-18,1,2,3,")
    strata = read_as(read_periods(path), Reading()).strata
    assert [stratum.unsampled for stratum in strata] == [0.75, 1.0]


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        (("4", "5"), "'o/a' has more than one"),
        (("1", "1"), "1 is less than the 2 periods of 'o/a'"),
        (("0", "0"), "'0' is not a whole number"),
        (("2.5", "2.5"), "'2.5' is not a whole number"),
    ],
)
def test_populations_that_cannot_be(tmp_path: Path, cells: tuple[str, str], problem: str):
    days = ("2020-01-05,2020-01-18", "2020-01-19,2020-02-01")
    path = written(tmp_path, *(f"o/a,{day},1,2,3,{cell}" for day, cell in zip(days, cells, strict=True)))
    with pytest.raises(InvalidInput) as caught:
        read_periods(path)
    assert any(problem in str(fault) for fault in caught.value.faults)
