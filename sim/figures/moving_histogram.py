"""The histogram that moves in a page, as it stands at rest: its frame, axis and outline in SVG."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from matplotlib.ticker import MaxNLocator

from sim.figures.ticks import number
from sim.types import Array

WIDTH, HEIGHT = 520, 276
FRAME = (14.0, 12.0, 506.0, 222.0)
"""Left, top, right, bottom of the axes, in units of the viewBox."""
N_BINS = 60
ROUNDING = 1e-12
"""Spread over size below which draws are all alike but for rounding."""
COVERED = (0.001, 0.999)
MARGIN = 0.08
"""Room at either end, as a share of what is covered."""
HEADROOM = 1.3
MOST_TICKS = 7
TICK_STEPS = ((1, 2, 5), (1, 3), (1,))


@dataclass(frozen=True)
class _Tick:
    """A label below the horizontal axis, at a place in units of the viewBox."""

    place: float
    label: str


@dataclass(frozen=True)
class Panel:
    """The frame of the moving distribution.

    Parameters
    ----------
    log
        Whether the axis is logarithmic.
    low
        Lower end of the axis; its logarithm where the axis is logarithmic.
    high
        Upper end of the axis; its logarithm where the axis is logarithmic.
    n_bins
        Number of bins, of equal width.
    top
        Share of draws in a bin that reaches the top of the frame.
    ticks
        Labels below the axis, with their places.
    outline
        SVG path of the resting distribution.
    """

    log: bool
    low: float
    high: float
    n_bins: int
    top: float
    ticks: tuple[_Tick, ...]
    outline: str
    frame: ClassVar[tuple[float, float, float, float]] = FRAME
    width: ClassVar[int] = WIDTH
    height: ClassVar[int] = HEIGHT


def panel_of(values: Array) -> Panel:
    """Return the panel of an outcome's draws, dimension draw."""
    log = bool(values.min() > 0)
    scaled = np.log(values) if log else values
    first, last = (float(end) for end in np.quantile(scaled, COVERED))
    if not last - first > ROUNDING * max(abs(first), abs(last)):
        width = 0.5 if log else 0.5 * max(abs(first), 1.0)
        first, last = first - width, last + width
    low, high = first - MARGIN * (last - first), last + MARGIN * (last - first)
    counts, _ = np.histogram(scaled, N_BINS, (low, high))
    shares = counts / values.size
    top = HEADROOM * float(shares.max())
    return Panel(log, low, high, N_BINS, top, tuple(_ticks(low, high, log)), _outline(shares, top))


def _outline(shares: Array, top: float) -> str:
    """Return the SVG path of a histogram in the frame from the share of draws in each bin, closed below.

    `top` is the share that reaches the top of the frame; higher bins are cut off there.

    Examples
    --------
    >>> _outline(np.array([0.5, 0.25]), 1.0)
    'M14.0,222.0V117.0H260.0V169.5H506.0V222.0Z'
    """
    left, ceiling, right, base = FRAME
    edges = np.linspace(left, right, len(shares) + 1)[1:]
    heights = np.maximum(base - (base - ceiling) * shares / top, ceiling)
    steps = "".join(f"V{height:.1f}H{edge:.1f}" for height, edge in zip(heights, edges, strict=True))
    return f"M{left:.1f},{base:.1f}{steps}V{base:.1f}Z"


def _ticks(low: float, high: float, log: bool) -> Iterator[_Tick]:
    left, _, right, _ = FRAME
    for value in _log_ticks(low, high) if log else _linear_ticks(low, high):
        place = (np.log(value) if log else value) - low
        yield _Tick(round(float(left + (right - left) * place / (high - low)), 1), number(value))


def _log_ticks(low: float, high: float) -> list[float]:
    powers = range(int(np.floor(low / np.log(10))), int(np.ceil(high / np.log(10))) + 1)
    for steps in TICK_STEPS:
        found = [s * 10.0**p for p in powers for s in steps if low <= np.log(s * 10.0**p) <= high]
        if 3 <= len(found) <= MOST_TICKS:
            return found
    if len(found) > MOST_TICKS:
        return found[:: -(-len(found) // MOST_TICKS)]
    return _linear_ticks(float(np.exp(low)), float(np.exp(high)))


def _linear_ticks(low: float, high: float) -> list[float]:
    return [float(tick) for tick in MaxNLocator(6).tick_values(low, high) if low <= tick <= high]
