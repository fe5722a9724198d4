"""``sim scenarios``: every scenario of a folder, what it changes and what it gives."""

from pathlib import Path
from typing import Annotated

import typer


def scenarios(
    folder: Annotated[Path, typer.Argument(help="Folder of scenario files.", metavar="DIR")] = Path("priors"),
    out: Annotated[
        Path | None, typer.Option(help="Write to this file instead of the terminal.", metavar="FILE")
    ] = None,
) -> None:
    """Run every scenario of a folder; tabulate what each changes and what it gives, in Markdown."""
    from sim.cli.progress import delayed_progress
    from sim.folder import write_whole
    from sim.report.scenarios import scenario_lines, scenarios_page

    with delayed_progress(silent=False) as step:
        page = scenarios_page(scenario_lines(folder, step))
    if out is None:
        typer.echo(page, nl=False)
    else:
        write_whole(out, page.encode("utf-8"))
        typer.echo(f"written: {out}")
