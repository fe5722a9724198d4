r"""Where functions cross zero, and how: smoothly, by a jump, or through infinity.

A change of sign between two places is narrowed by Chandrupatla's method (1997, Adv. Eng. Softw. 28:145;
:func:`scipy.optimize.elementwise.find_root`), which keeps a bracket and never takes more than a few times the
steps of halving it. It searches on a coordinate u from 0 to 1 along the bracket, logarithmic where both ends
have one sign, so that it ends at any scale and any sign, at a root of 0 too.

What was met is told from four values around it, :math:`\Delta_k = f(u + 2^{-k}) - f(u - 2^{-k})`, k = 16 and
32: a smooth function has shrunk :math:`2^{16}` times, a jump stands, a pole has grown.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import elementwise

from sim.analysis.decision.response import medians
from sim.summary.estimate import standard_error
from sim.types import Array, Indices

CurveFunction = Callable[[Array, Indices], Array]
"""Values of some functions at one place each, given the places and the numbers of the functions."""

CROSSES, JUMPS, POLE, FLAT = "crosses", "jumps", "pole", "flat"
WORDS = {CROSSES: "turns", JUMPS: "jumps over the threshold", FLAT: "leaves the threshold"}
PRECISION = 2.0**-40
"""Error allowed in the coordinate along a bracket."""
COARSE = 2.0**-16
"""The same for the roots of single randomisations."""
MOST_STEPS = 300
FAR, NEAR = 2.0**-16, 2.0**-32
STANDS = 8.0
"""A difference that neither grows nor shrinks by more than this factor from far to near is that of a jump."""
LEAST, MOST = np.nextafter(0.0, 1.0), np.finfo(np.float64).max / 8.0
SEEN = 4.0
"""A step of the median of so many Monte Carlo errors is a jump; a smaller one is between draws."""
NONE = np.zeros(0)


def changes(distance: Array) -> tuple[Indices, Indices]:
    """Return where functions change between above zero and at most zero, from values on a grid.

    Parameters
    ----------
    distance
        Values of each function on the grid, (grid, function); not a number where a function has none.

    Returns
    -------
    tuple
        Places on the grid (a change is between a place and the next) and functions, one of each a change.

    Examples
    --------
    >>> changes(np.array([[-1.0], [1.0], [2.0], [-3.0]]))
    (array([0, 2]), array([0, 0]))
    """
    above, known = distance > 0, ~np.isnan(distance)
    place, function = np.nonzero((above[1:] != above[:-1]) & known[1:] & known[:-1])
    return place, function


def roots(
    function: CurveFunction, low: Array, high: Array, which: Indices, precision: float = PRECISION
) -> Array:
    """Return where functions change sign in brackets; where one jumps, the place of the jump.

    Parameters
    ----------
    function
        The functions: each changes between above zero and at most zero from one end of its bracket to the
        other.
    low
        Lower ends of the brackets, finite, (bracket).
    high
        Upper ends of the brackets, finite, (bracket).
    which
        Function of each bracket, (bracket).
    precision
        Part of a bracket, or of its logarithm where both ends have one sign, to which it is narrowed.

    Returns
    -------
    ndarray
        The places, (bracket); exactly 0 where the narrowed bracket holds it.
    """
    if not len(which):
        return np.zeros(0)

    def signed(at: Array, place: Indices) -> Array:
        place = place.astype(np.int64)
        found = function(_between(at, low[place], high[place]), which[place])
        found = np.nan_to_num(found, nan=-LEAST, posinf=MOST, neginf=-MOST)
        return np.where(found == 0.0, -LEAST, found)  # zero counts as below, so that an edge is found

    with np.errstate(all="ignore"):
        found = elementwise.find_root(
            signed,
            (np.zeros(len(which)), np.ones(len(which))),
            args=(np.arange(len(which)),),
            tolerances={"xatol": precision, "xrtol": 0.0, "fatol": 0.0, "frtol": 0.0},
            maxiter=MOST_STEPS,
        )
    values, first, last = (_between(np.asarray(u), low, high) for u in (found.x, *found.bracket))
    return np.where((first <= 0.0) & (last >= 0.0), 0.0, values)


def kinds(function: CurveFunction, values: Array, low: Array, high: Array, which: Indices) -> Array:
    """Return what functions do where they were found to change sign.

    Parameters
    ----------
    function
        The functions, as for :func:`roots`.
    values
        The places that :func:`roots` found, or where another function changes sign, (bracket).
    low
        Lower ends of the brackets, finite, (bracket).
    high
        Upper ends of the brackets, finite, (bracket).
    which
        Function of each bracket, (bracket).

    Returns
    -------
    ndarray
        Words, (bracket): ``crosses``; ``jumps`` over zero; ``flat``, zero on one side; or ``pole``, through
        infinity, or from one side to the same.
    """
    step = np.where(_one_sign(low, high), np.abs(values) * _logarithm(low, high), high - low)
    with np.errstate(all="ignore"):
        left, right = (
            [function(values + way * part * step, which) for part in (FAR, NEAR)] for way in (-1.0, 1.0)
        )
        far, near = (np.abs(b - a) for a, b in zip(left, right, strict=True))
        grown = near / far
    turned = (left[1] > 0) != (right[1] > 0)
    at_zero = np.any([(side[0] == 0) & (side[1] == 0) for side in (left, right)], axis=0)
    found = np.where(grown < 1.0 / STANDS, CROSSES, JUMPS)
    found = np.where(turned & (grown <= STANDS), found, POLE)
    return np.where(turned & at_zero, FLAT, found)


def _between(at: Array, low: Array, high: Array) -> Array:
    """Return places in brackets by their coordinate."""
    ratio = _logarithm(low, high) * np.where(low > 0, 1.0, -1.0)
    from_low = low * np.exp(np.minimum(at * ratio, np.log(MOST)))
    return np.where(_one_sign(low, high), from_low, low + at * (high - low))


def _one_sign(low: Array, high: Array) -> Array:
    return np.asarray((np.sign(low) == np.sign(high)) & (low != 0))


def _logarithm(low: Array, high: Array) -> Array:
    """Return the absolute logarithm of the ratio of the ends where they have one sign, else 0."""
    one = _one_sign(low, high)
    return np.asarray(np.abs(np.log(np.where(one, high, 1.0) / np.where(one, low, 1.0))))


@dataclass(frozen=True, eq=False)
class MedianCurve:
    """The median of an outcome at every value of a quantity, all else as drawn.

    Parameters
    ----------
    grid
        Values to look for crossings on, ascending.
    pooled_on_grid
        Median of all draws at each value of the grid, (grid).
    each_on_grid
        Median of each randomisation at each value of the grid, (grid, randomisation).
    outcome
        Gives the outcome, (randomisation, draw), at a value, or at one for each randomisation,
        (randomisation, 1).
    """

    grid: Array
    pooled_on_grid: Array
    each_on_grid: Array
    outcome: Callable[[Array], Array]

    def meets(self, threshold: float) -> "Meetings":
        """Return where the median meets a threshold."""
        rows = self.each_on_grid
        errors = np.array([float(standard_error(row)) if np.isfinite(row).all() else 0.0 for row in rows])
        is_known = np.all(np.isfinite(self.each_on_grid))
        if is_known and np.all(np.abs(self.pooled_on_grid - threshold) <= SEEN * errors):
            return Meetings(NONE, NONE, NONE, ((self.grid[0], self.grid[-1]),), NONE)

        def distance(values: Array, _: Indices) -> Array:
            return self._pooled(values) - threshold

        place, which = changes((self.pooled_on_grid - threshold)[:, np.newaxis])
        low, high = self.grid[place], self.grid[place + 1]
        values = roots(distance, low, high, which)
        kind = kinds(distance, values, low, high, which)
        level = self._level(threshold)
        if not level:  # the median of an even number of draws can stay between two of them
            kind[kind == FLAT] = JUMPS
        for k in np.flatnonzero(kind == JUMPS):
            at = values[k] + NEAR * (high[k] - low[k]) * np.array([-1.0, 1.0])
            below, above = self._pooled(at)
            if abs(above - below) < SEEN * np.min(errors[place[k] : place[k] + 2]):
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
            Threshold of the outcome.
        value
            Value of the column at which the median meets it.

        Returns
        -------
        float
            The Monte Carlo error, in the column's unit.
        """
        place, which = changes(self.each_on_grid - threshold)
        low, high = self.grid[place], self.grid[place + 1]
        far = np.maximum(np.maximum(low - value, value - high), 0.0)
        order = np.lexsort((far, which))
        nearest = order[np.unique(which[order], return_index=True)[1]]
        if len(nearest) < self.each_on_grid.shape[1]:
            return float("nan")

        def distance(values: Array, which: Indices) -> Array:
            return self._each(values, which) - threshold

        found = roots(distance, low[nearest], high[nearest], which[nearest], COARSE)
        return float(standard_error(found))

    def _pooled(self, values: Array) -> Array:
        """Return the median of all draws at each value."""
        return np.array([float(medians(self.outcome(value).ravel())) for value in values])

    def _each(self, values: Array, which: Indices) -> Array:
        """Return the medians of some randomisations, each at a value of its own."""
        column = np.full((self.each_on_grid.shape[1], 1), values[0])
        column[which, 0] = values
        return medians(self.outcome(column))[which]

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

        def off(values: Array, _: Indices) -> Array:
            return np.where(self._pooled(values) == threshold, -1.0, 1.0)

        low, high = np.sort(self.grid[[place, beyond]])[:, np.newaxis]
        return float(roots(off, low, high, np.zeros(1, dtype=np.int64))[0])


@dataclass(frozen=True, eq=False)
class Meetings:
    """Where a median meets a threshold.

    Parameters
    ----------
    values
        Values at which the median meets the threshold, (meeting).
    kind
        What it does there: ``crosses``, ``jumps``, or leaves the threshold after being ``flat``, (meeting).
    poles
        Values at which it changes sides through infinity.
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

    def words(self, which: int | None) -> str:
        """Return in words what one meeting is, or why there is none, and what else the median does."""
        words = self._without() if which is None else WORDS[str(self.kind[which])]
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
