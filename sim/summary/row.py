"""One row of a summary."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.digits import cut, cut_positive, interval, rounded
from sim.types import Groups, Variable

if TYPE_CHECKING:
    import pandas

GROUP = "/summary"
"""Group of a run's file that holds the rows of all draws, where only some draws are kept."""
NUMBERS = ("at", "value", "mc_error")
DOES_NOT_EXIST = "does not exist"
UNTRUSTED = "not to be trusted"
NOT_UNIQUE = "not unique"
IN_PIECES = "in pieces"
LOWEST = ("low", "quantile", "p_above")
"""Beginnings of statistics that are above 0 where draws are: what is above 0 is never printed as 0."""


def status_of(note: str) -> str:
    """Return a note without its reason.

    Examples
    --------
    >>> status_of("not to be trusted: tail index 1.3 of the draws")
    'not to be trusted'
    """
    return note.partition(":")[0]


def statistic_text(statistic: str, value: float, error: float) -> str:
    """Return a statistic cut to its Monte Carlo error: a low end or a probability above 0 never as 0.

    Parameters
    ----------
    statistic
        Name of the statistic, as in :class:`Row`, or words that begin so.
    value
        Its value.
    error
        Its Monte Carlo error.

    Returns
    -------
    str
        Text without a unit.
    """
    return (cut_positive if statistic.startswith(LOWEST) else cut)(value, error)


def quoted(value: float, error: float, note: str) -> str:
    """Return a value cut to its Monte Carlo error with what limits it, or what stands in place of one.

    Parameters
    ----------
    value
        The estimate.
    error
        Its Monte Carlo error.
    note
        The note, as in :class:`Row`.

    Returns
    -------
    str
        Text without a unit.
    """
    status = status_of(note)
    if status in (DOES_NOT_EXIST, UNTRUSTED):
        return status
    return f"{cut(value, error)} ({status})" if status else cut(value, error)


@dataclass(frozen=True)
class Row:
    """One statistic of one quantity.

    Parameters
    ----------
    quantity
        Name of a parameter, survey column or outcome, or ``numerator - denominator`` of the ratio reported.
    alternative
        ``choice=alternative`` when the statistic holds a choice fixed; ``prior`` for a parameter before it
        was conditioned on observed values; else empty.
    statistic
        ``mean``, ``sd``, ``median``, ``low`` and ``high`` (ends of the credible interval), ``low_KIND`` and
        ``high_KIND`` (of a further interval), ``correlation`` (of a pair ``a ~ b``), ``p_above``
        (probability of exceeding `at`), ``ratio_of_means``, ``top_share`` (share of the mean that comes from
        the largest fraction `at` of draws), ``quantile`` (at probability `at`).
    at
        Threshold, fraction or probability where the statistic has one, else NaN.
    value
        The estimate, in `unit`.
    mc_error
        Its Monte Carlo error, in `unit`.
    unit
        Unit in pint's notation.
    note
        What a reader must know before quoting the value: empty, or one of ``does not exist`` (the value is
        NaN), ``not to be trusted``, ``not unique`` or ``in pieces``, followed by a colon and the reason in
        plain words.
    """

    quantity: str
    alternative: str
    statistic: str
    at: float
    value: float
    mc_error: float
    unit: str
    note: str = ""

    @property
    def status(self) -> str:
        """The note without its reason: empty for a value that can be quoted."""
        return status_of(self.note)

    @property
    def reason(self) -> str:
        """The note without its status, in plain words."""
        return self.note.partition(": ")[2]

    @property
    def remark(self) -> str:
        """What follows the value in brackets: that it is not unique, or the end of an interval in pieces."""
        return f" ({self.status})" if self.status and self.is_quotable else ""

    @property
    def is_quotable(self) -> bool:
        """Whether there is a value, and one that can be trusted."""
        return self.status not in (DOES_NOT_EXIST, UNTRUSTED)

    @property
    def error_text(self) -> str:
        """The Monte Carlo error, empty where there is no value to quote."""
        return rounded(self.mc_error, 1) if self.is_quotable else ""

    @property
    def text(self) -> str:
        """The value cut to its Monte Carlo error, with what limits it, or what stands in place of a value.

        Examples
        --------
        >>> Row("y", "", "mean", 0.0, float("nan"), 0.0, "1", "does not exist: a tail of index 1").text
        'does not exist'
        >>> [Row("y", "", name, 0.95, 0.002, 0.01, "1").text for name in ("low", "mean")]
        ['≈ 0.002', '0.0']
        """
        if self.status:
            return quoted(self.value, self.mc_error, self.note)
        return statistic_text(self.statistic, self.value, self.mc_error)

    @property
    def pieces(self) -> tuple[tuple[float, float], ...]:
        """The pieces of the region whose hull ends here; none where the interval is in one piece.

        Examples
        --------
        >>> note = "in pieces: 0 to 0; 2.25 to 2.75"
        >>> Row("y", "", "low", 0.5, 0.0, 0.0, "1", note).pieces
        ((0.0, 0.0), (2.25, 2.75))
        """
        if self.status != IN_PIECES:
            return ()
        ends = [each.split(" to ") for each in self.reason.split("; ")]
        return tuple((float(low), float(high)) for low, high in ends)


