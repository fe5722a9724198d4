r"""The rows of a coverage table: the totals C and U, and the cost rows :math:`U / R_r`.

The cost per year priced by reference r is :math:`\text{salary} \cdot U / (26 R_r)`; salary and 26 are
constants, so the interval of the cost covers exactly when that of :math:`U / R_r` does. The cost per year by
contributors is salary times C.
"""

from collections.abc import Iterable, Mapping

from sim.evidence.estimands import COUNTED, ratio_name, total_names
from sim.types import Array


def cost_row(unit: str, reference: str) -> str:
    """Return the name of the cost row of a unit by a reference.

    Examples
    --------
    >>> cost_row("commits", "pytorch")
    'commits_cost.pytorch'
    """
    return f"{unit}_cost.{reference}"


def row_names(references: Iterable[str]) -> tuple[str, ...]:
    """Return all rows: totals, then cost rows by unit and reference."""
    names = sorted(references)
    return (*total_names(), *(cost_row(unit, reference) for unit in COUNTED for reference in names))


def rows_of[Value: (float, Array)](
    columns: Mapping[str, Value], references: Iterable[str]
) -> dict[str, Value]:
    """Return every row, from draws or from true values of the estimands.

    Parameters
    ----------
    columns
        (draw) or a number by column of :func:`sim.evidence.estimands.estimands`.
    references
        Short names.
    """
    rows = {name: columns[name] for name in total_names()}
    for unit in COUNTED:
        for reference in sorted(references):
            rows[cost_row(unit, reference)] = (
                columns[f"{unit}_per_year"] / columns[ratio_name(unit, reference)]
            )
    return rows
