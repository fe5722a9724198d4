r"""Break-even values: what a parameter would have to be, draw by draw, for the outcome to be the threshold.

In draw i with all else :math:`x_i` as drawn, the value :math:`v_i` with :math:`Y(v_i, x_i) = t`. Its
distribution over draws says how large the parameter must be, given all that is uncertain besides it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import elementwise

from sim.decision.columns import Column, columns_read, from_median, scan
from sim.decision.crossings import nearest_crossings
from sim.decision.fixing import flattened, picked, repeated, with_fixed
from sim.decision.power import exponent_of, inside
from sim.decision.response import Response
from sim.engine.experiment import Experiment, Sample
from sim.outcomes import Array, Indices
from sim.summary.estimate import Estimate
from sim.summary.intervals import interval

MAX_DRAWS = 2**12
PRECISION = 1e-9
COLUMNS = ("parameter", "title", "unit", "threshold", "low", "median", "high", "probability", "share_without")


@dataclass(frozen=True)
class BreakEven:
    """Break-even values of one column at one threshold, over draws.

    Parameters
    ----------
    column
        Which column.
    threshold
        Of the outcome, in its unit.
    low, median, high
        Equal-tailed interval and median over the draws that have a value, with Monte Carlo errors; NaN where
        fewer than two randomisations have any.
    probability
        Of the interval.
    share_without
        Share of draws that no value in the column's support brings to the threshold.
    """

    column: Column
    threshold: float
    low: Estimate
    median: Estimate
    high: Estimate
    probability: float
    share_without: Estimate


def break_evens(experiment: Experiment, thresholds: Sequence[float]) -> tuple[BreakEven, ...]:
    r"""Find the break-even values of every continuous column the outcome reads, at every threshold.

    Every draw is computed on a grid over the column's support (:func:`sim.decision.columns.scan`); the
    crossing nearest to the column's median is refined for all draws at once
    (:func:`scipy.optimize.elementwise.find_root`). At most 4,096 draws are used for it, evenly from all
    randomisations. Where the outcome is :math:`r p^k`, the value is :math:`p\,(t / Y)^{1/k}`, in all draws.

    Parameters
    ----------
    experiment
        Of a run.
    thresholds
        In the outcome's unit.
    """
    response = Response(experiment)
    sample = response.thinned(experiment, MAX_DRAWS)
    probability = experiment.scenario.report.interval.probability
    found: list[BreakEven] = []
    for column in columns_read(experiment, response):
        if column.is_continuous:
            exponent = exponent_of(experiment.scenario, response, column)
            if exponent is None:
                roots = _Moved(experiment, response, sample, column).roots(np.array(thresholds))
            else:
                roots = _closed_form(experiment.outcome, column, exponent, np.array(thresholds))
            found += [
                _summary(column, threshold, values, probability)
                for threshold, values in zip(thresholds, roots, strict=True)
            ]
    return tuple(found)


def break_even_table(found: Sequence[BreakEven]) -> pd.DataFrame:
    """Return break-even values as a table.

    Returns
    -------
    DataFrame
        ``parameter``, ``title``, ``unit`` (of low, median and high), ``threshold``, ``low``, ``median``,
        ``high``, ``probability``, ``share_without``; one row for each column and threshold.
    """
    rows = [
        (*_labels(b), b.low.value, b.median.value, b.high.value, b.probability, b.share_without.value)
        for b in found
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def break_even(experiment: Experiment, thresholds: Sequence[float]) -> pd.DataFrame:
    """Return :func:`break_even_table` of :func:`break_evens`."""
    return break_even_table(break_evens(experiment, thresholds))


def _labels(found: BreakEven) -> tuple[str, str, str, float]:
    column = found.column
    return column.name, column.title, column.unit, found.threshold


def _closed_form(outcome: Array, column: Column, exponent: float, thresholds: Array) -> Array:
    """Return the break-even value of each draw, (threshold, randomisation, draw); NaN without one."""
    factor = thresholds[:, np.newaxis, np.newaxis] / np.where(outcome != 0, outcome, np.nan)
    values = column.draws * np.where(factor > 0, factor, np.nan) ** (1.0 / exponent)
    return np.where(inside(column, values), values, np.nan)


class _Moved:
    """The outcome of every draw as a function of one column's value."""

    def __init__(self, experiment: Experiment, response: Response, sample: Sample, column: Column) -> None:
        self._scenario = experiment.scenario
        self._response = response
        self._column = column
        self._shape = sample.shape
        self._flat = flattened(sample)
        self._grid = scan(column)
        rows = repeated(self._flat, len(self._grid))
        self._scanned = response(with_fixed(self._scenario, rows, {column.name: self._grid[:, np.newaxis]}))

    def roots(self, thresholds: Array) -> Array:
        """Return the break-even value of each draw, (threshold, randomisation, draw); NaN without one."""
        places = from_median(self._column, self._grid)
        crossings = [nearest_crossings(self._scanned - threshold, places) for threshold in thresholds]
        exists = np.stack([each.exists for each in crossings])
        place = np.stack([each.place for each in crossings])[exists]
        row, draws = np.nonzero(exists)
        found = np.full(exists.shape, np.nan)
        if len(draws):
            solved = elementwise.find_root(
                self._distance,
                (self._grid[place], self._grid[place + 1]),
                args=(draws, thresholds[row]),
                tolerances={"xatol": 0.0, "xrtol": PRECISION, "fatol": 0.0, "frtol": 0.0},
            )
            found[exists] = solved.x
        return found.reshape(len(thresholds), *self._shape)

    def _distance(self, values: Array, draws: Indices, thresholds: Array) -> Array:
        part = picked(self._flat, draws.astype(np.int64))
        moved = with_fixed(self._scenario, part, {self._column.name: values[np.newaxis]})
        distance: Array = self._response(moved)[0] - thresholds
        return distance


def _summary(column: Column, threshold: float, roots: Array, probability: float) -> BreakEven:
    without = np.isnan(roots)
    share = Estimate(float(without.mean()), float(_error(without.mean(axis=1))))
    rows = [row[~np.isnan(row)] for row in roots]
    pooled = np.concatenate(rows)
    ends = [_ends(row, probability) for row in rows if row.size]
    if len(ends) < 2:
        low = median = high = Estimate(np.nan, np.nan)
    else:
        values, errors = _ends(pooled, probability), _error(np.array(ends))
        low, median, high = (Estimate(float(v), float(e)) for v, e in zip(values, errors, strict=True))
    return BreakEven(column, threshold, low, median, high, probability, share)


def _ends(values: Array, probability: float) -> Array:
    low, high = interval(values, probability, "eti")
    return np.array([low, np.median(values), high])


def _error(each: Array) -> Array:
    return np.asarray(np.std(each, axis=0, ddof=1) / np.sqrt(len(each)))
