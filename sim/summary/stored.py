"""Rows kept with the results of a run whose draws are not all kept."""

from collections.abc import Iterable
from dataclasses import fields

import numpy as np
import xarray as xr

from sim.results import Results
from sim.summary.row import Row

GROUP = "summary"
NUMBERS = ("at", "value", "mc_error")


def rows_dataset(rows: Iterable[Row]) -> xr.Dataset:
    """Return rows as a dataset: one variable for each field of a row, dimension row."""
    kept = list(rows)
    columns = {field.name: [getattr(row, field.name) for row in kept] for field in fields(Row)}
    return xr.Dataset(
        {
            name: ("row", np.array(values, dtype=np.float64 if name in NUMBERS else np.str_))
            for name, values in columns.items()
        }
    )


def stored_rows(results: Results) -> tuple[Row, ...] | None:
    """Return the rows that results keep, or ``None`` where all draws are kept instead."""
    if GROUP not in results.tree.children:
        return None
    dataset = results.dataset(GROUP)
    columns = {
        field.name: [
            float(value) if field.name in NUMBERS else str(value) for value in dataset[field.name].values
        ]
        for field in fields(Row)
    }
    return tuple(Row(**dict(zip(columns, row, strict=True))) for row in zip(*columns.values(), strict=True))
