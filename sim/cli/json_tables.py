"""Printing tables as one JSON document."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    import pandas as pd


def print_json(tables: "Mapping[str, pd.DataFrame]") -> None:
    """Print tables by name, each a list of records; what is not a number is null."""
    import json

    # pandas writes NaN as null, which json alone would not
    document = {name: json.loads(table.to_json(orient="records")) for name, table in tables.items()}
    typer.echo(json.dumps(document, indent=2))
