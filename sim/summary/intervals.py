r"""Credible intervals from draws, and highest-density regions of several pieces.

The region of probability p is where the density exceeds a level, :math:`\{x : f(x) > c\}`; with several
peaks it may lie in pieces (Hyndman 1996, The American Statistician 50:120). Peaks are found in the lengths of
up to 100 cells of equal probability, whose logarithm is minus that of the density: at any scale alike, and an
atom is a peak of length 0. Between two peaks the density must fall by a third, and by more than noise can
make it. The draws are cut at the widest spacing of each valley, and of each part the interval is taken that
exceeds the level by most (the excess mass of Mueller and Sawitzki 1991, J. Am. Stat. Assoc. 86:738), each
with the least length for its number of draws. Levels that differ by less than a tenth are taken for one, so
that peaks of equal height share the probability.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Literal

import numpy as np

from sim.summary.estimate import ByRandomisation
from sim.summary.order import OrderedDraws, SortedDraws
from sim.summary.row import IN_PIECES
from sim.types import Array, Indices

IntervalKind = Literal["eti", "hdi", "shortest"]
Pieces = tuple[tuple[float, float], ...]

MOST_CELLS = 100
FEWEST_CELLS = 8
DRAWS_OF_A_CELL = 40
FALL = float(np.log(1.5))
"""Least fall of the logarithm of the density between two peaks."""
N_ERRORS = 6.0
"""Standard errors of a fall that noise is not thought to make."""
MOST_PIECES = 5
APART = 0.05
"""Part of the hull that must lie between the pieces: below, one interval says as much."""
ALIKE = 1.1
"""Ratio of two densities that are taken for one."""
LENGTHS_ALIKE = 1.01
NO_LENGTH = 1e-290
"""Part of the hull below which a stretch is an atom: draws over it would overflow."""
GRID = 200
"""Numbers of draws of each part between which its interval is chosen."""
OF_SHORTEST, OF_PIECES = 0.25, 0.125
"""Powers of the number of randomisations by which the pooled ends of shortest intervals, and of regions in
pieces, settle more slowly than means: measured, between independent draws and stratified ones."""


def cuts(values: Array) -> Array:
    """Return values between the peaks of the density of ordered draws, ascending; none of one peak."""
    n_cells = min(MOST_CELLS, len(values) // DRAWS_OF_A_CELL)
    if n_cells < FEWEST_CELLS or values[0] == values[-1]:
        return np.empty(0)
    ranks = np.linspace(0, len(values) - 1, n_cells + 1).astype(np.int64)
    lengths = np.diff(values[ranks])
    logs = np.log(lengths, out=np.full(n_cells, -np.inf), where=lengths > 0)
    heights = -np.maximum(logs, np.min(logs, where=lengths > 0, initial=np.inf) - np.log(1e3))
    from scipy.signal import find_peaks  # here: it takes half a second

    beyond = [float(heights.min()) - 1.0]
    noise = float(np.sqrt(2.0 * n_cells / len(values)))
    peaks = find_peaks([*beyond, *heights, *beyond], prominence=max(FALL, N_ERRORS * noise))[0] - 1
    return np.array([_cut(values, ranks, lengths, pair) for pair in pairwise(peaks.tolist())])


def _cut(values: Array, ranks: Indices, lengths: Array, peaks: tuple[int, int]) -> float:
    """Return the middle of the widest spacing in the lowest cell between two peaks."""
    cell = peaks[0] + int(np.argmax(lengths[peaks[0] : peaks[1] + 1]))
    inside = values[ranks[cell] : ranks[cell + 1] + 1]
    place = int(np.argmax(np.diff(inside)))
    return float(inside[place] / 2.0 + inside[place + 1] / 2.0)


def _region(values: Array, probability: float, between: Array) -> Pieces:
    """Return the intervals of the highest-density region of ordered draws, one for each part that has any."""
    parts = [part for part in np.split(values, np.searchsorted(values, between)) if len(part)]
    hull = float(values[-1] - values[0])
    if hull == 0.0:
        return ((float(values[0]), float(values[0])),)
    counts = [np.unique(np.linspace(0, len(part), GRID + 1).astype(np.int64)) for part in parts]
    lengths = [
        np.array([np.subtract(*_shortest(part, n)[::-1]) for n in each]) / hull
        for part, each in zip(parts, counts, strict=True)
    ]
    lengths = [np.where(each > NO_LENGTH, each, 0.0) for each in lengths]
    wanted = _allotted(counts, lengths, probability * len(values))
    return tuple(_shortest(part, n, LENGTHS_ALIKE) for part, n in zip(parts, wanted, strict=True) if n > 0)


def _says_more(pieces: Pieces, single: tuple[float, float]) -> bool:
    """Tell whether pieces say more than the shortest single interval of the same probability."""
    if not 1 < len(pieces) <= MOST_PIECES:
        return False
    total = sum(high - low for low, high in pieces)
    hull = pieces[-1][1] - pieces[0][0]
    return hull - total >= APART * hull and total <= 1.02 * (single[1] - single[0])


def _shortest(part: Array, n: int, alike: float = 1.0) -> tuple[float, float]:
    """Return the shortest interval that holds n of the draws in order, the middle one of those as short.

    Lengths of a ratio up to `alike` are taken for one: around a peak, which of them is shortest is noise.
    """
    span = max(n - 1, 0)
    lengths = part[span:] - part[: len(part) - span]
    starts = np.flatnonzero(lengths <= alike * lengths.min())
    start = starts[len(starts) // 2] if alike > 1.0 else starts[0]
    return float(part[start]), float(part[start + span])


def _allotted(counts: Sequence[Indices], lengths: Sequence[Array], n_wanted: float) -> list[int]:
    """Return how many draws of each part are in the region, from lengths over that of the hull."""
    taken = partial(_taken, counts, lengths)
    n, length = np.concatenate(counts), np.concatenate(lengths)
    rates: Array = n[length > 0] / length[length > 0]
    level = 2.0 * ALIKE * float(rates.max()) if len(rates) else 1.0
    atoms = taken(level)
    if atoms.sum() >= n_wanted:
        return _largest(atoms, n_wanted)
    low = 0.25 * float(rates.min())
    for _ in range(60):
        middle = float(np.sqrt(low) * np.sqrt(level))
        low, level = (middle, level) if taken(middle).sum() >= n_wanted else (low, middle)
    more, fewer = taken(low / ALIKE), taken(low * ALIKE)
    n_between = max(int(more.sum() - fewer.sum()), 1)
    found = fewer + np.clip((n_wanted - fewer.sum()) / n_between, 0.0, 1.0) * (more - fewer)
    return [int(np.ceil(n - 1e-9)) for n in found]


def _taken(counts: Sequence[Indices], lengths: Sequence[Array], level: float) -> Indices:
    """Return the number of draws of each part whose excess over a level (draws per length) is largest."""
    return np.array(
        [each[int(np.argmax(each - level * length))] for each, length in zip(counts, lengths, strict=True)]
    )


def _largest(atoms: Indices, n_wanted: float) -> list[int]:
    """Return the draws of the largest atoms that together are enough."""
    order = np.argsort(-atoms, kind="stable")
    before = np.concatenate([[0], np.cumsum(atoms[order])[:-1]])
    found = np.zeros_like(atoms)
    found[order] = np.where(before < n_wanted, atoms[order], 0)
    return [int(n) for n in found]


def interval(draws: Array, probability: float, kind: IntervalKind) -> tuple[float, float]:
    """Return a credible interval of draws.

    Parameters
    ----------
    draws
        Draws of one quantity, (draw).
    probability
        Probability inside the interval, in (0, 1).
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
            low, high = ordered.quantile(tail), ordered.quantile(1.0 - tail)
        case "hdi":
            from arviz_stats.base.array import array_stats

            low, high = array_stats.hdi(draws, prob=probability, method="nearest")
        case "shortest":
            n_inside = 1 + min(int(probability * len(draws) + 0.5), len(draws) - 1)
            low, high = _shortest(np.sort(draws), n_inside)
    return float(low), float(high)


