"""Groups of commands with some of the package ``studies``, imported when one of them is asked for."""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup


class StudyGroup(TyperGroup):
    """A group with commands of the package ``studies`` beside its own."""

    from_studies: tuple[str, ...] = ()

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands.update({name: TyperCommand(name) for name in self.from_studies})  # holds their places

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command by name, or ``None``."""
        if cmd_name not in self.from_studies:
            return super().get_command(ctx, cmd_name)
        commands: Any = typer.main.get_command(import_module("studies.commands").app)
        return commands.get_command(ctx, cmd_name)


class Commands(StudyGroup):
    """The commands of ``sim``."""

    from_studies = ("scenarios",)


class EvidenceCommands(StudyGroup):
    """The commands of ``sim evidence``."""

    from_studies = ("coverage", "import")
