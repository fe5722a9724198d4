"""A survey's periods counted again from git histories, to say how far the survey can be trusted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from sim.evidence.contributions import Contribution
from sim.evidence.histories.collection import CollectionTask
from sim.evidence.histories.git_log import Clone
from sim.evidence.histories.history import History, days, read_history
from sim.evidence.histories.repository_counts import DAY
from sim.evidence.period_columns import COUNTS
from sim.evidence.periods import PeriodTable
from sim.parallel import Executor
from sim.types import Flags

COUNTED = tuple(name for name in COUNTS if "published" not in name)
"""Columns of a period file that a history can fill."""
UNITS = ("contributors", "commits", "lines", "lines_capped")
WEEK_DAYS = 7
CLOSE = 0.1
REPLACED = 0.5
"""Overlap of commits, the smaller count over the larger, below which a history is another one."""
MIN_COMMITS = 20


@dataclass(frozen=True)
class Way:
    """How a period is counted again.

    Parameters
    ----------
    title
        The way in words.
    by_weeks
        Whether the period is the whole weeks that start on a Sunday within it, as the source page of the
        survey of 2022 shows them; else it is the days as dated.
    who
        ``listed``: the contributors that the source page lists, the hundred with most commits up to the
        extraction; ``unlisted``: all others; ``everybody``.
    """

    title: str
    by_weeks: bool
    who: Literal["listed", "unlisted", "everybody"]


WAYS = (
    Way("whole Sunday weeks, 100 most active", by_weeks=True, who="listed"),
    Way("whole Sunday weeks, everybody", by_weeks=True, who="everybody"),
    Way("days as dated, everybody", by_weeks=False, who="everybody"),
)
UNLISTED = Way("whole Sunday weeks, all but the 100 most active", by_weeks=True, who="unlisted")
"""What the source page hides."""

Period = tuple[date, date]


def recount(
    executor: Executor, tasks: Sequence[CollectionTask], table: PeriodTable, extracted: date | None
) -> pd.DataFrame:
    """Count every period of a survey again whose repository has a clone.

    Parameters
    ----------
    executor
        Does the tasks, here or in workers.
    tasks
        A repository and its clone each.
    table
        The survey's periods.
    extracted
        Day on which the survey was taken: a period ends there, and who is listed is decided by it.

    Returns
    -------
    DataFrame
        A row for each period and way: ``repository``, ``start``, ``way``, each of ``UNITS`` as recounted and
        as ``surveyed_``, ``reached``, whether the history goes on to the day of the survey, and ``COUNTED``.

    Raises
    ------
    InvalidInput
        If a clone cannot be read.
    """
    surveyed = table.frame.drop_duplicates(["repository", "start"])
    periods = {
        str(repository): tuple(zip(rows["start"].dt.date, rows["end"].dt.date, strict=True))
        for repository, rows in surveyed.groupby("repository")
    }
    known = [task for task in tasks if task.repository.repository in periods]
    day = extracted or surveyed["end"].max().date()
    counted = executor.map(partial(_recounted, periods=periods, extracted=day), known)
    found = pd.DataFrame([row for rows in counted for row in rows], columns=_COLUMNS)
    before = surveyed.assign(
        surveyed_contributors=surveyed["contributors"],
        surveyed_commits=surveyed["commits"],
        surveyed_lines=surveyed["lines_added"] + surveyed["lines_deleted"],
        surveyed_lines_capped=surveyed["lines_added_capped"] + surveyed["lines_deleted_capped"],
    )
    found["lines"] = found["lines_added"] + found["lines_deleted"]
    found["lines_capped"] = found["lines_added_capped"] + found["lines_deleted_capped"]
    keys = ["repository", "start"]
    columns = [*keys, *(f"surveyed_{unit}" for unit in UNITS)]
    found["start"] = pd.to_datetime(found["start"])
    return found.merge(before[columns], on=keys).sort_values([*keys, "way"], ignore_index=True)


_COLUMNS = ("repository", "start", "way", "reached", *COUNTED)


def _recounted(
    task: CollectionTask, periods: Mapping[str, tuple[Period, ...]], extracted: date
) -> list[tuple[object, ...]]:
    name = task.repository.repository
    counted = {day for start, end in periods[name] for day in range(days(start), days(end) + WEEK_DAYS)}
    history = read_history(Clone(task.folder), with_lines=counted)
    listed = history.most_active(extracted)
    return [
        (name, start, way.title, history.last >= extracted, *_counts(contributions))
        for start, end in periods[name]
        for way in (*WAYS, UNLISTED)
        for contributions in [_within(history, way, start, min(end, extracted), listed)]
    ]


def _within(
    history: History,
    way: Way,
    start: date,
    end: date,
    listed: Flags,
) -> tuple[Contribution, ...]:
    """Return what a way of counting finds in a period."""
    first, last = (start, end) if not way.by_weeks else _whole_weeks(start, end)
    among = {"listed": listed, "unlisted": ~listed, "everybody": None}
    return history.between(first, last, among[way.who])


def _whole_weeks(start: date, end: date) -> Period:
    """Return the first and last day of the weeks that start on a Sunday from one day to another.

    Examples
    --------
    >>> [str(day) for day in _whole_weeks(date(2020, 2, 16), date(2020, 3, 1))]
    ['2020-02-16', '2020-03-07']
    """
    first = start + DAY * ((6 - start.weekday()) % WEEK_DAYS)
    last = end - DAY * ((end.weekday() + 1) % WEEK_DAYS)
    return first, last + timedelta(days=WEEK_DAYS - 1)


def _counts(contributions: Sequence[Contribution]) -> Iterator[int]:
    """Give the counts in the order of ``COUNTED``."""
    for part in (contributions, [one for one in contributions if one.by_automation]):
        yield len(part)
        yield sum(one.commits for one in part)
        for reading in ("lines", "lines_capped"):
            yield sum(one.lines_in(reading).added for one in part)
            yield sum(one.lines_in(reading).deleted for one in part)


def with_unlisted(table: PeriodTable, counted: pd.DataFrame) -> pd.DataFrame:
    """Return a survey with what its source hides added: the contributors beyond the hundred most active.

    Added where a history is known that goes on to the day of the survey and is the one surveyed; of other
    repositories the periods stay as they are.

    Parameters
    ----------
    table
        The survey's periods.
    counted
        The survey counted again, from :func:`recount`.

    Returns
    -------
    DataFrame
        A row for each period, in the survey's order: the columns of a period file, but for the published
        reading.
    """
    known = counted[counted["reached"] & (counted["way"] == UNLISTED.title)]
    known = known[~known["repository"].isin(other_histories(counted)["repository"])]
    keys = ["repository", "start"]
    added = known.set_index(keys)[list(COUNTED)]
    survey = table.frame[["label", *keys, "end", *COUNTED]].reset_index(drop=True)
    hidden = added.reindex(pd.MultiIndex.from_frame(survey[keys]), fill_value=0).to_numpy(dtype=np.int64)
    survey[list(COUNTED)] += hidden
    return survey


def agreement(counted: pd.DataFrame) -> pd.DataFrame:
    """Return how well each way of counting of :func:`recount` repeats the survey, of histories up to its day.

    Returns
    -------
    DataFrame
        A row for each way and unit: ``periods``; ``total``, recounted over surveyed; ``exact`` and ``close``,
        the shares of periods equal to the last digit and within a tenth; ``rank``, Spearman's correlation.
    """
    reached = counted[counted["reached"]]
    return pd.DataFrame(_agreement_rows(reached))


def _agreement_rows(reached: pd.DataFrame) -> Iterator[dict[str, object]]:
    for way in WAYS:
        rows = reached[reached["way"] == way.title]
        for unit in UNITS:
            ours, theirs = rows[unit].to_numpy(float), rows[f"surveyed_{unit}"].to_numpy(float)
            apart = np.abs(ours - theirs)
            varies = len(rows) > 1 and np.ptp(ours) > 0 and np.ptp(theirs) > 0
            yield {
                "way": way.title,
                "unit": unit,
                "periods": len(rows),
                "total": ours.sum() / theirs.sum() if theirs.sum() else np.nan,
                "exact": np.mean(apart == 0) if len(rows) else np.nan,
                "close": np.mean(apart <= CLOSE * theirs) if len(rows) else np.nan,
                "rank": spearmanr(ours, theirs).statistic if varies else np.nan,
            }


def other_histories(counted: pd.DataFrame) -> pd.DataFrame:
    """Return the repositories whose history today is not the one surveyed, from :func:`recount`.

    Returns
    -------
    DataFrame
        A row for each repository: ``repository``, ``commits`` as recounted, ``surveyed_commits``, and
        ``overlap``, the smaller over the larger of each period, summed: below one half.
    """
    rows = counted[counted["reached"] & (counted["way"] == WAYS[0].title)]
    pairs = rows[["commits", "surveyed_commits"]]
    sums = (
        rows.assign(least=pairs.min(axis=1), most=pairs.max(axis=1))
        .groupby("repository")[["commits", "surveyed_commits", "least", "most"]]
        .sum()
        .reset_index()
    )
    sums = sums[sums["most"] >= MIN_COMMITS]
    sums["overlap"] = sums["least"] / sums["most"]
    others = sums[sums["overlap"] < REPLACED].sort_values("overlap", ignore_index=True)
    return others[["repository", "commits", "surveyed_commits", "overlap"]]
