"""``sim sweep``: one or two keys of a scenario moved over a grid."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import Settings, named_by_option, statements, whole_number

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.sweep.grid import GridPoint, SweepGrid
    from sim.analysis.sweep.points import PointResult
    from sim.parallel import Executor
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from sim.tables.table import plain_table
from sim.tables.terminal import console, show

INTERRUPTED = 130
MOST_SHOWN = 40


def sweep(  # noqa: PLR0913 - one argument for each option of the command
    file: Annotated[Path, typer.Argument(help="Scenario file.", metavar="FILE")],
    over: Annotated[
        list[str],
        typer.Option(
            help="Key and values, KEY=low:high:n, KEY=low:high:n:log or KEY=a,b,c; once or twice.",
            metavar="KEY=VALUES",
        ),
    ],
    workers: Annotated[
        int | None, typer.Option(help="Processes; default one for each core.", min=1, metavar="N")
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(help="Dask cluster that runs the points instead, tcp://HOST:PORT.", metavar="ADDRESS"),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed, zero or larger.", min=0, metavar="N")] = None,
    draws: Annotated[
        int | None, typer.Option(help="Number of draws of a point.", metavar="N", parser=whole_number)
    ] = None,
    out: Annotated[Path, typer.Option(help="Parent folder; keeps finished points.")] = Path("results"),
    settings: Settings = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print only where the files are.")] = False,
) -> None:
    """Run a scenario over a grid of one or two keys, all on one seed; draw a curve or heat maps.

    A finished point is kept at once: the same command goes on where it stopped.
    """
    import sys

    from sim.analysis.sweep.grid import read_axes, read_grid

    options = {"seed": seed, "sampling.n_draws": draws}
    with named_by_option(options):
        grid = read_grid(file, [*(settings or []), *statements(options)], read_axes(over))

    from sim.analysis.sweep.points import NAME, read_points, sweep_table
    from sim.parallel import executor_for
    from sim.report.sweep import write_sweep

    store = out / grid.folder / NAME
    found, n_damaged = read_points(store)
    missing = list({point.digest: point for point in grid.points if point.digest not in found}.values())
    n_kept = sum(point.digest in found for point in grid.points)
    if n_kept and not quiet:
        typer.echo(f"{n_kept} of {len(grid.points)} points were in {store}", err=True)
    if n_damaged and missing and not quiet:
        typer.echo(f"{n_damaged} damaged lines in {store}: those points are run again", err=True)
    n_workers = workers or (1 if scheduler else os.cpu_count() or 1)
    if missing:
        with executor_for(min(n_workers, len(missing)), scheduler) as executor:
            found |= {each.digest: each for each in _run(executor, missing, store)}
    table = sweep_table(grid, found)
    folder = write_sweep(grid, table, out, ["sim", *sys.argv[1:]])
    if quiet:
        typer.echo(str(folder))
        return
    _print(grid, table)
    typer.echo(f"files: {folder}")


def _run(executor: "Executor", missing: "list[GridPoint]", store: Path) -> "list[PointResult]":
    """Run points, keep each at once, tell the progress."""
    from sim.analysis.sweep.points import keep_point, run_points
    from sim.cli.progress import counted_progress

    finished: list[PointResult] = []
    points = run_points(executor, missing)
    try:
        with _noticed_interrupts() as check, counted_progress("points", len(missing)) as count:
            for found in points:
                keep_point(store, found)
                finished.append(found)
                count()
                check()
    except KeyboardInterrupt:
        words = f"stopped; finished points are kept in {store}: the same command goes on"
        typer.echo(words, err=True)
        raise typer.Exit(INTERRUPTED) from None
    finally:
        points.close()
    return finished


def _print(grid: "SweepGrid", table: "pd.DataFrame") -> None:
    from sim.scenario.titles import exceedance_words
    from sim.summary.row import quoted

    report = grid.base.report
    keys = [axis.key for axis in grid.axes]
    rows = table[table["outcome"] == report.outcome]
    interval = report.interval.words
    heads = ["median", interval, "mean", *(exceedance_words(report.outcome, t) for t in report.thresholds)]
    shown: list[tuple[str, ...]] = []
    for n_shown, (place, part) in enumerate(rows.groupby(keys, sort=False)):
        if n_shown == MOST_SHOWN:
            break
        numbers = zip(part["value"], part["mc_error"], part["note"], strict=True)
        cells = [quoted(value, error, note) for value, error, note in numbers]
        median, low, high, *rest = cells
        at = [f"{value:.6g}" if isinstance(value, float) else str(value) for value in place]
        shown.append((*at, median, f"{low} to {high}", *rest))
    show(plain_table("", [*keys, *heads], shown, n_text=0, n_whole=len(keys) + 1), console())
    for note in filter(None, rows["note"].unique()):
        typer.echo(note)
    if len(grid.points) > MOST_SHOWN:
        typer.echo(f"first {MOST_SHOWN} of {len(grid.points)} points; all in sweep.csv")


@contextmanager
def _noticed_interrupts() -> Iterator[Callable[[], None]]:
    """Give a function that raises ``KeyboardInterrupt`` if one came before and was caught on its way here.

    An interruption raises at once as ever; code that catches everything, such as a destructor, may eat it.
    """
    came = False

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        nonlocal came
        came = True
        raise KeyboardInterrupt

    def check() -> None:
        if came:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, before)
