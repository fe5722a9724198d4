"""Rows of a summary found by what they are about."""

from collections.abc import Iterable

from sim.summary.row import Row


class Summary:
    """The rows of one run, and access to single ones.

    Parameters
    ----------
    rows
        From :func:`sim.summary.rows.summarise`.
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = tuple(rows)
        self._by_key = {(row.quantity, row.alternative, row.statistic, str(row.at)): row for row in self.rows}

    def find(self, quantity: str, statistic: str, alternative: str = "", at: float | None = None) -> Row:
        """Return one row.

        Parameters
        ----------
        quantity, statistic, alternative
            As in :class:`sim.summary.row.Row`.
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
            return self._by_key[quantity, alternative, statistic, str(float(at))]
        for row in self.rows:
            if (row.quantity, row.alternative, row.statistic) == (quantity, alternative, statistic):
                return row
        raise KeyError((quantity, alternative, statistic))

    def has(self, quantity: str, statistic: str) -> bool:
        """Tell whether there is such a row.

        Parameters
        ----------
        quantity, statistic
            As in :class:`sim.summary.row.Row`.

        Returns
        -------
        bool
            True where there is one or more.
        """
        return any((row.quantity, row.statistic) == (quantity, statistic) for row in self.rows)
