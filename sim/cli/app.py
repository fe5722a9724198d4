"""The commands of ``sim``. Everything heavy is imported inside the command that needs it."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli import evidence
from sim.cli.check import check
from sim.cli.compare import compare
from sim.cli.decide import decide
from sim.cli.explain import explain
from sim.cli.export import export
from sim.cli.lock import lock
from sim.cli.new import new
from sim.cli.plot import plot
from sim.cli.report import report
from sim.cli.reweight import reweight
from sim.cli.run import run
from sim.cli.runs import runs
from sim.cli.sensitivity import sensitivity
from sim.cli.studies import Commands
from sim.cli.sweep import sweep
from sim.cli.table1 import table1
from sim.cli.verify import verify


def _print_version(asked: bool) -> None:
    if asked:
        from sim.version import __version__

        typer.echo(f"sim {__version__}")
        raise typer.Exit


app = typer.Typer(
    name="sim",
    cls=Commands,
    help="Uncertainty of a benefit-cost ratio: a scenario file in, the ratio with its credible interval out.",
    epilog="Tab completes commands and options in bash, zsh and fish after sim --install-completion.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Hold the options of the program itself."""
    del version


app.command()(run)
app.command()(runs)
app.command()(sensitivity)
app.command()(decide)
app.command()(plot)
app.command()(report)
app.command()(export)
app.command()(check)
app.command()(explain)
app.command()(new)
app.command()(compare)
app.command()(sweep)
app.command()(reweight)
app.command()(lock)
app.command()(verify)
app.command()(table1)
app.add_typer(evidence.app, name="evidence")


@app.command()
def schema(
    out: Annotated[Path | None, typer.Option(help="Write to this file instead of the terminal.")] = None,
) -> None:
    """Write the JSON Schema of scenario files, for editors that complete and check TOML."""
    from sim.files import write_whole
    from sim.scenario.json_schema import json_schema_text

    text = json_schema_text()
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_whole(out, text.encode("utf-8"))
        typer.echo(f"written: {out}")
