"""Ticks that fit the room there is: no two labels touch, at any width of the figure."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import override

import matplotlib as mpl
import numpy as np
from matplotlib.axis import Axis, XAxis
from matplotlib.font_manager import FontProperties
from matplotlib.ticker import Formatter, Locator, LogLocator, MaxNLocator

from sim.digits import MAX_DIGITS, SUFFIXES, exact_number, needs_power
from sim.figures.fold import ems
from sim.summary.density import along

GAP, HEIGHT_OF_LINE = 0.6, 1.5
"""Room between labels, and height of a line of them, in ems."""
MOST, FEWEST = 7, 2
MOST_SEPARATE = 8
"""Values of a quantity that are single ones, such as 0 and 1 of an event; a grid has more."""
STEPS, STRIDES = ((1.0, 2.0, 5.0), (1.0, 3.0), (1.0,)), (2, 3, 4, 6)
FINE_STEPS = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0)
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
POWER = re.compile(r"([\d.,]+)e([+-]\d+)")
MOST_DIGITS, LEAST_POWER, LARGEST_POWER = 15, -307, 308
WIDE = 1e4
"""Ratio of the ends of a log axis from which there are no marks between the powers of ten."""
ROOM = 1e-9
"""Part of an axis, or of the end of a log axis, by which a tick may lie outside it."""
ROUNDING = 1e-13
"""Relative distance of an axis' ends: ends less far apart are one value."""


def number(value: float) -> str:
    """Return an exact number as figures print it: at most four digits, and K, M, B or T.

    Examples
    --------
    >>> number(0.05), number(2.5e9), number(-120.0), number(4_096)
    ('0.05', '2.5 B', '-120', '4,096')
    >>> number(2.5e-13), number(-1e300)
    ('2.5×10⁻¹³', '-10³⁰⁰')
    """
    return raise_power(exact_number(value))


def raise_power(text: str) -> str:
    """Return a number as printed elsewhere, with its power of ten raised.

    Examples
    --------
    >>> raise_power("+2.50 B"), raise_power("120"), raise_power("1e-05"), raise_power("≈ 2e+20")
    ('+2.50 B', '120', '10⁻⁵', '≈ 2×10²⁰')
    """

    def in_words(found: re.Match[str]) -> str:
        factor = "" if found[1] == "1" else f"{found[1]}×"
        return f"{factor}10{str(int(found[2])).translate(RAISED)}"

    return POWER.sub(in_words, text)


class Numbers(Formatter):
    """Writes ticks as figures print numbers, with as many digits as it takes to tell them apart."""

    def __call__(self, x: float, pos: int | None = None) -> str:  # noqa: ARG002 - matplotlib's signature
        """Return one number."""
        return number(float(x))

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """Return all numbers of an axis."""
        return _numbers_apart([float(value) for value in values])


def _numbers_apart(values: Sequence[float]) -> list[str]:
    """Return numbers as figures print them, with more than four digits where those would be alike.

    Examples
    --------
    >>> _numbers_apart([1.0, 2.5]), _numbers_apart([100.0001, 100.0002])
    (['1', '2.5'], ['100.0001', '100.0002'])
    """
    texts = [number(value) for value in values]
    last = values[-1] if values else 0.0
    power = 0 if needs_power(last) else max((each for each in SUFFIXES if abs(last) >= 10.0**each), default=0)
    suffix = f" {SUFFIXES[power]}" if power else ""
    for n_digits in range(MAX_DIGITS + 1, MOST_DIGITS + 1):
        if len(set(texts)) == len(set(values)):
            break
        texts = [f"{value / 10.0**power:,.{n_digits}g}{suffix}" for value in values]
    return texts


