"""Summaries of draws that are not kept: made block by block, merged, and asked for every statistic."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.summary.estimate import ByRandomisation
from sim.summary.intervals import of_pieces, of_shortest
from sim.summary.moments import Moments, joined, leaves_of, pooled_products, products_of
from sim.summary.quantiles import of_bins
from sim.summary.sketch import BinnedDraws, Sketch, binned
from sim.summary.statistic import Key, Statistic, probability_of
from sim.summary.trust import n_in_tail, shape_of_farthest
from sim.types import Array

Pair = tuple[Key, Key]
Threshold = tuple[Key, float]


@dataclass(frozen=True)
class Plan:
    """What summaries must hold for the statistics that are wanted.

    Parameters
    ----------
    keys
        Quantities.
    thresholds
        Whose exceedances are counted.
    pairs
        Whose products are summed.
    """

    keys: tuple[Key, ...]
    thresholds: tuple[Threshold, ...]
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, eq=False)
class DrawMoments:
    """Moments of a run of draws of one randomisation.

    Parameters
    ----------
    moments
        By quantity, of one or more parts.
    products
        Sum of products of deviations by pair, (part).
    """

    moments: Mapping[Key, Moments]
    products: Mapping[Pair, Array]

    def pooled(self) -> "DrawMoments":
        """Return the moments of all parts together, as one part."""
        products = {
            (one, other): pooled_products(each, self.moments[one], self.moments[other])
            for (one, other), each in self.products.items()
        }
        return DrawMoments({key: moments.pooled() for key, moments in self.moments.items()}, products)


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


@dataclass(frozen=True, eq=False)
class StreamSummary:
    """The finished summary of draws.

    Parameters
    ----------
    part
        Moments, of one part.
    bins
        Draws in bins, by quantity.
    above
        Draws above thresholds.
    apart
        Moments of the randomisations, of a part for each, where there are several.
    """

    part: DrawMoments
    bins: Mapping[Key, BinnedDraws]
    above: Mapping[Threshold, int]
    apart: DrawMoments | None = None

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
                return moments.sd() if self.apart is None else self._sd(moments, self.apart.moments[key].mean)
            case "ratio_of_means":
                return float(moments.mean[0] / self.part.moments[wanted.of[1]].mean[0])
            case "correlation":
                return self._correlation(key, wanted.of[1])
            case "p_above":
                return self.above[key, wanted.at] / bins.n
            case _:
                return _by_bins(wanted, bins, float(moments.mean[0]))

    def estimate(self, wanted: Statistic, each: Array) -> ByRandomisation:
        """Return a statistic with its error, and with what must be known of it.

        Parameters
        ----------
        wanted
            Which.
        each
            That of each randomisation, (randomisation).

        Returns
        -------
        ByRandomisation
            Of all draws and of each randomisation.
        """
        bins, probability = self.bins[wanted.of[0]], probability_of(wanted)
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
        """Return the shape of the heavier tail of a quantity (:func:`sim.summary.trust.tail_shape`)."""
        bins = self.bins[key]
        return shape_of_farthest(bins.farthest(n_in_tail(bins.n) + 1))

    def _sd(self, moments: Moments, means: Array) -> float:
        """Return the standard deviation, as :func:`sim.summary.rows.standard_deviation`."""
        of_mean = ByRandomisation(float(moments.mean[0]), means).error
        return float(np.hypot(np.sqrt(moments.squares[0] / moments.n[0]), of_mean))

    def _correlation(self, one: Key, other: Key) -> float:
        scale = np.sqrt(self.part.moments[one].squares[0] * self.part.moments[other].squares[0])
        return float(self.part.products[one, other][0] / scale) if scale > 0.0 else float("nan")


def plan_of(wanted: Iterable[Statistic]) -> Plan:
    """Return what summaries must hold for some statistics."""
    statistics = list(wanted)
    return Plan(
        tuple(dict.fromkeys(key for each in statistics for key in each.of)),
        tuple(dict.fromkeys((each.of[0], each.at) for each in statistics if each.statistic == "p_above")),
        tuple((each.of[0], each.of[1]) for each in statistics if each.statistic == "correlation"),
    )


def part_of(plan: Plan, draws: Mapping[Key, Array]) -> DrawMoments:
    """Return the moments of the leaves of flat arrays of draws, which start at the start of a leaf.

    Parameters
    ----------
    plan
        What must be held.
    draws
        (draw) by quantity and alternative.

    Returns
    -------
    DrawMoments
        Moments.
    """
    return DrawMoments(
        {key: leaves_of(draws[key]) for key in plan.keys},
        {(one, other): products_of(draws[one], draws[other]) for one, other in plan.pairs},
    )


def side_by_side(parts: Sequence[DrawMoments]) -> DrawMoments:
    """Return parts beside each other, in their order."""
    return DrawMoments(
        {key: joined([part.moments[key] for part in parts]) for key in parts[0].moments},
        {pair: np.concatenate([part.products[pair] for part in parts]) for pair in parts[0].products},
    )


def finished(part: DrawMoments, counted: DrawCounts, apart: DrawMoments | None = None) -> StreamSummary:
    """Return the summary of all that was folded in; arguments are as for :class:`StreamSummary`.

    Parameters
    ----------
    part
        Of each randomisation.
    counted
        Bins and exceedances.
    apart
        Draws kept as they are.

    Returns
    -------
    StreamSummary
        Ready to be asked for statistics.
    """
    bins = {key: binned(sketch) for key, sketch in counted.sketches.items()}
    return StreamSummary(part, bins, counted.above, apart)


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
