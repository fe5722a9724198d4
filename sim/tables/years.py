"""The table by year: what a scenario's streams are in each year, and what has come together so far."""

from collections.abc import Iterator

import pandas as pd

from sim.digits import cut, interval, without_error
from sim.scenario.schema import Scenario
from sim.scenario.titles import title_of
from sim.summary.by_year import COLUMNS, STREAM
from sim.tables.table import Column, Table, Tables, sections_of, table_of

EVERY = 5
"""Years from one row to the next where there are too many to print all; first and last always stand."""
MOST_YEARS = 12
"""Years that are all printed."""


def years_table(scenario: Scenario, tables: Tables) -> Table | None:
    """Return the table by year, or None where the run has none.

    Parameters
    ----------
    scenario
        The scenario of the run.
    tables
        Its tables by name; ``by_year`` may be missing.

    Returns
    -------
    Table
        The table; ``numbers`` has every year, as the table ``by_year`` does.

    Raises
    ------
    InvalidInput
        If the table lacks a column.
    """
    found = table_of(tables, "by_year", COLUMNS)
    if found is None:
        return None
    printed, percent = _printed(found), 100.0 * scenario.report.interval.probability
    some = "" if printed.all() else f"Here every {EVERY}th year; years.csv has all."
    return Table(
        name="years",
        caption=f"What “{scenario.title}” gives by year: mean, median, {percent:g} % interval (equal tails).",
        columns=(
            Column("Year"),
            Column("Mean", "number"),
            Column("Median", "number"),
            Column("Interval", "number"),
        ),
        sections=sections_of(_rows(scenario, found[printed])),
        numbers=found,
        notes=(some,) if some else (),
    )


def _printed(table: pd.DataFrame) -> "pd.Series[bool]":
    years = table["year"]
    first, last = years.min(), years.max()
    every = EVERY if last - first >= MOST_YEARS else 1
    return pd.Series(((years - first) % every == 0) | (years == last))


def _rows(scenario: Scenario, table: pd.DataFrame) -> Iterator[tuple[str, tuple[str, ...]]]:
    for row in table.to_dict("records"):
        so_far = ", so far" if row["role"] != STREAM else ""
        unit = f" ({row['unit']})" if row["unit"] != "1" else ""
        ends = interval(without_error(row["low"]), without_error(row["high"]))
        cells = (
            f"{row['year']:.0f}",
            cut(row["mean"], row["mean_error"]),
            without_error(row["median"]),
            ends,
        )
        yield f"{title_of(scenario, row['quantity'])}{so_far}{unit}", cells
