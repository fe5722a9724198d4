"""A survey taken from clones: each repository's counts, kept as they come, then the survey's files."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from sim.evidence.contributions import Contribution
from sim.evidence.histories.designs import DAY, FORTNIGHT, PeriodDesign
from sim.evidence.histories.git_log import Clone
from sim.evidence.histories.history import History, read_history
from sim.evidence.histories.repositories import Repository
from sim.evidence.histories.repository_counts import (
    COUNTS,
    Contributions,
    RepositoryCounts,
    RepositoryFacts,
    Year,
)
from sim.faults import Fault, InvalidInput
from sim.parallel import Executor
from sim.temporary import write_by_temporary

KEPT = ".collected"
FORM = 2
"""Of the kept files; another one makes them anew."""


@dataclass(frozen=True)
class CollectionTask:
    """One repository to count.

    Parameters
    ----------
    repository
        As listed.
    folder
        Of its clone.
    """

    repository: Repository
    folder: Path


def collect(
    executor: Executor,
    tasks: Sequence[CollectionTask],
    design: PeriodDesign,
    rng_for: Callable[[str], np.random.Generator],
    out: Path,
) -> Iterator[RepositoryCounts]:
    """Count repositories; what is counted is kept at once, and taken from there the next time.

    Parameters
    ----------
    executor
        Does the tasks.
    tasks
        A repository and its clone each.
    design
        Which fortnights are surveyed.
    rng_for
        Gives the generator that belongs to a repository.
    out
        Folder of the survey; ``.collected`` in it keeps one file for each repository.

    Yields
    ------
    RepositoryCounts
        In no fixed order.

    Raises
    ------
    InvalidInput
        If a clone cannot be read, or `out` cannot be written.
    """
    folder = out / KEPT
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for task, counts in executor.map(partial(_count, design=design, rng_for=rng_for, kept=folder), tasks):
            write_by_temporary(_kept_file(folder, task), COUNTS.dump_json(counts))
            yield counts
    except OSError as error:
        problem = f"cannot be written: {error.strerror or error}"
        raise InvalidInput([Fault(str(out), "", problem, "a folder that can be written")]) from error


def _count(
    task: CollectionTask, design: PeriodDesign, rng_for: Callable[[str], np.random.Generator], kept: Path
) -> tuple[CollectionTask, RepositoryCounts]:
    """Count one repository, unless it is kept from the same head and the same options."""
    clone = Clone(task.folder)
    rng = rng_for(task.repository.repository)
    state = rng.bit_generator.state if design.name == "sample" else None
    asked = {"form": FORM, "head": clone.head, "design": asdict(design), "rng": state}
    key = hashlib.sha256(json.dumps(asked, default=str, sort_keys=True).encode()).hexdigest()
    file = _kept_file(kept, task)
    try:
        counts = COUNTS.validate_json(file.read_bytes())
    except (OSError, ValidationError):
        counts = None
    if counts is None or counts.key != key:
        counts = count_repository(task.repository, read_history(clone), design, rng, key)
    listed, facts = task.repository, counts.facts
    facts = replace(facts, label=listed.label, repository=listed.repository, later=listed.later)
    return task, replace(counts, facts=facts)


def _kept_file(folder: Path, task: CollectionTask) -> Path:
    return folder / f"{task.repository.repository.replace('/', '+')}.json"


def count_repository(
    listed: Repository, history: History, design: PeriodDesign, rng: np.random.Generator, key: str = ""
) -> RepositoryCounts:
    """Return what the surveyed fortnights and the calendar years of a history hold.

    Parameters
    ----------
    listed
        The repository.
    history
        Its commits.
    design
        Which fortnights are surveyed.
    rng
        Draws a sample of them.
    key
        Of what the counts are made from.

    Returns
    -------
    RepositoryCounts
        Without anything that tells who contributed.
    """
    starts = design.fortnights(history.first, history.last, rng)
    census = replace(design, name="census").fortnights(history.first, history.last, rng)
    return RepositoryCounts(
        key=key,
        facts=RepositoryFacts(
            label=listed.label,
            repository=listed.repository,
            later=listed.later,
            head=history.head,
            first=history.first,
            last=history.last,
            commits=len(history.day) + history.n_undated,
            undated=history.n_undated,
            unreadable_commits=history.n_unreadable_commits,
            unreadable_files=history.n_unreadable_files,
        ),
        periods=tuple((start, _rows(history, start)) for start in starts),
        population=max(len(census), len(starts)),
        years=tuple(_years(history, design, census)),
    )


def _rows(history: History, start: date) -> Contributions:
    return tuple(
        (one.commits, one.lines.added, one.lines.deleted, one.by_automation)
        for one in history.between(start, start + FORTNIGHT - DAY)
    )


def _years(history: History, design: PeriodDesign, census: Sequence[date]) -> Iterator[Year]:
    """Give the calendar years of the span; fortnights are those of a census, whatever the design."""
    low, high = design.span(history.first, history.last)
    for year in range(low.year, high.year + 1):
        first, last = max(low, date(year, 1, 1)), min(high, date(year, 12, 31))
        fortnights = [
            history.between(start, start + FORTNIGHT - DAY) for start in census if start.year == year
        ]
        whole = history.between(first, last)
        automation = [one for one in whole if one.by_automation]
        capped = [one.lines_capped for each in fortnights for one in each]
        yield Year(
            year=year,
            first=first,
            last=last,
            periods=len(fortnights),
            contributor_periods=sum(map(len, fortnights)),
            lines_added_capped=sum(lines.added for lines in capped),
            lines_deleted_capped=sum(lines.deleted for lines in capped),
            **_sums("", whole),
            **_sums("automation_", automation),
        )


def _sums(prefix: str, contributions: Sequence[Contribution]) -> dict[str, Any]:
    return {
        f"{prefix}contributors": len(contributions),
        f"{prefix}commits": sum(one.commits for one in contributions),
        f"{prefix}lines_added": sum(one.lines.added for one in contributions),
        f"{prefix}lines_deleted": sum(one.lines.deleted for one in contributions),
    }
