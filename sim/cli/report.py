"""``sim report``: one HTML page that tells what runs found."""

from pathlib import Path
from typing import Annotated

import typer

from sim.faults import Fault, InvalidInput


def report(
    results: Annotated[
        list[Path], typer.Argument(help="Folder of a run, or its results.nc; several.", metavar="RESULTS...")
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="File to write.", metavar="FILE", dir_okay=True)
    ] = Path("report.html"),
) -> None:
    """Write one self-contained page: the answer, what drives it, what would change it, its assumptions.

    The first run is told in full, the others beside it.
    """
    from sim.cli.progress import delayed_progress
    from sim.run_folder import open_run

    if out.is_dir():
        raise InvalidInput([Fault("--out", "", f"{out} is a folder", "a file to write, such as report.html")])
    with delayed_progress(False) as step:
        runs = []
        faults: list[Fault] = []
        for path in results:
            step(f"reading {path}")
            try:
                runs.append(open_run(path))
            except InvalidInput as error:
                faults += error.faults
        if faults:
            raise InvalidInput(faults)
        from sim.report.page import write_report

        step("drawing the page")
        write_report(out, runs)
    typer.echo(f"written: {out}")
