"""The page of commands, read off the command line's own definitions."""

from collections.abc import Iterator
from typing import Any

import typer

from docs.generate.markdown import code, page, table
from sim.cli.app import app

INTRODUCTION = """# Commands

Everything `sim --help` and `sim COMMAND --help` say, in one page. `sim` stands for `.venv/bin/python -m
sim` where the environment is not active. Exit codes: 0; 1 where `verify` finds that a number moved; 2 for
bad input, with one line for each fault; 3 where `run --target` or `--rel-error` stops at `--max-draws`; 130
when interrupted and 143 when terminated, with nothing left half-written."""


def commands_page() -> str:
    """Return the page."""
    group = typer.main.get_command(app)
    context = typer.Context(group, info_name="sim")
    return page(INTRODUCTION, *(_section(part) for part in commands(context)))


def commands(context: typer.Context) -> Iterator[typer.Context]:
    """Give a context for each command of a group, those of groups within it instead of the groups."""
    group: Any = context.command
    for name in group.list_commands(context):
        inner = typer.Context(group.get_command(context, name), info_name=name, parent=context)
        if hasattr(inner.command, "commands"):
            yield from commands(inner)
        else:
            yield inner


def _section(context: typer.Context) -> str:
    command = context.command
    pieces = [_piece(parameter) for parameter in command.params if parameter.param_type_name == "argument"]
    usage = " ".join([context.command_path, "[OPTIONS]", *pieces])
    text = f"## {code(context.command_path)}\n\n{command.help}\n\nUsage: {code(usage)}\n\n"
    rows = [_row(parameter, context) for parameter in command.params if not parameter.hidden]
    return text + table(["argument or option", "default", "meaning"], rows)


def _piece(argument: Any) -> str:
    return argument.metavar or argument.name.upper()


def _row(parameter: Any, context: typer.Context) -> list[str]:
    if parameter.param_type_name == "argument":
        name = code(_piece(parameter))
    else:
        value = "" if parameter.is_bool_flag else f" {parameter.display_type_rich(context)}"
        name = code(", ".join(reversed(parameter.opts)) + value)
    if parameter.required:
        return [name, "required", parameter.help]
    plain = parameter.default in (None, False)
    return [name, "" if plain else code(parameter.default), parameter.help]
