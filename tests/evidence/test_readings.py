"""Readings, estimands and linearised variances, against arithmetic done by hand."""

from pathlib import Path

import numpy as np
import pytest

from sim.evidence.estimands import estimands, point_estimates
from sim.evidence.periods import PeriodTable, read_periods
from sim.evidence.readings import PeriodSample, Reading, read_as
from sim.evidence.variance import variance_splits
from sim.faults import InvalidInput

PERIODS = Path(__file__).parents[2] / "data" / "mloss-2022" / "periods.csv"

HEADER = (
    "label,repository,start,end,contributors,commits,lines_added,lines_deleted,lines_added_published,"
    "lines_deleted_published,lines_added_capped,lines_deleted_capped,automation_contributors,automation_commits,"
    "automation_lines_added,automation_lines_deleted,automation_lines_added_published,"
    "automation_lines_deleted_published,automation_lines_added_capped,automation_lines_deleted_capped"
)
# 2020-02-16 and 2021-08-01 are Sundays.
TWICE_LISTED = f"""{HEADER}
Tool,a/alpha,2020-02-16,2020-03-01,4,9,3000,60,3,60,2000,60,1,3,1000,20,1,20,900,20
Tool,a/alpha,2020-05-04,2020-05-18,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0
Tool AI,a/alpha,2020-02-16,2020-03-01,2,4,10,5,10,5,10,5,0,0,0,0,0,0,0,0
Tool AI,a/alpha,2021-07-06,2021-07-20,6,8,40,20,40,20,40,20,0,0,0,0,0,0,0,0
Other,b/beta,2020-05-05,2020-05-19,1,2,100,50,100,50,100,50,0,0,0,0,0,0,0,0
Other,b/beta,2021-08-01,2021-08-15,3,6,300,150,300,150,300,150,0,0,0,0,0,0,0,0
"""


@pytest.fixture
def table(tmp_path: Path) -> PeriodTable:
    path = tmp_path / "periods.csv"
    path.write_text(TWICE_LISTED, encoding="utf-8")
    return read_periods(path)


@pytest.mark.parametrize(("lines", "first"), [("corrected", 3060), ("published", 63), ("capped", 2060)])
def test_lines_are_added_plus_deleted(table: PeriodTable, lines: str, first: int) -> None:
    sample = read_as(table, Reading(lines=lines))  # type: ignore[arg-type]
    assert sample.lines.tolist() == [first, 0, 15, 60, 150, 450]
    assert sample.contributors.tolist() == [4, 0, 2, 6, 1, 3]
    assert sample.commits.tolist() == [9, 0, 4, 8, 2, 6]


def test_bots_dropped_in_each_reading_of_lines(table: PeriodTable) -> None:
    firsts = {"corrected": 3060 - 1020, "published": 63 - 21, "capped": 2060 - 920}
    for lines, first in firsts.items():
        sample = read_as(table, Reading(lines=lines, bots="dropped"))  # type: ignore[arg-type]
        assert sample.counts[0].tolist() == [3, 6, first]
        assert sample.counts[1:].tolist() == read_as(table, Reading(lines=lines)).counts[1:].tolist()  # type: ignore[arg-type]


def test_weekly_bins_scale_sundays_only(table: PeriodTable) -> None:
    sample = read_as(table, Reading(weeks="weekly-bins"))
    assert sample.counts[0] == pytest.approx([4 / 1.19, 9 * 2 / 3, 2060 * 2 / 3], rel=1e-14)
    assert sample.counts[5] == pytest.approx([3 / 1.19, 6 * 2 / 3, 450 * 2 / 3], rel=1e-14)
    assert sample.counts[[1, 3, 4]].tolist() == read_as(table, Reading()).counts[[1, 3, 4]].tolist()


def test_merged_listings_are_one_stratum(table: PeriodTable) -> None:
    listed, merged = read_as(table, Reading()), read_as(table, Reading(duplicates="merged"))
    assert [(s.name, len(s.counts)) for s in listed.strata] == [("Other", 2), ("Tool", 2), ("Tool AI", 2)]
    assert [(s.name, len(s.counts)) for s in merged.strata] == [("a/alpha", 4), ("b/beta", 2)]
    # by hand: mean contributors 2 + 4 + 2 as listed; (4+0+2+6)/4 + 2 = 5 merged
    assert point_estimates(listed, {})["contributors"] == 8
    assert point_estimates(merged, {})["contributors"] == 5


