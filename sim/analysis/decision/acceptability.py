r"""The outcome against thresholds: which ones count, how probable it is to exceed them, and over two columns.

The acceptability curve is :math:`P(Y > t)` as the share of draws, over thresholds t (van Hout et al. 1994,
Health Econ. 3:309); the two-way map has the outcome where two columns are set, all else as drawn.
"""

import math
from collections.abc import Sequence
from numbers import Real

import numpy as np
import pandas as pd

from sim.analysis.decision.response import InputColumn, Response, columns_read, flatten, medians, repeat
from sim.engine.experiment import Experiment
from sim.faults import Fault, nearest_name, refuse
from sim.summary.density import along, linear_within, published_value, values_at
from sim.summary.estimate import standard_error
from sim.types import Array

N_THRESHOLDS = 120
COVERED = (0.001, 0.999)
N_GRID, MOST_SEPARATE = 41, 8
MAX_DRAWS = 2**12
ENDS = (0.01, 0.99)
WIDE = 3.0
MAP = "--map"


def finite_thresholds(stated: Sequence[object]) -> tuple[float, ...]:
    """Return thresholds that a user stated.

    Raises
    ------
    InvalidInput
        If any is not a finite number; with every such threshold.

    Examples
    --------
    >>> finite_thresholds([1, 4.5])
    (1.0, 4.5)
    """
    refuse(
        Fault("--threshold", "", f"{value} is not a threshold", "a finite number")
        for value in stated
        if not isinstance(value, Real) or not math.isfinite(value)
    )
    return tuple(float(value) for value in stated if isinstance(value, Real))


def acceptability(experiment: Experiment, thresholds: Sequence[float]) -> pd.DataFrame:
    """Return the acceptability curve of the reported outcome.

    Parameters
    ----------
    experiment
        The experiment of a run.
    thresholds
        Thresholds that are on the curve in any case, as is the published value of the outcome.

    Returns
    -------
    DataFrame
        ``threshold`` (in the outcome's unit), ``probability``, ``error`` (Monte Carlo error, from the spread
        over randomisations). From the 0.1 to the 99.9 % point of the outcome, in equal steps along the axis
        that shows it (:func:`sim.summary.density.linear_within`), a log axis where all draws are positive.
    """
    outcome, marks = experiment.outcome, [*thresholds, *published_value(experiment.scenario)]
    grid = np.unique(np.concatenate([_grid(outcome, marks), marks]))
    ordered = np.sort(outcome, axis=1)
    n_draws = ordered.shape[1]
    shares = np.stack([1.0 - np.searchsorted(row, grid, side="right") / n_draws for row in ordered])
    errors = standard_error(shares)
    return pd.DataFrame({"threshold": grid, "probability": shares.mean(axis=0), "error": errors})


def _grid(outcome: Array, marks: Sequence[float]) -> Array:
    within = linear_within(outcome, marks)
    ends = np.quantile(outcome, COVERED)
    if ends[0] == ends[1]:  # rounding along the axis would make several of one value
        return ends[:1]
    low, high = along(ends, within)
    return values_at(np.linspace(low, high, N_THRESHOLDS), within)


def threshold_map(experiment: Experiment, x: InputColumn, y: InputColumn, threshold: float) -> pd.DataFrame:
    """Return the outcome over a grid of two columns.

    Parameters
    ----------
    experiment
        The experiment of a run.
    x
        The column along x, from :func:`default_pair` or :func:`pair_named`.
    y
        The column along y.
    threshold
        Threshold of the outcome, in its unit.

    Returns
    -------
    DataFrame
        One row for each pair of 41 values of either, or of all that a quantity can have where they are at
        most eight, such as 0 and 1: ``x``, ``y``; ``median`` of the outcome and ``p_above``, its
        probability of exceeding the threshold, with both columns set and all else as drawn (at most 4,096
        draws, evenly from all randomisations); ``x_name``, ``y_name``, ``x_unit``, ``y_unit``, ``threshold``.
        Grids go from the 1 to the 99 % point, in equal steps of the logarithm where the support has no
        negative value and the 95 % point is over three times the 5 % point. NaN where two shares of one
        whole would add to more than 1, or the outcome is not a number.
    """
    response = Response(experiment)
    sample = flatten(response.thinned(MAX_DRAWS))
    grid_x, grid_y = _grid_of(x), _grid_of(y)
    together = x.name in response.siblings(y.name)
    parts = []
    for at_x in grid_x:
        values = {x.name: np.array(at_x), y.name: grid_y[:, np.newaxis]}
        outcome = response(response.with_fixed(repeat(sample, len(grid_y)), values))
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
    from scipy.stats import spearmanr  # here: it takes half a second, and thresholds need none of it

    columns, outcome = columns_read(Response(experiment)), experiment.outcome
    varies = np.ptp(outcome) > 0
    strength = {
        each.name: abs(float(spearmanr(each.draws, outcome, axis=None).statistic)) if varies else 0.0
        for each in columns
    }
    ordered = sorted(columns, key=lambda column: -strength[column.name])
    second = next((column for column in ordered if column.group != ordered[0].group), None)
    return None if second is None else (ordered[0], second)


def pair_named(experiment: Experiment, names: Sequence[str]) -> tuple[InputColumn, InputColumn]:
    """Return two columns by name.

    Parameters
    ----------
    experiment
        The experiment of a run.
    names
        Names of two columns.

    Returns
    -------
    tuple
        The columns, in the order of the names.

    Raises
    ------
    InvalidInput
        If there are not two different ones, the outcome does not read one or it does not vary, or they are
        the only two shares of one whole.
    """
    response = Response(experiment)
    columns = {column.name: column for column in columns_read(response)}
    allowed = ", ".join(columns) or "none: nothing the outcome reads varies"
    faults = [
        Fault(
            MAP, "", f"{name!r} is no uncertain quantity of the outcome", allowed, nearest_name(name, columns)
        )
        for name in names
        if name not in columns
    ]
    shares = () if faults else response.siblings(names[0])
    if not faults and len(set(names)) != 2:
        problem = f"two different names are needed; given: {', '.join(names)}"
        faults = [Fault(MAP, "", problem, allowed)]
    elif len(shares) == 2 and names[1] in shares:
        problem = f"{names[0]} and {names[1]} add to 1: one fixes the other"
        faults = [Fault(MAP, "", problem, "two quantities that can be set apart")]
    refuse(faults)
    first, second = names
    return columns[first], columns[second]


def _grid_of(column: InputColumn) -> Array:
    """Return the values of a column on a map: all that it can have where they are few, else a grid."""
    separate = np.unique(column.draws)
    if not column.is_continuous and 1 < len(separate) <= MOST_SEPARATE:
        return np.asarray(separate, dtype=np.float64)
    low, p05, p95, high = column.quantiles(np.array([ENDS[0], 0.05, 0.95, ENDS[1]]))
    spaced = np.geomspace if column.support[0] >= 0 and low > 0 and p95 > WIDE * p05 else np.linspace
    return np.asarray(spaced(low, high, N_GRID), dtype=np.float64)
