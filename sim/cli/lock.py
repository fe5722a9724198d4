"""``sim lock``: what a replication package needs of a run, in one file."""

from pathlib import Path
from typing import Annotated

import typer


def lock(
    results: Annotated[Path, typer.Argument(help="Folder of a run, or its results.nc.", metavar="RESULTS")],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Lock file; RESULTS.lock.toml beside the folder unless stated."),
    ] = None,
) -> None:
    """Write scenario, data digests, versions, seed and quoted numbers of a run into one file."""
    from sim.replication.lock import make_lock, write_lock
    from sim.report.summary_lines import quoted_numbers, summary_notes
    from sim.run_folder import open_run

    run = open_run(results)
    file = out or run.folder.parent / f"{run.folder.resolve().name}.lock.toml"
    notes = summary_notes(run.scenario, run.statistics, run.notes)
    numbers = quoted_numbers(run.scenario, run.statistics, len(notes))
    made = make_lock(run.scenario, run.results, numbers, file.parent)
    write_lock(made, file)
    n_files = f"{len(made.data)} data file" + ("" if len(made.data) == 1 else "s")
    typer.echo(f"written: {file} ({len(numbers)} numbers, {n_files} by digest)")
