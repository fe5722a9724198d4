"""Types that every layer shares: arrays, named random numbers, and the function called when a step begins."""

from collections.abc import Callable

import numpy as np

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

Integers = np.ndarray[tuple[int, ...], np.dtype[np.int64]]

Indices = Integers
"""Whole numbers that are places in an array."""

Flags = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

Transform = Callable[[Array], Array]
"""Changes each number of an array."""

RngFor = Callable[[str], np.random.Generator]
"""Gives the generator that belongs to a name."""

Step = Callable[[str], None]
"""Called with a short description when a step begins."""


def silent(words: str) -> None:
    """Show nothing of a step."""
