"""``sim export``: draws, summary and tables of a run for other programs."""

from pathlib import Path
from typing import Annotated

import typer


def export(
    results: Annotated[Path, typer.Argument(help="Folder of a run, or its results.nc.", metavar="RESULTS")],
    to: Annotated[
        str,
        typer.Option(help="parquet, csv, xlsx (Excel) or dta (Stata), with commas between.", metavar="LIST"),
    ],
    out: Annotated[
        Path | None, typer.Option(help="Folder to write into; RESULTS/export if not given.", metavar="DIR")
    ] = None,
) -> None:
    """Write draws, summary and every table of a run, with units, sources and a note on rounding."""
    from sim.cli.progress import delayed_progress
    from sim.export import require_formats
    from sim.run_folder import open_run

    require_formats(to)
    with delayed_progress(False) as step:
        step("opening the run")
        run = open_run(results)
        step("writing")
        written = run.export(to, out)
    typer.echo(f"files: {written[0].parent} ({', '.join(path.name for path in written)})")
