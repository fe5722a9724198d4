"""The commands of ``sim``. Everything heavy is imported inside the command that needs it."""

from typing import Annotated, ClassVar

import typer

from sim.cli.groups import CommandGroup

NAMES = (
    "run",
    "runs",
    "sensitivity",
    "decide",
    "plot",
    "report",
    "export",
    "check",
    "explain",
    "new",
    "compare",
    "sweep",
    "reweight",
    "lock",
    "verify",
    "table1",
)
"""Commands that are functions of their names, in modules of their names."""


class Commands(CommandGroup):
    """The commands of ``sim``."""

    places: ClassVar = {name: f"sim.cli.{name}:{name}" for name in NAMES} | {
        "schema": "sim.cli.check:schema",
        "evidence": "sim.cli.evidence:app",
        "scenarios": "studies.commands:scenarios",
    }


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
