"""The shape and the defects of a survey, as ``sim evidence show`` prints them, from the files alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from sim.evidence.estimands import point_estimates
from sim.evidence.period_columns import AUTOMATION
from sim.evidence.readings import LINE_COLUMNS, SUNDAY, Reading, read_as
from sim.evidence.survey_files import SurveyFiles
from sim.evidence.survey_format import CAP_LINES, CONTRIBUTOR_PERIOD, TRUNCATED, LineReading

READINGS: Mapping[LineReading, str] = {
    "corrected": "lines",
    "published": "lines_published",
    "capped": "lines_capped",
}
"""Count in the frequencies and quantiles, by reading."""
EVERY_LINE = Reading(lines="corrected")


@dataclass(frozen=True)
class SurveyShape:
    """How large a survey is.

    Parameters
    ----------
    n_tools
        Listed tools.
    n_repositories
        Repositories behind the listed tools.
    n_periods
        Sampled periods of all tools.
    n_empty_periods
        Periods in which nobody contributed.
    idle_tools
        Listed tools without a contribution in any period.
    first
        First day of all periods.
    last
        Last day of all periods.
    n_contributor_periods
        Number of contributor-periods: one contributor in one repository and period each.
    n_automation
        Contributor-periods of automation accounts.
    n_whole
        Listed tools of which every period of their life is there.
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
    n_whole: int = 0


@dataclass(frozen=True)
class CountSummary:
    """One unit in one reading, summed up over the survey.

    Parameters
    ----------
    name
        The unit and the reading in words.
    sampled
        Units in the sampled periods.
    per_year
        Estimate of the units per year over all listed tools.
    automation_share
        Part of `sampled` that automation accounts made, 0 to 1.
    median
        Median units of a contributor-period.
    q99
        99 % quantile of the units of a contributor-period.
    largest
        Most units of any contributor-period.
    """

    name: str
    sampled: int
    per_year: float
    automation_share: float
    median: float
    q99: float
    largest: float


def survey_shape(shipped: SurveyFiles) -> SurveyShape:
    """Return how large a survey is."""
    frame = shipped.periods.frame
    per_tool = frame.groupby("label", sort=False)["contributors"].sum()
    return SurveyShape(
        n_tools=len(per_tool),
        n_repositories=frame["repository"].nunique(),
        n_periods=len(frame),
        n_empty_periods=int((frame["contributors"] == 0).sum()),
        idle_tools=tuple(str(label) for label in per_tool[per_tool == 0].index),
        first=frame["start"].min().date(),
        last=frame["end"].max().date(),
        n_contributor_periods=int(frame["contributors"].sum()),
        n_automation=int(frame[f"{AUTOMATION}contributors"].sum()),
        n_whole=sum(not stratum.unsampled for stratum in read_as(shipped.periods, EVERY_LINE).strata),
    )


def survey_counts(shipped: SurveyFiles) -> tuple[CountSummary, ...]:
    """Return commits, then lines (added plus deleted) in each reading that the survey has."""
    lines = (
        _summary(shipped, f"lines, {reading}", "lines", reading)
        for reading in READINGS
        if shipped.periods.given >= set(LINE_COLUMNS[reading])
    )
    return (_summary(shipped, "commits", "commits", "corrected"), *lines)


def _summary(shipped: SurveyFiles, name: str, unit: str, reading: LineReading) -> CountSummary:
    columns = ("commits",) if unit == "commits" else LINE_COLUMNS[reading]
    sampled = _summed(shipped, *columns)
    spread = shipped.quantiles[CONTRIBUTOR_PERIOD, "commits" if unit == "commits" else READINGS[reading]]
    estimates = point_estimates(read_as(shipped.periods, Reading(lines=reading)), {})
    by_automation = _summed(shipped, *(AUTOMATION + column for column in columns))
    return CountSummary(
        name=name,
        sampled=sampled,
        per_year=estimates[f"{unit}_per_year"],
        automation_share=by_automation / sampled if sampled else 0.0,
        median=spread.median,
        q99=spread.q99,
        largest=spread.largest,
    )


def _summed(shipped: SurveyFiles, *columns: str) -> int:
    """Return the sum of columns of the period file."""
    return int(shipped.periods.frame[list(columns)].to_numpy().sum())


def survey_defects(shipped: SurveyFiles) -> tuple[str, ...]:
    """Return one sentence or two for each defect that the survey has, the gravest first."""
    found = (
        _truncation,
        _outliers,
        _automation,
        _listed_twice,
        _empty,
        _sundays,
        _unfinished,
        _published_otherwise,
    )
    notes = shipped.about.notes if shipped.about else ()
    return (*(words for defect in found for words in defect(shipped)), *notes)


