"""The commands of ``sim``. Everything heavy is imported inside the command that needs it."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli import evidence
from sim.cli.run import run
from sim.cli.table1 import table1

app = typer.Typer(
    name="sim",
    help="Uncertainty of the benefit-cost ratio of open-source machine-learning software.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command()(run)
app.command()(table1)
app.add_typer(evidence.app, name="evidence")


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Scenario files.", metavar="FILE...")],
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", help="Override, key.path=value; repeatable.", metavar="KEY=VALUE"),
    ] = None,
) -> None:
    """Validate scenario files and the data they name; report every fault at once, echo what is implied."""
    from sim.cli.assumptions import print_assumptions
    from sim.engine import check_data
    from sim.faults import Fault, InvalidInputError
    from sim.scenario.load import load

    faults: list[Fault] = []
    for file in files:
        try:
            scenario = load(file, settings or [])
            check_data(scenario)
        except InvalidInputError as error:
            faults += error.faults
        else:
            print_assumptions(file, scenario)
    if faults:
        raise InvalidInputError(faults)


@app.command()
def schema(
    out: Annotated[Path | None, typer.Option(help="Write to this file instead of the terminal.")] = None,
) -> None:
    """Write the JSON Schema of scenario files, for editors that complete and check TOML."""
    from sim.scenario.json_schema import json_schema_text

    text = json_schema_text()
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")
        typer.echo(f"written: {out}")
