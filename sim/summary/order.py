r"""Order statistics of draws: quantiles, and where they jump.

A quantile between two order statistics is interpolated linearly, as numpy's default, unless the values jump
there: across a gap, or beside an atom, a value between them is one that the outcome never takes, and the
quantile is :math:`F^{-1}(u) = \inf\{x : F(x) \ge u\}`, an order statistic.

Whether they jump is told from the m spacings on either side. Where the density is even, these and the
spacing itself are independent exponentials of one mean, so that the spacing is over

.. math:: 2m \left(q^{-1/(2m)} - 1\right)

times the mean of the others with probability q (Pyke 1965, J. R. Stat. Soc. B 27:395; the ratio is that of
F with 2 and 4m degrees of freedom). Stratified draws are more even yet.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, override

import numpy as np

from sim.types import Array, Flags, Indices

N_BESIDE = (50, 12)
"""Spacings on either side with which one is compared, as far as there are: few where another jump is near."""
ODDS = 1e-9
"""Probability with which a spacing of an even density is taken for a jump."""
ROUNDING = 1e-9
"""Relative distance up to which two values may differ by rounding alone."""


class Ranking(ABC):
    """Draws of which that of any rank can be asked for."""

    @property
    @abstractmethod
    def n(self) -> int:
        """Number of draws."""

    @abstractmethod
    def order_statistics(self, ranks: Indices, /) -> Array:
        """Return the draws of some ranks, 0 being the least's, elementwise."""

    def quantile(self, probability: float) -> float:
        """Return a quantile: interpolated between order statistics, but across no jump.

        Examples
        --------
        >>> SortedDraws(np.array([1.0, 2.0, 4.0])).quantile(0.75)
        3.0
        >>> SortedDraws(np.repeat([0.0, 1.0], 500)).quantile(0.5)
        0.0
        """
        n = self.n
        place = (n - 1) * probability
        below = np.array([min(int(place), max(n - 2, 0))])
        if self.jumps(below)[0]:
            least = int(np.ceil(n * probability * (1.0 - 4.0 * np.finfo(float).eps))) - 1
            return float(self.order_statistics(np.array([max(least, 0)]))[0])
        low, high = self.order_statistics(np.array([below[0], min(below[0] + 1, n - 1)]))
        return float(np.interp(place - below[0], [0.0, 1.0], [low, high]))

    def jumps(self, ranks: Indices) -> Flags:
        """Tell of ranks from 0 to n - 2 whether the values jump from each to the next one, elementwise.

        Beside the least and the largest draw there is nothing to compare with: no jump.
        """
        low, high = self.order_statistics(ranks), self.order_statistics(np.minimum(ranks + 1, self.n - 1))
        with np.errstate(over="ignore"):
            apart = high - low
        large = np.zeros(len(ranks), dtype=np.bool_)
        for n_beside in N_BESIDE:
            large |= self._is_large(ranks, apart, n_beside)
        return large & (apart > ROUNDING * np.maximum(np.abs(low), np.abs(high)))

    def atom(self, between: tuple[float, float]) -> float | None:
        """Return the value that all quantiles between two probabilities have, if they are one value."""
        low, high = self.order_statistics(np.array(_ranks(self.n, between)))
        return float(low) if low == high else None

    def gap(self, between: tuple[float, float]) -> tuple[float, float] | None:
        """Return the ends of the widest jump of the quantiles between two probabilities, if there is one."""
        ranks = np.arange(*_ranks(self.n, between))
        ranks = ranks[self.jumps(ranks)] if len(ranks) else ranks
        if not len(ranks):
            return None
        low, high = self.order_statistics(ranks), self.order_statistics(ranks + 1)
        with np.errstate(over="ignore"):
            widest = int(np.argmax(high - low))
        return float(low[widest]), float(high[widest])

    def _is_large(self, ranks: Indices, apart: Array, n_beside: int) -> Flags:
        """Tell of spacings whether they are too large for those on either side."""
        m = np.maximum(np.minimum(n_beside, np.minimum(ranks, self.n - 2 - ranks)), 0)
        last = np.minimum(ranks + 1 + m, self.n - 1)
        with np.errstate(over="ignore"):
            hull = self.order_statistics(last) - self.order_statistics(ranks - m)
            beside = (hull - apart) / (2.0 * np.maximum(m, 1))
            bound = 2.0 * m * (ODDS ** (-1.0 / (2.0 * np.maximum(m, 1))) - 1.0)
            return np.asarray((m > 0) & (apart > bound * beside))


@dataclass(frozen=True, eq=False)
class SortedDraws(Ranking):
    """Draws from the least to the largest.

    Parameters
    ----------
    values
        The draws in order, (rank).
    """

    values: Array

    @property
    @override
    def n(self) -> int:
        return len(self.values)

    @override
    def order_statistics(self, ranks: Indices, /) -> Array:
        return self.values[ranks]


class OrderedDraws:
    """Draws of a quantity, (randomisation, draw), in order, sorted when first asked for."""

    def __init__(self, draws: Array) -> None:
        self.draws = draws

    @cached_property
    def pooled(self) -> SortedDraws:
        """The draws of all randomisations together."""
        return SortedDraws(np.sort(self.draws, axis=None))

    @cached_property
    def each(self) -> tuple[SortedDraws, ...]:
        """The draws of each randomisation."""
        return tuple(SortedDraws(row) for row in np.sort(self.draws, axis=1))

    def shares_up_to(self, t: float, side: Literal["left", "right"] = "right") -> Array:
        """Return the share of draws that are at most a value, or below it.

        Parameters
        ----------
        t
            A value, in the draws' unit.
        side
            ``right`` counts draws equal to it, ``left`` does not.

        Returns
        -------
        ndarray
            Share of each randomisation, in [0, 1], (randomisation).
        """
        counts = [np.searchsorted(row.values, t, side=side) for row in self.each]
        return np.array(counts, dtype=np.float64) / self.draws.shape[1]

    def quantiles(self, probability: float) -> Array:
        """Return the quantile of the draws of each randomisation."""
        return np.array([row.quantile(probability) for row in self.each])

    def is_tied(self, between: tuple[float, float]) -> bool:
        """Tell whether some draws between two probabilities are equal to each other."""
        first, last = _ranks(self.pooled.n, between)
        return bool((np.diff(self.pooled.values[first : last + 1]) == 0).any())


def _ranks(n: int, between: tuple[float, float]) -> tuple[int, int]:
    """Return the ranks between which quantiles between two probabilities lie."""
    low, high = (min(max(share, 0.0), 1.0) * n for share in between)
    return max(int(np.floor(low)) - 1, 0), min(int(np.ceil(high)), n - 1)
