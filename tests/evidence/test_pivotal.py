"""Pivotal draws: the learnt law as scipy would have it, and intervals by hand."""

import numpy as np
import pytest
from scipy import stats

from sim.evidence.estimands import TOTALS, point_estimates
from sim.evidence.log_errors import jackknife_rows, log_errors
from sim.evidence.methods import METHODS, draw_evidence
from sim.evidence.methods.calibrated import WIDEST
from sim.evidence.methods.pivotal import (
    OWN_SHARE,
    PROBABILITIES,
    PivotalBootstrap,
    PivotTable,
    law_through,
    shipped_pivots,
)
from sim.evidence.moderation import PRIOR_FREEDOM
from sim.evidence.periods import read_periods
from sim.evidence.readings import PeriodSample, Reading, read_as
from sim.types import Array
from tests.evidence.test_bootstrap import PERIODS, REFERENCES, sample_of, streams

N_DRAWS = 65_536


@pytest.fixture(scope="module")
def survey() -> PeriodSample:
    return read_as(read_periods(PERIODS), Reading())


def table_of(*laws: tuple[int, Array]) -> PivotTable:
    quantiles = np.stack([law for _, law in laws])
    counts = ("commits", "lines_capped", "lines")
    return PivotTable(dict.fromkeys(counts, quantiles), tuple(n for n, _ in laws))


def test_a_law_is_met_at_its_quantiles_and_normal_beyond() -> None:
    """Quantiles of a gamma law by scipy; beyond the last, the line from the median through it."""
    quantiles = stats.gamma.ppf(PROBABILITIES, 2.0)
    normal = stats.norm.ppf(PROBABILITIES)
    assert law_through(normal, quantiles.tolist()) == pytest.approx(quantiles, rel=1e-12)
    slope = (quantiles[-1] - quantiles[19]) / normal[-1]
    assert law_through(np.array([4.0]), quantiles.tolist())[0] == pytest.approx(
        quantiles[-1] + slope * (4.0 - normal[-1])
    )
    many = law_through(np.linspace(-6, 6, 5001), quantiles.tolist())
    assert (np.diff(many) > 0).all()


def test_between_two_numbers_of_periods_and_beyond_them() -> None:
    """Linear in 1/n: 1/4 lies half way from 1/8 to 3/8, and 1/16 half way from 1/8 to the normal law's 0."""
    normal = stats.norm.ppf(PROBABILITIES)
    table = PivotTable({"commits": np.stack([3 * normal, 2 * normal])}, (2, 8))
    assert table.of("commits", 8) == pytest.approx(2 * normal)
    assert table.of("commits", 16) == pytest.approx(1.5 * normal)
    assert table.of("commits", 4) == pytest.approx((2 + 1 / 3) * normal)
    assert table.of("commits", 1) == pytest.approx(3 * normal)


@pytest.mark.parametrize("count", ["commits", "lines_capped", "lines"])
def test_the_shipped_law_is_lopsided_and_nears_the_normal(count: str) -> None:
    """As whole histories are known to miss: most often too low, less so with more periods."""
    table = shipped_pivots("any/repository")
    for row in table.quantiles[count]:
        assert (np.diff(row) > 0).all()
        assert row[-1] > 1.05 * -row[0]
    five, fifty = table.of(count, 5), table.of(count, 50)
    assert fifty[-1] < five[-1]
    assert abs(fifty[19]) < abs(five[19])


