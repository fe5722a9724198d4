"""Types that every layer shares: arrays, and the function that is called when a step begins."""

from collections.abc import Callable

import numpy as np

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

Indices = np.ndarray[tuple[int, ...], np.dtype[np.int64]]

Step = Callable[[str], None]
"""Called with a short description when a step begins."""


def silent(words: str) -> None:
    """Show nothing of a step."""
