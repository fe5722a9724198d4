"""The histories under ``data/mloss-histories``: whole, as described, and as counted by others."""

import hashlib
import re
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from sim.evidence.histories.repositories import read_repositories
from sim.evidence.survey_files import read_survey_files

FOLDER = Path(__file__).parents[3] / "data" / "mloss-histories"
MAX_BYTES = 6_000_000


@pytest.fixture(scope="module")
def facts() -> dict:
    return tomllib.loads((FOLDER / "survey.toml").read_text(encoding="utf-8"))["collection"]


def test_readme_has_the_digests_and_the_histories(facts: dict):
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    stated = dict(re.findall(r"\| `(\S+)` \|.*\| `([0-9a-f]{64})` \|", readme))
    files = [path for path in FOLDER.iterdir() if path.name != "README.md"]
    assert stated == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < MAX_BYTES
    rows = re.findall(r"^\| (\S+?)(?: \(as \S+\))? \| (\S+) \| (\S+) \| .* \| `(\w{12})` \|$", readme, re.M)
    assert rows == [
        (one["repository"], str(one["first"]), str(one["last"]), one["head"][:12])
        for one in facts["repositories"]
    ]
    assert all(name in readme for name in facts["missing"])


def test_the_list_is_that_of_the_survey(facts: dict):
    listed = {one.repository for one in read_repositories(FOLDER / "repositories.csv")}
    surveyed = pd.read_csv(FOLDER.parent / "mloss-2022" / "periods.csv")["repository"]
    assert listed == set(surveyed)
    assert listed == {one["repository"] for one in facts["repositories"]} | set(facts["missing"])


def test_no_address_is_shipped():
    assert not [path.name for path in FOLDER.iterdir() if b"@" in path.read_bytes()]


def test_commits_by_year_are_those_counted_by_others(facts: dict):
    """Of the 63 histories that run to the end of 2025, as an independent count of them has it.

    It was made in November 2026 with other code: commits a year, merges left out, by author date in UTC.
    """
    whole = [one["repository"] for one in facts["repositories"] if str(one["last"]) >= "2025-12-20"]
    assert len(whole) == 63
    years = pd.read_csv(FOLDER / "years.csv")
    found = years[years["repository"].isin(whole)].groupby("year")["commits"].sum()
    expected = {2016: 12_402, 2018: 22_917, 2020: 38_462, 2022: 40_168, 2024: 27_888, 2025: 24_667}
    assert {year: int(found[year]) for year in expected} == expected


def test_periods_and_frequencies_agree_and_census_is_without_gaps():
    survey = read_survey_files(FOLDER)  # refuses frequencies that do not add up
    frame = survey.periods.frame
    steps = frame.groupby("label")["start"].diff().dropna()
    assert set(steps.dt.days) == {14}
    assert set((frame["end"] - frame["start"]).dt.days) == {13}
    assert set(frame["start"].dt.day_of_week) == {6}
