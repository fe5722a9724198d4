r"""Switching values: the value of one parameter at which the verdict turns, all else as drawn.

For parameter p and threshold t, the value v with :math:`\operatorname{median}\, Y(p = v) = t`, where
every other input keeps its distribution (Briggs et al. 2012, ISPOR-SMDM, call it the threshold value).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.analysis.decision.crossings import NEAR, MedianCurve, changes, roots
from sim.analysis.decision.response import InputColumn, Response, columns_read, flatten, medians, repeat
from sim.draws.draw import Draws
from sim.engine.experiment import Experiment
from sim.summary.estimate import Estimate, estimate
from sim.types import Array, Indices

MAX_DRAWS = 2**13
N_POLES = 2**6
"""Draws of each randomisation that tell where the outcome has a pole."""
COLUMNS = ("parameter", "title", "unit", "threshold", "value", "percentile", "verdict")


@dataclass(frozen=True)
class Switch:
    """The switching value of one column at one threshold.

    Parameters
    ----------
    column
        The column.
    threshold
        Threshold of the outcome, in its unit.
    value
        Value of the column at which the outcome's median meets the threshold; NaN if there is none. Its Monte
        Carlo error is taken from the values at which the medians of single randomisations meet it: 0 at a
        jump whose place does not depend on the draws, NaN where one randomisation does not meet it.
    percentile
        Probability of at most that value, in the column's own distribution; NaN if there is none.
    verdict
        ``turns``, ``jumps over the threshold``, ``leaves the threshold``, or on which side of it the median
        always is; besides how many such values there are, over which range the median is the threshold, and
        where it passes through infinity.
    """

    column: InputColumn
    threshold: float
    value: Estimate
    percentile: float
    verdict: str


def switches(experiment: Experiment, thresholds: Sequence[float]) -> tuple[Switch, ...]:
    r"""Find the switching value of every column the outcome reads, at every threshold.

    The median is computed on a grid over the column's support (:meth:`InputColumn.grid`), so that one that
    rises and falls again is not taken for one that never turns. Every crossing is narrowed and judged
    (:mod:`sim.analysis.decision.crossings`), and the one nearest to the column's median is told: a jump over
    the threshold by its place, a stay at the threshold by where it ends; a change of sides through infinity
    is no crossing. At most 8,192 draws are used for it, evenly from all randomisations. Where the outcome is
    :math:`r p^k`, the value is :math:`(t / \operatorname{median} r)^{1/k}`, over all draws.

    Parameters
    ----------
    experiment
        The experiment of a run.
    thresholds
        Thresholds of the outcome, in its unit.

    Returns
    -------
    tuple
        Switching values, column by column, for each threshold.
    """
    response = Response(experiment)
    found: list[Switch] = []
    for column in columns_read(response):
        exponent = column.exponent_in(response)
        if exponent is not None:
            found += [_closed_form(experiment, column, exponent, threshold) for threshold in thresholds]
        else:
            curve = _MedianOutcome(response, column).curve()
            found += [_switch(curve, column, threshold) for threshold in thresholds]
    return tuple(found)


def switching_table(found: Sequence[Switch]) -> pd.DataFrame:
    """Return a row for each switching value, its columns ``COLUMNS``; NaN where nothing turns."""
    rows = [
        (s.column.name, s.column.title, s.column.unit, s.threshold, s.value.value, s.percentile, s.verdict)
        for s in found
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def switching_values(experiment: Experiment, thresholds: Sequence[float]) -> pd.DataFrame:
    """Return :func:`switching_table` of :func:`switches`.

    Parameters
    ----------
    experiment
        The experiment of a run.
    thresholds
        Thresholds of the outcome, in its unit.

    Returns
    -------
    DataFrame
        One row for each column and threshold.
    """
    return switching_table(switches(experiment, thresholds))


def _closed_form(experiment: Experiment, column: InputColumn, exponent: float, threshold: float) -> Switch:
    rest = estimate(lambda draws: float(np.median(draws)), experiment.outcome / column.draws**exponent)
    value = (threshold / rest.value) ** (1.0 / exponent) if threshold * rest.value > 0 else np.nan
    if not column.holds(np.array(value)):
        median = rest.value * float(column.quantiles(np.array([0.5]))[0]) ** exponent
        side = "above" if median > threshold else "below" if median < threshold else "at the threshold"
        return Switch(column, threshold, Estimate(np.nan, np.nan), np.nan, f"median always {side}")
    error = value * abs(rest.error / (rest.value * exponent))
    return Switch(column, threshold, Estimate(float(value), error), column.level(value), "turns")


class _MedianOutcome:
    """The outcome as a function of one column's value."""

    def __init__(self, response: Response, column: InputColumn) -> None:
        self._response, self._name = response, column.name
        self._sample = response.thinned(MAX_DRAWS)
        self._grid = self._with_poles(column.grid(), self._sample.thinned(N_POLES))

    def curve(self) -> MedianCurve:
        """Return its median."""
        outcomes = self._response(self._rows(self._grid, self._sample))
        each = medians(outcomes.reshape(len(self._grid), *self._sample.shape))
        return MedianCurve(self._grid, medians(outcomes), each, self._at)

    def _at(self, values: Array) -> Array:
        return self._response(self._response.with_fixed(self._sample, {self._name: values}))

    def _rows(self, values: Array, draws: Draws) -> Draws:
        """Return all draws at each value, (value, draw)."""
        rows = repeat(flatten(draws), len(values))
        return self._response.with_fixed(rows, {self._name: values[:, np.newaxis]})

    def _with_poles(self, grid: Array, few: Draws) -> Array:
        """Return the grid with values close on both sides of each at which the outcome has a pole."""
        fraction = self._response.fraction((self._name, *self._response.siblings(self._name)))
        if fraction is None:
            return grid

        def bottoms(values: Array, _: Indices) -> Array:
            return medians(self._response.both(self._rows(values, few), fraction)[1])

        place, which = changes(bottoms(grid, np.zeros(0, dtype=np.int64))[:, np.newaxis])
        low, high = grid[place], grid[place + 1]
        poles, width = roots(bottoms, low, high, which), NEAR * (high - low)
        added = np.concatenate([poles - width, poles + width])
        return np.unique([*grid, *added[(added > grid[0]) & (added < grid[-1])]])


def _switch(curve: MedianCurve, column: InputColumn, threshold: float) -> Switch:
    met = curve.meets(threshold)
    if not met.values.size:
        return Switch(column, threshold, Estimate(np.nan, np.nan), np.nan, met.words(None))
    nearest = int(np.argmin(np.abs(column.from_median(met.values))))
    value = float(met.values[nearest])
    found = Estimate(value, curve.error(threshold, value))
    return Switch(column, threshold, found, column.level(value), met.words(nearest))
