"""Credible intervals from draws: equal-tailed, highest density, shortest."""

from typing import Literal

import numpy as np

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Kind = Literal["eti", "hdi", "shortest"]


def interval(draws: Array, probability: float, kind: Kind) -> tuple[float, float]:
    """Return a credible interval of draws.

    Parameters
    ----------
    draws
        Draws, dimension draw.
    probability
        Probability inside, in (0, 1).
    kind
        ``eti`` leaves (1 - probability)/2 on either side. ``hdi`` is ArviZ's highest-density interval.
        ``shortest`` is JCGM 101:2008 7.7.2: the smallest y_(r+q) - y_(r) over r, with q = INT(pM + 1/2).

    Examples
    --------
    >>> interval(np.arange(101.0), 0.5, "eti")
    (25.0, 75.0)
    """
    match kind:
        case "eti":
            tail = (1.0 - probability) / 2.0
            low, high = np.quantile(draws, [tail, 1.0 - tail])
        case "hdi":
            from arviz_stats.base.array import array_stats

            low, high = array_stats.hdi(draws, prob=probability, method="nearest")
        case "shortest":
            low, high = _shortest(np.sort(draws), probability)
    return float(low), float(high)


def _shortest(ordered: Array, probability: float) -> tuple[float, float]:
    span = min(int(probability * len(ordered) + 0.5), len(ordered) - 1)
    widths = ordered[span:] - ordered[: len(ordered) - span]
    start = int(np.argmin(widths))
    return float(ordered[start]), float(ordered[start + span])
