r"""Quantiles with their Monte Carlo errors, exact inside atoms and honest at gaps: the one way to find them.

The quantile is :math:`F^{-1}(u) = \inf\{x : F(x) \ge u\}`. The noise s of F, its standard error over
randomisations, is that of the probability at which a quantile of draws really stands. Between
:math:`u - 5s` and :math:`u + 5s`

- the draws may have one value: an atom, which is the quantile, without error;
- they may jump over a gap: the quantile is not unique where all randomisations have the share u below it,
  and cannot be told where they scatter about u. Either is said;
- else F is continuous there as far as draws tell, and the error is that of F over the density.

F is that of the draws, or one that is known given each draw of what is left to draw (:class:`Cdf`), as by
conditional Monte Carlo. The latter is met by secant steps where it is smooth, else by
:func:`sim.summary.roots.least_root`. The search stays on the side of 0 where the draws are, so that no
positive quantity has a negative quantile.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np

from sim.digits import rounded
from sim.summary.estimate import ByRandomisation, spread, standard_error
from sim.summary.order import OrderedDraws, Ranking
from sim.summary.roots import Cdf, least_root
from sim.summary.row import NOT_UNIQUE, UNTRUSTED
from sim.types import Array

N_ERRORS = 5.0
"""Standard errors of F within which the draws cannot tell one probability from another."""
LAST_STEP = 1e-7
"""Relative length of a secant step after which none is needed: the next would be its square."""
MOST_STEPS = 8
SLACK = 1e-14
"""What a sum of probabilities may lack by rounding."""
SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")
LARGEST = float(np.finfo(float).max)
SMALLEST = 5e-324
N_NEAR = 256
"""Draws on either side of a quantile from which the density there is taken, where there are as many."""
WIDE = 0.1
"""Part of the distance between the 16 and 84 % quantiles from which a gap leaves no figure to trust."""
HIDDEN = 0.1
"""Draws of a randomisation by which equal counts may be off what is expected of them."""
MATERIAL = 1.25
"""Ratio of two errors from which they differ by more than their own noise."""


def quantile_of(ordered: OrderedDraws, probability: float, cdf: Cdf | None = None) -> ByRandomisation:
    """Return a quantile of an outcome.

    Parameters
    ----------
    ordered
        Draws of the outcome.
    probability
        Probability of the quantile, in (0, 1).
    cdf
        Distribution function of the outcome, where more is known of it than the draws tell.

    Returns
    -------
    ByRandomisation
        The quantile, with a note where it is not unique, or lies at the edge of a gap.
    """
    at = ordered.pooled.quantile(probability)
    sides = [ordered.shares_up_to(at, side) for side in SIDES]  # of an atom F is as noisy below as above
    between = _indistinct(max(sides, key=np.std), probability, ordered.draws.shape[1])
    inside = ordered.pooled.atom(between)
    if inside is not None:
        return ByRandomisation(inside + 0.0, np.full(len(ordered.draws), inside + 0.0))
    edges = ordered.pooled.gap(between)
    if edges is not None:
        beside = _at_gap(ordered, probability, edges, cdf)
        if beside is not None:
            return beside
    if cdf is None:
        return _of_draws(ordered, probability)
    found = _by_secant(ordered, probability, cdf) if edges is None and cdf.smooth else None
    found = found or _by_halving(ordered, probability, cdf)
    return found if cdf.known else _uncertain(ordered, probability, found)


def of_bins(ranked: Ranking, probability: float, each: Array) -> ByRandomisation:
    """Return a quantile of draws of which only bins are kept, as :func:`quantile_of`.

    Parameters
    ----------
    ranked
        Draws of all randomisations together, in bins.
    probability
        Probability of the quantile, in (0, 1).
    each
        The quantile of each randomisation, (randomisation). The noise of F is taken for that of independent
        draws, of which no sampler has more; and the error for at least that of draws stratified in one
        dimension, which theirs do not show (:func:`_of_draws`).

    Returns
    -------
    ByRandomisation
        The quantile of all draws and of each randomisation.
    """
    noise = N_ERRORS * float(np.sqrt(probability * (1.0 - probability) / ranked.n))
    between = (probability - noise, probability + noise)
    inside, edges = ranked.atom(between), ranked.gap(between)
    if inside is not None:
        return ByRandomisation(inside, np.full_like(each, inside))
    value, n_each = ranked.quantile(probability), ranked.n / len(each)
    if edges is not None:
        return _beside(ranked, value, each, edges)
    part = n_each * probability % 1.0
    of_strata = (
        float(np.sqrt(part * (1.0 - part) / len(each))) / n_each * _per_probability(ranked, probability)
    )
    return _at_least(ByRandomisation(value, each), of_strata)


def _indistinct(shares: Array, probability: float, n_each: float) -> tuple[float, float]:
    """Return the probabilities between which the draws cannot tell; `shares` are F there, (randomisation).

    Half of one of `n_each` draws is what stratified draws can hide; it is infinite where F needs none.
    """
    reach = max(N_ERRORS * float(standard_error(shares)), 0.5 / n_each, SLACK)
    return probability - reach, probability + reach


def _at_gap(
    ordered: OrderedDraws, probability: float, edges: tuple[float, float], cdf: Cdf | None
) -> ByRandomisation | None:
    """Return a quantile at a gap of the draws, with its note; ``None`` where the cdf is clear of it."""
    shares = ordered.shares_up_to(edges[0])
    below = shares if cdf is None else cdf.cdf_of_each(edges[0] / 2.0 + edges[1] / 2.0)
    n_each = ordered.draws.shape[1]
    first, last = _indistinct(below, probability, np.inf if cdf is not None and cdf.known else n_each)
    if not first <= float(np.mean(below)) <= last:
        return None
    value = ordered.pooled.quantile(probability) if cdf is None else _pooled(ordered, probability, cdf)
    if not any((np.abs(each - probability) <= SLACK).all() for each in (shares, below)):
        return _beside(ordered.pooled, value, ordered.quantiles(probability), edges)
    counts = np.rint(shares * n_each).astype(np.int64)
    ends = [row.values[max(count - 1, 0)] for row, count in zip(ordered.each, counts, strict=True)]
    return ByRandomisation(value, np.array(ends), f"{NOT_UNIQUE}: any value {_from_to(edges)}")


def _beside(ranked: Ranking, value: float, each: Array, edges: tuple[float, float]) -> ByRandomisation:
    """Return a quantile that may lie at either edge of a gap, with what that leaves of it.

    A wide gap leaves a value that is not to be trusted, a narrow one an error of at least half its width.

    The spread of the randomisations says nothing of a side that none of them is on.
    """
    low, high = edges
    with np.errstate(over="ignore"):
        wide = high - low > WIDE * (ranked.quantile(0.84) - ranked.quantile(0.16))
    if wide:
        note = f"{UNTRUSTED}: the quantile lies at the edge of a gap {_from_to(edges)}"
        return ByRandomisation(value, each, note)
    return _at_least(ByRandomisation(value, each), (high - low) / 2.0)


def _uncertain(ordered: OrderedDraws, probability: float, found: ByRandomisation) -> ByRandomisation:
    """Return a quantile with some error where by chance all randomisations have one and the same.

    So it is now and then where stratified draws take one value or another: the same number of the draws of
    each randomisation, while the number expected is no whole one. That is a tenth of a draw off, or so.
    """
    if found.error > SLACK * abs(found.value):
        return found
    return _at_least(found, HIDDEN / ordered.draws.shape[1] * _per_probability(ordered.pooled, probability))


def _at_least(found: ByRandomisation, error: float) -> ByRandomisation:
    """Return an estimate whose randomisations show at least a stated error."""
    if found.error >= error:
        return found
    n = len(found.each)
    signs = np.where(np.arange(n) % 2, 1.0, -1.0)
    return replace(found, each=found.value + error * np.sqrt(n - 1.0) * signs)


def _per_probability(ranked: Ranking, probability: float) -> float:
    """Return how much the quantile rises with the probability: one over the density."""
    reach = min(probability / 4.0, (1.0 - probability) / 4.0, N_NEAR / ranked.n)
    low, high = (ranked.quantile(probability + sign * reach) for sign in (-1.0, 1.0))
    return (high - low) / (2.0 * reach)


def _from_to(edges: tuple[float, float]) -> str:
    low, high = (rounded(edge, 4) for edge in edges)
    return f"from {low} to {high}"


def _of_draws(ordered: OrderedDraws, probability: float) -> ByRandomisation:
    r"""Return a quantile of the draws alone.

    Its error is the spread of the randomisations' own quantiles, or, where that is larger, that of their
    shares of draws up to the pooled quantile, over the density (Bahadur 1966, Ann. Math. Stat. 37:577). The
    two agree but for stratified draws in one dimension: pooled, these have R points in each of n strata, and
    a quantile inside a stratum is as uncertain as a share of R, while each randomisation has one point there.
    """
    at, each = ordered.pooled.quantile(probability), ordered.quantiles(probability)
    counted = at - (ordered.shares_up_to(at) - probability) * _per_probability(ordered.pooled, probability)
    return ByRandomisation(at, counted if spread(counted) > MATERIAL * spread(each) else each)


def _by_secant(ordered: OrderedDraws, probability: float, cdf: Cdf) -> ByRandomisation | None:
    """Return a quantile where the cdf is smooth around it, else ``None``.

    Its error is that of the cdf there over the density, each randomisation's quantile to first order.
    """
    beside = min(probability, 1.0 - probability) / 4.0
    if ordered.is_tied((probability - beside, probability + beside)):
        return None
    low, t, high = (ordered.pooled.quantile(probability + move) for move in (-beside, 0.0, beside))
    excess = cdf.cdf_of_each(t) - probability
    slope = 2.0 * beside / (high - low)
    for _ in range(MOST_STEPS):
        step = -float(np.mean(excess)) / slope
        if not low <= t + step <= high:
            return None
        before, after = excess, cdf.cdf_of_each(t + step) - probability
        t, change = t + step, float(np.mean(after) - np.mean(before))
        excess, slope = after, change / step if step and change * step > 0 else slope
        last = -float(np.mean(excess)) / slope
        if abs(last) <= LAST_STEP * min(high - low, abs(t) or high - low):
            return ByRandomisation(t + last, t + last - (excess - float(np.mean(excess))) / slope)
    return None


def _by_halving(ordered: OrderedDraws, probability: float, cdf: Cdf) -> ByRandomisation:
    """Return a quantile wherever the cdf jumps or is flat, those of the randomisations each by itself."""
    n = len(ordered.draws)

    def excess(t: Array) -> Array:
        return cdf.cdf_of_each(t[:, np.newaxis]) - probability + SLACK

    each = least_root(excess, *_bracket(ordered, probability, excess, n))
    return ByRandomisation(_pooled(ordered, probability, cdf), each)


def _pooled(ordered: OrderedDraws, probability: float, cdf: Cdf) -> float:
    def excess(t: Array) -> Array:
        return np.array([float(np.mean(cdf.cdf_of_each(float(t[0])))) - probability + SLACK])

    return float(least_root(excess, *_bracket(ordered, probability, excess, 1))[0])


def _bracket(
    ordered: OrderedDraws, probability: float, excess: Callable[[Array], Array], n: int
) -> tuple[Array, Array]:
    """Return floats between which n roots lie: quantiles of the draws beside, or all of their side of 0."""
    least, largest = ordered.pooled.values[[0, -1]]
    beside = min(probability, 1.0 - probability) / 2.0
    low, high = (np.full(n, ordered.pooled.quantile(probability + sign * beside)) for sign in (-1.0, 1.0))
    low = np.where(excess(low) < 0, low, -SMALLEST if least >= 0 else -LARGEST)
    return low, np.where(excess(high) >= 0, high, 0.0 if largest <= 0 else LARGEST)
