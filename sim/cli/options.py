"""Options that several commands share, each stated once."""

from pathlib import Path
from typing import Annotated

import typer

Settings = Annotated[
    list[str] | None,
    typer.Option("--set", help="Override, key.path=value; repeatable.", metavar="KEY=VALUE"),
]
FileSettings = Annotated[
    list[str] | None,
    typer.Option("--set", help="Override, key.path=value; repeatable; FILE only.", metavar="KEY=VALUE"),
]
Subject = Annotated[
    Path, typer.Argument(help="Scenario file, or the folder of a run.", metavar="FILE|RESULTS")
]
SubjectOut = Annotated[Path, typer.Option(help="Parent folder of the results of a scenario file.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the tables as one JSON document.")]
