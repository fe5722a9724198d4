"""Doubling bins: 0, 1, 2, 3-4, 5-8, 9-16, ..."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bin:
    """Whole numbers from `low` to `high`, both included.

    Parameters
    ----------
    low, high
        Ends. ``0`` stands alone; bin k is ``2**(k - 1) < x <= 2**k``, k = 0, 1, 2, ...
    """

    low: int
    high: int

    @property
    def name(self) -> str:
        """Column name, such as ``5-8``."""
        return str(self.low) if self.low == self.high else f"{self.low}-{self.high}"


def place_of(count: int) -> int:
    """Return the place of a count among the bins, 0 for none.

    Examples
    --------
    >>> [place_of(count) for count in (0, 1, 2, 3, 4, 5, 8, 9)]
    [0, 1, 2, 3, 3, 4, 4, 5]
    """
    return 0 if count == 0 else (count - 1).bit_length() + 1


def bins_up_to(largest: int) -> tuple[Bin, ...]:
    """Return all bins from 0 to the one that holds the largest count.

    Examples
    --------
    >>> [bin.name for bin in bins_up_to(9)]
    ['0', '1', '2', '3-4', '5-8', '9-16']
    """
    beyond_one = (Bin(2 ** (k - 1) + 1, 2**k) for k in range(1, place_of(largest)))
    return (Bin(0, 0), Bin(1, 1), *beyond_one)[: place_of(largest) + 1]
