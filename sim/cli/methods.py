"""``sim evidence methods``: a scenario under each evidence method, side by side."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import Settings
from sim.digits import cut
from sim.faults import Fault, InvalidInput, nearest_name
from sim.tables.table import plain_table
from sim.tables.terminal import console, show

if TYPE_CHECKING:
    import pandas as pd


def methods(
    file: Annotated[Path, typer.Argument(help="Scenario file.", metavar="FILE")],
    method: Annotated[
        list[str] | None, typer.Option(help="An evidence method; repeatable; default all.", metavar="NAME")
    ] = None,
    out: Annotated[Path, typer.Option(help="Parent folder of table and figure.")] = Path("results"),
    settings: Settings = None,
) -> None:
    """Run a scenario with every evidence method; print and draw what each makes of the survey."""
    from sim.evidence.methods import METHODS
    from sim.scenario.evidence import replicating_methods
    from sim.scenario.load import load

    scenario = load(file, settings or [])
    allowed = (
        replicating_methods() if scenario.evidence and not scenario.evidence.is_sample else tuple(METHODS)
    )
    chosen = tuple(method or allowed)
    faults = [
        Fault("--method", "", f"{name!r} {problem}", ", ".join(allowed), nearest_name(name, allowed))
        for name in chosen
        if name not in allowed
        for problem in ["reads no histories" if name in METHODS else "is not a method"]
    ]
    if faults:
        raise InvalidInput(faults)

    from sim.analysis.compare.comparison import methods_side_by_side
    from sim.cli.progress import delayed_progress
    from sim.figures.evidence_methods import methods_figure
    from sim.figures.style import save
    from sim.files import complete_or_absent, write_csv

    with delayed_progress(silent=False) as step:
        table = methods_side_by_side(scenario, chosen, step)
        folder = out / f"{scenario.name}-methods"
        with complete_or_absent(folder) as part:
            write_csv(part / "methods.csv", table)
            save(methods_figure(scenario, table), part, "methods")
    _print(table)
    typer.echo(f"files: {folder}")


def _print(table: "pd.DataFrame") -> None:
    shown = []
    for (quantity, alternative), rows in table.groupby(["quantity", "alternative"], sort=False):
        numbers = rows[["median", "low", "high", "mc_error"]].to_numpy(dtype=float)
        cells = [
            f"{cut(median, error)}\n{cut(low, error)} to {cut(high, error)}"
            for median, low, high, error in numbers
        ]
        shown.append((f"{quantity} {str(alternative).partition('=')[2]}".strip(), *cells))
    show(plain_table("", ["", *dict.fromkeys(table["method"])], shown), console())
