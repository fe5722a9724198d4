"""``sim run``: a scenario file in, a folder of results and at most twenty lines out."""

from pathlib import Path
from typing import Annotated

import typer


def run(  # noqa: PLR0913 - one argument for each option of the command
    file: Annotated[Path, typer.Argument(help="Scenario file (TOML).", metavar="FILE")],
    draws: Annotated[int | None, typer.Option(help="Number of draws.", metavar="N")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed, zero or larger.", metavar="N")] = None,
    sampler: Annotated[str | None, typer.Option(help="sobol, lhs or random.", metavar="NAME")] = None,
    out: Annotated[Path, typer.Option(help="Parent folder of the results.")] = Path("results"),
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", help="Override, key.path=value; repeatable.", metavar="KEY=VALUE"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print summary.json instead of the table.")] = False,
    accept_diagnostics: Annotated[
        bool, typer.Option("--accept-diagnostics", help="Use a posterior that fails its diagnostics.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print only where the files are.")] = False,
) -> None:
    """Run a scenario: draw, evaluate, summarise, and write results, tables and figures."""
    import sys

    from sim.cli.progress import delayed_progress
    from sim.cli.summary import print_summary
    from sim.engine import run as run_scenario
    from sim.report.folder import write_results
    from sim.scenario.load import load

    overrides = [*(settings or [])]
    options = {"sampling.n_draws": draws, "seed": seed, "sampling.sampler": sampler}
    if accept_diagnostics:
        overrides.append("evidence.accept_diagnostics=true")
    overrides += [f"{key}={value}" for key, value in options.items() if value is not None]
    scenario = load(file, overrides)
    with delayed_progress(quiet or as_json) as step:
        results = run_scenario(scenario, step)
        written = write_results(scenario, results, out, ["sim", *sys.argv[1:]], step)
    if as_json:
        typer.echo((written.folder / "summary.json").read_text(encoding="utf-8"), nl=False)
    elif quiet:
        typer.echo(str(written.folder))
    else:
        print_summary(scenario, results, written)
