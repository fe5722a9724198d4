"""The files of a collected survey: the tables, what is known beside them, and the calendar years."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import Any

import tomlkit

from sim.evidence.histories.designs import PeriodDesign
from sim.evidence.histories.repositories import Repository
from sim.evidence.histories.repository_counts import RepositoryCounts, Year
from sim.evidence.survey_files import NAME
from sim.evidence.survey_tables import as_csv, write_survey

YEARS = "years.csv"
TITLE = "Contributors per fortnight, from git histories"
CITATION = "Counted by sim evidence collect from the public histories named below"
LICENCE = "Counts; the histories have their own licences"
NOTES = (
    "Authors are joined by mail address, and by full name where it has two words, after the mailmap; "
    "merges are left out, renames are not followed, days are of the author's date in UTC.",
    "Line counts are the history's own: the published reading equals the corrected one.",
)


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
        Of every repository, in the order of the list.
    missing
        Listed repositories without a clone.
    design
        Which fortnights were surveyed.
    versions
        Of the programs that counted, and the seed of a sample.
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
    names = [field.name for field in fields(Year)]
    yield ("label", "repository", *names)
    for counts in counted:
        for year in counts.years:
            cells = (getattr(year, name) for name in names)
            yield (
                counts.facts.label,
                counts.facts.repository,
                *(cell.isoformat() if isinstance(cell, date) else cell for cell in cells),
            )
