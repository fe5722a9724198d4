"""Reading the two files: every reading of the shipped survey, and what is said of files that do not fit."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.evidence.estimands import parse_references
from sim.evidence.hierarchical.model_survey import read_model_survey
from sim.evidence.readings import Reading
from sim.faults import InvalidInput
from tests.evidence.hierarchical.builders import write_survey

PERIODS = Path(__file__).parents[3] / "data" / "mloss-2022" / "periods.csv"
ROW: dict[str, object] = {
    "label": "a",
    "repository": "x/a",
    "start": "2020-02-16",
    "end": "2020-03-01",
    "contributors": 2,
    "commits": 3,
    "lines_added": 7,
}
COUNTS = ("commits", "lines", "lines_published", "lines_capped")


def frequency_lines(cells: str, *more: str) -> list[str]:
    return [
        "label,start,who,count,0,1,2,3-4,5-8",
        *(f"a,2020-02-16,people,{c},{cells}" for c in COUNTS),
        *more,
    ]


def test_shipped_survey_in_its_default_reading() -> None:
    """Expected: 3,895 contributor-periods and 695 periods, counted in data/README.md."""
    survey = read_model_survey(PERIODS, Reading())
    assert survey.contributors.sum() == 3895
    assert len(survey.contributors) == 695
    assert np.array_equal(survey.contributors, survey.sample.contributors)
    assert survey.frequencies["lines"].sum(axis=1).tolist() == survey.contributors.tolist()
    assert survey.cap("lines") == 10_000
    assert np.isinf(survey.cap("commits"))


def test_other_readings() -> None:
    """Expected: 28 rows by automation, 137 repositories, lines published below 2 x 999 (data/README.md)."""
    survey = read_model_survey(PERIODS, Reading("published", "merged", "weekly-bins", "dropped"))
    assert survey.contributors.sum() == 3895 - 28
    assert len(survey.names) == 137
    largest = survey.upper["lines"][np.flatnonzero(survey.frequencies["lines"].sum(axis=0))[-1]]
    assert largest == 2048
    assert survey.cap("lines") == 1998


def test_exposures_turn_counts_into_those_of_the_reading() -> None:
    """Sundays by pandas' own calendar: 1.19 and 3/2; counts over exposures are the sample's."""
    survey = read_model_survey(PERIODS, Reading("corrected", weeks="weekly-bins"))
    sunday = pd.DatetimeIndex(survey.sample.start).day_name() == "Sunday"
    assert sunday.any()
    np.testing.assert_allclose(survey.exposures["contributors"], np.where(sunday, 1.19, 1.0))
    np.testing.assert_allclose(survey.exposures["lines"], np.where(sunday, 1.5, 1.0))
    np.testing.assert_allclose(
        survey.contributors / survey.exposures["contributors"], survey.sample.contributors
    )


def test_deviation_is_from_the_mean_of_active_periods(tmp_path: Path) -> None:
    """By hand: periods of 2, 0 and 4 contributors have an active mean of 3."""
    rows = [
        ROW,
        ROW | {"start": "2020-04-16", "end": "2020-05-01", "contributors": 0, "commits": 0, "lines_added": 0},
        ROW | {"start": "2020-06-16", "end": "2020-07-01", "contributors": 4},
    ]
    more = [f"a,2020-06-16,people,{count},0,4,0,0,0" for count in COUNTS]
    survey = read_model_survey(write_survey(tmp_path, rows, frequency_lines("0,1,1,0,0", *more)), Reading())
    np.testing.assert_allclose(survey.deviation, [np.log(2 / 3), 0.0, np.log(4 / 3)])


def test_missing_frequencies_file(tmp_path: Path) -> None:
    path = write_survey(tmp_path, [ROW], frequency_lines("0,1,1,0,0"))
    (tmp_path / "frequencies.csv").rename(tmp_path / "frequency.csv")
    words = f"frequencies.csv: no such file\n    nearest: {tmp_path / 'frequency.csv'}"
    with pytest.raises(InvalidInput, match=re.escape(words)):
        read_model_survey(path, Reading())


def test_frequencies_that_do_not_add_up(tmp_path: Path) -> None:
    path = write_survey(tmp_path, [ROW], frequency_lines("0,1,0,0,0"))
    with pytest.raises(InvalidInput, match="1 contributors in the bins") as error:
        read_model_survey(path, Reading())
    assert len(error.value.faults) == len(COUNTS)


def test_contributors_without_a_commit(tmp_path: Path) -> None:
    path = write_survey(tmp_path, [ROW], frequency_lines("1,1,0,0,0"))
    with pytest.raises(InvalidInput, match="a, 2020-02-16, commits: 1 contributors without a commit"):
        read_model_survey(path, Reading())


def test_references_of_another_form() -> None:
    with pytest.raises(InvalidInput, match="name=org/project") as error:
        parse_references(["pytorch", "r=pytorch"])
    assert len(error.value.faults) == 2
