"""Commands on scenario files.

``sim check`` tells every fault of them at once and what they imply, ``schema`` what they hold, ``explain``
the resolved model in words and as a figure; ``new`` writes a commented starter.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import Settings
from sim.digits import cut
from sim.faults import Fault, InvalidInput, nearest_name, refuse
from sim.tables.table import plain_table
from sim.tables.terminal import console, show

NARROW = 100
"""Columns of a terminal below which kinds stand under distributions."""
WIDTH = 110
"""Columns of the longest line of an explanation, on terminals that have as many."""

if TYPE_CHECKING:
    from sim.scenario.overlays import Locate
    from sim.scenario.schema import Scenario


def check(
    files: Annotated[list[Path], typer.Argument(help="Scenario files.", metavar="FILE...")],
    settings: Settings = None,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help="Refuse missing sources or reasons, price years without index, unverified figures.",
        ),
    ] = False,
) -> None:
    """Validate scenario files and the data they name; report every fault at once, echo what is implied."""
    from sim.draws.draw import correlation_notes
    from sim.scenario.ledger import strict_findings
    from sim.scenario.load import load_located

    faults: list[Fault] = []
    for file in files:
        try:
            scenario, locate = load_located(file, settings or [])
            doubts = _doubts(scenario, locate)
        except InvalidInput as error:
            faults += error.faults
            continue
        found = [finding.fault(locate) for finding in strict_findings(scenario)]
        if strict and found:
            faults += found
            continue
        _print_assumptions(file, scenario)
        for doubt in doubts:
            typer.echo(f"warning: {doubt}")
        for note in correlation_notes(scenario):
            typer.echo(f"{file}: {note}")
        if found:
            typer.echo(f"{file}: --strict would refuse {len(found)} thing{'s' * (len(found) > 1)}")
    refuse(dict.fromkeys(faults))


def _doubts(scenario: "Scenario", locate: "Locate") -> list[Fault]:
    """Return what a run may refuse; what it will refuse is raised, of the file that states it."""
    from dataclasses import replace

    from sim.engine.trial import check_run

    try:
        return [finding.fault(locate) for finding in check_run(scenario)]
    except InvalidInput as error:
        faults = [
            replace(each, file=locate(tuple(each.key.split(".")))) if each.file == scenario.name else each
            for each in error.faults
        ]
        raise InvalidInput(faults) from None


def _print_assumptions(file: Path, scenario: "Scenario") -> None:
    """Print a line for the file and one for each parameter, with the quantiles its statement implies."""
    from sim.tables.parameter_assumptions import assumptions

    on = console()
    stated = assumptions(scenario)
    over_years = f"{len(scenario.streams)} streams, " if scenario.streams else ""
    on.print(f"{file}: valid ({len(stated)} parameters, {over_years}{len(scenario.outcomes)} outcomes)")
    if not stated:
        return
    heads = ["parameter", "distribution", "unit", "kind", "5 %", "50 %", "95 %"]
    rows = [
        [row.name, row.distribution, row.unit, row.kind, *(cut(value, 0.0) for value in row.quantiles)]
        for row in stated
    ]
    if on.width < NARROW:
        heads.pop(3)
        rows = [[name, f"{law}\n{kind}", unit, *cells] for name, law, unit, kind, *cells in rows]
    show(plain_table("", heads, rows, n_text=len(heads) - 3, n_whole=1), on)


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
    from sim.scenario.shipped_files import scenario_file, shipped
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
    name
        Name that the user gave.
    ending
        What the file's name ends with.
    folder
        Folder that it goes to.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InvalidInput
        If the name cannot be both a scenario's and a file's, or the file is there already.
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
