"""``sim explain``: the resolved model in words, and its dependencies as a figure."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import Settings
from sim.faults import Fault, InvalidInput, nearest_name
from sim.tables.terminal import console

WIDTH = 110
"""Columns of the longest line, on terminals that have as many."""


def explain(
    file: Annotated[Path, typer.Argument(help="Scenario file (TOML).", metavar="FILE")],
    figure: Annotated[
        Path | None,
        typer.Option(help="Draw the dependencies into this file: .pdf, .png or .svg.", metavar="PATH"),
    ] = None,
    settings: Settings = None,
) -> None:
    """Print the resolved model in words: every parameter, choice and formula, and what reads what."""
    from sim.scenario.load import load

    ending = _ending(figure) if figure is not None else ""
    scenario = load(file, settings or [])
    width = min(WIDTH, console().width)

    from sim.report.explain import explanation

    for place, (heading, lines) in enumerate(explanation(scenario).items()):
        typer.echo(("\n" if place else "") + heading)
        for line in lines:
            typer.echo(_folded(line, width))
    if figure is not None:
        from sim.figures.dependency import dependency_figure
        from sim.figures.style import save
        from sim.scenario.graph import dependencies

        save(dependency_figure(dependencies(scenario)), figure.parent, figure.stem, (ending,))
        typer.echo(f"\nwritten: {figure}")


def _ending(figure: Path) -> str:
    """Return the format that a file's ending names."""
    from sim.figures.look import FORMATS

    ending = figure.suffix.removeprefix(".")
    if ending not in FORMATS:
        allowed = ", ".join(f".{name}" for name in FORMATS)
        problem = f"a figure cannot be written as {figure.suffix or 'a file without ending'!r}"
        nearest = nearest_name(ending.lower(), FORMATS)
        raise InvalidInput([Fault("--figure", "", problem, allowed, f".{nearest}" if nearest else "")])
    return ending


def _folded(line: str, width: int) -> str:
    """Return a line folded at the margin; what is folded stands under its beginning."""
    import textwrap

    if "─" in line or len(line) + 2 <= width:
        return f"  {line}"
    inset = len(line) - len(line.lstrip())
    return textwrap.fill(
        line.strip(),
        width,
        initial_indent=" " * (inset + 2),
        subsequent_indent=" " * (inset + 6),
        break_long_words=False,
        break_on_hyphens=False,
    )
