r"""Switching values: the value of one parameter at which the verdict turns, all else as drawn.

For parameter p and threshold t, the value v with :math:`\operatorname{median}\, Y(p = v) = t`, where
every other input keeps its distribution (Briggs et al. 2012, ISPOR-SMDM, call it the threshold value).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from sim.decision.columns import Column, columns_read, from_median, scan
from sim.decision.crossings import nearest_crossings
from sim.decision.fixing import with_fixed
from sim.decision.power import exponent_of, inside
from sim.decision.response import Response
from sim.engine.experiment import Experiment, Sample
from sim.outcomes import Array
from sim.summary.estimate import Estimate, estimate

Verdict = Literal["turns", "median always above", "median always below"]

MAX_DRAWS = 2**13
PRECISION = 1e-7
STEP = 1e-3
COLUMNS = ("parameter", "title", "unit", "threshold", "value", "percentile", "verdict")


@dataclass(frozen=True)
class Switch:
    """The switching value of one column at one threshold.

    Parameters
    ----------
    column
        Which column.
    threshold
        Of the outcome, in its unit.
    value
        At which the outcome's median equals the threshold, with its Monte Carlo error; NaN if there is none.
    percentile
        Probability of at most that value, in the column's own distribution; NaN if there is none.
    verdict
        Whether it turns, or else on which side of the threshold the median always is.
    """

    column: Column
    threshold: float
    value: Estimate
    percentile: float
    verdict: Verdict


def switches(experiment: Experiment, thresholds: Sequence[float]) -> tuple[Switch, ...]:
    r"""Find the switching value of every column the outcome reads, at every threshold.

    The median is computed on a grid over the column's support (:func:`sim.decision.columns.scan`), so that
    one that rises and falls again is not taken for one that never turns; of several crossings the one
    nearest to the column's median is refined by Brent's method. At most 8,192 draws are used for it, evenly
    from all randomisations. A value found at a jump of the outcome is the place of the jump. Where the
    outcome is :math:`r p^k`, the value is :math:`(t / \operatorname{median} r)^{1/k}`, over all draws.

    Parameters
    ----------
    experiment
        Of a run.
    thresholds
        In the outcome's unit.
    """
    response = Response(experiment)
    sample = response.thinned(experiment, MAX_DRAWS)
    found: list[Switch] = []
    for column in columns_read(experiment, response):
        exponent = exponent_of(experiment.scenario, response, column)
        if exponent is not None:
            found += [_closed_form(experiment, column, exponent, threshold) for threshold in thresholds]
            continue
        medians = _Medians(experiment, response, sample, column)
        grid = scan(column)
        values = np.array([medians(value) for value in grid])
        found += [_switch(medians, grid, values, threshold) for threshold in thresholds]
    return tuple(found)


def switching_table(found: Sequence[Switch]) -> pd.DataFrame:
    """Return switching values as a table.

    Returns
    -------
    DataFrame
        ``parameter``, ``title``, ``unit`` (of the value), ``threshold``, ``value``, ``percentile``,
        ``verdict``; one row for each column and threshold. NaN where nothing turns.
    """
    rows = [
        (s.column.name, s.column.title, s.column.unit, s.threshold, s.value.value, s.percentile, s.verdict)
        for s in found
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def switching_values(experiment: Experiment, thresholds: Sequence[float]) -> pd.DataFrame:
    """Return :func:`switching_table` of :func:`switches`."""
    return switching_table(switches(experiment, thresholds))


def _closed_form(experiment: Experiment, column: Column, exponent: float, threshold: float) -> Switch:
    rest = estimate(_median, experiment.outcome / column.draws**exponent)
    value = (threshold / rest.value) ** (1.0 / exponent) if threshold * rest.value > 0 else np.nan
    if not inside(column, np.array(value)):
        at_median = rest.value * float(column.quantiles(np.array([0.5]))[0]) ** exponent
        return _without(column, threshold, at_median)
    error = value * abs(rest.error / (rest.value * exponent))
    return Switch(column, threshold, Estimate(float(value), error), column.level(value), "turns")


def _without(column: Column, threshold: float, median: float) -> Switch:
    verdict: Verdict = "median always above" if median > threshold else "median always below"
    return Switch(column, threshold, Estimate(np.nan, np.nan), np.nan, verdict)


def _median(draws: Array) -> float:
    return float(np.median(draws))


class _Medians:
    """The median of the outcome as a function of one column's value."""

    def __init__(self, experiment: Experiment, response: Response, sample: Sample, column: Column) -> None:
        self.column = column
        self._scenario = experiment.scenario
        self._response = response
        self._sample = sample

    def __call__(self, value: float) -> float:
        """Return the median, not a number where the outcome is none in some draw."""
        return _median(self._outcome(value))

    def error(self, value: float) -> float:
        """Return the Monte Carlo error of the median."""
        return estimate(_median, self._outcome(value)).error

    def _outcome(self, value: float) -> Array:
        return self._response(with_fixed(self._scenario, self._sample, {self.column.name: np.array(value)}))


def _switch(medians: _Medians, grid: Array, values: Array, threshold: float) -> Switch:
    column = medians.column
    crossings = nearest_crossings((values - threshold)[:, np.newaxis], from_median(column, grid))
    if not crossings.exists[0]:
        return _without(column, threshold, float(np.nanmedian(values)))
    low, high = grid[crossings.place[0] : crossings.place[0] + 2]
    value = float(brentq(lambda v: medians(v) - threshold, low, high, xtol=1e-300, rtol=PRECISION))
    return Switch(column, threshold, Estimate(value, _error(medians, value)), column.level(value), "turns")


def _error(medians: _Medians, value: float) -> float:
    """Return the Monte Carlo error of a switching value: that of the median there, over its slope."""
    step = STEP * abs(value) or STEP
    slope = (medians(value + step) - medians(value - step)) / (2.0 * step)
    return medians.error(value) / abs(slope) if slope else np.inf