def test_ratios_by_hand(survey: PeriodSample) -> None:
    """Quantiles of the draws are estimate times exp(sd q), sd and q built here from the parts.

    65,536 draws: a quantile at 2.5 % errs by about 0.01 of a normal z times the law's slope there.
    """
    drawn = draw_evidence(survey, REFERENCES, "pivotal", N_DRAWS, streams(3)).columns
    errors = log_errors(survey, set(REFERENCES.values()))
    points = point_estimates(survey, REFERENCES)
    for name, repository in REFERENCES.items():
        (stratum,) = survey.strata_of(repository)
        own = (jackknife_rows(stratum.counts) ** 2).sum(axis=0)
        sd = np.sqrt(OWN_SHARE * own + (1 - OWN_SHARE) * errors.sds[repository] ** 2)
        for place, (unit, count) in enumerate((("commits", "commits"), ("lines", "lines_capped"))):
            column = f"{unit}_per_contributor_period.{name}"
            law = shipped_pivots("any/repository").of(count, 5)
            for probability, quantile in ((0.025, law[0]), (0.5, law[19]), (0.975, law[-1])):
                found = np.log(np.quantile(drawn[column], probability) / points[column]) / sd[place]
                assert found == pytest.approx(quantile, abs=0.12)


def test_totals_by_hand(survey: PeriodSample) -> None:
    """Variance: linearised on Satterthwaite's freedom, with the pooled one on 4.5 more; a t law."""
    method = METHODS["pivotal"]
    assert isinstance(method, PivotalBootstrap)
    found, pooled = method.errors(survey, set()), log_errors(survey, set())
    counts = np.stack([stratum.counts for stratum in survey.strata])
    parts = counts.var(axis=1, ddof=1) / counts.shape[1] / counts.mean(axis=1).sum(axis=0) ** 2
    nu = parts.sum(axis=0) ** 2 / (parts**2 / (counts.shape[1] - 1)).sum(axis=0)
    variance = (PRIOR_FREEDOM * pooled.sds[TOTALS] ** 2 + nu * parts.sum(axis=0)) / (PRIOR_FREEDOM + nu)
    assert found.sds[TOTALS] ** 2 == pytest.approx(variance, rel=1e-10)
    assert found.freedom[TOTALS] == pytest.approx(
        np.minimum(PRIOR_FREEDOM + nu, pooled.freedom[TOTALS]), rel=1e-10
    )


def test_no_interval_is_wider_than_its_hold() -> None:
    """One repository with periods that differ by thousands; the 95 % interval ends a factor of 30 off."""
    counts = {"r": [[1, 1, 1], [1, 1, 9000], [30, 900, 10], [1, 2, 1], [2, 1, 1]], "o": [[3, 9, 80]] * 5}
    sample = sample_of({name: np.array(rows, dtype=float) for name, rows in counts.items()})
    drawn = draw_evidence(sample, {"r": "x/r"}, "pivotal", N_DRAWS, streams(4))
    column = drawn.columns["lines_per_contributor_period.r"]
    point = point_estimates(sample, {"r": "x/r"})["lines_per_contributor_period.r"]
    ends = np.quantile(column, [0.025, 0.975]) / point
    assert max(ends[1], 1 / ends[0]) == pytest.approx(WIDEST, rel=0.05)
    assert any("unknown to a factor of 30 either way" in said for said in drawn.warnings)


def test_uncapped_lines_have_a_law_of_their_own() -> None:
    table = read_periods(PERIODS)
    kept = {
        lines: read_as(table, Reading(lines=lines)).line_reading
        for lines in ("capped", "corrected", "published")
    }
    assert kept == {"capped": "capped", "corrected": "corrected", "published": "published"}
    wide = table_of((5, 9 * stats.norm.ppf(PROBABILITIES)))
    narrow = table_of((5, stats.norm.ppf(PROBABILITIES)))
    mixed = PivotTable({**narrow.quantiles, "lines": wide.quantiles["lines"]}, (5,))
    method = PivotalBootstrap("pivotal", lambda _: mixed)
    ends = {}
    for lines in ("capped", "corrected"):
        sample = read_as(table, Reading(lines=lines))
        pivots = method.pivots(sample, method.errors(sample, {"pytorch/pytorch"}))
        ends[lines] = [pivot.end for pivot in pivots["pytorch/pytorch"]]
    assert ends["capped"] == pytest.approx([1.96, 1.96], abs=1e-3)
    assert ends["corrected"] == pytest.approx([1.96, 9 * 1.96], abs=1e-2)