def _truncation(shipped: SurveyFiles) -> Iterator[str]:
    share = shipped.quantiles[CONTRIBUTOR_PERIOD, TRUNCATED].mean
    if share > 0:
        read, published = (_summed(shipped, *LINE_COLUMNS[reading]) for reading in ("corrected", "published"))
        yield (
            f"The published line counts keep only the digits before the thousands comma. {share:.1%} of the "
            f"contributor-periods are hit: {published:,} lines instead of {read:,}."
        )


def _outliers(shipped: SurveyFiles) -> Iterator[str]:
    spread = shipped.quantiles[CONTRIBUTOR_PERIOD, "lines"]
    read, capped = (_summed(shipped, *LINE_COLUMNS[reading]) for reading in ("corrected", "capped"))
    if read > capped:
        yield (
            f"Few contributor-periods carry most lines: the largest has {spread.largest:,.0f}, the "
            f"median {spread.median:,.0f}. Held at {CAP_LINES:,} lines each, {capped / read:.1%} of the "
            "lines remain."
        )


def _automation(shipped: SurveyFiles) -> Iterator[str]:
    frame = shipped.periods.frame
    lines = LINE_COLUMNS["corrected"]
    n_automation = _summed(shipped, f"{AUTOMATION}contributors")
    if not n_automation:
        return
    by_lines = frame.groupby("repository")[[AUTOMATION + name for name in lines]].sum().sum(axis=1)
    most = str(by_lines.idxmax())
    there = frame[frame["repository"] == most].sum(numeric_only=True)
    all_lines, automation_lines = (
        sum(int(there[prefix + name]) for name in lines) for prefix in ("", AUTOMATION)
    )
    yield (
        f"{n_automation} contributor-periods are automation accounts by name. In {most} they make "
        f"{int(there[f'{AUTOMATION}commits']):,} of {int(there['commits']):,} commits and "
        f"{automation_lines:,} of {all_lines:,} lines."
    )


def _listed_twice(shipped: SurveyFiles) -> Iterator[str]:
    pairs = shipped.periods.frame[["repository", "label"]].drop_duplicates()
    listings = pairs.groupby("repository", sort=False)["label"].agg(list)
    twice = [
        f"{repository} ({', '.join(labels)})" for repository, labels in listings.items() if len(labels) > 1
    ]
    if twice:
        yield f"Repositories listed more than once: {'; '.join(twice)}."


def _empty(shipped: SurveyFiles) -> Iterator[str]:
    shape = survey_shape(shipped)
    if shape.n_empty_periods:
        idle = f", all of {len(shape.idle_tools)} tools among them ({', '.join(shape.idle_tools)})"
        yield (
            f"{shape.n_empty_periods} of {shape.n_periods} periods are empty"
            f"{idle if shape.idle_tools else ''}: an empty period is a zero, not a missing value."
        )


def _sundays(shipped: SurveyFiles) -> Iterator[str]:
    ratios = commits_by_weekday(shipped)
    if SUNDAY in ratios.index and len(ratios) > 1:
        others = ratios.drop(SUNDAY)
        yield (
            f"Periods that start on a Sunday hold {ratios[SUNDAY]:.2f} times their tool's mean commits, "
            f"those of other days {others.min():.2f} to {others.max():.2f}."
        )


def commits_by_weekday(shipped: SurveyFiles) -> "pd.Series[float]":
    r"""Return, for each weekday of the start, commits over the mean commits of the same tools.

    ``ratio = sum_j y_hj / sum_j mean_h`` over the periods j of tools h that start on that day.
    """
    frame = shipped.periods.frame
    table = pd.DataFrame(
        {
            "weekday": frame["start"].dt.day_of_week,
            "commits": frame["commits"].astype("float64"),
            "mean": frame.groupby("label")["commits"].transform("mean"),
        }
    )
    sums = table.groupby("weekday").sum()
    sums = sums[sums["mean"] > 0]
    return sums["commits"] / sums["mean"]


def _unfinished(shipped: SurveyFiles) -> Iterator[str]:
    day = shipped.about.extracted if shipped.about else None
    if day is not None:
        unfinished = int((shipped.periods.frame["end"] > pd.Timestamp(day)).sum())
        if unfinished:
            yield f"{unfinished} periods end after {day}, the day of the extraction: they are cut short."


def _published_otherwise(shipped: SurveyFiles) -> Iterator[str]:
    published = shipped.about.published_contributor_periods if shipped.about else None
    there = _summed(shipped, "contributors")
    if published is not None and published != there:
        yield f"The publication counts {published:,} contributor-periods; the public file has {there:,}."
