"""The law of a quantity that follows one of several laws, by chance."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import override

import numpy as np

from sim.distributions.law import ContinuousLaw, Law, Orders, least_of
from sim.distributions.steps import StepLaw
from sim.types import Array

NODES = np.concatenate([np.geomspace(1e-25, 1e-3, 256), np.linspace(1e-3, 0.5, 1024)[1:]])
"""Tail probabilities at which a mixture's quantiles are found first."""


@dataclass(frozen=True)
class MixtureLaw(ContinuousLaw):
    r"""A mixture of continuous laws: :math:`F = \sum_k w_k F_k`.

    Parameters
    ----------
    laws
        The laws that are mixed, each with the cdf :math:`F_k`.
    weights
        Weight :math:`w_k` of each law, above 0; all add to one.
    """

    laws: Sequence[ContinuousLaw]
    weights: Sequence[float]

    def ppf(self, u: Array, /) -> Array:
        """Return the inverse cdf, solved to machine precision; from the upper tail beyond one half."""
        u = np.asarray(u, dtype=np.float64)
        return self._from_tails(u, 1 - u)

    @override
    def isf(self, u: Array, /) -> Array:
        u = np.asarray(u, dtype=np.float64)
        return self._from_tails(1 - u, u)

    @override
    def cdf(self, x: Array, /) -> Array:
        return self._weighted([law.cdf(x) for law in self.laws])

    @override
    def sf(self, x: Array, /) -> Array:
        return self._weighted([law.sf(x) for law in self.laws])

    @override
    def pdf(self, x: Array, /) -> Array:
        return self._weighted([law.pdf(x) for law in self.laws])

    @override
    def logpdf(self, x: Array, /) -> Array:
        weights = np.log(self.weights)
        parts = [weight + law.logpdf(x) for weight, law in zip(weights, self.laws, strict=True)]
        return np.asarray(np.logaddexp.reduce(parts))

    def mean(self) -> float:
        """Return the mean, that of the components' means."""
        return float(sum(w * float(law.mean()) for w, law in zip(self.weights, self.laws, strict=True)))

    def std(self) -> float:
        r"""Return the standard deviation: :math:`\sigma^2 = \sum_k w_k (\sigma_k^2 + (\mu_k - \mu)^2)`."""
        mean = self.mean()
        roots = [math.hypot(float(law.std()), float(law.mean()) - mean) for law in self.laws]
        return math.hypot(*(math.sqrt(w) * root for w, root in zip(self.weights, roots, strict=True)))

    def support(self) -> tuple[float, float]:
        """Return the least and the largest value of any component."""
        lows, highs = zip(*(law.support() for law in self.laws), strict=True)
        return float(min(lows)), float(max(highs))

    def orders(self) -> Orders:
        """Return which moments exist: those that exist in every component."""
        return least_of(law.orders() for law in self.laws)

    def _weighted(self, parts: Sequence[Array]) -> Array:
        return np.asarray(sum(w * part for w, part in zip(self.weights, parts, strict=True)))

    def _from_tails(self, u: Array, v: Array) -> Array:
        """Return the value with probability `u` below and `v` above it, from the lesser of the two."""
        is_lower = u <= v
        x = np.empty(np.shape(u))
        x[is_lower] = self._lower_tail(u[is_lower])
        x[~is_lower] = self._upper_tail(v[~is_lower])
        return x

    @cached_property
    def _lower_tail(self) -> "TailInverse":
        return TailInverse(self.cdf, self._between([law.ppf(NODES) for law in self.laws], self.cdf))

    @cached_property
    def _upper_tail(self) -> "TailInverse":
        return TailInverse(self.sf, self._between([law.isf(NODES) for law in self.laws], self.sf))

    @staticmethod
    def _between(candidates: Sequence[Array], probability: Callable[[Array], Array]) -> Array:
        """Return the mixture's quantiles at the nodes: each is between those of its components."""
        return _solved(probability, NODES, np.minimum.reduce(candidates), np.maximum.reduce(candidates))


