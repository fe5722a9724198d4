"""Which moments of a law exist."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal


@dataclass(frozen=True)
class Orders:
    r"""Orders below which moments of a quantity X exist, infinite where all do.

    Parameters
    ----------
    tail
        :math:`E|X|^k` is finite if :math:`0 \le k <` `tail`, and is not from there on.
    zero
        :math:`E|X|^{-k}` is finite if :math:`0 \le k <` `zero`, and is not from there on: how thin the law is
        about 0. It is 1 for a density that is positive at 0, and 0 where the value 0 itself has mass.
    above, below
        :math:`E\,e^{rX}` is finite if :math:`0 \le r <` `above`, and :math:`E\,e^{-rX}` if r is below
        `below`; neither is from there on.
    gaps
        Whether there may be stretches without density between the least and the largest value.

    Examples
    --------
    >>> from sim.distributions import Gamma
    >>> Gamma(distribution="gamma", shape=3, scale=2).law().orders()
    Orders(tail=inf, zero=3.0, above=0.5, below=inf, gaps=False)
    """

    tail: float = math.inf
    zero: float = math.inf
    above: float = math.inf
    below: float = math.inf
    gaps: bool = False

    def scaled(self, factor: float) -> "Orders":
        """Return the orders of the quantity times a number above 0."""
        return replace(self, above=self.above / factor, below=self.below / factor)

    def observed(self, scale: Literal["log", "natural"], fall: float) -> "Orders":
        r"""Return the orders of the quantity given values observed of it.

        Parameters
        ----------
        scale
            The quantity itself, or its logarithm: on which it was observed.
        fall
            The likelihood falls as :math:`e^{-cz}`, c being this, times powers of z, at either end of that
            scale; infinite where it falls faster.

        Returns
        -------
        Orders
            Those of the posterior.

        Examples
        --------
        >>> from sim.distributions import StudentT
        >>> heavy = StudentT(distribution="student-t", location=0, scale=1, df=1).law().orders()
        >>> heavy.tail, heavy.observed("natural", 2.0).tail, heavy.observed("natural", 2.0).above
        (1.0, inf, 2.0)
        """
        if scale == "log":
            return replace(self, tail=self.tail + fall, zero=self.zero + fall)
        return replace(self, tail=math.inf, above=self.above + fall, below=self.below + fall)


def least_of(orders: Iterable[Orders]) -> Orders:
    """Return the orders of a mixture: of each kind the least of those of its components."""
    found = list(orders)
    return Orders(
        min(each.tail for each in found),
        min(each.zero for each in found),
        min(each.above for each in found),
        min(each.below for each in found),
        gaps=True,
    )


def bounded(low: float, high: float, at_low: float = 1.0, at_high: float = 1.0) -> Orders:
    r"""Return the orders of a law with a density between two finite bounds, positive in between.

    Parameters
    ----------
    low, high
        The bounds.
    at_low, at_high
        :math:`a` where the probability of lying within :math:`\epsilon` of that bound falls as
        :math:`\epsilon^a`: what `zero` is if that bound is 0.

    Returns
    -------
    Orders
        With `zero` by where 0 is: on a bound, between the bounds, or outside.

    Examples
    --------
    >>> bounded(0.0, 1.0, at_low=2.0).zero, bounded(-1.0, 1.0).zero, bounded(1.0, 2.0).zero
    (2.0, 1.0, inf)
    """
    if low == 0.0:
        return Orders(zero=at_low)
    if high == 0.0:
        return Orders(zero=at_high)
    return Orders(zero=1.0 if low < 0.0 < high else math.inf)
