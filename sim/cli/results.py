"""Commands on runs that are done: ``sim runs`` lists them; ``plot``, ``report`` and ``export`` read them."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import RunFolder
from sim.faults import Fault, Faults, InvalidInput, refuse
from sim.figures.catalogue import NAMES
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


def plot(
    results: RunFolder,
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
        faults = Faults()
        for path in results:
            step(f"reading {path}")
            with faults.kept():
                runs.append(open_run(path))
        refuse(faults)
        from sim.report.page import write_report

        step("drawing the page")
        write_report(out, runs)
    typer.echo(f"written: {out}")


def export(
    results: RunFolder,
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
