"""The units of the columns of a run's tables."""

from collections.abc import Iterable, Iterator, Mapping

import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from sim.faults import Fault, InvalidInput, nearest_name
from sim.figures.catalogue import drawings
from sim.scenario.graph import quantities
from sim.scenario.schema import Scenario

UNITS = "units"
"""Under which the attributes of a table hold the unit of each column by its name."""
MEASURED = {
    "acceptability": {"threshold"},
    "break_even": {"threshold"},
    "convergence": {"value", "error"},
    "information": {"threshold"},
    "more_periods": {"low", "median", "high"},
    "switching_values": {"threshold"},
    "threshold_map": {"median", "threshold"},
    "tornado": {"at_low", "at_high", "centre"},
}
"""Columns in the unit of the reported outcome, by table."""
DRAWN = {"low", "median", "high", "published", "linear_within"}
"""Columns in the unit of the quantity that a figure is drawn of, in a table made for it alone."""
BY_ROW = {"value", "error", "low", "median", "high", "upper", "mc_error", "at", "tolerance"}
BY_ROW |= {"mean", "mean_error", "p25", "p75"}
"""Columns whose unit differs from row to row, and stands in a column ``unit`` where there is one."""
NOT_STATED = {"x", "y", "density", "prior", "posterior"}


class UnknownTable(InvalidInput, KeyError):  # noqa: N818 - as InvalidInput, which it is
    """A run has no table of a name; the message has the names of those there are."""

    def __init__(self, name: str, names: Iterable[str]) -> None:
        known = list(names)
        problem = f"the run has no table {name!r}"
        super().__init__([Fault("tables", "", problem, ", ".join(known), nearest_name(str(name), known))])


class RunTables(dict[str, pd.DataFrame]):
    """Tables by name, each with the units of its columns; a name that none has is said with the nearest."""

    def __init__(self, scenario: Scenario, tables: Mapping[str, pd.DataFrame]) -> None:
        super().__init__({name: with_units(scenario, name, table) for name, table in tables.items()})

    def __missing__(self, name: str) -> pd.DataFrame:
        raise UnknownTable(name, self)


def with_units(scenario: Scenario, name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose attributes hold, under ``units``, the unit of each column of numbers.

    Parameters
    ----------
    scenario, name, table
        What was run, and one of its tables; columns whose unit differs from row to row are left out.

    Returns
    -------
    DataFrame
        The same rows.
    """
    found = table.copy(deep=False)
    found.attrs = {UNITS: dict(_units(scenario, name, table))}
    return found


def _units(scenario: Scenario, name: str, table: pd.DataFrame) -> Iterator[tuple[str, str]]:
    from sim.figures.run_figure import RunFigure  # here: it imports matplotlib

    units = quantities(scenario).units
    outcome = units[scenario.report.outcome]
    drawn = {
        drawing.table: units[drawing.quantity]
        for drawing in drawings(scenario)
        if type(drawing.figure).own_tables is not RunFigure.own_tables
    }
    is_by_row = "unit" in table.columns or name == "adaptive"
    for column in map(str, table.columns):
        if column in units:
            yield column, units[column]
        elif is_bool_dtype(table[column]) or not is_numeric_dtype(table[column]) or column in NOT_STATED:
            continue
        elif column in MEASURED.get(name, ()):
            yield column, outcome
        elif name in drawn and column in DRAWN:
            yield column, drawn[name]
        elif not (is_by_row and column in BY_ROW):
            yield column, "1"
