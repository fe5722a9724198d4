"""One repository's history: what each contributor did in any span of days.

Authors are joined who share a mail address, or a full name of two words or more; automation is told apart.
Nothing of it is written anywhere: what leaves is a number for each contributor and whether it is automation.
"""

import re
from array import array
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from sim.evidence.contributions import Contribution, LineCount
from sim.evidence.histories.git_log import Clone, Commit
from sim.faults import Fault, InvalidInput
from sim.types import Flags, Integers

SECONDS_OF_A_DAY = 86_400
EARLIEST = date(1980, 1, 1)
"""No history under version control reaches further back: an author's date before it is a clock not set."""
EPOCH = date(1970, 1, 1)
MAX_ACCOUNTS = 100
"""Accounts that the source page of the survey of 2022 lists."""

NO_REPLY = re.compile(r"(?:\d+\+)?(?P<account>[^@]+)@users\.noreply\.github\.com")
SHARED_ADDRESSES = frozenset({"", "none", "none@none", "noreply@github.com", "root@localhost"})
"""Addresses that say nothing of whose they are; the host's own web pages commit under one of them."""
BOT_NAME = re.compile(r"bot$|\[bot\]$|gardener|automation|copybara|-ci$|ci-robot|jenkins", re.IGNORECASE)
BOT_WORD = re.compile(r"\[bot\]|(?:^|[\s_-])(?:ro)?bot(?:$|[\s_-])|-ci(?:$|\s)", re.IGNORECASE)
ROLES = frozenset({"gardener", "automation", "copybara", "jenkins", "copybara-worker", "no-reply-bot"})


class Authors:
    """Numbers for authors as they come, joined into contributors in the end."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}
        self._first: dict[str, int] = {}
        self._joined: list[tuple[int, int]] = []
        self._automation: list[bool] = []

    def number(self, author: bytes) -> int:
        """Return the number of an author, from 0 in the order in which authors come.

        ``author`` is the mail address and the name, parted by a zero byte, as a commit has them.
        """
        number = self._numbers.get(author)
        if number is None:
            number = self._numbers[author] = len(self._numbers)
            address, name = author.decode("utf-8", errors="surrogateescape").split("\0")
            self._automation.append(is_automation(address, name))
            self._joined += ((number, self._first.setdefault(mark, number)) for mark in _marks(address, name))
        return number

    def contributors(self) -> tuple[list[int], list[bool]]:
        """Return the contributor behind each author, and whether each contributor is automation.

        (author): number of the contributor, from 0; (contributor): whether one of its authors is automation
        by name.
        """
        n = len(self._numbers)
        pairs = np.array(self._joined, dtype=np.int64).reshape(-1, 2)
        joined = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
        _, numbers = connected_components(joined, directed=False)
        automation = np.bincount(numbers, self._automation) > 0
        return numbers.tolist(), automation.tolist()


def _marks(address: str, name: str) -> Iterable[str]:
    """Give what joins an author to others: the address, and the name where it has two words."""
    mail = address.strip().casefold()
    words = name.casefold().split()
    if mail not in SHARED_ADDRESSES:
        yield f"<{mail}>"
    elif len(words) < 2:
        yield " ".join(words)
    if len(words) >= 2:
        yield " ".join(words)


def is_automation(address: str, name: str) -> bool:
    """Return whether an author is a bot, a mirror or a build server, by name or address.

    A name of one word, and the account in a host's address, are told as the survey of 2022 told accounts.
    Names of several words are often people's: there the word itself, as in ``Release Bot``, or an address
    such as ``gardener@`` decides, since people may be called Talbot or Gardener.

    Parameters
    ----------
    address
        Mail address of the author.
    name
        Name of the author.

    Returns
    -------
    bool
        True for a bot.

    Examples
    --------
    >>> [is_automation("", name) for name in ("renew[bot]", "Release Bot", "Anne Talbot", "nightly-ci")]
    [True, True, False, True]
    >>> is_automation("gardener@example.org", "A. Unique Flower")
    True
    """
    local = address.strip().casefold().partition("@")[0]
    account = NO_REPLY.fullmatch(address.strip())
    words = name.split()
    if BOT_WORD.search(name) or (account and BOT_WORD.search(account["account"])):
        return True
    if len(words) == 1 and BOT_NAME.search(words[0]):
        return True
    return local in ROLES and local not in {word.casefold() for word in words}


@dataclass(frozen=True, eq=False)
class History:
    """The commits of a repository that are no merges, by day; contributors are numbers.

    Parameters
    ----------
    head
        Key of the newest commit of the clone.
    day
        Days since 1970 of the author's date in UTC, ascending, (commit).
    contributor
        Number of the contributor, in the order of their first commits, (commit).
    added
        Lines added to text files, (commit).
    deleted
        Lines deleted from text files, (commit).
    automation
        Whether the contributor is automation by name, (contributor).
    n_undated
        Number of commits whose dates cannot be; they are in no period.
    n_unreadable_commits
        Number of commits with files that the clone lacks.
    n_unreadable_files
        Number of those files; their lines are not counted.
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
        first
            First day, UTC.
        last
            Last day, UTC, included.
        among
            Who is counted, (contributor); everybody by default.

        Returns
        -------
        tuple of Contribution
            One contribution for each contributor with a commit, by number of the contributor.
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

    def most_active(self, until: date) -> Flags:
        """Return which contributors have most commits up to a day, (contributor): as many as the page lists.

        Of those with equal commits the earlier comes first.
        """
        commits = np.bincount(self.contributor[self.day <= days(until)], minlength=len(self.automation))
        chosen = np.zeros(len(commits), dtype=np.bool_)
        chosen[np.argsort(-commits, kind="stable")[:MAX_ACCOUNTS]] = True
        return chosen & (commits > 0)


def _day_of(commit: Commit, span: range) -> int:
    """Return the day of a commit: the author's if it can be, else the committer's, since 1970."""
    day = commit.authored // SECONDS_OF_A_DAY
    return day if day in span else commit.committed // SECONDS_OF_A_DAY


def days(day: date) -> int:
    """Return the days from 1 January 1970 to a day."""
    return (day - EPOCH).days


def today() -> date:
    """Return the last day that a commit can have been made on."""
    return datetime.now(UTC).date()


def read_history(clone: Clone, with_lines: Collection[int] | None = None) -> History:
    """Read a clone's whole history.

    A commit counts on the day of its author's date in UTC. Where that cannot be, before 1980 or after today,
    the committer's date stands in; where that cannot be either, the commit is in no period and is counted in
    ``n_undated``.

    Parameters
    ----------
    clone
        The clone to read.
    with_lines
        Days since 1970 whose lines are counted; those of other days are left at zero. By default all are.

    Returns
    -------
    History
        The commits of the clone by day.

    Raises
    ------
    InvalidInput
        If the history is cut, or has no commit with a date.
    """
    authors = Authors()
    rows = array("q")
    n_undated = n_unreadable = n_files = 0
    span = range(days(EARLIEST), days(today()) + 1)
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
