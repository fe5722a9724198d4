"""``sim runs``: what a folder of results holds."""

from pathlib import Path
from typing import Annotated

import typer

from sim.tables.terminal import console, say


def runs(
    folder: Annotated[Path, typer.Argument(help="Folder that runs were written into.", metavar="DIR")] = Path(
        "results"
    ),
    as_json: Annotated[bool, typer.Option("--json", help="Print them as JSON, numbers in full.")] = False,
) -> None:
    """List the runs in a folder, the newest first: title, date, draws, answer and command of each."""
    import json

    from sim.report.run_list import run_lines, run_records, runs_in

    found, faults = runs_in(folder)
    for fault in faults:
        typer.echo(f"left out: {fault}", err=True)
    if as_json:
        typer.echo(json.dumps(run_records(found), indent=1, ensure_ascii=False))
    elif found:
        for entry in found:
            for line in run_lines(entry):
                say(line, console())
    else:
        typer.echo(f"{folder}: no runs in it")
