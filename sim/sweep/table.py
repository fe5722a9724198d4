"""The result of a sweep as one table."""

from collections.abc import Mapping

import pandas as pd

from sim.sweep.evaluate import Found
from sim.sweep.grid import Grid


def sweep_table(grid: Grid, found: Mapping[str, Found]) -> pd.DataFrame:
    """Return every statistic of every point, points in the order of the grid.

    Returns
    -------
    DataFrame
        A column for the value of each key, by its name; ``outcome``, ``statistic``, ``at``, ``value``,
        ``mc_error``, ``unit``, ``note`` (as in :class:`sim.summary.row.Row`).
    """
    records = []
    for point in grid.points:
        place = {
            axis.key: float(text) if axis.numbers else text
            for axis, text in zip(grid.axes, point.texts, strict=True)
        }
        for value in found[point.digest].values:
            at = float("nan") if value.at is None else value.at
            records.append(
                place
                | {"outcome": value.outcome, "statistic": value.statistic, "at": at}
                | {"value": value.value, "mc_error": value.mc_error, "unit": value.unit}
                | {"note": value.note}
            )
    return pd.DataFrame(records)
