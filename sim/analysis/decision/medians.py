"""The median of an outcome as one quantity moves: where it meets a threshold, how, and with what error."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from sim.analysis.decision.crossings import CROSSES, FLAT, JUMPS, NEAR, POLE, Function, changes, kinds, roots
from sim.summary.estimate import spread
from sim.types import Array, Indices

COARSE = 2.0**-16
"""Of a bracket: precision to which the roots of single randomisations are found."""
SEEN = 4.0
"""A step of the median of so many Monte Carlo errors is a jump of the outcome; a smaller one is between
draws."""
NONE = np.zeros(0)
WORDS = {CROSSES: "turns", JUMPS: "jumps over the threshold", FLAT: "leaves the threshold"}


@dataclass(frozen=True, eq=False)
class MedianCurve:
    """The median of an outcome at every value of a quantity, all else as drawn.

    Parameters
    ----------
    grid
        Values to look for crossings on, ascending.
    pooled_on_grid, each_on_grid
        Median of all draws, (grid); of each randomisation, (grid, randomisation).
    pooled
        Median of all draws at values.
    each
        Medians of some randomisations, each at a value of its own.
    """

    grid: Array
    pooled_on_grid: Array
    each_on_grid: Array
    pooled: Function
    each: Function

    def meets(self, threshold: float) -> "Meetings":
        """Return where the median meets a threshold."""
        if self._cannot_be_told_from(threshold):
            return Meetings(NONE, NONE, NONE, ((self.grid[0], self.grid[-1]),), NONE)
        distance = partial(_less, self.pooled, threshold)
        place, which = changes((self.pooled_on_grid - threshold)[:, np.newaxis])
        low, high = self.grid[place], self.grid[place + 1]
        values = roots(distance, low, high, which)
        kind = kinds(distance, values, low, high, which)
        level = self._level(threshold)
        if not level:  # the median of an even number of draws can stay between two of them
            kind[kind == FLAT] = JUMPS
        errors = self._errors()
        for k in np.flatnonzero(kind == JUMPS):
            if self._step(values[k], NEAR * (high[k] - low[k])) < SEEN * np.min(
                errors[place[k] : place[k] + 2]
            ):
                kind[k] = CROSSES
        met = kind != POLE
        side = np.sign(np.nan_to_num(self.pooled_on_grid[~np.isnan(self.pooled_on_grid)] - threshold))
        return Meetings(values[met], kind[met], values[~met], level, side)

    def error(self, threshold: float, value: float) -> float:
        """Return the Monte Carlo error of a value at which the median meets a threshold.

        It is taken from the values at which the medians of single randomisations meet it, on the grid nearest
        to the value. NaN where one meets it nowhere.

        Parameters
        ----------
        threshold
            Of the outcome.
        value
            Of the column, where the median meets it.

        Returns
        -------
        float
            In the column's unit.
        """
        place, which = changes(self.each_on_grid - threshold)
        low, high = self.grid[place], self.grid[place + 1]
        far = np.maximum(np.maximum(low - value, value - high), 0.0)
        order = np.lexsort((far, which))
        nearest = order[np.unique(which[order], return_index=True)[1]]
        if len(nearest) < self.each_on_grid.shape[1]:
            return float("nan")
        distance = partial(_less, self.each, threshold)
        found = roots(distance, low[nearest], high[nearest], which[nearest], COARSE)
        return float(spread(found, ddof=1) / np.sqrt(len(found)))

    def _cannot_be_told_from(self, threshold: float) -> bool:
        """Return whether the median is within its Monte Carlo error of a threshold everywhere."""
        if not np.all(np.isfinite(self.each_on_grid)):
            return False
        return bool(np.all(np.abs(self.pooled_on_grid - threshold) <= SEEN * self._errors()))

    def _errors(self) -> Array:
        """Return the Monte Carlo errors of the median, (grid)."""
        finite = np.all(np.isfinite(self.each_on_grid), axis=1)
        spreads = [
            spread(row, ddof=1) if known else 0.0
            for row, known in zip(self.each_on_grid, finite, strict=True)
        ]
        errors: Array = np.array(spreads) / np.sqrt(self.each_on_grid.shape[1])
        return errors

    def _step(self, value: float, width: float) -> float:
        below, above = self.pooled(np.array([value - width, value + width]), np.zeros(2, dtype=np.int64))
        return float(abs(above - below))

    def _level(self, threshold: float) -> tuple[tuple[float, float], ...]:
        """Return the ranges of values over which the median is the threshold."""
        level = self.pooled_on_grid == threshold
        both = np.flatnonzero(level[1:] & level[:-1])
        runs = np.split(both, np.flatnonzero(np.diff(both) > 1) + 1) if both.size else []
        return tuple(
            (self._edge(run[0], -1, threshold), self._edge(run[-1] + 1, 1, threshold)) for run in runs
        )

    def _edge(self, place: int, way: int, threshold: float) -> float:
        beyond = place + way
        if not 0 <= beyond < len(self.grid):
            return float(self.grid[place])
        low, high = np.sort(self.grid[[place, beyond]])[:, np.newaxis]
        found = roots(partial(_off, self.pooled, threshold), low, high, np.zeros(1, dtype=np.int64))
        return float(found[0])


@dataclass(frozen=True, eq=False)
class Meetings:
    """Where a median meets a threshold.

    Parameters
    ----------
    values, kind
        Where, and whether it ``crosses``, ``jumps`` or leaves it after being ``flat``, (meeting).
    poles
        Where it changes sides through infinity.
    level
        Ranges of values over which it is the threshold, or cannot be told from it anywhere.
    side
        Sign of median less threshold where the median is a number.
    """

    values: Array
    kind: Array
    poles: Array
    level: tuple[tuple[float, float], ...]
    side: Array

    def words(self, taken: int | None) -> str:
        """Return what was met, in words.

        Parameters
        ----------
        taken
            Which of the meetings is told of; ``None`` where there is none.
        """
        words = self._without() if taken is None else WORDS[str(self.kind[taken])]
        if len(self.values) > 1:
            words += f", nearest of {len(self.values)}"
        ranges = [f"at the threshold from {low:.4g} to {high:.4g}" for low, high in self.level]
        through = [f"passes through infinity at {pole:.4g}" for pole in self.poles]
        return "; ".join([*([words] if words else []), *ranges, *through])

    def _without(self) -> str:
        if self.level:
            return ""
        if self.poles.size:
            return "median never meets the threshold"
        if not self.side.size:
            return "median is not a number"
        return "median always above" if np.median(self.side) > 0 else "median always below"


def _less(median: Function, threshold: float, values: Array, which: Indices) -> Array:
    return median(values, which) - threshold


def _off(median: Function, threshold: float, values: Array, which: Indices) -> Array:
    """Return 1 where the median is not the threshold, else -1."""
    return np.where(median(values, which) == threshold, -1.0, 1.0)
