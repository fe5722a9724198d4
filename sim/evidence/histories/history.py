"""One repository's history: what each contributor did in any span of days."""

from array import array
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np

from sim.evidence.contributions import Contribution, LineCount
from sim.evidence.histories.authors import Authors
from sim.evidence.histories.git_log import Clone, Commit
from sim.faults import Fault, InvalidInput

SECONDS_OF_A_DAY = 86_400
EARLIEST = date(1980, 1, 1)
"""No history under version control reaches further back: an author's date before it is a clock not set."""
EPOCH = date(1970, 1, 1)
MAX_ACCOUNTS = 100
"""Accounts that the source page of the survey of 2022 lists."""

Integers = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Flags = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


@dataclass(frozen=True, eq=False)
class History:
    """The commits of a repository that are no merges, by day; contributors are numbers.

    Parameters
    ----------
    head
        Key of the newest commit of the clone.
    day
        (commit): days since 1970 of the author's date in UTC, ascending.
    contributor
        (commit): number of the contributor, in the order of their first commits.
    added, deleted
        (commit): lines of text files.
    automation
        (contributor): whether it is automation by name.
    n_undated
        Commits whose dates cannot be; they are in no period.
    n_unreadable_commits, n_unreadable_files
        Commits with files that the clone lacks, and the files; their lines are not counted.
    """

    head: str
    day: Integers
    contributor: Integers
    added: Integers
    deleted: Integers
    automation: Flags
    n_undated: int
    n_unreadable_commits: int
    n_unreadable_files: int

    @property
    def first(self) -> date:
        """Day of the first commit."""
        return EPOCH + timedelta(days=int(self.day[0]))

    @property
    def last(self) -> date:
        """Day of the last commit."""
        return EPOCH + timedelta(days=int(self.day[-1]))

    def between(self, first: date, last: date, among: Flags | None = None) -> tuple[Contribution, ...]:
        """Return what each contributor did from one day to another, both included.

        Parameters
        ----------
        first, last
            Days, UTC.
        among
            (contributor): who is counted; everybody by default.

        Returns
        -------
        tuple of Contribution
            One for each contributor with a commit, by number of the contributor.
        """
        low, high = np.searchsorted(self.day, [days(first), days(last) + 1])
        who, place = np.unique(self.contributor[low:high], return_inverse=True)
        sums = [
            np.bincount(place, weights, minlength=len(who)).astype(np.int64)
            for weights in (None, self.added[low:high], self.deleted[low:high])
        ]
        return tuple(
            Contribution(int(commits), lines, lines, bool(self.automation[number]))
            for number, commits, added, deleted in zip(who, *sums, strict=True)
            if among is None or among[number]
            for lines in [LineCount(int(added), int(deleted))]
        )

    def most_active(self, until: date, n_accounts: int = MAX_ACCOUNTS) -> Flags:
        """Return which contributors have most commits up to a day.

        Parameters
        ----------
        until
            Last day that counts.
        n_accounts
            How many contributors to take; of those with equal commits the earlier comes first.

        Returns
        -------
        array of bool
            (contributor).
        """
        commits = np.bincount(self.contributor[self.day <= days(until)], minlength=len(self.automation))
        chosen = np.zeros(len(commits), dtype=np.bool_)
        chosen[np.argsort(-commits, kind="stable")[:n_accounts]] = True
        return chosen & (commits > 0)


def _day_of(commit: Commit, span: range) -> int:
    """Return the day of a commit: the author's if it can be, else the committer's, since 1970."""
    day = commit.authored // SECONDS_OF_A_DAY
    return day if day in span else commit.committed // SECONDS_OF_A_DAY


def days(day: date) -> int:
    """Return the days from 1 January 1970 to a day."""
    return (day - EPOCH).days


def read_history(
    clone: Clone, today: date | None = None, with_lines: Collection[int] | None = None
) -> History:
    """Read a clone's whole history.

    A commit counts on the day of its author's date in UTC. Where that cannot be, before 1980 or after today,
    the committer's date stands in; where that cannot be either, the commit is in no period and is counted in
    ``n_undated``.

    Parameters
    ----------
    clone
        To read.
    today
        Last day that a commit can have been made on; now, unless stated.
    with_lines
        Days since 1970 whose lines are counted; those of others are left at zero. All, unless stated.

    Returns
    -------
    History
        Its commits by day.

    Raises
    ------
    InvalidInput
        If the history is cut, or has no commit with a date.
    """
    authors = Authors()
    rows = array("q")
    n_undated = n_unreadable = n_files = 0
    span = range(days(EARLIEST), days(today or datetime.now(UTC).date()) + 1)
    wanted = None if with_lines is None else lambda commit: _day_of(commit, span) in with_lines
    for commit in clone.commits(wanted):
        day = _day_of(commit, span)
        if day in span:
            rows.extend((day, authors.number(commit.author), commit.added, commit.deleted))
        else:
            n_undated += 1
        if commit.n_unreadable:
            n_unreadable += 1
            n_files += commit.n_unreadable
    if not rows:
        problem = "has no commit with a date that can be"
        raise InvalidInput([Fault(str(clone.path), "", problem, f"dates from {EARLIEST} to today")])
    contributors, automation = authors.contributors()
    table = np.frombuffer(rows, dtype=np.int64).reshape(-1, 4)[::-1]  # git tells the newest first
    table = table[np.argsort(table[:, 0], kind="stable")]
    numbers = np.array(contributors, dtype=np.int64)[table[:, 1]]
    first = np.unique(numbers, return_index=True)[1]
    earliest = numbers[np.sort(first)]
    return History(
        head=clone.head,
        day=table[:, 0],
        contributor=np.argsort(earliest)[numbers],
        added=table[:, 2],
        deleted=table[:, 3],
        automation=np.array(automation, dtype=np.bool_)[earliest],
        n_undated=n_undated,
        n_unreadable_commits=n_unreadable,
        n_unreadable_files=n_files,
    )
