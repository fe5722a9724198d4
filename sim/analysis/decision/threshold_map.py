"""Two-way map: the outcome where two columns are set, all else as drawn."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from sim.analysis.decision.fixing import flattened, repeated, with_fixed
from sim.analysis.decision.input_columns import InputColumn, columns_read, siblings
from sim.analysis.decision.response import Response, medians
from sim.engine.experiment import Experiment
from sim.faults import Fault, InvalidInput, nearest_name
from sim.types import Array

N_GRID = 41
MAX_DRAWS = 2**12
ENDS = (0.01, 0.99)
WIDE = 3.0
MAP = "--map"


def threshold_map(experiment: Experiment, x: InputColumn, y: InputColumn, threshold: float) -> pd.DataFrame:
    """Return the outcome over a grid of two columns.

    Parameters
    ----------
    experiment
        Of a run.
    x, y
        The columns, from :func:`default_pair` or :func:`pair_named`.
    threshold
        Of the outcome, in its unit.

    Returns
    -------
    DataFrame
        One row for each of 41 x 41 points: ``x``, ``y``; ``median`` of the outcome and ``p_above``, its
        probability of exceeding the threshold, with both columns set and all else as drawn (at most 4,096
        draws, evenly from all randomisations); ``x_name``, ``y_name``, ``x_unit``, ``y_unit``, ``threshold``.
        Grids go from the 1 to the 99 % point, in equal steps of the logarithm where the support has no
        negative value and the 95 % point is over three times the 5 % point. NaN where two shares of one
        whole would add to more than 1, or the outcome is not a number.
    """
    response = Response(experiment)
    sample = flattened(response.thinned(experiment, MAX_DRAWS))
    grid_x, grid_y = _grid(x), _grid(y)
    together = x.name in siblings(experiment.scenario, y.name)
    parts = []
    for at_x in grid_x:
        values = {x.name: np.array(at_x), y.name: grid_y[:, np.newaxis]}
        outcome = response(with_fixed(experiment.scenario, repeated(sample, N_GRID), values))
        median, above = medians(outcome), np.mean(outcome > threshold, axis=1)
        known = np.isfinite(median) & ~(together & (at_x + grid_y > 1.0))
        numbers = {"median": np.where(known, median, np.nan), "p_above": np.where(known, above, np.nan)}
        parts.append(pd.DataFrame({"x": at_x, "y": grid_y, **numbers}))
    table = pd.concat(parts, ignore_index=True)
    return table.assign(x_name=x.name, y_name=y.name, x_unit=x.unit, y_unit=y.unit, threshold=threshold)


def default_pair(experiment: Experiment) -> tuple[InputColumn, InputColumn] | None:
    """Return the two columns of largest absolute rank correlation with the outcome, of different groups.

    ``None`` where the outcome does not read columns of two groups.
    """
    columns = columns_read(experiment, Response(experiment))
    strength = {column.name: _strength(column, experiment.outcome) for column in columns}
    ordered = sorted(columns, key=lambda column: -strength[column.name])
    second = next((column for column in ordered if column.group != ordered[0].group), None)
    return None if second is None else (ordered[0], second)


def pair_named(experiment: Experiment, names: Sequence[str]) -> tuple[InputColumn, InputColumn]:
    """Return two columns by name.

    Parameters
    ----------
    experiment
        Of a run.
    names
        Of two columns.

    Returns
    -------
    tuple
        In the order of the names.

    Raises
    ------
    InvalidInput
        If there are not two different ones, the outcome does not read one or it does not vary, or they are
        the only two shares of one whole.
    """
    columns = {column.name: column for column in columns_read(experiment, Response(experiment))}
    allowed = ", ".join(columns) or "none: nothing the outcome reads varies"
    faults = [
        Fault(
            MAP, "", f"{name!r} is no uncertain quantity of the outcome", allowed, nearest_name(name, columns)
        )
        for name in names
        if name not in columns
    ]
    if not faults and len(set(names)) != 2:
        stated = ", ".join(names)
        faults = [Fault(MAP, "", f"two different names are needed; given: {stated}", allowed)]
    if (
        not faults
        and len(siblings(experiment.scenario, names[0])) == 2
        and names[1] in siblings(experiment.scenario, names[0])
    ):
        problem = f"{names[0]} and {names[1]} add to 1: one fixes the other"
        faults = [Fault(MAP, "", problem, "two quantities that can be set apart")]
    if faults:
        raise InvalidInput(faults)
    first, second = names
    return columns[first], columns[second]


def _strength(column: InputColumn, outcome: Array) -> float:
    return 0.0 if np.ptp(outcome) == 0 else abs(float(spearmanr(column.draws, outcome, axis=None).statistic))


def _grid(column: InputColumn) -> Array:
    low, p05, p95, high = column.quantiles(np.array([ENDS[0], 0.05, 0.95, ENDS[1]]))
    spaced = np.geomspace if column.support[0] >= 0 and low > 0 and p95 > WIDE * p05 else np.linspace
    return np.asarray(spaced(low, high, N_GRID), dtype=np.float64)
