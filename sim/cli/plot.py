"""``sim plot``: figures of a finished run, for papers and slides."""

from pathlib import Path
from typing import Annotated

import typer

from sim.figures.catalogue import NAMES


def plot(
    results: Annotated[Path, typer.Argument(help="Folder of a run, or its results.nc.", metavar="RESULTS")],
    figures: Annotated[
        list[str] | None,
        typer.Option("--figure", help=f"all, or one of {', '.join(NAMES)}; repeatable.", metavar="NAME"),
    ] = None,
    formats: Annotated[
        str, typer.Option("--format", help="pdf, svg, png, with commas between.", metavar="LIST")
    ] = "pdf,png",
    width: Annotated[
        str, typer.Option(help="single (8.8 cm), double (17.8 cm), or a number of cm.", metavar="WIDTH")
    ] = "single",
    style: Annotated[
        str, typer.Option(help="paper or slides (larger type, 16:9).", metavar="NAME")
    ] = "paper",
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder to draw into; if not given RESULTS/figures, and below it STYLE-WIDTH for a width or "
            "style that is not the default."
        ),
    ] = None,
) -> None:
    """Draw figures from the tables of a run, with captions for each."""
    from sim.cli.progress import delayed_progress
    from sim.figures.look import read_look

    look = read_look(formats, width, style)

    from sim.report.folder import add_figures
    from sim.report.plot import draw, select
    from sim.run_folder import open_tables

    with delayed_progress(False) as step:
        step("reading tables")
        run = open_tables(results)
        selection = select(run, figures or ["all"])
        step("drawing figures")
        written = draw(selection, run, look, out) if out else add_figures(run, selection, look)
    if written:
        typer.echo(f"drawn: {', '.join(drawing.name for drawing in selection.drawings)}")
        typer.echo(f"files: {written[0].parent} ({', '.join(path.name for path in written)})")
    if selection.left_out:
        reasons = "; ".join(f"{name} ({reason})" for name, reason in selection.left_out.items())
        typer.echo(f"left out: {reasons}")
