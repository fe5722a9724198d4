"""What one contributor did in one sampled period, in each reading of the line counts."""

from dataclasses import dataclass
from datetime import date

from sim.evidence.survey_format import CAP_LINES


@dataclass(frozen=True)
class LineCount:
    """Lines added and lines deleted; a changed line is one of each.

    Parameters
    ----------
    added
        Lines added, 0 or more.
    deleted
        Lines deleted, 0 or more.
    """

    added: int
    deleted: int

    @property
    def total(self) -> int:
        """Lines added plus lines deleted: the paper's unit."""
        return self.added + self.deleted

    def capped(self) -> "LineCount":
        """Return these lines held at a total of ``CAP_LINES``, both parts shortened in proportion.

        ``added = round(cap * added / total)`` and ``deleted = cap - added`` where the total exceeds the cap,
        so that ``total = min(total, cap)`` exactly.

        Examples
        --------
        >>> LineCount(30_000, 10_000).capped()
        LineCount(added=7500, deleted=2500)
        >>> LineCount(3, 4).capped()
        LineCount(added=3, deleted=4)
        """
        if self.total <= CAP_LINES:
            return self
        added = (2 * CAP_LINES * self.added + self.total) // (2 * self.total)
        return LineCount(added, CAP_LINES - added)


@dataclass(frozen=True)
class Contribution:
    """One contributor in one repository and period.

    Parameters
    ----------
    commits
        Commits, merge commits left out by the source.
    lines
        Lines, every digit read.
    lines_published
        Lines as the authors' extraction read them: the digits before the first thousands comma.
    by_automation
        Whether the contributor is an automation account. It is all that is kept of who it was.
    """

    commits: int
    lines: LineCount
    lines_published: LineCount
    by_automation: bool = False

    @property
    def lines_capped(self) -> LineCount:
        """Lines held at ``CAP_LINES`` in total."""
        return self.lines.capped()

    @property
    def truncated(self) -> bool:
        """Whether the thousands comma cut either line count in the published reading."""
        return self.lines != self.lines_published

    def lines_in(self, reading: str) -> LineCount:
        """Return the lines in one of ``LINE_READINGS``."""
        return {
            "lines": self.lines,
            "lines_published": self.lines_published,
            "lines_capped": self.lines_capped,
        }[reading]

    def mark(self, name: str) -> int:
        """Return one of the counts of ``MARKS``."""
        return self.commits if name == "commits" else self.lines_in(name).total


@dataclass(frozen=True)
class SurveyedPeriod:
    """One sampled period of one listed tool with all its contributions.

    Parameters
    ----------
    label
        The listed tool's name.
    repository
        ``org/project``.
    start
        First day.
    end
        Last day.
    contributions
        One contribution for each contributor; empty where nobody contributed.
    population
        How many such periods the tool's life has, where that is known.
    """

    label: str
    repository: str
    start: date
    end: date
    contributions: tuple[Contribution, ...]
    population: int | None = None
