"""``sim new``: a commented starter overlay."""

from pathlib import Path
from typing import Annotated

import typer

from sim.faults import Fault, InvalidInput


def new(
    name: Annotated[str, typer.Argument(help="Name of the new scenario.", metavar="NAME")],
    extends: Annotated[
        str | None,
        typer.Option(help="What it starts from: a shipped scenario, default, or a file.", metavar="BASE"),
    ] = None,
    blank: Annotated[
        bool,
        typer.Option("--blank", help="A whole scenario instead: a made-up appraisal that extends nothing."),
    ] = False,
    out: Annotated[Path, typer.Option(help="Folder to write it into.", metavar="DIR")] = Path(),
) -> None:
    """Write a commented NAME.toml that runs as it stands: an overlay with an example of every change."""
    import os

    from sim.files import write_whole
    from sim.scenario.load import load
    from sim.scenario.shipped import scenario_file, shipped
    from sim.scenario.starter import blank_text, starter_text

    target = new_file(name, ".toml", out)
    if blank:
        if extends is not None:
            raise InvalidInput([Fault("--blank", "", "extends nothing", "either --blank or --extends BASE")])
        write_whole(target, blank_text(name).encode("utf-8"))
        typer.echo(f"written: {target} (a whole scenario: sim run {target})")
        return
    base = scenario_file(Path(extends or "default"), out)
    scenario = load(base)
    relative = Path(os.path.relpath(base.resolve(), out.resolve())).as_posix()
    words = base.stem if base == shipped(extends or "default") else relative
    write_whole(target, starter_text(scenario, name, words).encode("utf-8"))
    typer.echo(f"written: {target} (extends {words})")


def new_file(name: str, ending: str, folder: Path) -> Path:
    """Return where a new file of a scenario or survey goes; nothing is written yet.

    Parameters
    ----------
    name, ending, folder
        Name that the user gave; what the file's name ends with; folder that it goes to.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InvalidInput
        For a name that cannot be both a scenario's and a file's, and where the file is there already.
    """
    import re

    if name.endswith(ending):
        stem = name.removesuffix(ending)
        raise InvalidInput([Fault("NAME", "", f"{name!r} is a file's name", "the name alone", stem)])
    if not re.fullmatch(r"\w[\w.-]{0,79}", name):
        allowed = "letters, digits, '_', '-' and '.', at most 80, the first a letter, digit or '_'"
        raise InvalidInput([Fault("NAME", "", f"{name!r} cannot be the name of a new file", allowed)])
    target = folder / f"{name}{ending}"
    if target.exists():
        raise InvalidInput([Fault(str(target), "", "is there already", "another name, or another --out")])
    return target
