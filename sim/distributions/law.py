"""What a family makes of its stated numbers: a law, its moments, and a source of draws."""

import math
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Literal, Protocol, override

import numpy as np

from sim.types import Array


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
    above
        :math:`E\,e^{rX}` is finite if :math:`0 \le r <` `above`, and is not from there on.
    below
        :math:`E\,e^{-rX}` is finite if :math:`0 \le r <` `below`, and is not from there on.
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
            Scale on which the quantity was observed: ``natural``, the quantity itself, or its logarithm.
        fall
            Rate c at which the likelihood falls at either end of that scale, as :math:`e^{-cz}` times powers
            of z; infinite where it falls faster.

        Returns
        -------
        Orders
            The orders of the posterior.

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
    low
        Least value.
    high
        Largest value.
    at_low
        The power :math:`a` where the probability of lying within :math:`\epsilon` of `low` falls as
        :math:`\epsilon^a`: what `zero` is if that bound is 0.
    at_high
        The same power for `high`.

    Returns
    -------
    Orders
        Orders whose `zero` depends on where 0 is: on a bound, between the bounds, or outside.

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


FARTHEST = 700.0
"""Logarithm of a probability, beyond which floating point has nothing of it."""

FAR_OUT = np.errstate(over="ignore")
"""Decorates what divides by a scale: quantiles are looked for among all floats, of which some overflow."""


class Law(Protocol):
    r"""A probability law of one variable, as an inverse cdf with its moments.

    With the cdf :math:`F`, the inverse is :math:`F^{-1}(u) = \inf\{x : F(x) \ge u\}`, so that
    :math:`F^{-1}(U)` follows the law when :math:`U` is uniform on (0, 1).
    """

    def ppf(self, u: Array, /) -> Array:
        """Return the inverse cdf of `u`, in (0, 1), elementwise; it never decreases with `u`."""
        ...

    def cdf(self, x: Array, /) -> Array:
        """Return the probability of at most `x`, elementwise."""
        ...

    def mean(self) -> float:
        """Return the mean, which may be inf or nan."""
        ...

    def std(self) -> float:
        """Return the standard deviation, which may be inf or nan."""
        ...

    def support(self) -> tuple[float, float]:
        """Return the least and the largest value, which may be infinite."""
        ...

    def orders(self) -> Orders:
        """Return which moments exist."""
        ...


class ContinuousLaw(Law, Protocol):
    """A law with a density, and with its upper tail, unbounded ones to full relative accuracy."""

    def pdf(self, x: Array, /) -> Array:
        """Return the density at `x`, elementwise."""
        ...

    def logpdf(self, x: Array, /) -> Array:
        """Return the logarithm of the density at `x`, elementwise; accurate where the density underflows."""
        ...

    def sf(self, x: Array, /) -> Array:
        """Return the probability of more than `x`, elementwise; accurate where it is tiny."""
        ...

    def isf(self, u: Array, /) -> Array:
        """Return the value exceeded with probability `u`, elementwise; accurate where `u` is tiny."""
        ...


def implied_quantiles(law: Law) -> tuple[float, float, float]:
    """Return the 5, 50 and 95 % quantiles of a law, to be shown to whoever stated it.

    Examples
    --------
    >>> from sim.distributions import Uniform
    >>> tuple(round(q, 12) for q in implied_quantiles(Uniform(distribution="uniform", low=0, high=100).law()))
    (5.0, 50.0, 95.0)
    """
    low, middle, high = law.ppf(np.array([0.05, 0.5, 0.95]))
    return float(low), float(middle), float(high)


def integrate_moment(law: ContinuousLaw, centre: float, power: int) -> float:
    r"""Return :math:`E (X - c)^k`.

    Parameters
    ----------
    law
        The law; one whose moment does not exist has an infinite one at the end that is open.
    centre
        The centre c.
    power
        The power k, 1 or 2.

    Returns
    -------
    float
        The moment.

    Raises
    ------
    ArithmeticError
        If it cannot be integrated to 1e-11.

    Notes
    -----
    The integral of the inverse cdf over each half, with :math:`u = e^{-y}` and :math:`1 - u = e^{-y}`, so
    that a long tail is a smooth, falling integrand. Beyond ``y = 700`` floating point has nothing of it; of
    a tail of powers with index a, :math:`x \sim e^{y/a}`, what lies beyond is known.
    """
    from scipy.integrate import cubature

    index = law.orders().tail
    if index <= power:
        return sum(bound**power for bound in law.support() if math.isinf(bound))

    def both_tails(y: Array) -> Array:
        u = np.exp(-y[:, 0])
        return ((law.ppf(u) - centre) ** power + (law.isf(u) - centre) ** power) * u

    lower, upper = law.ppf(np.array([0.25, 0.75]))
    absolute = 1e-13 * max(float(upper - lower), abs(float(upper)) * (power == 1)) ** power
    parts = [(math.log(2), 5.0), (5.0, 40.0), (40.0, FARTHEST)]
    found = [cubature(both_tails, [a], [b], rtol=1e-11, atol=absolute) for a, b in parts]
    if not all(part.status == "converged" for part in found):
        raise ArithmeticError(f"a moment of {law} could not be integrated to 1e-11")
    beyond = both_tails(np.array([[FARTHEST]]))[0] / (1 - power / index) if math.isfinite(index) else 0.0
    return float(sum(part.estimate for part in found) + beyond)


Uniforms = Callable[[str], Array]
"""Gives the uniforms of a name in (0, 1), (randomisation, draw): the same for a name whoever asks."""


class Source(Protocol):
    """What the columns of one parameter are drawn from; can be sent to another process."""

    def draw_columns(self, name: str, uniforms: Uniforms, tied: Collection[str]) -> dict[str, Array]:
        """Return draws of each column of a parameter.

        Parameters
        ----------
        name
            Name of the parameter.
        uniforms
            Gives the uniforms of any name, (randomisation, draw).
        tied
            Names of columns whose uniforms carry a correlation.

        Returns
        -------
        dict of str to Array
            Draws by the column's name, (randomisation, draw).
        """
        ...


@dataclass(frozen=True)
class Inverse(Source):
    """A law drawn by its inverse cdf, at the uniforms of the parameter's name.

    Parameters
    ----------
    law
        The law that is inverted.
    """

    law: Law

    @override
    def draw_columns(self, name: str, uniforms: Uniforms, tied: Collection[str]) -> dict[str, Array]:
        """Return draws of the one column; the uniforms of a tied name carry its correlation.

        Parameters
        ----------
        name
            Name of the parameter, which is that of its one column.
        uniforms
            Gives the uniforms of that name, (randomisation, draw).
        tied
            Names of columns that carry a correlation, which the uniforms of a tied name do already.

        Returns
        -------
        dict of str to Array
            Draws under the parameter's name, (randomisation, draw).
        """
        del tied
        return {name: self.law.ppf(uniforms(name))}
