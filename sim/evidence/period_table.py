"""The sampled periods of a survey, column by column."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

Dates = np.ndarray[tuple[int, ...], np.dtype[np.datetime64]]
Counts = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


@dataclass(frozen=True, eq=False)
class PeriodTable:
    """A survey's sampled periods, in every reading.

    Parameters
    ----------
    source
        The file as the user named it.
    digest
        SHA-256 of the file's bytes, hexadecimal.
    lines
        (period): line in the file.
    label, repository
        (period): the listed tool's name, ``org/project``.
    start, end
        (period): days.
    counts
        (period) by column, in the order of :data:`sim.evidence.period_checks.COUNTS`.
    """

    source: str
    digest: str
    lines: tuple[int, ...]
    label: tuple[str, ...]
    repository: tuple[str, ...]
    start: Dates
    end: Dates
    counts: Mapping[str, Counts]

    @cached_property
    def frame(self) -> "pd.DataFrame":
        """All of it, (period, column); the index is the line in the file."""
        import pandas as pd

        columns = {
            "label": list(self.label),
            "repository": list(self.repository),
            "start": self.start.astype("datetime64[us]"),
            "end": self.end.astype("datetime64[us]"),
        }
        return pd.DataFrame({**columns, **self.counts}, index=list(self.lines))
