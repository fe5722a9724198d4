"""``sim run``: a scenario file in; at most twenty lines out as soon as they are known, then a folder."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.numbers import whole_number
from sim.cli.options import Settings, named_by_option, statements


def run(  # noqa: PLR0913 - one argument for each option of the command
    file: Annotated[Path, typer.Argument(help="Scenario file (TOML).", metavar="FILE")],
    draws: Annotated[
        int | None, typer.Option(help="Number of draws, up to 1e10.", metavar="N", parser=whole_number)
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed, zero or larger.", metavar="N")] = None,
    sampler: Annotated[str | None, typer.Option(help="sobol, lhs or random.", metavar="NAME")] = None,
    out: Annotated[Path, typer.Option(help="Parent folder of the results.")] = Path("results"),
    settings: Settings = None,
    keep_draws: Annotated[
        int | None,
        typer.Option(
            help="Draws kept in the results; default all, or 65536 where there are over 1048576.",
            metavar="N",
            parser=whole_number,
        ),
    ] = None,
    workers: Annotated[
        int, typer.Option(help="Threads that make more than 1048576 draws.", min=1, metavar="N")
    ] = 1,
    scheduler: Annotated[
        str | None,
        typer.Option(help="Dask cluster that makes them instead, tcp://HOST:PORT.", metavar="ADDRESS"),
    ] = None,
    target: Annotated[
        int | None,
        typer.Option(help="Draw until every figure has this many significant digits.", metavar="DIGITS"),
    ] = None,
    rel_error: Annotated[
        float | None,
        typer.Option(
            help="Draw until two Monte Carlo errors are this share of every figure.", metavar="SHARE"
        ),
    ] = None,
    stopping: Annotated[
        str | None,
        typer.Option(help="Rule for it: jcgm (JCGM 101, 7.9; default) or stein.", metavar="RULE"),
    ] = None,
    max_draws: Annotated[
        int | None,
        typer.Option(
            help="Draws at which it stops in any case, with exit code 3; default 4194304.",
            metavar="N",
            parser=whole_number,
        ),
    ] = None,
    figures: Annotated[
        str | None,
        typer.Option(
            help="Formats of every figure (pdf, svg, png), or none; default the report's figures as png.",
            metavar="LIST",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print summary.json instead of the table.")] = False,
    accept_diagnostics: Annotated[
        bool, typer.Option("--accept-diagnostics", help="Use a posterior that fails its diagnostics.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print only where the files are.")] = False,
) -> None:
    """Run a scenario: draw, evaluate, print the answer, then write results, tables and figures."""
    import sys
    import time

    started = time.perf_counter()  # before the imports, which are part of what a run takes

    from sim.cli.precision import NOT_SETTLED, goal_of
    from sim.figures.look import read_formats
    from sim.scenario.load import load

    formats = None if figures is None else read_formats("--figures", figures)
    goal = goal_of(target, rel_error, stopping, max_draws, draws)
    overrides = [*(settings or [])]
    options = {
        "sampling.n_draws": draws,
        "sampling.keep_draws": keep_draws,
        "seed": seed,
        "sampling.sampler": sampler,
    }
    if accept_diagnostics:
        overrides.append("evidence.accept_diagnostics=true")
    with named_by_option(options):
        scenario = load(file, [*overrides, *statements(options)])

    from sim.cli.progress import delayed_progress  # from here on nothing is wrong with what was typed
    from sim.cli.summary import print_files, print_summary
    from sim.parallel import executor_for
    from sim.recipe import run as make_run

    silent = quiet or as_json
    with delayed_progress(silent) as step, executor_for(workers, scheduler, "threads") as executor:
        made = make_run(scenario, step, executor, goal)
        _ = made.statistics, made.support
    if not quiet:
        print_summary(made, as_json)
    from sim.report.folder import write_run

    with delayed_progress(silent) as step:
        made = write_run(made, out, ["sim", *sys.argv[1:]], step, started, formats)
    if quiet:
        typer.echo(str(made.folder))
    elif not as_json:
        print_files(made.folder)
    stages = made.stages
    if stages is not None and not stages.settled:
        words = f"not settled within {stages.last.n_draws:,} draws: {', '.join(stages.short)}"
        typer.echo(f"{words}\n    {stages.limit}" if stages.limit else words, err=True)
        raise typer.Exit(NOT_SETTLED)
