"""What one contributor did in one sampled period, in each reading of the line counts."""

from dataclasses import dataclass, field
from datetime import date

from sim.evidence.source.automation import is_automation

CAP_LINES = 10_000
"""Lines per contributor and period at which the capped reading stops counting."""


@dataclass(frozen=True)
class Lines:
    """Lines added and lines deleted; a changed line is one of each.

    Parameters
    ----------
    added, deleted
        Lines, 0 or more.
    """

    added: int
    deleted: int

    @property
    def total(self) -> int:
        """Lines added plus lines deleted: the paper's unit."""
        return self.added + self.deleted

    def capped(self, cap: int = CAP_LINES) -> "Lines":
        """Return these lines held at a total of `cap`, both parts shortened in proportion.

        ``added = round(cap * added / total)`` and ``deleted = cap - added`` where the total exceeds the cap,
        so that ``total = min(total, cap)`` exactly.

        Examples
        --------
        >>> Lines(30_000, 10_000).capped()
        Lines(added=7500, deleted=2500)
        >>> Lines(3, 4).capped()
        Lines(added=3, deleted=4)
        """
        if self.total <= cap:
            return self
        added = (2 * cap * self.added + self.total) // (2 * self.total)
        return Lines(added, cap - added)


@dataclass(frozen=True)
class Contribution:
    """One contributor in one repository and period.

    Parameters
    ----------
    contributor
        Account name; it decides whether this is automation and is written nowhere.
    commits
        Commits, merge commits left out by the source.
    lines
        Lines, every digit read.
    lines_published
        Lines as the authors' extraction read them: the digits before the first thousands comma.
    """

    contributor: str = field(repr=False)
    commits: int
    lines: Lines
    lines_published: Lines

    @property
    def lines_capped(self) -> Lines:
        """Lines held at ``CAP_LINES`` in total."""
        return self.lines.capped()

    @property
    def truncated(self) -> bool:
        """Whether the thousands comma cut either line count in the published reading."""
        return self.lines != self.lines_published

    @property
    def by_automation(self) -> bool:
        """Whether the account is an automation account, by its name."""
        return is_automation(self.contributor)


@dataclass(frozen=True)
class SurveyedPeriod:
    """One sampled period of one listed tool with all its contributions.

    Parameters
    ----------
    label
        The listed tool's name.
    repository
        ``org/project``.
    start, end
        First and last day.
    contributions
        One for each contributor; empty where nobody contributed.
    """

    label: str
    repository: str
    start: date
    end: date
    contributions: tuple[Contribution, ...]
