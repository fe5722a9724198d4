"""Types that every layer shares: arrays, groups of them, random numbers, and what is called at each step."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

Integers = np.ndarray[tuple[int, ...], np.dtype[np.int64]]

Indices = Integers
"""Whole numbers that are places in an array."""

Flags = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

Transform = Callable[[Array], Array]
"""Changes each number of an array."""

type Variable = tuple[tuple[str, ...], np.ndarray[Any, Any], dict[str, str]]
"""Dimensions, values and attributes."""

type Groups = Mapping[str, Mapping[str, Variable]]
"""Variables by the path of their group and their name; paths begin with a stroke."""

RngFor = Callable[[str], np.random.Generator]
"""Gives the generator that belongs to a name."""

Step = Callable[[str], None]
"""Called with a short description when a step begins."""


def silent(words: str) -> None:
    """Show nothing of a step."""
