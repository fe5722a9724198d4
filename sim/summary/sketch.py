r"""Counts of draws in bins of nearly equal relative width: what quantiles of any number of draws need.

A bin holds the values whose floating-point representations agree in sign, exponent and the first b = 13
binary digits of the mantissa: :math:`[2^e (1 + j/2^b),\ 2^e (1 + (j+1)/2^b))`, of width :math:`2^{e-b}`.
Every value x in it is at least :math:`2^e` in magnitude, so that any two values x, y of one bin have

.. math:: |x - y| \le 2^{-b} \min(|x|, |y|) .

These are the bins of DDSketch (Masson, Rim and Lee 2019, PVLDB 12:2195) with the logarithm taken linear
within an octave, its fast mapping; the bin of a value is a shift of its bits. Negative values are mirrored,
zero (and what is below 1e-307 in magnitude) has a bin of its own. Counts are whole numbers, so sketches add
up exactly, in any order.
"""

from dataclasses import dataclass, field

import numpy as np

from sim.types import Array

Counts = np.ndarray[tuple[int, ...], np.dtype[np.int64]]

DIGITS = 13
SHIFT = 52 - DIGITS
RELATIVE_WIDTH = 2.0**-DIGITS
"""Largest width of a bin relative to any value in it."""
NORMAL = 1e-307
"""Least magnitude that is not zero: all digits of smaller ones are not at hand."""
STEP = 2**DIGITS


@dataclass(eq=False)
class Bins:
    """Counts of positive values in consecutive bins, which reach as far as the values seen.

    Parameters
    ----------
    first
        Number of the first bin.
    counts
        (bin).
    """

    first: int = 0
    counts: Counts = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def add(self, values: Array, least: float, largest: float) -> None:
        """Count positive values, of which the least and the largest are known."""
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

    def filled(self) -> tuple[Array, Array, Counts]:
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
    """Counts of draws of one quantity in bins, its least and largest value.

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


def _numbers(values: Array) -> Counts:
    """Return the bin of each positive value: its bits but the last digits of the mantissa."""
    return values.view(np.int64) >> SHIFT


def _edges(numbers: Counts) -> Array:
    return (numbers << SHIFT).view(np.float64)
