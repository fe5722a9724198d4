"""Statements: the combinations of keys that fix a family's law, and which one was given."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

LEVELS = {
    **{f"p{digits}": float(f"0.{digits}") for digits in ("005", "01", "025", "05", 10, 20, 25, 30, 40)},
    "median": 0.5,
    **{f"p{digits}": float(f"0.{digits}") for digits in (50, 60, 70, 75, 80, 90, 95, 975, 99, 995)},
}
"""Probability at or below the value of each quantile key; ``median`` is another word for ``p50``."""

COUNTS = {1: "one quantile", 2: "two quantiles", 3: "three quantiles"}


@dataclass(frozen=True)
class Statement:
    """One combination of keys that fixes a law.

    Parameters
    ----------
    keys
        Keys that must be given.
    n_quantiles
        How many quantiles, at any levels, must be given besides.
    or_more
        Whether there may be more of them.

    Examples
    --------
    >>> print(Statement(("mean",), n_quantiles=1))
    mean + one quantile
    """

    keys: tuple[str, ...] = ()
    n_quantiles: int = 0
    or_more: bool = False

    def __str__(self) -> str:
        quantiles = COUNTS[self.n_quantiles] + " or more" * self.or_more if self.n_quantiles else ""
        return " + ".join([*self.keys, *([quantiles] if quantiles else [])])

    def fits(self, given: Iterable[str]) -> bool:
        """Tell whether just these keys make this statement."""
        names = {"median" if key == "p50" else key for key in given}
        rest = names - set(self.keys)
        is_enough = len(rest) == self.n_quantiles or (self.or_more and len(rest) > self.n_quantiles)
        return set(self.keys) <= names and is_enough and rest <= set(LEVELS)


@dataclass(frozen=True)
class Point:
    """A point of a cdf: a quantile as it was stated.

    Parameters
    ----------
    key
        The word by which the quantile was stated, such as ``p90``.
    level
        Probability of a value at or below `value`.
    value
        The quantile.
    """

    key: str
    level: float
    value: float

    def __str__(self) -> str:
        return f"{self.key} = {self.value:.12g}"


def require_ascending(points: Sequence[Point]) -> None:
    """Refuse quantiles, in order of level, whose values do not ascend.

    Raises
    ------
    ValueError
        If two quantiles do not ascend; the message names the first such pair.
    """
    for lower, upper in pairwise(points):
        if lower.level == upper.level:
            raise ValueError(f"{upper.key} and {lower.key} state the same point of the law, half way up")
        if not lower.value < upper.value:
            raise ValueError(f"{lower} must be below {upper}")


def require_between(points: Iterable[Point], low: float, high: float) -> None:
    """Refuse stated values that are not strictly inside the support of the family.

    Parameters
    ----------
    points
        Stated quantiles.
    low
        Lower end of the support.
    high
        Upper end of the support.

    Raises
    ------
    ValueError
        If a value is outside; the message names the first.
    """
    for point in points:
        if not low < point.value < high:
            raise ValueError(f"{point} must be inside ({low:g}, {high:g})")