def highest_density(
    ordered: OrderedDraws, probability: float
) -> tuple[ByRandomisation, ByRandomisation] | None:
    """Return the ends of the hull of a highest-density region in pieces, which their notes name.

    Parameters
    ----------
    ordered
        Draws in order.
    probability
        Probability inside the region, in (0, 1).

    Returns
    -------
    tuple of ByRandomisation or None
        The ends of the hull; ``None`` where the region is an interval, that of :func:`interval`.
    """
    between = cuts(ordered.pooled.values)
    pieces = pieces_of(ordered.pooled.values, probability, between)
    if not pieces:
        return None
    each = [_region(row.values, probability, between) for row in ordered.each]
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
        The pieces of the region.

    Returns
    -------
    ByRandomisation
        The end, with the pieces in its note, such as ``in pieces: 0 to 0; 2.25 to 2.75``.
    """
    words = "; ".join(f"{low:.4g} to {high:.4g}" for low, high in pieces)
    return _wider(replace(found, note=f"{IN_PIECES}: {words}"), OF_PIECES)


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
        Draws in order, (rank).
    probability
        Probability inside the region, in (0, 1).
    between
        Values at which the peaks are parted, from :func:`cuts`.

    Returns
    -------
    Pieces
        The pieces, in order.
    """
    if not len(between):
        return ()
    found = _region(values, probability, between)
    return found if _says_more(found, interval(values, probability, "hdi")) else ()
