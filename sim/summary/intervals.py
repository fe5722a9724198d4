"""Credible intervals from draws: equal-tailed, highest density, shortest."""

from dataclasses import replace
from typing import Literal

import numpy as np

from sim.summary.estimate import ByRandomisation
from sim.summary.order import OrderedDraws, SortedDraws, quantile
from sim.summary.peaks import Pieces, cuts, in_pieces, named, region
from sim.summary.row import IN_PIECES
from sim.types import Array

Kind = Literal["eti", "hdi", "shortest"]
OF_SHORTEST, OF_PIECES = 0.25, 0.125
"""By which power of the number of randomisations the pooled ends of shortest intervals, and of regions in
pieces, settle more slowly than means: measured, between independent draws and stratified ones."""


def interval(draws: Array, probability: float, kind: Kind) -> tuple[float, float]:
    """Return a credible interval of draws.

    Parameters
    ----------
    draws
        Draws, dimension draw.
    probability
        Probability inside, in (0, 1).
    kind
        ``eti`` leaves (1 - probability)/2 on either side. ``hdi`` is ArviZ's highest-density interval, of one
        piece (:func:`highest_density` gives several). ``shortest`` is JCGM 101:2008 7.7.2: the smallest
        y_(r+q) - y_(r) over r, with q = INT(pM + 1/2).

    Returns
    -------
    tuple
        Lower and upper end.

    Examples
    --------
    >>> interval(np.arange(101.0), 0.5, "eti")
    (25.0, 75.0)
    """
    match kind:
        case "eti":
            tail, ordered = (1.0 - probability) / 2.0, SortedDraws(np.sort(draws))
            low, high = quantile(ordered, tail), quantile(ordered, 1.0 - tail)
        case "hdi":
            from arviz_stats.base.array import array_stats

            low, high = array_stats.hdi(draws, prob=probability, method="nearest")
        case "shortest":
            low, high = _shortest(np.sort(draws), probability)
    return float(low), float(high)


def highest_density(
    ordered: OrderedDraws, probability: float
) -> tuple[ByRandomisation, ByRandomisation] | None:
    """Return the ends of the hull of a highest-density region in pieces, which their notes name.

    Parameters
    ----------
    ordered
        Draws.
    probability
        Inside, in (0, 1).

    Returns
    -------
    tuple of ByRandomisation or None
        ``None`` where the region is an interval, that of :func:`interval`.
    """
    between = cuts(ordered.pooled.values)
    pieces = pieces_of(ordered.pooled.values, probability, between)
    if not pieces:
        return None
    each = [region(row.values, probability, between) for row in ordered.each]
    low, high = np.array([(found[0][0], found[-1][1]) for found in each]).T
    ends = ByRandomisation(pieces[0][0], low), ByRandomisation(pieces[-1][1], high)
    return of_pieces(ends[0], pieces), of_pieces(ends[1], pieces)


def of_pieces(found: ByRandomisation, pieces: Pieces) -> ByRandomisation:
    """Return an end of the hull of pieces with its error, and a note that names them.

    Parameters
    ----------
    found
        An end of the region.
    pieces
        Of the region; none where it is an interval.

    Returns
    -------
    ByRandomisation
        With the pieces in its note.
    """
    return _wider(replace(found, note=f"{IN_PIECES}: {named(pieces)}"), OF_PIECES)


def of_shortest(found: ByRandomisation) -> ByRandomisation:
    r"""Return an end of a shortest interval with the error that is left of it when draws are pooled.

    Such ends settle as :math:`n^{-1/3}` (Kim and Pollard 1990, Ann. Stat. 18:191): pooling R randomisations
    takes :math:`R^{1/3}` from their spread, not :math:`R^{1/2}`; and of stratified draws in one dimension
    about :math:`R^{1/6}`. An error of :math:`R^{-1/4}` of the spread is within 1.4 of either.
    """
    return _wider(found, OF_SHORTEST)


def _wider(found: ByRandomisation, power: float) -> ByRandomisation:
    """Return an estimate whose error falls with the number R of randomisations as R^(power - 1/2)."""
    middle = float(np.mean(found.each))
    return replace(found, each=middle + (found.each - middle) * len(found.each) ** power)


def pieces_of(values: Array, probability: float, between: Array) -> Pieces:
    """Return the pieces of a highest-density region, none where it is an interval.

    Parameters
    ----------
    values
        Draws in order, dimension rank.
    probability
        Inside, in (0, 1).
    between
        Where the peaks are parted (:func:`sim.summary.peaks.cuts`).

    Returns
    -------
    Pieces
        None where the region is an interval.
    """
    if not len(between):
        return ()
    found = region(values, probability, between)
    return found if in_pieces(found, interval(values, probability, "hdi")) else ()


def _shortest(ordered: Array, probability: float) -> tuple[float, float]:
    span = min(int(probability * len(ordered) + 0.5), len(ordered) - 1)
    widths = ordered[span:] - ordered[: len(ordered) - span]
    start = int(np.argmin(widths))
    return float(ordered[start]), float(ordered[start + span])
