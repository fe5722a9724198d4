r"""Which moments exist of sums, products and functions of quantities whose moments are known to exist or not.

An order is where moments of a kind stop to exist (:class:`sim.distributions.orders.Orders`). For independent
X and Y,

.. math:: E|XY|^k = E|X|^k\,E|Y|^k, \qquad E\,e^{r(X+Y)} = E\,e^{rX}\,E\,e^{rY},

and :math:`|X + Y|^k` has a mean where both have one. Where X and Y may depend on each other, Hölder's and
Minkowski's inequalities still bound the order from below, and it is bounded from above where one of the two
cannot make up for the other. What is not bounded is unknown: an order is an interval.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from sim.summary.extent import ALL, INF, UNKNOWN, Extent, Order, number

Pick = Callable[[Iterable[float]], float]


def negative(x: Extent) -> Extent:
    """Return the extent of -x."""
    return replace(x, low=-x.high, high=-x.low, above=x.below, below=x.above)


def total(x: Extent, y: Extent, what: str) -> Extent:
    """Return the extent of x + y.

    Parameters
    ----------
    x, y, what
        The summands, and the sum in words.

    Returns
    -------
    Extent
        Bounds and orders.
    """
    apart = not x.names & y.names
    low, high = x.low + y.low, x.high + y.high
    sweeps = x.sweeps and y.sweeps and apart
    found = Extent(
        x.names | y.names,
        low,
        high,
        _added(x.tail, y.tail, apart),
        _sum_about_zero(x, y, apart, sweeps and low < 0.0 < high, what),
        _exponents(x.above, y.above, apart),
        _exponents(x.below, y.below, apart),
        sweeps,
    )
    return found.settled()


def product(x: Extent, y: Extent) -> Extent:
    """Return the extent of x y.

    Parameters
    ----------
    x, y
        The factors.

    Returns
    -------
    Extent
        Bounds and orders.
    """
    for factor, other in ((x, y), (y, x)):
        if factor.is_number:
            return _multiple(other, factor.low)
    low, high, apart = *_ends(x, y), not x.names & y.names
    tail = _multiplied(x.tail, y.tail, apart, (_off_zero(x), _off_zero(y)))
    zero = _multiplied(x.zero, y.zero, apart, (x.is_bounded, y.is_bounded))
    return _shaped(Extent(x.names | y.names, low, high, tail, zero, sweeps=x.sweeps and y.sweeps and apart))


def power(x: Extent, exponent: float) -> Extent:
    """Return the extent of x to a power that is a number.

    Parameters
    ----------
    x, exponent
        The base, and the number.

    Returns
    -------
    Extent
        Its bounds and orders.
    """
    if exponent == 1.0:
        return x
    if exponent == 0.0:
        return number(1.0)
    low, high = _power_ends(x, exponent)
    size = abs(exponent)
    tail, zero = (x.tail, x.zero) if exponent > 0 else (x.zero, x.tail)
    keeps = x.low > 0.0 or x.high < 0.0 or (exponent > 1.0 and exponent == int(exponent))
    return _shaped(
        Extent(x.names, low, high, tail.times(1 / size), zero.times(1 / size), sweeps=x.sweeps and keeps)
    )


def exponential(x: Extent) -> Extent:
    """Return the extent of e to the power of x."""
    found = Extent(x.names, _exp(x.low), _exp(x.high), x.above, x.below, sweeps=x.sweeps)
    return _shaped(found)


def logarithm(x: Extent, what: str) -> Extent:
    """Return the extent of the natural logarithm of x.

    Parameters
    ----------
    x, what
        The argument, and the logarithm in words.

    Returns
    -------
    Extent
        Bounds and orders.
    """
    low, high = (math.log(max(end, 0.0)) if end > 0.0 else -INF for end in (x.low, x.high))
    exists = x.tail.least > 0.0 and x.zero.least > 0.0
    crosses = x.sweeps and low < 0.0 < high
    found = Extent(
        x.names,
        low,
        high,
        ALL if exists else UNKNOWN,
        _crossing(what) if crosses else UNKNOWN,
        x.tail,
        x.zero,
        x.sweeps,
    )
    return found.settled()


def magnitude(x: Extent) -> Extent:
    """Return the extent of the absolute value of x."""
    if x.low >= 0.0:
        return x
    return replace(
        x,
        low=0.0 if x.high >= 0.0 else -x.high,
        high=max(-x.low, x.high),
        above=_least((x.above, x.below)),
        below=ALL,
    )


def one_of(parts: Sequence[Extent], pick: Pick | None, names: frozenset[str] = frozenset()) -> Extent:
    """Return the extent of a quantity that always equals one of some others.

    Parameters
    ----------
    parts, pick
        The others, and ``min`` or ``max`` where it is the least or the largest; ``None`` where it may be any.
    names
        What it depends on besides.

    Returns
    -------
    Extent
        Bounds and orders.
    """
    whole = mixture(parts)
    low, high = whole.low, whole.high
    if pick is not None:
        low, high = pick(part.low for part in parts), pick(part.high for part in parts)
    tail, zero, above, below = (
        Order(each.least, INF) for each in (whole.tail, whole.zero, whole.above, whole.below)
    )
    return Extent(whole.names | names, low, high, tail, zero, above, below).settled()


def mixture(parts: Sequence[Extent]) -> Extent:
    """Return the extent of a quantity that is each of some others in part of all cases, by chance."""
    return Extent(
        frozenset().union(*(part.names for part in parts)),
        min(part.low for part in parts),
        max(part.high for part in parts),
        _least([part.tail for part in parts]),
        _least([part.zero for part in parts]),
        _least([part.above for part in parts]),
        _least([part.below for part in parts]),
    )


def _least(orders: Sequence[Order]) -> Order:
    first = min(orders, key=lambda each: each.most)
    return Order(min(each.least for each in orders), first.most, first.why)


def _added(one: Order, other: Order, apart: bool) -> Order:
    """Return the order of the tail of a sum; of dependent parts the heavier stands only if it surely is."""
    if apart or one.most < other.least or other.most < one.least:
        return _least((one, other))
    return Order(min(one.least, other.least), INF)


def _exponents(one: Order, other: Order, apart: bool) -> Order:
    """Return the order of exponentials of a sum."""
    if apart:
        return _least((one, other))
    for each, light in ((one, other), (other, one)):
        if light.least == INF:
            return each
    return Order(_harmonic(one.least, other.least), INF)


def _multiplied(one: Order, other: Order, apart: bool, harmless: tuple[bool, bool]) -> Order:
    """Return the order of a product; `harmless` tells of each side that it cannot make up for the other."""
    if apart:
        return _least((one, other))
    most = _least((other if harmless[0] else UNKNOWN, one if harmless[1] else UNKNOWN))
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
        return Order(
            x.zero.least + y.zero.least, x.zero.most + y.zero.most, f"{what} comes arbitrarily close to 0"
        )
    if one_sign:
        return Order(max(x.zero.least, y.zero.least), INF)
    return _crossing(what) if crosses else UNKNOWN


def _crossing(what: str) -> Order:
    """Return how thin a quantity is about 0 that runs through it: no thinner than where it has a density."""
    return Order(0.0, 1.0, f"{what} can be 0")


def _multiple(x: Extent, factor: float) -> Extent:
    if factor == 0.0:
        return number(0.0)
    if factor < 0.0:
        return negative(_multiple(x, -factor))
    return replace(
        x,
        low=x.low * factor,
        high=x.high * factor,
        above=x.above.times(1.0 / factor),
        below=x.below.times(1.0 / factor),
    )


def _shaped(x: Extent) -> Extent:
    """Return an extent with what its tail says of exponentials: none exists beyond a tail of powers."""
    heavy = Order(0.0, 0.0, x.tail.why) if x.tail.most < INF else UNKNOWN
    one_sided = x.low > -INF or x.high < INF
    return replace(x, above=heavy if one_sided else UNKNOWN, below=heavy if one_sided else UNKNOWN).settled()


def _off_zero(x: Extent) -> bool:
    return x.low > 0.0 or x.high < 0.0


def _ends(x: Extent, y: Extent) -> tuple[float, float]:
    corners = [0.0 if 0.0 in (a, b) else a * b for a in (x.low, x.high) for b in (y.low, y.high)]
    return min(corners), max(corners)


def _power_ends(x: Extent, exponent: float) -> tuple[float, float]:
    """Return the bounds of a power; of a negative base, an even or odd one."""
    whole = exponent == int(exponent)
    if x.low < 0.0 < x.high and exponent < 0.0:
        return (0.0, INF) if whole and exponent % 2 == 0 else (-INF, INF)
    ends = sorted(_raised(end if whole else max(end, 0.0), exponent) for end in (x.low, x.high))
    if x.low < 0.0 < x.high and whole and exponent % 2 == 0:
        return 0.0, ends[1]
    return ends[0], ends[1]


def _raised(base: float, exponent: float) -> float:
    try:
        return float(base**exponent)
    except ZeroDivisionError:
        return INF
    except OverflowError:
        return INF if base > 0.0 or exponent % 2 == 0 else -INF


def _exp(x: float) -> float:
    return math.exp(x) if x < 709.0 else INF
