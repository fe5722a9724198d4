"""``sim reweight``: a run under another prior, without running it."""

from pathlib import Path
from typing import Annotated

import typer


def reweight(
    results: Annotated[Path, typer.Argument(help="Folder of a run, or its results.nc.", metavar="RESULTS")],
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", help="Another law or weight, key.path=value; repeatable.", metavar="KEY=VALUE"),
    ] = None,
    tipping: Annotated[
        bool, typer.Option("--tipping", help="How far each prior must move before the verdict turns.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(help="Write the table as CSV; with --tipping RESULTS/tables/tipping.csv unless stated."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the table as JSON.")] = False,
) -> None:
    """Weight the stored draws to another prior, or find how far each prior must move (--tipping)."""
    from sim.faults import Fault, InvalidInputError
    from sim.files import write_whole
    from sim.report.reweighted import find_tipping, reweighted
    from sim.run_record import open_run
    from sim.tables import formats
    from sim.tables.terminal import console, show

    if bool(settings) == tipping:
        problem = "nothing to weight" if not settings else "--set and --tipping ask for two different tables"
        raise InvalidInputError([Fault("sim reweight", "", problem, "either --set KEY=VALUE, or --tipping")])
    opened = open_run(results)
    table = find_tipping(opened) if tipping else reweighted(opened, settings or [])
    target = out or (opened.folder / "tables" / "tipping.csv" if tipping else None)
    if target is not None:
        write_whole(target, formats.as_csv(table).encode())
    if as_json:
        typer.echo(formats.as_json({**table.about, "rows": table.frame}), nl=False)
        return
    show(table, console())
    if target is not None:
        typer.echo(f"written: {target}")
