"""The commands of ``sim``. Everything heavy is imported inside the command that needs it."""

from collections.abc import Mapping
from importlib import import_module
from typing import Annotated, Any, ClassVar

import typer
from typer.core import TyperCommand, TyperGroup


class CommandGroup(TyperGroup):
    """A group whose commands stand in modules of their own."""

    places: ClassVar[Mapping[str, str]] = {}
    """Module and function of each command, or the group that it is, by its name, as help lists them."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = {name: TyperCommand(name) for name in self.places}  # names, until one is asked for

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - typer's signature
        """Return a command by name.

        Parameters
        ----------
        ctx
            Typer's context, which does not matter.
        cmd_name
            Name of the command.

        Returns
        -------
        click.Command or None
            The command, whose module is imported by this; ``None`` where there is none of this name.
        """
        if cmd_name not in self.places:
            return None
        module, _, attribute = self.places[cmd_name].partition(":")
        found = getattr(import_module(module), attribute)
        if not isinstance(found, typer.Typer):
            command, found = found, typer.Typer(add_completion=False)
            found.command(cmd_name)(command)
        made = typer.main.get_command(found)
        made.name = cmd_name
        return made


MODULES = {
    "run": "run",
    "runs": "results",
    "sensitivity": "analyses",
    "decide": "analyses",
    "plot": "results",
    "report": "results",
    "export": "results",
    "check": "scenario_file",
    "explain": "scenario_file",
    "new": "scenario_file",
    "compare": "compare",
    "sweep": "sweep",
    "reweight": "reweight",
    "lock": "lock",
    "verify": "lock",
    "table1": "table1",
    "schema": "scenario_file",
}
"""Module that has the function of each command, which is called as it is."""


class Commands(CommandGroup):
    """The commands of ``sim``."""

    places: ClassVar = {name: f"sim.cli.{module}:{name}" for name, module in MODULES.items()} | {
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