@dataclass(frozen=True)
class MixedLaw(Law):
    """A law with a density on part of its mass and separate values on the rest.

    :math:`F = s F_c + (1 - s) F_d`. The inverse cdf is a separate value where u is within the step of F
    there; between two such values it is :math:`F_c^{-1}((u - d) / s)`, with d the mass of the values below.

    Parameters
    ----------
    smooth
        The law with a density, :math:`F_c`.
    steps
        The law of the separate values, :math:`F_d`.
    share
        Mass of the part with a density, s, between 0 and 1.
    """

    smooth: ContinuousLaw
    steps: StepLaw
    share: float

    def ppf(self, u: Array, /) -> Array:
        """Return the inverse cdf, the least value whose cdf reaches `u`."""
        u = np.asarray(u, dtype=np.float64)
        masses = (1.0 - self.share) * self.steps.probabilities
        values, summed = self.steps.values, np.concatenate([[0.0], np.cumsum(masses)])
        reached = self.share * self.smooth.cdf(values) + summed[1:]
        place = np.searchsorted(reached, u, side="left")  # of the first value whose cdf is u or more
        start = np.append(reached - masses, np.inf)[place]
        rest = np.clip((u - summed[place]) / self.share, 0.0, np.nextafter(1.0, 0.0))
        low, high = np.append(-np.inf, values), np.append(values, np.inf)
        between = np.clip(self.smooth.ppf(rest), low[place], high[place])
        return np.where(u > start, high[place], between)

    @override
    def cdf(self, x: Array, /) -> Array:
        return np.asarray(self.share * self.smooth.cdf(x) + (1.0 - self.share) * self.steps.cdf(x))

    def mean(self) -> float:
        """Return the mean, that of the parts' means."""
        return self.share * float(self.smooth.mean()) + (1.0 - self.share) * self.steps.mean()

    def std(self) -> float:
        """Return the standard deviation, as of any mixture."""
        mean = self.mean()
        smooth = math.hypot(float(self.smooth.std()), float(self.smooth.mean()) - mean)
        steps = math.hypot(self.steps.std(), self.steps.mean() - mean)
        return math.hypot(math.sqrt(self.share) * smooth, math.sqrt(1.0 - self.share) * steps)

    def support(self) -> tuple[float, float]:
        """Return the least and the largest value of either part."""
        lows, highs = zip(self.smooth.support(), self.steps.support(), strict=True)
        return float(min(lows)), float(max(highs))

    def orders(self) -> Orders:
        """Return which moments exist: those that exist in both parts."""
        return least_of([self.smooth.orders(), self.steps.orders()])


@dataclass(frozen=True)
class TailInverse:
    """The inverse of a tail probability that is at most one half: the cdf, or its complement.

    Quantiles at :data:`NODES` bracket every solution closely, so that what is found at one probability does
    not depend on which others are asked for.

    Parameters
    ----------
    probability
        The tail probability as a function of the value, monotone.
    quantiles
        The value at each probability of :data:`NODES`, (node,).
    """

    probability: Callable[[Array], Array]
    quantiles: Array

    def __call__(self, p: Array) -> Array:
        """Return where the probability is `p`; probabilities below the first node are read as that one."""
        p = np.clip(p, NODES[0], NODES[-1])
        above = np.clip(np.searchsorted(NODES, p), 1, len(NODES) - 1)
        one, other = self.quantiles[above - 1], self.quantiles[above]
        return _solved(self.probability, p, np.minimum(one, other), np.maximum(one, other))


def _solved(probability: Callable[[Array], Array], wanted: Array, low: Array, high: Array) -> Array:
    """Return where a monotone probability is as wanted, to the last digits, in a bracket that holds it.

    The bracket is widened by some bits, by which its ends may be off.
    """
    from scipy.optimize.elementwise import find_root

    def excess(x: Array, *p: Array) -> Array:
        return probability(x) - p[0]

    least, most = low, high
    low, high = low - 4 * np.spacing(np.abs(low)), high + 4 * np.spacing(np.abs(high))
    found = find_root(
        excess,
        (low, high),
        args=(wanted,),
        tolerances={"xatol": 0, "xrtol": 4e-16, "fatol": 0, "frtol": 0},
    )
    x = np.asarray(found.x)
    failed = ~np.asarray(found.success)
    x[failed] = _nearer_end(probability, wanted[failed], low[failed], high[failed])
    return np.asarray(np.clip(x, least, most))


def _nearer_end(probability: Callable[[Array], Array], wanted: Array, low: Array, high: Array) -> Array:
    """Return the end of a bracket that is the solution but for rounding, which may hide the change of sign.

    Either it meets the probability, as nearly as components that hold little of what they were cut from let
    it, or the bracket has no room: near the end of a support a step of one bit in x may be worth more
    probability than is wanted.
    """
    off_low, off_high = np.abs(probability(low) - wanted), np.abs(probability(high) - wanted)
    has_room = high - low > 16 * np.spacing(np.maximum(np.abs(low), np.abs(high)))
    if np.any(has_room & (np.minimum(off_low, off_high) > 1e-9)):
        raise ArithmeticError("the cdf of a mixture could not be inverted to 1e-9")
    return np.where(off_low <= off_high, low, high)
