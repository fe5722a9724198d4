r"""How far a quantity goes: its bounds, which of its moments exist, and what both are of sums and products.

An order is where moments of a kind stop to exist (:class:`sim.distributions.law.Orders`). For independent
X and Y,

.. math:: E|XY|^k = E|X|^k\,E|Y|^k, \qquad E\,e^{r(X+Y)} = E\,e^{rX}\,E\,e^{rY},

and :math:`|X + Y|^k` has a mean where both have one. Where X and Y may depend on each other, Hölder's and
Minkowski's inequalities still bound the order from below, and it is bounded from above where one of the two
cannot make up for the other. What is not bounded is unknown: an order is an interval.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

INF = math.inf


@dataclass(frozen=True)
class Order:
    """An order, known to lie between two bounds.

    Parameters
    ----------
    least
        Order below which all moments exist.
    most
        Order from which on no moment exists.
    why
        What keeps those moments from existing, in words; empty where `most` is infinite.
    """

    least: float = INF
    most: float = INF
    why: str = ""

    def times(self, factor: float) -> "Order":
        """Return both bounds times a number above 0."""
        return Order(self.least * factor, self.most * factor, self.why)


ALL = Order()
UNKNOWN = Order(0.0, INF)


@dataclass(frozen=True)
class Extent:
    """How far a quantity goes, and its arithmetic.

    Parameters
    ----------
    names
        Independent sources of what it depends on; none for a number.
    low
        Lower bound of its values.
    high
        Upper bound of its values.
    tail
        Order of its tail, as in :class:`sim.distributions.law.Orders`.
    zero
        Order of how thin it is about 0, as in :class:`sim.distributions.law.Orders`.
    above
        Order of its exponentials, as in :class:`sim.distributions.law.Orders`.
    below
        Order of the exponentials of its negative, as in :class:`sim.distributions.law.Orders`.
    sweeps
        Whether it runs through all values between the bounds, without a jump, as what it depends on does.
    """

    names: frozenset[str]
    low: float
    high: float
    tail: Order = ALL
    zero: Order = ALL
    above: Order = ALL
    below: Order = ALL
    sweeps: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it is a number."""
        return not self.names

    @property
    def crosses(self) -> bool:
        """Whether it runs through 0."""
        return self.sweeps and self.low < 0.0 < self.high

    @property
    def is_bounded(self) -> bool:
        """Whether both bounds are finite."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    @property
    def is_off_zero(self) -> bool:
        """Whether 0 is outside its bounds."""
        return self.low > 0.0 or self.high < 0.0

    def settled(self) -> "Extent":
        """Return the extent with the orders that follow from its bounds: of tails, and about 0."""
        return replace(
            self,
            tail=ALL if self.is_bounded else self.tail,
            zero=ALL if self.is_off_zero else self.zero,
            above=ALL if self.high < INF else self.above,
            below=ALL if self.low > -INF else self.below,
        )

    def __neg__(self) -> "Extent":
        return replace(self, low=-self.high, high=-self.low, above=self.below, below=self.above)

    def __abs__(self) -> "Extent":
        if self.low >= 0.0:
            return self
        low, high = (0.0 if self.high >= 0.0 else -self.high), max(-self.low, self.high)
        return replace(self, low=low, high=high, above=least_of((self.above, self.below)), below=ALL)

    def __mul__(self, other: "Extent") -> "Extent":
        for factor, rest in ((self, other), (other, self)):
            if factor.is_number:
                return rest._multiple(factor.low)
        pairs = [(a, b) for a in (self.low, self.high) for b in (other.low, other.high)]
        corners = [0.0 if 0.0 in pair else pair[0] * pair[1] for pair in pairs]
        apart = not self.names & other.names
        tail = _multiplied(self.tail, other.tail, apart, (self.is_off_zero, other.is_off_zero))
        zero = _multiplied(self.zero, other.zero, apart, (self.is_bounded, other.is_bounded))
        sweeps = self.sweeps and other.sweeps and apart
        names = self.names | other.names
        return Extent(names, min(corners), max(corners), tail, zero, sweeps=sweeps)._shaped()

    def __pow__(self, exponent: float) -> "Extent":
        if exponent == 1.0:
            return self
        if exponent == 0.0:
            return number(1.0)
        low, high = self._power_ends(exponent)
        inverse = 1 / abs(exponent)
        tail, zero = (self.tail, self.zero) if exponent > 0 else (self.zero, self.tail)
        keeps = self.is_off_zero or (exponent > 1.0 and exponent == int(exponent))
        orders = tail.times(inverse), zero.times(inverse)
        return Extent(self.names, low, high, *orders, sweeps=self.sweeps and keeps)._shaped()

    def plus(self, other: "Extent", what: str) -> "Extent":
        """Return the extent of a sum.

        Parameters
        ----------
        other
            The other summand.
        what
            The sum in words.

        Returns
        -------
        Extent
            Bounds and orders of the sum.
        """
        apart = not self.names & other.names
        low, high = self.low + other.low, self.high + other.high
        sweeps = self.sweeps and other.sweeps and apart
        return Extent(
            self.names | other.names,
            low,
            high,
            _added(self.tail, other.tail, apart),
            _sum_about_zero(self, other, apart, sweeps and low < 0.0 < high, what),
            _exponents(self.above, other.above, apart),
            _exponents(self.below, other.below, apart),
            sweeps,
        ).settled()

    def exp(self) -> "Extent":
        """Return the extent of e to the power of it."""
        low, high = (math.exp(end) if end < 709.0 else INF for end in (self.low, self.high))
        return Extent(self.names, low, high, self.above, self.below, sweeps=self.sweeps)._shaped()

    def log(self, what: str) -> "Extent":
        """Return the extent of its natural logarithm, which is called `what`."""
        low, high = (math.log(end) if end > 0.0 else -INF for end in (self.low, self.high))
        tail = ALL if self.tail.least > 0.0 and self.zero.least > 0.0 else UNKNOWN
        zero = _crossing(what) if self.sweeps and low < 0.0 < high else UNKNOWN
        return Extent(self.names, low, high, tail, zero, self.tail, self.zero, self.sweeps).settled()

    def _multiple(self, factor: float) -> "Extent":
        if factor == 0.0:
            return number(0.0)
        if factor < 0.0:
            return -self._multiple(-factor)
        above, below = self.above.times(1.0 / factor), self.below.times(1.0 / factor)
        return replace(self, low=self.low * factor, high=self.high * factor, above=above, below=below)

    def _shaped(self) -> "Extent":
        """Return the same with what its tail says of exponentials: none exists beyond a tail of powers."""
        is_heavy = self.tail.most < INF and (self.low > -INF or self.high < INF)
        heavy = Order(0.0, 0.0, self.tail.why) if is_heavy else UNKNOWN
        return replace(self, above=heavy, below=heavy).settled()

    def _power_ends(self, exponent: float) -> tuple[float, float]:
        """Return the bounds of a power; of a negative base, an even or odd one."""
        whole, straddles = exponent == int(exponent), self.low < 0.0 < self.high
        is_even = whole and exponent % 2 == 0
        if straddles and exponent < 0.0:
            return (0.0, INF) if is_even else (-INF, INF)
        ends = (self.low, self.high) if whole else (max(self.low, 0.0), max(self.high, 0.0))
        least, most = sorted(_raised(end, exponent) for end in ends)
        return (0.0 if straddles and is_even else least), most


def number(value: float) -> Extent:
    """Return the extent of a number."""
    return Extent(frozenset(), value, value, zero=ALL if value else Order(0.0, 0.0), sweeps=True)


def least_of(orders: Sequence[Order]) -> Order:
    """Return the order below which moments of several quantities all exist."""
    first = min(orders, key=lambda each: each.most)
    return Order(min(each.least for each in orders), first.most, first.why)


def _added(one: Order, other: Order, apart: bool) -> Order:
    """Return the order of the tail of a sum; of dependent parts the heavier stands only if it surely is."""
    if apart or one.most < other.least or other.most < one.least:
        return least_of((one, other))
    return Order(min(one.least, other.least), INF)


def _exponents(one: Order, other: Order, apart: bool) -> Order:
    """Return the order of exponentials of a sum."""
    if apart:
        return least_of((one, other))
    for each, light in ((one, other), (other, one)):
        if light.least == INF:
            return each
    return Order(_harmonic(one.least, other.least), INF)


def _multiplied(one: Order, other: Order, apart: bool, harmless: tuple[bool, bool]) -> Order:
    """Return the order of a product; `harmless` tells of each side that it cannot make up for the other."""
    if apart:
        return least_of((one, other))
    most = least_of((other if harmless[0] else UNKNOWN, one if harmless[1] else UNKNOWN))
    return Order(_harmonic(one.least, other.least), most.most, most.why)


def _harmonic(one: float, other: float) -> float:
    """Return the order that Hölder's inequality leaves: 1/k = 1/a + 1/b."""
    if one == 0.0 or other == 0.0:
        return 0.0
    inverse = 1.0 / one + 1.0 / other
    return 1.0 / inverse if inverse > 0.0 else INF


def _sum_about_zero(x: Extent, y: Extent, apart: bool, crosses: bool, what: str) -> Order:
    """Return how thin a sum is about 0."""
    one_sign = (x.low >= 0.0 and y.low >= 0.0) or (x.high <= 0.0 and y.high <= 0.0)
    if x.is_number and x.low == 0.0:
        return y.zero
    if y.is_number and y.low == 0.0:
        return x.zero
    if one_sign and apart:
        why = f"{what} comes arbitrarily close to 0"
        return Order(x.zero.least + y.zero.least, x.zero.most + y.zero.most, why)
    if one_sign:
        return Order(max(x.zero.least, y.zero.least), INF)
    return _crossing(what) if crosses else UNKNOWN


def _crossing(what: str) -> Order:
    """Return how thin a quantity is about 0 that runs through it: no thinner than where it has a density."""
    return Order(0.0, 1.0, f"{what} can be 0")


def _raised(base: float, exponent: float) -> float:
    try:
        return float(base**exponent)
    except ZeroDivisionError:
        return INF
    except OverflowError:
        return INF if base > 0.0 or exponent % 2 == 0 else -INF
