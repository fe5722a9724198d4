"""Columns that enter the outcome as a factor alone: their values have closed forms."""

import numpy as np

from sim.analysis.decision.input_columns import InputColumn, siblings
from sim.analysis.decision.response import Response
from sim.scenario.power_form import degree
from sim.scenario.schema import Scenario


def exponent_of(scenario: Scenario, response: Response, column: InputColumn) -> float | None:
    """Return k where the outcome is r * p**k in every draw, r free of the column p; else ``None``.

    ``None`` too where p can be zero or negative, or the outcome reads another share of p's whole, which moves
    when p does.

    Parameters
    ----------
    scenario
        Of the run.
    response
        Its reported outcome.
    column
        A column the outcome reads.

    Returns
    -------
    float or None
        k, or ``None``.
    """
    others = set(siblings(scenario, column.name)) - {column.name}
    if others & set(response.columns) or column.support[0] < 0 or not np.min(column.draws) > 0:
        return None
    found = degree(scenario, response.outcome, column.name)
    return found or None


def inside(
    column: InputColumn, values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Tell which values are positive and within a column's support.

    Parameters
    ----------
    column
        Whose support it is.
    values
        Any shape.

    Returns
    -------
    ndarray
        Of the shape of `values`.
    """
    low, high = column.support
    return (values > 0) & (values >= low) & (values <= high)
