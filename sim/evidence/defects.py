"""What is wrong with a survey, in plain words; every number is computed from the shipped files."""

from collections.abc import Iterator

import pandas as pd

from sim.evidence.describe import summed, survey_shape
from sim.evidence.period_checks import AUTOMATION
from sim.evidence.readings import LINE_COLUMNS, SUNDAY
from sim.evidence.shipped import Shipped
from sim.evidence.survey_format import CAP_LINES, CONTRIBUTOR_PERIOD, TRUNCATED


def survey_defects(shipped: Shipped) -> tuple[str, ...]:
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


def _truncation(shipped: Shipped) -> Iterator[str]:
    share = shipped.quantiles[CONTRIBUTOR_PERIOD, TRUNCATED].mean
    if share > 0:
        read, published = (summed(shipped, *LINE_COLUMNS[reading]) for reading in ("corrected", "published"))
        yield (
            f"The published line counts keep only the digits before the thousands comma. {share:.1%} of the "
            f"contributor-periods are hit: {published:,} lines instead of {read:,}."
        )


def _outliers(shipped: Shipped) -> Iterator[str]:
    spread = shipped.quantiles[CONTRIBUTOR_PERIOD, "lines"]
    read, capped = (summed(shipped, *LINE_COLUMNS[reading]) for reading in ("corrected", "capped"))
    if read > capped:
        yield (
            f"Few contributor-periods carry most lines: the largest has {spread.largest:,.0f}, the "
            f"median {spread.median:,.0f}. Held at {CAP_LINES:,} lines each, {capped / read:.1%} of the "
            "lines remain."
        )


def _automation(shipped: Shipped) -> Iterator[str]:
    frame = shipped.periods.frame
    lines = LINE_COLUMNS["corrected"]
    n_automation = summed(shipped, f"{AUTOMATION}contributors")
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


def _listed_twice(shipped: Shipped) -> Iterator[str]:
    pairs = shipped.periods.frame[["repository", "label"]].drop_duplicates()
    listings = pairs.groupby("repository", sort=False)["label"].agg(list)
    twice = [
        f"{repository} ({', '.join(labels)})" for repository, labels in listings.items() if len(labels) > 1
    ]
    if twice:
        yield f"Repositories listed more than once: {'; '.join(twice)}."


def _empty(shipped: Shipped) -> Iterator[str]:
    shape = survey_shape(shipped)
    if shape.n_empty_periods:
        idle = f", all of {len(shape.idle_tools)} tools among them ({', '.join(shape.idle_tools)})"
        yield (
            f"{shape.n_empty_periods} of {shape.n_periods} periods are empty"
            f"{idle if shape.idle_tools else ''}: an empty period is a zero, not a missing value."
        )


def _sundays(shipped: Shipped) -> Iterator[str]:
    ratios = commits_by_weekday(shipped)
    if SUNDAY in ratios.index and len(ratios) > 1:
        others = ratios.drop(SUNDAY)
        yield (
            f"Periods that start on a Sunday hold {ratios[SUNDAY]:.2f} times their tool's mean commits, "
            f"those of other days {others.min():.2f} to {others.max():.2f}."
        )


def commits_by_weekday(shipped: Shipped) -> "pd.Series[float]":
    r"""Return, for each weekday of the start, commits over the mean commits of the same tools.

    ``ratio = sum_j y_hj / sum_j mean_h`` over the periods j of tools h that start on that day.

    Parameters
    ----------
    shipped
        The survey.

    Returns
    -------
    pandas.Series
        Ratio by weekday, Monday 0 to Sunday 6.
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


def _unfinished(shipped: Shipped) -> Iterator[str]:
    day = shipped.about.extracted if shipped.about else None
    if day is not None:
        unfinished = int((shipped.periods.frame["end"] > pd.Timestamp(day)).sum())
        if unfinished:
            yield f"{unfinished} periods end after {day}, the day of the extraction: they are cut short."


def _published_otherwise(shipped: Shipped) -> Iterator[str]:
    published = shipped.about.published_contributor_periods if shipped.about else None
    there = summed(shipped, "contributors")
    if published is not None and published != there:
        yield f"The publication counts {published:,} contributor-periods; the public file has {there:,}."
