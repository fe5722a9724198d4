"""``sim compare``: scenarios and results side by side, their differences, and what each edit does."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import named_by_option, refuse_faulty, statements, whole_number
from sim.tables.table import Table
from sim.tables.terminal import console, show


def compare(  # noqa: PLR0913 - one argument for each option of the command
    files: Annotated[
        list[Path], typer.Argument(help="Scenario files, results folders or results.nc.", metavar="FILE...")
    ],
    baseline: Annotated[
        str | None,
        typer.Option(help="Scenario the others are compared with; default the first.", metavar="NAME"),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Seed of all; default that of the first.", min=0, metavar="N")
    ] = None,
    draws: Annotated[
        int | None,
        typer.Option(help="Number of draws of all, up to 4194304.", metavar="N", parser=whole_number),
    ] = None,
    workers: Annotated[
        int, typer.Option(help="Processes that run the scenarios and those in between.", min=1, metavar="N")
    ] = 1,
    scheduler: Annotated[
        str | None,
        typer.Option(help="Dask cluster that runs them instead, tcp://HOST:PORT.", metavar="ADDRESS"),
    ] = None,
    out: Annotated[Path, typer.Option(help="Parent folder of what is written.")] = Path("results"),
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", help="Override in all, key.path=value; repeatable.", metavar="KEY=VALUE"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document of everything.")] = False,
) -> None:
    """Compare scenarios on one seed: differences, ratios, and the part each edit has in the change."""
    import sys

    options = {"seed": seed, "sampling.n_draws": draws}
    with named_by_option(options):
        refuse_faulty(files, [*(settings or []), *statements(options)])

    from sim.analysis.compare.comparison import compare as compare_sources
    from sim.analysis.compare.sources import place_of, read_sources
    from sim.cli.progress import delayed_progress
    from sim.parallel import executor_for
    from sim.report.compare import write_comparison

    laid_over = [*(settings or []), *statements({"sampling.n_draws": draws})]
    with delayed_progress(as_json) as step, executor_for(workers, scheduler) as executor:
        with named_by_option(options):
            sources = read_sources(files, step, laid_over, seed, executor)
        place = 0 if baseline is None else place_of(baseline, sources)
        comparison = compare_sources(sources, place, step, executor)
        outcome = comparison.baseline.scenario.report.outcome
        densities = comparison.densities(outcome), comparison.contrast_densities(outcome)
        folder, tables = write_comparison(comparison, densities, out, ["sim", *sys.argv[1:]], step)
    if as_json:
        typer.echo((folder / "comparison.json").read_text(encoding="utf-8"), nl=False)
        return
    for warning in comparison.warnings:
        typer.echo(f"warning: {warning}", err=True)
    for table in tables:
        _print(table)
    typer.echo(f"files: {folder}")


def _print(table: Table) -> None:
    """Print a table with its long heads broken before their brackets."""
    from dataclasses import replace

    columns = (replace(column, head=column.head.replace(" (", "\n(")) for column in table.columns)
    on = console()
    show(replace(table, columns=tuple(columns)), on)
    on.print()