class _RoomyTicks(Locator, ABC):
    """Picks the first set of ticks whose labels have room on the axis as it stands.

    The ends of an axis stay as they are, however small; equal ones are set apart.
    """

    def __init__(self) -> None:
        self.size = FontProperties(size=mpl.rcParams["xtick.labelsize"]).get_size_in_points()
        self._asked: tuple[float, float, float] | None = None
        self._found: Sequence[float] = ()

    def __call__(self) -> Sequence[float]:
        """Return the places of the ticks in view."""
        low, high = self._axis().get_view_interval()
        return self.tick_values(float(low), float(high))

    @override
    def tick_values(self, vmin: float, vmax: float) -> Sequence[float]:
        """Return the places of the ticks between two ends.

        Parameters
        ----------
        vmin
            One end of the axis.
        vmax
            The other end.

        Returns
        -------
        sequence of float
            The first set of ticks that has room; empty where none has.
        """
        asked = (min(vmin, vmax), max(vmin, vmax), self._length())
        if asked != self._asked:  # a figure is asked for the same ticks a hundred times
            self._asked, self._found = asked, self._pick(*asked)
        return self._found

    @override
    def nonsingular(self, v0: float, v1: float) -> tuple[float, float]:
        """Return the ends of an axis, apart from each other.

        Parameters
        ----------
        v0
            One end.
        v1
            The other end.

        Returns
        -------
        tuple of float
            Lower and upper end; as they are, but where they are equal or not finite.
        """
        low, high = min(v0, v1), max(v0, v1)
        if not (np.isfinite(low) and np.isfinite(high)):
            return super().nonsingular(v0, v1)
        size = max(abs(low), abs(high)) / 2.0
        room = 0.1 * (size or 0.5)
        return (low, high) if high / 2.0 - low / 2.0 > ROUNDING * size else (low - room, high + room)

    @override
    def view_limits(self, vmin: float, vmax: float) -> tuple[float, float]:
        """Return the ends of an axis that shows values, which stay as they are unless they are equal.

        Parameters
        ----------
        vmin
            Least value.
        vmax
            Largest value.

        Returns
        -------
        tuple of float
            Lower and upper end.
        """
        return self.nonsingular(vmin, vmax)

    @abstractmethod
    def _candidates(self, low: float, high: float) -> Iterator[list[float]]:
        """Yield sets of ticks within two ends, the preferred one first."""

    @abstractmethod
    def _place(self, values: Sequence[float]) -> np.ndarray:
        """Return values on the scale of the axis."""

    def _pick(self, low: float, high: float, length: float) -> Sequence[float]:
        too_few: Sequence[float] = []
        for ticks in self._candidates(low, high):
            if len(ticks) <= MOST and self._fit(ticks, low, high, length):
                if len(ticks) >= FEWEST:
                    return ticks
                too_few = too_few or ticks
        return too_few

    def _length(self) -> float:
        """Return the length of the axis, in points."""
        axis = self._axis()
        box = axis.axes.bbox
        points = 72.0 / axis.get_figure(root=True).dpi  # type: ignore[union-attr]
        return float((box.width if isinstance(axis, XAxis) else box.height) * points)

    def _fit(self, ticks: Sequence[float], low: float, high: float, length: float) -> bool:
        first, last = self._place([low, high])
        if isinstance(self.axis, XAxis):
            sizes = [self.size * (ems(text) + GAP) for text in _numbers_apart(ticks)]
        else:
            sizes = [self.size * HEIGHT_OF_LINE] * len(ticks)
        places = (self._place(ticks) - first) / ((last - first) or 1.0) * length
        needed = [(one + two) / 2 for one, two in pairwise(sizes)]
        return bool((np.diff(places) >= needed).all())

    def _axis(self) -> Axis:
        assert isinstance(self.axis, Axis)
        return self.axis


class RoomyLogLocator(_RoomyTicks):
    """Ticks of log axes: 1, 2, 5 or 1, 3 of each power of ten, powers of ten, every second one, and so on.

    Finer steps come first where the axis spans less than a power of ten.
    """

    def _candidates(self, low: float, high: float) -> Iterator[list[float]]:
        if low <= 0:
            return
        powers = _powers(low, high)
        for steps in (FINE_STEPS, *STEPS) if high / 10.0 < low else STEPS:
            yield _within_log([step * 10.0**power for power in powers for step in steps], low, high)
        for stride in STRIDES:
            for rest in range(stride):
                yield _within_log([10.0**power for power in powers if power % stride == rest], low, high)
        for step in (2.0, 3.0, 5.0):
            yield _within_log([step * 10.0**power for power in powers], low, high)
        yield _within_log([step * 10.0**power for power in powers for step in FINE_STEPS], low, high)
        for most in (4, 3, 2, 1):
            yield _within_log(_round(MaxNLocator(most), low, high), low, high)

    def _place(self, values: Sequence[float]) -> np.ndarray:
        return np.log(np.asarray(values, dtype=float))


