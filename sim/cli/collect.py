"""``sim evidence collect`` and ``recount``: a survey taken from git histories, or tried against them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.evidence.survey_format import DesignName, WeekStart
from sim.faults import Fault, InvalidInput, refuse
from sim.tables.table import Column, Table, plain_table, sections_of
from sim.tables.terminal import console, show

if TYPE_CHECKING:
    import pandas as pd

    from sim.evidence.histories.collection import CollectionTask
    from sim.evidence.histories.repositories import Repository
    from sim.evidence.histories.repository_counts import RepositoryCounts

INTERRUPTED = 130
Clones = Annotated[
    Path | None, typer.Option(help="Folder of clones, as org/project; bare or not.", metavar="DIR")
]
ListArgument = Annotated[
    Path, typer.Argument(help="CSV or TOML: label, repository, path, address, later.", metavar="LIST")
]


def collect(  # noqa: PLR0913 - one argument for each option of the command
    listed: ListArgument,
    out: Annotated[Path, typer.Option(help="Folder of the survey.", metavar="FOLDER")],
    clones: Clones = None,
    design: Annotated[DesignName, typer.Option(help="Every fortnight, or some drawn at random.")] = "census",
    periods: Annotated[int, typer.Option(help="Fortnights of a sample.", min=1, metavar="N")] = 5,
    weeks: Annotated[WeekStart, typer.Option(help="Fortnights start on a Sunday, or any day.")] = "sunday",
    since: Annotated[
        datetime | None, typer.Option(help="First day.", formats=["%Y-%m-%d"], metavar="DAY")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(help="Last day.", formats=["%Y-%m-%d"], metavar="DAY")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of a sample, zero or larger.", min=0, metavar="N")] = 2022,
    workers: Annotated[int, typer.Option(help="Repositories read at once.", min=1, metavar="N")] = 1,
    fetch: Annotated[
        bool, typer.Option("--fetch", help="Clone what is not there: git clone --bare.")
    ] = False,
    skip_missing: Annotated[
        bool, typer.Option("--skip-missing", help="Go on without repositories that have no clone.")
    ] = False,
) -> None:
    """Take a survey from git histories: counts by fortnight and by year, without anyone's name.

    Writes the files of a survey and years.csv. Nothing touches the network but --fetch. What is counted is
    kept in FOLDER: the same command goes on where it stopped.
    """
    from functools import partial

    from sim.evidence.histories.collection import collect as count
    from sim.evidence.histories.collection import write_collected
    from sim.evidence.histories.git_log import git_version
    from sim.evidence.histories.repository_counts import PeriodDesign
    from sim.parallel import executor_for
    from sim.samplers.base import stream
    from sim.version import __version__

    chosen = PeriodDesign(design, weeks, periods, since and since.date(), until and until.date())
    tasks, missing = _tasks(listed, clones, fetch, skip_missing)
    versions = {"git": git_version(), "sim": __version__} | ({"seed": seed} if design == "sample" else {})
    with executor_for(workers) as executor:
        counted = _shown(
            count(executor, tasks, chosen, partial(stream, seed, "collect"), out), len(tasks), out
        )
    by_name = {counts.facts.repository: counts for counts in counted}
    ordered = [by_name[task.repository.repository] for task in tasks]
    for path in write_collected(ordered, missing, chosen, versions, out):
        typer.echo(f"written: {path}")
    _tell(ordered, missing)


def recount(
    listed: ListArgument,
    clones: Clones = None,
    survey: Annotated[
        Path | None, typer.Option(help="Folder of the survey; default the shipped one.", metavar="FOLDER")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder to write to.")] = Path("results/evidence/recount"),
    workers: Annotated[int, typer.Option(help="Repositories read at once.", min=1, metavar="N")] = 1,
) -> None:
    """Count a survey's periods again from git histories; print how well the two agree.

    Repositories without a clone are left out and counted. Writes recount.csv, a row for each period and way
    of counting, the table of agreement, and everybody.csv, the survey with what its limit of 100 accounts
    hides.
    """
    from sim.evidence.histories.recount import agreement, other_histories, with_unlisted
    from sim.evidence.histories.recount import recount as count
    from sim.evidence.periods import read_periods
    from sim.evidence.survey_files import read_survey_facts
    from sim.evidence.survey_format import PERIODS
    from sim.files import frame_csv, write_whole
    from sim.parallel import executor_for
    from sim.scenario.shipped_files import shipped_survey
    from sim.tables.formats import write_table

    tasks, missing = _tasks(listed, clones, fetch=False, skip_missing=True)
    survey = survey or shipped_survey()
    facts = read_survey_facts(survey)
    with executor_for(workers) as executor:
        surveyed = read_periods(survey / PERIODS)
        counted = count(executor, tasks, surveyed, facts.extracted if facts else None)
    table = _agreement_table(agreement(counted), other_histories(counted), len(tasks), len(missing))
    out.mkdir(parents=True, exist_ok=True)
    write_whole(out / "recount.csv", frame_csv(counted).encode())
    everybody = frame_csv(with_unlisted(surveyed, counted))
    write_whole(out / "everybody.csv", everybody.encode())
    written = write_table(table, out)
    show(table, console())
    typer.echo(f"written to {out}: {', '.join(('recount.csv', 'everybody.csv', *written))}")


def _agreement_table(found: "pd.DataFrame", others: "pd.DataFrame", n_clones: int, n_missing: int) -> Table:
    sections = sections_of(
        (
            str(row["way"]),
            (
                str(row["unit"]).replace("_", ", "),
                f"{row['total']:.2f}",
                f"{row['exact']:.0%}",
                f"{row['close']:.0%}",
                f"{row['rank']:.3f}",
            ),
        )
        for row in found.to_dict("records")
    )
    heads = ("recounted / surveyed", "equal", "within a tenth", "rank correlation")
    n_periods = int(found["periods"].max())
    replaced = "; ".join(
        f"{row.repository} ({row.commits:,} commits, {row.surveyed_commits:,} surveyed)"
        for row in others.itertuples()
    )
    return Table(
        "recount-agreement",
        f"The survey's periods counted again from {n_clones} histories ({n_missing} listed have no clone): "
        f"{n_periods} periods of those that reach the day of the survey.",
        (Column("", whole=True), *(Column(head, "number") for head in heads)),
        sections,
        numbers=found,
        notes=(f"Another history today: {replaced}.",) if replaced else (),
    )


def _tasks(
    listed: Path, clones: Path | None, fetch: bool, skip_missing: bool
) -> "tuple[list[CollectionTask], list[Repository]]":
    """Return the repositories with their clones, and those without one."""
    from sim.evidence.histories.collection import CollectionTask
    from sim.evidence.histories.repositories import clone_folder, fetch_clones, read_repositories

    repositories = read_repositories(listed)
    if fetch:
        if clones is None:
            raise InvalidInput([Fault("--fetch", "", "has nowhere to clone to", "--clones DIR")])
        absent = [one for one in repositories if clone_folder(one, listed, clones) is None]
        fetch_clones(absent, clones, lambda words: typer.echo(words, err=True))
    folders = [(one, clone_folder(one, listed, clones)) for one in repositories]
    faults = [
        Fault(str(listed), f"{one.repository}, path", f"{one.path!r}: no such folder", "a clone, bare or not")
        for one, folder in folders
        if one.path and folder is not None and not folder.is_dir()
    ]
    refuse(faults)
    missing = [one for one, folder in folders if folder is None]
    if missing and not skip_missing:
        cure = "a path in the list, --clones DIR that holds org/project, --fetch, or --skip-missing"
        raise InvalidInput([Fault(str(listed), one.repository, "no clone of it", cure) for one in missing])
    return [CollectionTask(one, folder) for one, folder in folders if folder is not None], missing


def _shown(results: "Iterator[RepositoryCounts]", n_tasks: int, out: Path) -> "list[RepositoryCounts]":
    """Return results as they come, with a bar on standard error; interrupted, say what is kept."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("repositories"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    counted: list[RepositoryCounts] = []
    try:
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("repositories", total=n_tasks)
            for counts in results:
                counted.append(counts)
                bar.advance(task)
    except KeyboardInterrupt:
        kept = f"{len(counted)} of {n_tasks} repositories are kept in {out}"
        typer.echo(f"stopped; {kept}: the same command goes on", err=True)
        raise typer.Exit(INTERRUPTED) from None
    return counted


def _tell(counted: "Sequence[RepositoryCounts]", missing: "Sequence[Repository]") -> None:
    """Print what was counted, and what was not."""
    facts = [counts.facts for counts in counted]
    rows = (
        ("repositories", f"{len(facts):,}", f"{len(missing)} without a clone"),
        ("fortnights", f"{sum(len(counts.periods) for counts in counted):,}", ""),
        ("commits", f"{sum(one.commits for one in facts):,}", f"{sum(one.undated for one in facts)} undated"),
        (
            "files not in the clones",
            f"{sum(one.unreadable_files for one in facts):,}",
            f"of {sum(one.unreadable_commits for one in facts):,} commits",
        ),
    )
    show(plain_table("", ("", "", Column("")), rows), console())
