"""``sim run``: a scenario file in; at most twenty lines out as soon as they are known, then a folder."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import Settings, named_by_option, statements, whole_number
from sim.faults import Fault, refuse
from sim.tables.table import Column, plain_table
from sim.tables.terminal import console, say, show

if TYPE_CHECKING:
    from sim.engine.adaptive_run import Goal
    from sim.run_record import Run

MOST_DIGITS = 6
MOST_DRAWS = 2**34
NOT_SETTLED = 3
"""Exit code of a run that had to stop before its figures were as precise as asked."""


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
        str | None, typer.Option(help="Rule for it: jcgm (JCGM 101, 7.9; default) or stein.", metavar="RULE")
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
    import time

    started = time.perf_counter()  # before the imports, which are part of what a run takes

    from sim.figures.look import read_formats
    from sim.scenario.load import load

    formats = None if figures is None else read_formats("--figures", figures)
    goal = _goal_of(target, rel_error, stopping, max_draws, draws)
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

    from sim.cli.progress import ProgressDisplay  # from here on nothing is wrong with what was typed
    from sim.parallel import executor_for
    from sim.recipe import Destination, run_and_write

    to = Destination(out, ["sim", *sys.argv[1:]], started, formats)
    with ProgressDisplay(quiet or as_json) as step, executor_for(workers, scheduler, "threads") as executor:

        def answer(made: "Run") -> None:
            with step.hidden():
                print_summary(made, as_json)

        made = run_and_write(scenario, to, step, executor, goal, None if quiet else answer)
    if quiet:
        typer.echo(str(made.folder))
    elif not as_json:
        names = sorted(entry.name + "/" * entry.is_dir() for entry in made.folder.iterdir())
        say(f"files: {made.folder} ({', '.join(names)})", console())
    stages = made.stages
    if stages is not None and not stages.settled:
        words = f"not settled within {stages.last.n_draws:,} draws: {', '.join(stages.short)}"
        typer.echo(f"{words}\n    {stages.limit}" if stages.limit else words, err=True)
        raise typer.Exit(NOT_SETTLED)


def _goal_of(
    target: int | None,
    rel_error: float | None,
    stopping: str | None,
    max_draws: int | None,
    draws: int | None,
) -> "Goal | None":
    """Return when to stop drawing, or ``None`` where no precision is asked for; refuse what is wrong."""
    if (target, rel_error, stopping, max_draws) == (None, None, None, None):
        return None
    from sim.engine.adaptive_run import STOPPING, Goal
    from sim.summary.precision import Precision

    asked, alone = target is not None or rel_error is not None, "stated without a precision to reach"
    beside = "--target or --rel-error beside it"
    wrong = (
        (
            target is not None and not 1 <= target <= MOST_DIGITS,
            ("--target", f"{target}", f"1 to {MOST_DIGITS} significant digits"),
        ),
        (
            rel_error is not None and not 0.0 < rel_error < 1.0,
            ("--rel-error", f"{rel_error or 0.0:g}", "above 0 and below 1"),
        ),
        (None not in (target, rel_error), ("--target", "stated beside --rel-error", "one or the other")),
        (stopping not in (None, *STOPPING), ("--stopping", repr(stopping), ", ".join(STOPPING))),
        (
            max_draws is not None and not 0 < max_draws <= MOST_DRAWS,
            ("--max-draws", f"{max_draws or 0:,}", f"1 to {MOST_DRAWS:,}"),
        ),
        (
            asked and draws is not None,
            ("--draws", "stated beside a precision to reach", "--max-draws, or neither"),
        ),
        (stopping is not None and not asked, ("--stopping", alone, beside)),
        (max_draws is not None and not asked, ("--max-draws", alone, beside)),
    )
    refuse(Fault(option, "", problem, allowed) for is_so, (option, problem, allowed) in wrong if is_so)
    return Goal(Precision(target, rel_error), STOPPING[stopping or "jcgm"], max_draws or Goal.max_draws)


def print_summary(run: "Run", as_json: bool = False) -> None:
    """Print title, run, table of numbers, inputs without a source and notes at once; or ``summary.json``.

    Parameters
    ----------
    run
        The run.
    as_json
        Whether the text of ``summary.json`` is printed.
    """
    if as_json:
        from sim.report.folder import summary_text

        sys.stdout.write(summary_text(run))
    else:
        _print_lines(run)
    sys.stdout.flush()  # into a pipe too: what follows takes longer


def _print_lines(run: "Run") -> None:
    from sim.report.summary_lines import summary_notes, table_lines

    scenario, support = run.scenario, run.support
    sampling = scenario.sampling
    n_each = run.n_draws // sampling.n_randomisations
    notes = summary_notes(scenario, run.statistics, run.notes)
    on = console()
    say(scenario.title, on, "bold")
    say(
        f"{scenario.name}  digest {run.digest}  seed {scenario.seed}  "
        f"{run.n_draws:,} draws ({sampling.n_randomisations} x {n_each:,} {sampling.sampler})",
        on,
    )
    heads = ("", "estimate", Column(scenario.report.interval.words), Column("Monte Carlo error"), Column(""))
    rests_on = support.words(run.outcome) if support else ""
    rows = [
        (line.what, line.estimate, line.interval, line.error, line.beside if place else rests_on)
        for place, line in enumerate(table_lines(scenario, run.statistics, len(notes)))
    ]
    show(plain_table("", heads, rows, n_whole=2), on)
    if support and support.names:
        say(", ".join(support.names), on, lead="without a source:")
    for note in notes:
        say(note, on, lead="note:")