def test_estimands_by_hand(table: PeriodTable) -> None:
    sample = read_as(table, Reading(lines="corrected"))
    points = point_estimates(sample, {"a": "a/alpha", "b": "b/beta"})
    assert points == pytest.approx(
        {
            "contributors": 8,
            "commits_per_year": 26 * (4.5 + 6 + 4),
            "lines_per_year": 26 * (1530 + 37.5 + 300),
            "commits_per_contributor_period.a": 21 / 12,
            "lines_per_contributor_period.a": 3135 / 12,
            "commits_per_contributor_period.b": 2.0,
            "lines_per_contributor_period.b": 150.0,
        }
    )


def test_ratio_pools_the_listings_alike_in_both_readings(table: PeriodTable) -> None:
    for duplicates in ("listed", "merged"):
        sample = read_as(table, Reading(duplicates=duplicates))  # type: ignore[arg-type]
        points = point_estimates(sample, {"a": "a/alpha"})
        assert points["commits_per_contributor_period.a"] == pytest.approx(21 / 12)


def test_estimands_of_arrays_are_those_of_their_entries() -> None:
    totals, sums = np.arange(1.0, 7.0).reshape(2, 3), {"r": np.array([[2.0, 4.0, 6.0], [1.0, 5.0, 3.0]])}
    together = estimands(totals, sums)
    for i in range(2):
        alone = estimands(totals[i], {"r": sums["r"][i]})
        assert {name: values[i] for name, values in together.items()} == alone


def test_unknown_and_empty_references_are_named_at_once(tmp_path: Path) -> None:
    emptied = TWICE_LISTED.replace("05-19,1,2,", "05-19,0,0,").replace("08-15,3,6,", "08-15,0,0,")
    (tmp_path / "periods.csv").write_text(emptied, encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        point_estimates(
            read_as(read_periods(tmp_path / "periods.csv"), Reading()), {"x": "a/alhpa", "y": "b/beta"}
        )
    unknown, *empty = caught.value.faults
    assert (unknown.key, unknown.nearest) == ("references.x", "a/alpha")
    assert [fault.problem for fault in empty] == [
        "b/beta has no contributors in any period: it has no ratio",
        "b/beta has no commits in any period: it has no ratio",
    ]


def test_linearised_variance_is_that_of_a_numerical_derivative(table: PeriodTable) -> None:
    """The influence is the derivative of log(U/R) in the weight of a period, here by central differences."""
    sample = read_as(table, Reading(lines="corrected"))
    references = {"a": "a/alpha"}
    split = variance_splits(sample, references)["lines_per_contributor_period.a"]

    def log_row(weights: list[np.ndarray]) -> float:
        parts = list(zip(sample.strata, weights, strict=True))
        total = sum(w @ s.counts / len(s.counts) for s, w in parts)
        own = sum(w @ s.counts for s, w in parts if s.repository == "a/alpha")
        return float(np.log(total[2] / (own[2] / own[0])))

    step = 1e-6
    for h, stratum in enumerate(sample.strata):
        influences = []
        for j in range(len(stratum.counts)):
            moved = [[np.ones(len(s.counts)) for s in sample.strata] for _ in range(2)]
            moved[0][h][j] += step
            moved[1][h][j] -= step
            influences.append(len(stratum.counts) * (log_row(moved[0]) - log_row(moved[1])) / (2 * step))
        expected = np.var(influences, ddof=1) / len(influences)
        assert split.contributions[h] == pytest.approx(expected, rel=1e-6)
    # Satterthwaite with n_h - 1 = 1 in each stratum: the square of the sum over the sum of squares.
    v = split.contributions
    assert split.degrees_of_freedom == pytest.approx(v.sum() ** 2 / (v**2).sum())
    assert split.largest == ("a/alpha", pytest.approx(v[1:].sum() / v.sum()))


def test_shipped_survey_has_the_degrees_of_freedom_of_the_method() -> None:
    """Method, section 2: about 4 to 5 for the ratio rows, large for totals (corrected lines: under 13)."""
    sample = read_as(read_periods(PERIODS), Reading())
    references = {"pytorch": "pytorch/pytorch", "tensorflow": "tensorflow/tensorflow"}
    freedom = {k: split.degrees_of_freedom for k, split in variance_splits(sample, references).items()}
    ratios = [value for name, value in freedom.items() if "." in name]
    assert len(ratios) == 4
    assert all(4 <= value <= 5 for value in ratios)
    assert min(freedom["contributors"], freedom["commits_per_year"]) > 30


def test_strata_do_not_depend_on_the_order_of_rows(table: PeriodTable) -> None:
    sample = read_as(table, Reading())
    order = np.array([3, 5, 0, 4, 2, 1])
    shuffled = PeriodSample(
        sample.source,
        sample.stratum[order],
        sample.repository[order],
        sample.start[order],
        sample.counts[order],
    )
    for one, other in zip(sample.strata, shuffled.strata, strict=True):
        assert one.name == other.name
        assert one.counts.tolist() == other.counts.tolist()
