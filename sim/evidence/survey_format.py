"""What the shipped files of a survey are called, and the words and columns in them."""

from typing import Literal

LineReading = Literal["corrected", "published", "capped"]
Duplicates = Literal["listed", "merged"]
Weeks = Literal["as-dated", "weekly-bins"]
Bots = Literal["kept", "dropped"]
DesignName = Literal["census", "sample"]
"""Which fortnights of a history are surveyed: every one, or some drawn at random."""
WeekStart = Literal["sunday", "days"]
"""Days on which the fortnights of a collected survey start."""


PERIODS, FREQUENCIES, QUANTILES = "periods.csv", "frequencies.csv", "quantiles.csv"
POSTERIOR_DRAWS = "posterior.csv"

CAP_LINES = 10_000
"""Lines per contributor and period at which the capped reading stops counting."""
LINE_READINGS = ("lines", "lines_published", "lines_capped")
MARKS = ("commits", *LINE_READINGS)
"""What is counted of each contribution; lines are added plus deleted."""
PLAIN_MARKS = ("commits", "lines")
"""Counts from which all follow where no comma cut any lines."""

PEOPLE, AUTOMATION = "people", "automation"
FREQUENCY_KEYS = ("label", "start", "who", "count")

QUANTILE_COLUMNS = ("level", "count", "n", "median", "q99", "mean", "max")
CONTRIBUTOR_PERIOD, REPOSITORY_PERIOD = "contributor-period", "repository-period"
TRUNCATED = "truncated"