class FineLogLocator(LogLocator):
    """Marks between the powers of ten, without labels: 2 to 9 of each, or none on a wide axis."""

    def __init__(self) -> None:
        super().__init__(subs=range(2, 10), numticks=99)
        self._asked: tuple[float, float] | None = None
        self._found: Sequence[float] = ()

    @override
    def tick_values(self, vmin: float, vmax: float) -> Sequence[float]:
        """Return the places of the marks between two ends.

        Parameters
        ----------
        vmin
            One end of the axis.
        vmax
            The other end.

        Returns
        -------
        sequence of float
            Places of the marks; empty on a wide axis.
        """
        if (vmin, vmax) != self._asked:
            fine = max(vmin, vmax) / WIDE < min(vmin, vmax)
            self._asked, self._found = (vmin, vmax), super().tick_values(vmin, vmax) if fine else []
        return self._found


class RoomyLocator(_RoomyTicks):
    """Ticks of linear axes."""

    def _candidates(self, low: float, high: float) -> Iterator[list[float]]:
        yield from _linear(low, high)

    def _place(self, values: Sequence[float]) -> np.ndarray:
        return np.asarray(values, dtype=float)


class RoomySymmetricLocator(_RoomyTicks):
    """Ticks of axes that are linear about 0 and logarithmic on either side: 0 and powers of ten."""

    def __init__(self, width: float) -> None:
        super().__init__()
        self.width = width

    def _candidates(self, low: float, high: float) -> Iterator[list[float]]:
        size = max(abs(low), abs(high))
        if size < self.width:  # as good as linear
            yield from _linear(low, high)
        powers = _powers(self.width, size)
        for stride in (1, *STRIDES, *(2 * stride for stride in STRIDES)):
            for first in range(len(powers)):
                sizes = [10.0**power for power in powers[first::stride]]
                yield _within([*(-size for size in reversed(sizes)), 0.0, *sizes], low, high)
        yield _within(_round(MaxNLocator(2), low, high), low, high)

    def _place(self, values: Sequence[float]) -> np.ndarray:
        return along(np.asarray(values, dtype=float), self.width)


class RoomyValueLocator(_RoomyTicks):
    """Ticks of axes whose values are known: all of them, every second one, and so on.

    Parameters
    ----------
    values
        Values of the axis, ascending.
    log
        Whether the axis is logarithmic.
    """

    def __init__(self, values: Sequence[float], *, log: bool = False) -> None:
        super().__init__()
        self.values, self.log = list(values), log

    def _candidates(self, low: float, high: float) -> Iterator[list[float]]:
        for stride in range(1, len(self.values) + 1):
            yield _within(self.values[::stride], low, high)

    def _place(self, values: Sequence[float]) -> np.ndarray:
        array = np.asarray(values, dtype=float)
        return np.log(array) if self.log else array


def _linear(low: float, high: float) -> Iterator[list[float]]:
    for most in (6, 5, 4, 3, 2, 1):
        yield _within(_round(MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]), low, high), low, high)


def _powers(low: float, high: float) -> range:
    """Return the powers of ten from below one magnitude to above another, as far as numbers have them."""
    first, last = int(np.floor(np.log10(low))), int(np.ceil(np.log10(high)))
    return range(max(first, LEAST_POWER), min(last, LARGEST_POWER) + 1)


def _round(locator: MaxNLocator, low: float, high: float) -> list[float]:
    """Return the ticks of a locator at any scale: it takes magnitudes far from 1 for nothing."""
    unit = 10.0 ** max(np.floor(np.log10(max(abs(low), abs(high)) or 1.0)), LEAST_POWER)
    return [float(tick) * unit for tick in locator.tick_values(low / unit, high / unit)]


def _within(ticks: Sequence[float], low: float, high: float) -> list[float]:
    room = ROOM * (high - low)
    return [float(tick) for tick in ticks if low - room <= tick <= high + room]


def _within_log(ticks: Sequence[float], low: float, high: float) -> list[float]:
    """Return ticks within two ends above 0, each with a room of its own: that of the high end reaches 0."""
    return [float(tick) for tick in ticks if low * (1.0 - ROOM) <= tick <= high * (1.0 + ROOM)]
