"""``sim reweight``: a run under another prior, without running it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.faults import Fault, InvalidInput
from sim.tables.terminal import console, show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.analysis.reweighting.reweight import Reweighting
    from sim.run_record import Run


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
    if bool(settings) == tipping:
        problem = "nothing to weight" if not settings else "--set and --tipping ask for two different tables"
        raise InvalidInput([Fault("sim reweight", "", problem, "either --set KEY=VALUE, or --tipping")])

    from sim.analysis.decision.tipping import tipping_points
    from sim.files import write_whole
    from sim.report.reweighted import reweighting_table, tipping_table
    from sim.run_folder import open_run
    from sim.tables import formats

    run = open_run(results)
    if tipping:
        table = tipping_table(tipping_points(run.scenario, run.results), run.outcome)
    else:
        table = reweighting_table(_reweighting(run, settings or []))
    target = out or (run.folder / "tables" / "tipping.csv" if tipping else None)
    if target is not None:
        write_whole(target, formats.as_csv(table).encode())
    if as_json:
        typer.echo(formats.as_json({**table.about, "rows": table.frame}), nl=False)
        return
    show(table, console())
    if target is not None:
        typer.echo(f"written: {target}")


def _reweighting(run: "Run", settings: "Sequence[str]") -> "Reweighting":
    """Give the draws of a run new weights, those of its scenario with statements laid over it."""
    import shlex

    from sim.analysis.reweighting.reweight import reweight
    from sim.run_record import SCENARIO
    from sim.scenario.load import load

    file = run.folder / SCENARIO
    stated = " ".join(f"--set {shlex.quote(setting)}" for setting in settings)
    afresh = f"sim run {shlex.quote(str(file))} {stated}"
    return reweight(run.scenario, load(file, settings), run.results, afresh)
