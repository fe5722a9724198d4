"""What is counted of one repository: its facts, fortnights and calendar years, without who contributed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter

from sim.evidence.contributions import Contribution, LineCount, SurveyedPeriod
from sim.evidence.histories.designs import DAY, FORTNIGHT

Contributions = tuple[tuple[int, int, int, bool], ...]
"""Commits, lines added, lines deleted and whether it is automation, of each contributor."""


@dataclass(frozen=True)
class Year:
    """What one calendar year of a history holds.

    Parameters
    ----------
    year
        Calendar year, UTC.
    first, last
        Its first and last day within the surveyed span.
    periods
        Fortnights of a census that start in it.
    contributor_periods
        Contributors summed over those.
    contributors, commits, lines_added, lines_deleted
        Persons with a commit in the year, their commits and lines.
    lines_added_capped, lines_deleted_capped
        Lines of the fortnights that start in it, each contributor's held at the cap.
    automation_contributors, automation_commits, automation_lines_added, automation_lines_deleted
        The part of automation.
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
    label, repository
        As listed.
    later
        Name under which the history is found today; empty if the same.
    head
        Key of the newest commit of the clone.
    first, last
        Days of the first and of the last commit.
    commits
        Of the whole history, merges left out.
    undated
        Commits with dates that cannot be, which are in no period.
    unreadable_commits, unreadable_files
        Commits with files that the clone lacks, and the files; their lines are not counted.
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
        Of the options and of the head from which it was made.
    facts
        What is known beside the counts.
    periods
        First day and contributions of each surveyed fortnight.
    population
        How many fortnights the surveyed span has.
    years
        One for each calendar year of the surveyed span.
    """

    key: str
    facts: RepositoryFacts
    periods: tuple[tuple[date, Contributions], ...]
    population: int
    years: tuple[Year, ...]

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