def interval_text(low: Row, high: Row) -> str:
    """Return an interval from the rows of its ends, or its pieces where it is not one.

    Parameters
    ----------
    low
        Row of the lower end.
    high
        Row of the upper end.

    Returns
    -------
    str
        The interval; empty where there are no ends.
    """
    return _in_pieces(low.pieces) or interval(low.text, high.text)


def rows_group(rows: Iterable[Row]) -> dict[str, Variable]:
    """Return rows as a group: one variable for each field of a row, dimension row."""
    kept = list(rows)

    def column(name: str) -> np.ndarray[Any, Any]:
        return np.array([getattr(row, name) for row in kept], np.float64 if name in NUMBERS else np.str_)

    return {field.name: (("row",), column(field.name), {}) for field in fields(Row)}


def stored_rows(groups: Groups) -> tuple[Row, ...] | None:
    """Return the rows that the file of a run holds, or ``None`` where all draws are kept instead."""
    if GROUP not in groups:
        return None
    columns = {
        field.name: [
            float(value) if field.name in NUMBERS else str(value) for value in groups[GROUP][field.name][1]
        ]
        for field in fields(Row)
    }
    return tuple(Row(**dict(zip(columns, row, strict=True))) for row in zip(*columns.values(), strict=True))


class Summary:
    """The rows of one run (:func:`sim.summary.rows.summarise`), and access to single ones."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = tuple(rows)
        self._by_key = {
            (row.quantity, row.alternative, row.statistic, str(row.at + 0.0)): row for row in self.rows
        }

    @property
    def frame(self) -> "pandas.DataFrame":
        """The rows as a table: a column for each field of a row."""
        import pandas as pd

        return pd.DataFrame([asdict(row) for row in self.rows])

    def find(self, quantity: str, statistic: str, alternative: str = "", at: float | None = None) -> Row:
        """Return one row.

        Parameters
        ----------
        quantity
            The quantity, as in :class:`Row`.
        statistic
            The statistic, as in :class:`Row`.
        alternative
            The alternative, as in :class:`Row`.
        at
            Threshold, fraction or probability; may be left out where only one row fits.

        Returns
        -------
        Row
            The row.

        Raises
        ------
        KeyError
            If there is no such row.
        """
        if at is not None:
            return self._by_key[quantity, alternative, statistic, str(float(at) + 0.0)]  # of -0, 0
        for row in self.rows:
            if (row.quantity, row.alternative, row.statistic) == (quantity, alternative, statistic):
                return row
        raise KeyError((quantity, alternative, statistic))

    def has(self, quantity: str, statistic: str) -> bool:
        """Tell whether there is such a row.

        Parameters
        ----------
        quantity
            The quantity, as in :class:`Row`.
        statistic
            The statistic, as in :class:`Row`.

        Returns
        -------
        bool
            True where there is one or more.
        """
        return any((row.quantity, row.statistic) == (quantity, statistic) for row in self.rows)


def _in_pieces(pieces: Iterable[tuple[float, float]]) -> str:
    """Return the pieces of an interval that is not one, single values among them.

    Examples
    --------
    >>> _in_pieces([(-2.0, -1.5), (0.0, 0.0), (1e6, 2e6)])
    '-2.000 to -1.500; 0; 1.000 M to 2.000 M'
    """
    texts = [dict.fromkeys((cut(low, 0.0), cut(high, 0.0))) for low, high in pieces]
    return "; ".join(" to ".join(ends) for ends in texts)
