"""The tables of a run's analyses, where it has them."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sim.faults import Fault, InvalidInput

Tables = Mapping[str, pd.DataFrame]


def table_of(tables: Tables, name: str, columns: Sequence[str]) -> pd.DataFrame | None:
    """Return a table of a run, or None where the run has none or it is empty.

    Parameters
    ----------
    tables
        Of the run, by name.
    name
        Of the table wanted.
    columns
        What it must have.

    Returns
    -------
    DataFrame or None
        The whole table.

    Raises
    ------
    InvalidInput
        If a column is missing.
    """
    table = tables.get(name)
    if table is None or table.empty:
        return None
    missing = [column for column in columns if column not in table.columns]
    if missing:
        allowed = ", ".join(columns)
        raise InvalidInput(
            [Fault(f"tables/{name}.csv", column, "column is missing", allowed) for column in missing]
        )
    return table


def records_of(tables: Tables, name: str, columns: Sequence[str]) -> list[dict[str, Any]]:
    """Return the rows of a table of a run by column; none where it has no such table.

    Parameters
    ----------
    tables, name, columns
        As for :func:`table_of`, which raises the same.

    Returns
    -------
    list of dict
        Value by column, row after row.
    """
    table = table_of(tables, name, columns)
    records = [] if table is None else table.to_dict("records")
    return [{str(column): value for column, value in record.items()} for record in records]
