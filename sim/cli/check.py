"""``sim check``: every fault of scenario files at once, what they imply; ``sim schema``: what they hold."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import Settings
from sim.digits import cut
from sim.faults import Fault, InvalidInput
from sim.tables.table import plain_table
from sim.tables.terminal import console, show

NARROW = 100
"""Columns of a terminal below which kinds stand under distributions."""

if TYPE_CHECKING:
    from sim.scenario.merge import Locate
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
    if faults:
        raise InvalidInput(list(dict.fromkeys(faults)))


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
    from sim.tables.implied import assumptions

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
