r"""Break-even values: what a parameter would have to be, draw by draw, for the outcome to be the threshold.

In draw i with all else :math:`x_i` as drawn, the value :math:`v_i` with :math:`Y(v_i, x_i) = t`. Its
distribution over draws says how large the parameter must be, given all that is uncertain besides it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.decision.crossings import CROSSES, FLAT, JUMPS, POLE, changes, kinds, roots
from sim.analysis.decision.response import InputColumn, Response, columns_read, flatten, repeat
from sim.draws.draw import Draws
from sim.engine.experiment import Experiment
from sim.summary.estimate import Estimate, standard_error
from sim.summary.intervals import interval
from sim.types import Array, Indices

MAX_DRAWS = 2**12
COLUMNS = (
    "parameter", "title", "unit", "threshold", "low", "median", "high", "probability", "share_without",
    "verdict",
)  # fmt: skip
NEVER = "never"
WORDS = {CROSSES: "crosses", JUMPS: "jumps over it", FLAT: "stays at it", NEVER: "never meets it"}


@dataclass(frozen=True)
class BreakEven:
    """Break-even values of one column at one threshold, over draws.

    Parameters
    ----------
    column
        The column.
    threshold
        Threshold of the outcome, in its unit.
    low
        Lower end of the equal-tailed interval of the draws that have a value, with its Monte Carlo error; NaN
        where fewer than two randomisations have any.
    median
        Median of those draws, likewise.
    high
        Upper end of that interval, likewise.
    probability
        Probability of the interval.
    share_without
        Share of draws that no value in the column's support brings to the threshold.
    verdict
        What draws do at the threshold, the commonest first, with the shares of draws: cross it, jump over it
        (the value is the place of the jump), leave it after staying there (the value is where), stay there or
        never meet it; whether there is more than one such value, and whether draws pass through infinity.
    """

    column: InputColumn
    threshold: float
    low: Estimate
    median: Estimate
    high: Estimate
    probability: float
    share_without: Estimate
    verdict: str


class Roots(NamedTuple):
    """The break-even value of each draw, all (randomisation, draw).

    Parameters
    ----------
    value
        The value nearest to the column's median; NaN where there is none.
    kind
        What the outcome does there: ``crosses``, ``jumps``, ``flat`` or ``never``.
    n_values
        How many such values there are.
    has_pole
        Whether the outcome passes through infinity between two of them.
    """

    value: Array
    kind: Array
    n_values: Indices
    has_pole: Array


def break_evens(experiment: Experiment, thresholds: Sequence[float]) -> tuple[BreakEven, ...]:
    r"""Find the break-even values of every continuous column the outcome reads, at every threshold.

    Every draw is computed on a grid over the column's support (:meth:`InputColumn.grid`), as one fraction
    :math:`N / D` where the formula allows it; every change of sign of :math:`N - tD` is narrowed for all
    draws at once (:mod:`sim.analysis.decision.crossings`), and of those at which the outcome passes t, and
    not infinity, the nearest to the column's median is taken. At most 4,096 draws are used for it, evenly
    from all randomisations. Where the outcome is :math:`r p^k`, the value is :math:`p\,(t / Y)^{1/k}`, in all
    draws.

    Parameters
    ----------
    experiment
        The experiment of a run.
    thresholds
        Thresholds of the outcome, in its unit.

    Returns
    -------
    tuple
        Break-even values, column by column, for each threshold.
    """
    response = Response(experiment)
    probability = experiment.scenario.report.interval.probability
    found: list[BreakEven] = []
    for column in columns_read(response):
        if column.is_continuous:
            exponent = column.exponent_in(response)
            if exponent is None:
                solve = _OutcomeOfEachDraw(response, column).roots
            else:
                solve = partial(_closed_form, experiment.outcome, column, exponent)
            found += [_summary(column, each, solve(each), probability) for each in thresholds]
    return tuple(found)


def break_even_table(found: Sequence[BreakEven]) -> pd.DataFrame:
    """Return a row for each column and threshold, its columns ``COLUMNS``."""
    rows = []
    for b in found:
        about = (b.column.name, b.column.title, b.column.unit, b.threshold)
        values = (b.low.value, b.median.value, b.high.value)
        rows.append((*about, *values, b.probability, b.share_without.value, b.verdict))
    return pd.DataFrame(rows, columns=COLUMNS)


def _closed_form(outcome: Array, column: InputColumn, exponent: float, threshold: float) -> Roots:
    """Return the break-even value of each draw, and what its outcome does there."""
    factor = threshold / np.where(outcome != 0, outcome, np.nan)
    values = column.draws * np.where(factor > 0, factor, np.nan) ** (1.0 / exponent)
    values = np.where(column.holds(values), values, np.nan)
    level = FLAT if threshold == 0 else NEVER
    kind = np.where(np.isnan(values), np.where(outcome == 0, level, NEVER), CROSSES).astype(object)
    return Roots(values, kind, (~np.isnan(values)).astype(np.int64), np.zeros(values.shape, dtype=bool))


class _OutcomeOfEachDraw:
    """The outcome of every draw as a function of one column's value.

    Its roots are sought where N - tD changes sign, with the outcome as one fraction N / D in what moves
    (:mod:`sim.analysis.decision.fractions`; D = 1 without one), and kept where the outcome itself passes t.
    """

    def __init__(self, response: Response, column: InputColumn) -> None:
        self._response, self._column = response, column
        sample = response.thinned(MAX_DRAWS)
        self._shape, self._flat, self._grid = sample.shape, flatten(sample), column.grid()
        self._fraction = response.fraction((column.name, *response.siblings(column.name)))
        self._scanned = self._sides(self._set(repeat(self._flat, len(self._grid)), self._grid[:, np.newaxis]))

    def roots(self, threshold: float) -> Roots:
        """Return the break-even value of each draw and what its outcome does there."""
        top, bottom = self._scanned
        with np.errstate(invalid="ignore", over="ignore"):
            distance = top - threshold * bottom
        place, draws = changes(distance)
        low, high = self._grid[place], self._grid[place + 1]
        values = roots(partial(self._numerator, threshold), low, high, draws)
        kind = kinds(partial(self._outcome, threshold), values, low, high, draws)
        met = kind != POLE
        found = self._nearest(values[met], kind[met], draws[met])
        level = np.any((distance[1:] == 0) & (distance[:-1] == 0) & (bottom[1:] != 0), axis=0)
        found.kind[level & (found.kind == NEVER)] = FLAT
        found.has_pole[draws[~met]] = True
        found.has_pole[np.any(bottom > 0, axis=0) & np.any(bottom < 0, axis=0)] = True
        value, kind, n_values, has_pole = found
        shape = self._shape
        return Roots(
            value.reshape(shape), kind.reshape(shape), n_values.reshape(shape), has_pole.reshape(shape)
        )

    def _nearest(self, values: Array, kind: Array, draws: Indices) -> Roots:
        """Keep of each draw the root nearest to the column's median."""
        n_draws = self._flat.shape[1]
        found = Roots(
            np.full(n_draws, np.nan),
            np.full(n_draws, NEVER, dtype=object),
            np.bincount(draws, minlength=n_draws),
            np.zeros(n_draws, dtype=bool),
        )
        order = np.argsort(-np.abs(self._column.from_median(values)), kind="stable")  # the nearest goes last
        found.value[draws[order]], found.kind[draws[order]] = values[order], kind[order]
        return found

    def _sides(self, draws: Draws) -> tuple[Array, Array]:
        if self._fraction is None:
            return self._response(draws), np.ones(draws.shape)
        return self._response.both(draws, self._fraction)

    def _set(self, draws: Draws, values: Array) -> Draws:
        return self._response.with_fixed(draws, {self._column.name: values})

    def _moved(self, values: Array, draws: Indices) -> Draws:
        return self._set(self._flat.mapped(lambda array: array[:, draws]), values[np.newaxis])

    def _numerator(self, threshold: float, values: Array, draws: Indices) -> Array:
        top, bottom = self._sides(self._moved(values, draws))
        distance: Array = (top - threshold * bottom)[0]
        return distance

    def _outcome(self, threshold: float, values: Array, draws: Indices) -> Array:
        distance: Array = self._response(self._moved(values, draws))[0] - threshold
        return distance


