"""How far a quantity goes: its bounds, and which of its moments exist."""

import math
from dataclasses import dataclass, replace

INF = math.inf


@dataclass(frozen=True)
class Order:
    """An order, known to lie between two bounds.

    Parameters
    ----------
    least, most
        Moments below `least` exist; those from `most` on do not.
    why
        What keeps them from it, in words; empty where `most` is infinite.
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
    """How far a quantity goes: its bounds, and which of its moments exist.

    Parameters
    ----------
    names
        Independent sources of what it depends on; none for a number.
    low, high
        Bounds of its values.
    tail, zero, above, below
        As in :class:`sim.distributions.orders.Orders`.
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

    def settled(self) -> "Extent":
        """Return the same with what the bounds settle: bounded tails, and a distance from 0."""
        low, high = self.low, self.high
        return replace(
            self,
            tail=ALL if self.is_bounded else self.tail,
            zero=ALL if low > 0.0 or high < 0.0 else self.zero,
            above=ALL if high < INF else self.above,
            below=ALL if low > -INF else self.below,
        )


def number(value: float) -> Extent:
    """Return a number."""
    return Extent(frozenset(), value, value, zero=ALL if value else Order(0.0, 0.0), sweeps=True)


def bounded(names: frozenset[str], low: float, high: float) -> Extent:
    """Return the extent of what stays between two bounds, and of which nothing else is known.

    Parameters
    ----------
    names
        What the quantity depends on.
    low
        Least value.
    high
        Largest value.

    Returns
    -------
    Extent
        With moments where the bounds are finite.
    """
    return Extent(names, low, high, zero=UNKNOWN).settled()


def tail_words(quantity: str, index: float) -> str:
    """Return in words which moments of a quantity exist.

    Parameters
    ----------
    quantity
        Name.
    index
        Order from which moments do not exist.

    Returns
    -------
    str
        A clause.
    """
    return f"the tail of {quantity} has index {index:.3g}"
