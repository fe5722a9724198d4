"""What is counted of one repository, in which fortnights, and what is known beside; not who contributed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from pydantic import TypeAdapter

from sim.evidence.contributions import Contribution, LineCount, SurveyedPeriod
from sim.evidence.survey_format import DesignName, WeekStart
from sim.faults import Fault, InvalidInput

FORTNIGHT = timedelta(days=14)
DAY = timedelta(days=1)
MONDAY_TO_SUNDAY = 7

Contributions = tuple[tuple[int, int, int, bool], ...]
"""Commits, lines added, lines deleted and whether it is automation, of each contributor."""


@dataclass(frozen=True)
class PeriodDesign:
    """How fortnights are chosen from a history.

    Parameters
    ----------
    name
        ``census``: every fortnight from the first day on; ``sample``: `n_periods` of them, drawn uniformly.
    weeks
        ``sunday``: fortnights start on a Sunday, as the weeks of the source page of the survey of 2022 do;
        ``days``: on any day.
    n_periods
        Number of fortnights of a sample; a history with fewer possible starts gives those.
    since
        First day that may be surveyed; the history's first, unless stated.
    until
        Last day that may be surveyed; the history's last, unless stated.

    Raises
    ------
    InvalidInput
        If the last day lies before the first.
    """

    name: DesignName = "census"
    weeks: WeekStart = "sunday"
    n_periods: int = 5
    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if self.since and self.until and self.until < self.since:
            problem = f"{self.until} lies before --since {self.since}"
            raise InvalidInput([Fault("--until", "", problem, "a day on or after it")])

    def span(self, first: date, last: date) -> tuple[date, date]:
        """Return the days of a history that may be surveyed; none where the last lies before the first.

        Parameters
        ----------
        first
            Day of the history's first commit.
        last
            Day of the history's last commit.

        Returns
        -------
        date, date
            First and last day.
        """
        return max(first, self.since or first), min(last, self.until or last)

    def fortnights(self, first: date, last: date, rng: np.random.Generator) -> tuple[date, ...]:
        """Return the first days of the surveyed fortnights, each 14 days, ascending.

        A fortnight of a census is whole: days after the last whole one are in none. With ``sunday`` the
        first starts on the Sunday of the week of the first day, and a sampled one on any Sunday from there.

        Parameters
        ----------
        first
            Day of the history's first commit.
        last
            Day of the history's last commit.
        rng
            Generator that draws a sample.

        Returns
        -------
        tuple of date
            First days of the fortnights; empty where the span holds no whole one.
        """
        low, high = self.span(first, last)
        if self.weeks == "sunday":
            low -= DAY * ((low.weekday() + 1) % MONDAY_TO_SUNDAY)
            if self.since and low < self.since:
                low += DAY * MONDAY_TO_SUNDAY
        n_days = (high - low).days + 1
        if n_days < FORTNIGHT.days:
            return ()
        if self.name == "census":
            return tuple(low + FORTNIGHT * place for place in range(n_days // FORTNIGHT.days))
        step = MONDAY_TO_SUNDAY if self.weeks == "sunday" else 1
        n_starts = (n_days - FORTNIGHT.days) // step + 1
        places = rng.choice(n_starts, size=min(self.n_periods, n_starts), replace=False)
        return tuple(low + DAY * (step * int(place)) for place in np.sort(places))


@dataclass(frozen=True)
class YearCounts:
    """What one calendar year of a history holds.

    Parameters
    ----------
    year
        Calendar year, UTC.
    first
        First day of the year within the surveyed span.
    last
        Last day of the year within the surveyed span.
    periods
        Fortnights of a census that start in the year.
    contributor_periods
        Contributors summed over those.
    contributors
        Persons with a commit in the year.
    commits
        Commits of the year.
    lines_added
        Lines added in the year.
    lines_deleted
        Lines deleted in the year.
    lines_added_capped
        Lines added in the fortnights that start in the year, each contributor's lines held at the cap.
    lines_deleted_capped
        Lines deleted in those fortnights, each contributor's lines held at the cap.
    automation_contributors
        Contributors that are automation.
    automation_commits
        Commits by automation.
    automation_lines_added
        Lines added by automation.
    automation_lines_deleted
        Lines deleted by automation.
    """

    year: int
    first: date
    last: date
    periods: int
    contributor_periods: int
    contributors: int
    commits: int
    lines_added: int
    lines_deleted: int
    lines_added_capped: int
    lines_deleted_capped: int
    automation_contributors: int
    automation_commits: int
    automation_lines_added: int
    automation_lines_deleted: int


@dataclass(frozen=True)
class RepositoryFacts:
    """What is known of a surveyed history beside its counts.

    Parameters
    ----------
    label
        The tool's name, as listed.
    repository
        ``org/project``, as listed.
    later
        Name under which the history is found today; empty if the same.
    head
        Key of the newest commit of the clone.
    first
        Day of the first commit.
    last
        Day of the last commit.
    commits
        Commits of the whole history, merges left out.
    undated
        Number of commits with dates that cannot be, which are in no period.
    unreadable_commits
        Number of commits with files that the clone lacks.
    unreadable_files
        Number of those files; their lines are not counted.
    """

    label: str
    repository: str
    later: str
    head: str
    first: date
    last: date
    commits: int
    undated: int
    unreadable_commits: int
    unreadable_files: int


@dataclass(frozen=True)
class RepositoryCounts:
    """One repository's part of the survey.

    Parameters
    ----------
    key
        Digest of the options and of the head from which the counts were made.
    facts
        What is known beside the counts.
    periods
        First day and contributions of each surveyed fortnight.
    population
        How many fortnights the surveyed span has.
    years
        Counts of each calendar year of the surveyed span.
    """

    key: str
    facts: RepositoryFacts
    periods: tuple[tuple[date, Contributions], ...]
    population: int
    years: tuple[YearCounts, ...]

    def surveyed(self) -> Iterator[SurveyedPeriod]:
        """Give the periods as the tables of a survey take them."""
        for start, rows in self.periods:
            contributions = tuple(
                Contribution(commits, lines, lines, automation)
                for commits, added, deleted, automation in rows
                for lines in [LineCount(added, deleted)]
            )
            yield SurveyedPeriod(
                self.facts.label,
                self.facts.repository,
                start,
                start + FORTNIGHT - DAY,
                contributions,
                self.population,
            )


COUNTS: TypeAdapter[RepositoryCounts] = TypeAdapter(RepositoryCounts)
