r"""Summaries of draws that are not kept: made block by block, merged, and asked for every statistic.

Mean and spread are put together from parts by Chan's formula. For parts i with :math:`n_i` draws, mean
:math:`m_i` and sum of squared deviations :math:`S_i`,

.. math:: m = \sum_i n_i m_i / n, \qquad S = \sum_i S_i + \sum_i n_i (m_i - m)^2,

and for the sum of products of the deviations of two quantities likewise. No large numbers are subtracted.
Draws are taken in leaves of 4,096; leaves make tasks, tasks make randomisations, randomisations the whole,
each step over all parts at once and in their order. So the result is the same bit for bit however many leaves
are at hand at a time, and whoever made them.

Reference: Chan T.F., Golub G.H., LeVeque R.J. (1983) The American Statistician 37:242.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.summary.estimate import ByRandomisation
from sim.summary.intervals import of_pieces, of_shortest
from sim.summary.quantiles import of_bins
from sim.summary.sketch import BinnedDraws, Sketch
from sim.summary.statistic import Key, Statistic
from sim.summary.tails import n_in_tail, shape_of_farthest
from sim.types import Array

Pair = tuple[Key, Key]
LEAF = 2**12
"""Draws of a leaf."""
Threshold = tuple[Key, float]


@dataclass(frozen=True, eq=False)
class Moments:
    """Moments of one or several parts of the draws.

    Parameters
    ----------
    n
        Number of draws, (part).
    mean
        Their mean, (part).
    squares
        Sum of squared deviations from the mean, (part).
    """

    n: Array
    mean: Array
    squares: Array

    def pooled(self) -> "Moments":
        """Return the moments of all parts together, as one part."""
        total = self.n.sum(keepdims=True)
        mean = (self.n @ self.mean)[np.newaxis] / total
        squares = self.squares.sum(keepdims=True) + self.n @ (self.mean - mean) ** 2
        return Moments(total, mean, squares)


def leaves_of(values: Array) -> Moments:
    """Return the moments of the leaves of a flat array that starts at the start of a leaf."""
    found = [_rows(part) for part in _parts(values)]
    return join([Moments(n, mean, np.einsum("ij,ij->i", rest, rest)) for n, mean, rest in found])


def join(moments: Sequence[Moments]) -> Moments:
    """Return parts side by side, in their order."""
    columns = zip(*((each.n, each.mean, each.squares) for each in moments), strict=True)
    return Moments(*map(np.concatenate, columns))


@dataclass(frozen=True, eq=False)
class DrawMoments:
    """Moments of a stretch of draws of one randomisation, of one or more parts.

    Parameters
    ----------
    moments
        Moments by quantity.
    products
        Sum of products of deviations by pair of quantities, (part).
    """

    moments: Mapping[Key, Moments]
    products: Mapping[Pair, Array]

    def pooled(self) -> "DrawMoments":
        """Return the moments of all parts together, as one part."""
        whole = {key: each.pooled() for key, each in self.moments.items()}
        products = {}
        for (one, other), found in self.products.items():
            a, b = self.moments[one], self.moments[other]
            apart = a.n @ ((a.mean - whole[one].mean) * (b.mean - whole[other].mean))
            products[one, other] = np.asarray(found.sum(keepdims=True) + apart, dtype=np.float64)
        return DrawMoments(whole, products)

    def correlation(self, one: Key, other: Key) -> float:
        """Return Pearson's correlation in the one part there is; NaN where a quantity does not vary.

        Parameters
        ----------
        one
            One quantity of a pair whose products are summed.
        other
            The other quantity of the pair.

        Returns
        -------
        float
            The correlation, in [-1, 1].
        """
        scale = np.sqrt(self.moments[one].squares[0] * self.moments[other].squares[0])
        return float(self.products[one, other][0] / scale) if scale > 0.0 else float("nan")


def side_by_side(parts: Sequence[DrawMoments]) -> DrawMoments:
    """Return parts beside each other, in their order."""
    return DrawMoments(
        {key: join([part.moments[key] for part in parts]) for key in parts[0].moments},
        {pair: np.concatenate([part.products[pair] for part in parts]) for pair in parts[0].products},
    )


def _parts(values: Array) -> list[Array]:
    """Return the full leaves, (leaf, draw), and what is left over as a leaf of its own."""
    n_full = len(values) // LEAF * LEAF
    full, rest = values[:n_full].reshape(-1, LEAF), values[n_full:].reshape(1, -1)
    return [part for part in (full, rest) if part.size]


def _rows(part: Array) -> tuple[Array, Array, Array]:
    mean = part.mean(axis=1)
    return np.full(len(part), float(part.shape[1])), mean, part - mean[:, np.newaxis]


@dataclass(frozen=True)
class Plan:
    """What summaries must hold for the statistics that are wanted.

    Parameters
    ----------
    keys
        Quantities whose moments and bins are kept.
    thresholds
        Quantities with a threshold whose exceedances are counted.
    pairs
        Pairs of quantities whose products are summed.
    """

    keys: tuple[Key, ...]
    thresholds: tuple[Threshold, ...]
    pairs: tuple[Pair, ...]

    def moments(self, draws: Mapping[Key, Array]) -> DrawMoments:
        """Return the moments of the leaves of flat arrays of draws, which start at the start of a leaf."""
        products = {}
        for one, other in self.pairs:
            leaves = zip(_parts(draws[one]), _parts(draws[other]), strict=True)
            products[one, other] = np.concatenate(
                [np.einsum("ij,ij->i", _rows(a)[2], _rows(b)[2]) for a, b in leaves]
            )
        return DrawMoments({key: leaves_of(draws[key]) for key in self.keys}, products)


class DrawCounts:
    """What is counted of draws, so that it adds up exactly in any order: bins and exceedances."""

    def __init__(self, plan: Plan) -> None:
        self.sketches = {key: Sketch() for key in plan.keys}
        self.above = dict.fromkeys(plan.thresholds, 0)

    def add(self, draws: Mapping[Key, Array]) -> None:
        """Count flat arrays of draws."""
        for key, sketch in self.sketches.items():
            sketch.add(draws[key])
        for key, limit in self.above:
            self.above[key, limit] += int(np.count_nonzero(draws[key] > limit))

    def merge(self, other: "DrawCounts") -> None:
        """Add what was counted elsewhere."""
        for key, sketch in self.sketches.items():
            sketch.merge(other.sketches[key])
        for threshold in self.above:
            self.above[threshold] += other.above[threshold]


class StreamSummary:
    """The summary of all draws that were folded in: moments, of one part; bins and exceedances.

    Parameters
    ----------
    part
        Moments of all draws, of one part.
    counted
        What is counted of all draws.
    apart
        Moments with a part for each randomisation, where there are several.
    """

    def __init__(self, part: DrawMoments, counted: DrawCounts, apart: DrawMoments | None = None) -> None:
        self.part, self.apart, self.above = part, apart, counted.above
        self.bins = {key: sketch.draws() for key, sketch in counted.sketches.items()}

    def value(self, wanted: Statistic) -> float:
        """Return a statistic.

        Mean, standard deviation, ratio of means, probabilities and correlation are exact to rounding;
        quantiles, intervals and shares of the top are from bins (:mod:`sim.summary.sketch`).
        """
        key = wanted.of[0]
        moments, bins = self.part.moments[key], self.bins[key]
        match wanted.statistic:
            case "mean":
                return float(moments.mean[0])
            case "sd":
                return self._sd(key)
            case "ratio_of_means":
                return float(moments.mean[0] / self.part.moments[wanted.of[1]].mean[0])
            case "correlation":
                return self.part.correlation(key, wanted.of[1])
            case "p_above":
                return self.above[key, wanted.at] / bins.n
            case _:
                return _by_bins(wanted, bins, float(moments.mean[0]))

    def estimate(self, wanted: Statistic, each: Array) -> ByRandomisation:
        """Return a statistic with its error, and with what must be known of it.

        Parameters
        ----------
        wanted
            The statistic.
        each
            The statistic of each randomisation, (randomisation).

        Returns
        -------
        ByRandomisation
            The statistic of all draws and of each randomisation.
        """
        bins, probability = self.bins[wanted.of[0]], wanted.probability
        if probability is not None:
            return of_bins(bins, probability, each)
        if wanted.statistic == "p_above":
            return ByRandomisation(self.value(wanted), each, resolution=1.0 / bins.n)
        found = ByRandomisation(self.value(wanted), each)
        if wanted.kind == "eti":
            return found
        pieces = bins.pieces(wanted.at) if wanted.kind == "hdi" else ()
        return of_pieces(found, pieces) if pieces else of_shortest(found)

    def has_both_signs(self, key: Key) -> bool:
        """Return whether a quantity has draws above 0 and others that are not."""
        return self.bins[key].least <= 0.0 < self.bins[key].largest

    def only(self, key: Key) -> float:
        """Return the number that all draws of a quantity are; NaN where they differ."""
        bins = self.bins[key]
        return bins.least if bins.least == bins.largest else float("nan")

    def tail_shape(self, key: Key) -> float:
        """Return the shape of the heavier tail of a quantity (:func:`sim.summary.tails.tail_shape`)."""
        bins = self.bins[key]
        return shape_of_farthest(bins.farthest(n_in_tail(bins.n) + 1))

    def _sd(self, key: Key) -> float:
        """Return the standard deviation, as :func:`sim.summary.statistic.standard_deviation`."""
        moments = self.part.moments[key]
        if self.apart is None:
            return float(np.sqrt(moments.squares[0] / (moments.n[0] - 1)))
        of_mean = ByRandomisation(float(moments.mean[0]), self.apart.moments[key].mean).error
        return float(np.hypot(np.sqrt(moments.squares[0] / moments.n[0]), of_mean))


def plan_of(wanted: Iterable[Statistic]) -> Plan:
    """Return what summaries must hold for some statistics."""
    statistics = list(wanted)
    return Plan(
        tuple(dict.fromkeys(key for each in statistics for key in each.of)),
        tuple(dict.fromkeys((each.of[0], each.at) for each in statistics if each.statistic == "p_above")),
        tuple((each.of[0], each.of[1]) for each in statistics if each.statistic == "correlation"),
    )


def _by_bins(wanted: Statistic, bins: BinnedDraws, mean: float) -> float:
    match wanted.statistic.partition("_")[0]:
        case "median":
            return bins.quantile(0.5)
        case "quantile":
            return bins.quantile(wanted.at)
        case "top":
            return bins.top_share(wanted.at, mean * bins.n)
        case "low":
            return bins.interval(wanted.at, wanted.kind)[0]
        case "high":
            return bins.interval(wanted.at, wanted.kind)[1]
        case other:
            raise KeyError(other)
