"""A survey taken from clones: each repository's counts, kept as they come, then the survey's files."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import tomlkit
from pydantic import ValidationError

from sim.evidence.contributions import Contribution
from sim.evidence.histories.git_log import Clone
from sim.evidence.histories.history import History, read_history
from sim.evidence.histories.repositories import Repository
from sim.evidence.histories.repository_counts import (
    COUNTS,
    DAY,
    FORTNIGHT,
    Contributions,
    PeriodDesign,
    RepositoryCounts,
    RepositoryFacts,
    YearCounts,
)
from sim.evidence.survey_files import NAME
from sim.evidence.survey_tables import as_csv, write_survey
from sim.files import WRITABLE_FOLDER, writing
from sim.parallel import Executor
from sim.temporary_files import write_by_temporary

KEPT = ".collected"
FORM = 2
"""Number of the form of kept files; another one makes them anew."""
YEARS = "years.csv"
TITLE = "Contributors per fortnight, from git histories"
CITATION = "Counted by sim evidence collect from the public histories named below"
LICENCE = "Counts; the histories have their own licences"
NOTES = (
    "Authors are joined by mail address, and by full name where it has two words, after the mailmap; "
    "merges are left out, renames are not followed, days are of the author's date in UTC.",
    "Line counts are the history's own: the published reading equals the corrected one.",
)


@dataclass(frozen=True)
class CollectionTask:
    """One repository to count.

    Parameters
    ----------
    repository
        The repository as listed.
    folder
        Folder of its clone.
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
        Does the tasks, here or in workers.
    tasks
        The repositories to count, each with its clone.
    design
        Which fortnights are surveyed.
    rng_for
        Gives the generator that belongs to a repository.
    out
        Folder of the survey; ``.collected`` in it keeps one file for each repository.

    Yields
    ------
    RepositoryCounts
        Each repository's counts, in no fixed order.

    Raises
    ------
    InvalidInput
        If a clone cannot be read, or `out` cannot be written.
    """
    folder = out / KEPT
    with writing(out, WRITABLE_FOLDER):
        folder.mkdir(parents=True, exist_ok=True)
        for task, counts in executor.map(partial(_count, design=design, rng_for=rng_for, kept=folder), tasks):
            write_by_temporary(_kept_file(folder, task), COUNTS.dump_json(counts))
            yield counts


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
        counts = _count_repository(task.repository, read_history(clone), design, rng, key)
    listed, facts = task.repository, counts.facts
    facts = replace(facts, label=listed.label, repository=listed.repository, later=listed.later)
    return task, replace(counts, facts=facts)


def _kept_file(folder: Path, task: CollectionTask) -> Path:
    return folder / f"{task.repository.repository.replace('/', '+')}.json"


def _count_repository(
    listed: Repository, history: History, design: PeriodDesign, rng: np.random.Generator, key: str
) -> RepositoryCounts:
    """Return what the surveyed fortnights and the calendar years of a history hold."""
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


def _years(history: History, design: PeriodDesign, census: Sequence[date]) -> Iterator[YearCounts]:
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
        yield YearCounts(
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


def write_collected(
    counted: Sequence[RepositoryCounts],
    missing: Sequence[Repository],
    design: PeriodDesign,
    versions: Mapping[str, str | int],
    out: Path,
) -> tuple[Path, ...]:
    """Write a survey folder as every command reads it, and ``years.csv``.

    Parameters
    ----------
    counted
        Counts of every repository, in the order of the list.
    missing
        Listed repositories without a clone.
    design
        Which fortnights were surveyed.
    versions
        Versions of the programs that counted, and the seed of a sample.
    out
        Folder to write to.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    InvalidInput
        If `out` cannot be written.
    """
    periods = [period for counts in counted for period in counts.surveyed()]
    beside = {
        NAME: tomlkit.dumps(_facts(counted, missing, design, versions)).encode(),
        YEARS: as_csv(_year_rows(counted)),
    }
    return write_survey(periods, out, beside)


def _facts(
    counted: Sequence[RepositoryCounts],
    missing: Sequence[Repository],
    design: PeriodDesign,
    versions: Mapping[str, str | int],
) -> dict[str, Any]:
    n_undated = sum(counts.facts.undated for counts in counted)
    unread = sum(counts.facts.unreadable_files for counts in counted)
    commits = sum(counts.facts.unreadable_commits for counts in counted)
    notes = [*NOTES]
    if unread:
        notes.append(
            f"{unread:,} files of {commits:,} commits are not in the clones: their lines are missing."
        )
    if n_undated:
        notes.append(f"{n_undated:,} commits bear dates that cannot be: they are in no period.")
    empty = ", ".join(counts.facts.repository for counts in counted if not counts.periods)
    if empty:
        notes.append(f"No whole fortnight within the surveyed days: {empty}.")
    if missing:
        names = ", ".join(repository.repository for repository in missing)
        notes.append(f"No clone of {len(missing):,} listed repositories: {names}.")
    return {
        "title": TITLE,
        "citation": CITATION,
        "licence": LICENCE,
        "extracted": max((counts.facts.last for counts in counted), default=date.min),
        "notes": notes,
        "collection": {
            "design": design.name,
            **{name: value for name, value in asdict(design).items() if name != "name" and value is not None},
            **versions,
            "repositories": [asdict(counts.facts) for counts in counted],
            "missing": [repository.repository for repository in missing],
        },
    }


def _year_rows(counted: Sequence[RepositoryCounts]) -> Iterator[tuple[str | int, ...]]:
    names = [field.name for field in fields(YearCounts)]
    yield ("label", "repository", *names)
    for counts in counted:
        for year in counts.years:
            cells = (getattr(year, name) for name in names)
            yield (
                counts.facts.label,
                counts.facts.repository,
                *(cell.isoformat() if isinstance(cell, date) else cell for cell in cells),
            )
