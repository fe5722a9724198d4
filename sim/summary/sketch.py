r"""Indices of draws in bins of nearly equal relative width: what quantiles of any number of draws need.

A bin holds the values whose floating-point representations agree in sign, exponent and the first b = 13
binary digits of the mantissa: :math:`[2^e (1 + j/2^b),\ 2^e (1 + (j+1)/2^b))`, of width :math:`2^{e-b}`.
Every value x in it is at least :math:`2^e` in magnitude, so that any two values x, y of one bin have

.. math:: |x - y| \le 2^{-b} \min(|x|, |y|) .

These are the bins of DDSketch (Masson, Rim and Lee 2019, PVLDB 12:2195) with the logarithm taken linear
within an octave, its fast mapping; the bin of a value is a shift of its bits. Negative values are mirrored,
zero (and what is below 1e-307 in magnitude) has a bin of its own. Indices are whole numbers, so sketches add
up exactly, in any order.

The draw of rank k (from 0) lies in a bin that the counts tell exactly; its place within the bin is read off
as if the bin's draws were spread evenly. So each order statistic has a relative error of at most
:math:`2^{-13}` = 1.2e-4, whatever the law, and a far smaller one where the
density is smooth: within a bin of relative width h it is nearly even, which leaves an error of order h^2. No
value leaves the range of the draws, so that a constant is exact, and so is 0. A quantile is found from order
statistics as that of stored draws (:mod:`sim.summary.order`); between draws of one sign it keeps the bound,
else its error is at most 2^{-13} times the larger of the two magnitudes.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import override

import numpy as np

from sim.summary.intervals import IntervalKind, Pieces, cuts, pieces_of
from sim.summary.order import Ranking
from sim.types import Array, Indices

DIGITS = 13
SHIFT = 52 - DIGITS
RELATIVE_WIDTH = 2.0**-DIGITS
"""Largest width of a bin relative to any value in it."""
NORMAL = 1e-307
"""Least magnitude that is not zero: all digits of smaller ones are not at hand."""
STEP = 2**DIGITS

N_RANKS = 2**14
"""Order statistics in which the pieces of a region are looked for."""


@dataclass(eq=False)
class Bins:
    """Indices of positive values in consecutive bins, which reach as far as the values seen.

    Parameters
    ----------
    first
        Number of the first bin.
    counts
        How many values are in each bin, (bin).
    """

    first: int = 0
    counts: Indices = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def add(self, values: Array, least: float, largest: float) -> None:
        """Count positive values, of which the least and the largest are known.

        Parameters
        ----------
        values
            Positive values, (draw).
        least
            The least of them.
        largest
            The largest of them.
        """
        first, last = (int(number) for number in _numbers(np.array([least, largest])))
        self._reach(first, last)
        places = _numbers(values)
        places -= self.first
        self.counts += np.bincount(places, minlength=len(self.counts))

    def merge(self, other: "Bins") -> None:
        """Add the counts of other bins."""
        if other.counts.size:
            self._reach(other.first, other.first + len(other.counts) - 1)
            start = other.first - self.first
            self.counts[start : start + len(other.counts)] += other.counts

    def filled(self) -> tuple[Array, Array, Indices]:
        """Return lower edge, width and count of the bins that are not empty, each (bin), in order."""
        filled = np.flatnonzero(self.counts)
        numbers = filled.astype(np.int64) + self.first
        lower, upper = _edges(numbers), _edges(numbers + 1)
        return lower, upper - lower, self.counts[filled]

    def _reach(self, first: int, last: int) -> None:
        """Extend the bins to two numbers, by whole octaves, so that it happens seldom."""
        if self.counts.size and self.first <= first and last < self.first + len(self.counts):
            return
        start, stop = first // STEP * STEP, (last // STEP + 1) * STEP
        if self.counts.size:
            start, stop = min(start, self.first), max(stop, self.first + len(self.counts))
        counts = np.zeros(stop - start, dtype=np.int64)
        if self.counts.size:
            counts[self.first - start : self.first - start + len(self.counts)] = self.counts
        self.first, self.counts = start, counts


class Sketch:
    """Indices of draws of one quantity in bins, its least and largest value.

    Examples
    --------
    >>> sketch = Sketch()
    >>> sketch.add(np.array([-1.0, 0.0, 2.0, 2.0]))
    >>> sketch.n, sketch.least, sketch.largest
    (4, -1.0, 2.0)
    """

    def __init__(self) -> None:
        self.negative, self.positive, self.n_zero = Bins(), Bins(), 0
        self.least, self.largest = np.inf, -np.inf

    @property
    def n(self) -> int:
        """Number of draws counted."""
        return int(self.negative.counts.sum()) + int(self.positive.counts.sum()) + self.n_zero

    def add(self, values: Array) -> None:
        """Count values: a flat array, finite."""
        least, largest = float(values.min()), float(values.max())
        self.least, self.largest = min(self.least, least), max(self.largest, largest)
        if least >= NORMAL:
            self.positive.add(values, least, largest)
            return
        positive, negative = values[values >= NORMAL], -values[values <= -NORMAL]
        self.n_zero += len(values) - len(positive) - len(negative)
        for bins, magnitudes in ((self.positive, positive), (self.negative, negative)):
            if magnitudes.size:
                bins.add(magnitudes, float(magnitudes.min()), float(magnitudes.max()))

    def merge(self, other: "Sketch") -> None:
        """Add what another sketch has counted."""
        self.negative.merge(other.negative)
        self.positive.merge(other.positive)
        self.n_zero += other.n_zero
        self.least, self.largest = min(self.least, other.least), max(self.largest, other.largest)

    def draws(self) -> "BinnedDraws":
        """Return the bins in order of the values: negative ones, zero, positive ones."""
        lower, width, counts = self.negative.filled()
        above = self.positive.filled()
        zero = np.zeros(1 if self.n_zero else 0)
        return BinnedDraws(
            np.concatenate([-(lower + width)[::-1], zero, above[0]]),
            np.concatenate([width[::-1], zero, above[1]]),
            np.concatenate([counts[::-1], zero.astype(np.int64) + self.n_zero, above[2]]),
            self.least,
            self.largest,
        )


def _numbers(values: Array) -> Indices:
    """Return the bin of each positive value: its bits but the last digits of the mantissa."""
    return values.view(np.int64) >> SHIFT


def _edges(numbers: Indices) -> Array:
    return (numbers << SHIFT).view(np.float64)


@dataclass(frozen=True, eq=False)
class BinnedDraws(Ranking):
    """Draws in bins, from the least to the largest.

    Parameters
    ----------
    lower
        Lower edge of each bin that is not empty, (bin).
    width
        Width of each bin, (bin).
    counts
        Number of draws in each bin, (bin).
    least
        Least draw.
    largest
        Largest draw.
    """

    lower: Array
    width: Array
    counts: Indices
    least: float
    largest: float

    @cached_property
    def _ends(self) -> Indices:
        """Number of draws up to and including each bin, (bin)."""
        return np.cumsum(self.counts)

    @property
    @override
    def n(self) -> int:
        return int(self._ends[-1])

    @override
    def order_statistics(self, ranks: Indices, /) -> Array:
        place = np.searchsorted(self._ends, ranks, side="right")
        before = self._ends[place] - self.counts[place]
        within = (ranks - before + 0.5) / self.counts[place]
        values = np.clip(self.lower[place] + within * self.width[place], self.least, self.largest)
        return np.asarray(values, dtype=np.float64)

    def farthest(self, n: int) -> Array:
        """Return the `n` largest distances of draws to their median, in no order."""
        middle, n = self.quantile(0.5), min(n, self.n)
        ranks = np.concatenate([np.arange(n), np.arange(max(n, self.n - n), self.n)])
        distances = np.abs(self.order_statistics(ranks) - middle)
        return np.partition(distances, len(distances) - n)[len(distances) - n :]

    def interval(self, probability: float, kind: IntervalKind) -> tuple[float, float]:
        """Return a credible interval, as :func:`sim.summary.intervals.interval` does of the draws themselves.

        Between order statistics q ranks apart (``hdi``: q = INT(pn); ``shortest``: INT(pn + 1/2)) the
        distance is linear in the rank as long as both ends stay in their bins: its least value is at the edge
        of a bin. Both ends keep the bound of an order statistic. The interval is longer than the shortest one
        of the draws themselves by at most the bound times the sum of the magnitudes of that one's ends. Of a
        highest-density region in pieces it is the hull.

        Parameters
        ----------
        probability
            Probability inside the interval, in (0, 1).
        kind
            Kind of the interval, as for :func:`sim.summary.intervals.interval`.

        Returns
        -------
        tuple
            Lower and upper end.
        """
        if kind == "eti":
            tail = (1.0 - probability) / 2.0
            return self.quantile(tail), self.quantile(1.0 - tail)
        pieces = self.pieces(probability) if kind == "hdi" else ()
        if pieces:
            return pieces[0][0], pieces[-1][1]
        span = int(probability * self.n + (0.5 if kind == "shortest" else 0.0))
        return self._shortest(min(span, self.n - 1))

    def pieces(self, probability: float) -> Pieces:
        """Return the pieces of a highest-density region, none where it is an interval.

        They are found in 16,384 order statistics, evenly spread over the ranks.
        """
        ranks = np.rint(np.linspace(0, self.n - 1, min(self.n, N_RANKS))).astype(np.int64)
        values = self.order_statistics(ranks)
        return pieces_of(values, probability, cuts(values))

    def top_share(self, fraction: float, total: float) -> float:
        """Return the share of the sum from the largest fraction of draws; NaN where some are negative.

        Parameters
        ----------
        fraction
            Fraction of the draws.
        total
            Sum of the draws, exact; the sum of the largest ones is by bins, each draw within the bound.

        Returns
        -------
        float
            The share in [0, 1], or NaN.
        """
        if self.least < 0.0 or self.largest <= 0.0:
            return float("nan")
        n_top = max(1, round(fraction * self.n))
        before = self._ends - self.counts
        taken = np.clip(self._ends - np.maximum(before, self.n - n_top), 0, None)
        middles = self.lower + (1.0 - taken / (2.0 * self.counts)) * self.width
        # not a product of vectors, whose last digit depends on how many threads the linear algebra takes
        return float(np.sum(taken * np.clip(middles, self.least, self.largest))) / total

    def _shortest(self, span: int) -> tuple[float, float]:
        edges = np.concatenate([self._ends - self.counts, self._ends - 1])
        starts = np.unique(np.concatenate([edges, edges - span]))
        starts = starts[(starts >= 0) & (starts + span < self.n)]
        lows, highs = self.order_statistics(starts), self.order_statistics(starts + span)
        best = int(np.argmin(highs - lows))
        return float(lows[best]), float(highs[best])
