"""Which fortnights a design takes: counted by hand on a calendar."""

from datetime import date

import numpy as np
import pytest

from sim.evidence.histories.repository_counts import PeriodDesign
from sim.faults import InvalidInput

RNG = np.random.default_rng(1)
WEDNESDAY, LAST = date(2020, 1, 1), date(2020, 2, 29)


def test_a_census_by_weeks_starts_on_the_sunday_before():
    # Sunday 29 December 2019, then every 14 days; the fifth would end on 7 March
    starts = PeriodDesign().fortnights(WEDNESDAY, LAST, RNG)
    assert starts == (date(2019, 12, 29), date(2020, 1, 12), date(2020, 1, 26), date(2020, 2, 9))


def test_a_census_by_days_starts_on_the_first():
    starts = PeriodDesign(weeks="days").fortnights(WEDNESDAY, LAST, RNG)
    assert starts == (date(2020, 1, 1), date(2020, 1, 15), date(2020, 1, 29), date(2020, 2, 12))


def test_since_and_until_never_reach_beyond_the_history():
    design = PeriodDesign(since=date(2020, 1, 14), until=date(2020, 2, 8))
    assert design.fortnights(WEDNESDAY, LAST, RNG) == (date(2020, 1, 19),)  # a Sunday after the 14th
    wide = PeriodDesign(weeks="days", since=date(1999, 1, 1), until=date(2099, 1, 1))
    assert wide.fortnights(WEDNESDAY, LAST, RNG) == PeriodDesign(weeks="days").fortnights(
        WEDNESDAY, LAST, RNG
    )
    assert PeriodDesign(since=date(2021, 1, 1)).fortnights(WEDNESDAY, LAST, RNG) == ()


@pytest.mark.parametrize(("weeks", "n_starts"), [("days", 47), ("sunday", 8)])
def test_every_start_of_a_sample_is_as_likely(weeks, n_starts):
    # days: 1 January to 16 February, 47 of them; Sundays 29 December to 16 February, 8 of them
    design = PeriodDesign("sample", weeks, n_periods=1)
    rng = np.random.default_rng(7)
    drawn = [design.fortnights(WEDNESDAY, LAST, rng)[0] for _ in range(200 * n_starts)]
    counts = np.unique(np.array(drawn), return_counts=True)[1]
    assert len(counts) == n_starts
    # chi-squared with n - 1 degrees of freedom: mean n - 1, standard deviation sqrt(2 (n - 1))
    assert np.sum((counts - 200) ** 2 / 200) < n_starts - 1 + 5 * np.sqrt(2 * (n_starts - 1))
    if weeks == "sunday":
        assert {day.weekday() for day in drawn} == {6}


def test_a_sample_takes_each_start_once_and_no_more_than_there_are():
    starts = PeriodDesign("sample", "sunday", n_periods=20).fortnights(WEDNESDAY, LAST, RNG)
    assert len(starts) == len(set(starts)) == 8
    assert list(starts) == sorted(starts)


def test_until_before_since():
    with pytest.raises(InvalidInput, match="2020-01-01 lies before --since 2020-01-02"):
        PeriodDesign(since=date(2020, 1, 2), until=date(2020, 1, 1))
