"""The shape of a survey: the tables behind ``sim evidence show``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sim.evidence.estimands import point_estimates
from sim.evidence.period_checks import AUTOMATION
from sim.evidence.readings import LINE_COLUMNS, Reading, read_as
from sim.evidence.shipped import Shipped
from sim.evidence.survey_format import CONTRIBUTOR_PERIOD

Readings = Literal["corrected", "published", "capped"]
READINGS: Mapping[Readings, str] = {
    "corrected": "lines",
    "published": "lines_published",
    "capped": "lines_capped",
}
"""Count in the frequencies and quantiles, by reading."""


@dataclass(frozen=True)
class Shape:
    """How large a survey is.

    Parameters
    ----------
    n_tools, n_repositories
        Listed tools; repositories behind them.
    n_periods, n_empty_periods
        Sampled periods of all tools; those in which nobody contributed.
    idle_tools
        Listed tools without a contribution in any period.
    first, last
        First and last day of all periods.
    n_contributor_periods, n_automation
        One contributor in one repository and period; those by automation accounts.
    """

    n_tools: int
    n_repositories: int
    n_periods: int
    n_empty_periods: int
    idle_tools: tuple[str, ...]
    first: date
    last: date
    n_contributor_periods: int
    n_automation: int


@dataclass(frozen=True)
class CountSummary:
    """One unit in one reading.

    Parameters
    ----------
    name
        Unit and reading in words.
    sampled
        Units in the sampled periods.
    per_year
        Estimate of the units per year over all listed tools.
    automation_share
        Part of `sampled` that automation accounts made, 0 to 1.
    median, q99, largest
        Per contributor-period.
    """

    name: str
    sampled: int
    per_year: float
    automation_share: float
    median: float
    q99: float
    largest: float


def survey_shape(shipped: Shipped) -> Shape:
    """Return how large a survey is."""
    frame = shipped.periods.frame
    per_tool = frame.groupby("label", sort=False)["contributors"].sum()
    return Shape(
        n_tools=len(per_tool),
        n_repositories=frame["repository"].nunique(),
        n_periods=len(frame),
        n_empty_periods=int((frame["contributors"] == 0).sum()),
        idle_tools=tuple(str(label) for label in per_tool[per_tool == 0].index),
        first=frame["start"].min().date(),
        last=frame["end"].max().date(),
        n_contributor_periods=int(frame["contributors"].sum()),
        n_automation=int(frame[f"{AUTOMATION}contributors"].sum()),
    )


def survey_counts(shipped: Shipped) -> tuple[CountSummary, ...]:
    """Return commits, then lines (added plus deleted) in each reading."""
    lines = (_summary(shipped, f"lines, {reading}", "lines", reading) for reading in READINGS)
    return (_summary(shipped, "commits", "commits", "corrected"), *lines)


def _summary(shipped: Shipped, name: str, unit: str, reading: Readings) -> CountSummary:
    columns = ("commits",) if unit == "commits" else LINE_COLUMNS[reading]
    sampled = summed(shipped, *columns)
    spread = shipped.quantiles[CONTRIBUTOR_PERIOD, "commits" if unit == "commits" else READINGS[reading]]
    estimates = point_estimates(read_as(shipped.periods, Reading(lines=reading)), {})
    by_automation = summed(shipped, *(AUTOMATION + column for column in columns))
    return CountSummary(
        name=name,
        sampled=sampled,
        per_year=estimates[f"{unit}_per_year"],
        automation_share=by_automation / sampled if sampled else 0.0,
        median=spread.median,
        q99=spread.q99,
        largest=spread.largest,
    )


def summed(shipped: Shipped, *columns: str) -> int:
    """Return the sum of columns of the period file."""
    return int(shipped.periods.frame[list(columns)].to_numpy().sum())