def _summary(column: InputColumn, threshold: float, found: Roots, probability: float) -> BreakEven:
    without = np.isnan(found.value)
    share = Estimate(float(without.mean()), float(standard_error(without.mean(axis=1))))
    rows = [row[~np.isnan(row)] for row in found.value]
    ends = [_ends(row, probability) for row in rows if row.size]
    if len(ends) < 2:
        low = median = high = Estimate(np.nan, np.nan)
    else:
        values, errors = _ends(np.concatenate(rows), probability), standard_error(np.array(ends))
        low, median, high = (Estimate(float(v), float(e)) for v, e in zip(values, errors, strict=True))
    return BreakEven(column, threshold, low, median, high, probability, share, _verdict(found))


def _verdict(found: Roots) -> str:
    """Say what draws do at the threshold, the commonest first, with the shares of draws."""
    names, counts = np.unique(found.kind.astype(str), return_counts=True)
    shares = sorted(zip(counts / found.kind.size, names, strict=True), reverse=True)
    words = [
        ", ".join(_with_share(WORDS[str(name)], share) for share, name in shares),
        _with_share("several values, the nearest to the median taken", float(np.mean(found.n_values > 1))),
        _with_share("passes through infinity", float(np.mean(found.has_pole))),
    ]
    return "; ".join(each for each in words if each)


def _with_share(words: str, share: float) -> str:
    """Return words with the share of draws of which they hold, nothing where they hold of none."""
    return "" if share == 0 else words if share == 1 else f"{words} ({100 * share:.3g} % of draws)"


def _ends(values: Array, probability: float) -> Array:
    low, high = interval(values, probability, "eti")
    return np.array([low, np.median(values), high])
