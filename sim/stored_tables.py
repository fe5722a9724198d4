"""The tables of a run with the units of their columns, in memory or read back from its folder and checked.

Read back, columns are there, numbers are numbers, and nothing is empty; so is the summary.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from sim.faults import Fault, InvalidInput, nearest_name, refuse
from sim.figures.catalogue import CellKind, Columns, drawings
from sim.input_file import MAX_TABLE_BYTES, read_input, refuse_too_wide
from sim.scenario.graph import quantities
from sim.scenario.schema import Scenario
from sim.summary.row import Row, Summary
from sim.tables.table import UNITS

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
MAX_SUMMARY_BYTES = 2**28
NUMBERS = ("value", "mc_error", "at")
"""Fields of a row of the summary that are numbers; one that is not known is left out."""
FLAGS = {"True": True, "False": False, "true": True, "false": False}
WORDS = frozenset(
    ["decision", "group", "index", "kind", "label", "name", "note", "quantity", "scale", "statistic", "unit"]
)
"""Columns that hold words in every table, even where these look like numbers."""
EXPECTED = {
    "number": "a finite number",
    "optional": "a number, or nothing",
    "flag": "True or False",
    "text": "text",
}
WHOLE = r"-?\d{1,15}"
"""Written so by integers alone: floats have a point."""
ANY = Columns({})
"""A table of any columns."""
BESIDE_FIGURES = {
    "variance_by_kind": Columns({"scale": "text", "kind": "text", "shapley": "optional"}),
    "switching_values": Columns(
        {
            "parameter": "text",
            "title": "text",
            "unit": "text",
            "threshold": "number",
            "value": "optional",
            "percentile": "optional",
            "verdict": "text",
        }
    ),
    "rank_correlations": ANY,
    "moment_independent": ANY,
    "break_even": ANY,
    "information": ANY,
    "more_periods": ANY,
    "adaptive": ANY,
}
"""Tables that no figure is drawn from, and what must be in them to be read back."""


class UnknownTable(InvalidInput, KeyError):  # noqa: N818 - as InvalidInput, which it is
    """A run has no table of a name; the message has the names of those there are.

    Parameters
    ----------
    name
        Name that was asked for.
    names
        Names of the tables that the run has.
    """

    def __init__(self, name: str, names: Iterable[str]) -> None:
        known = list(names)
        problem = f"the run has no table {name!r}"
        super().__init__([Fault("tables", "", problem, ", ".join(known), nearest_name(str(name), known))])


class RunTables(dict[str, pd.DataFrame]):
    """Tables by name, each with the units of its columns; a name that none has is said with the nearest.

    Parameters
    ----------
    scenario
        The scenario of the run.
    tables
        Its tables by name, as they were computed.
    """

    def __init__(self, scenario: Scenario, tables: Mapping[str, pd.DataFrame]) -> None:
        super().__init__({name: _with_units(scenario, name, table) for name, table in tables.items()})

    def __missing__(self, name: str) -> pd.DataFrame:
        raise UnknownTable(name, self)


def _with_units(scenario: Scenario, name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose attributes hold the unit of each column of numbers that has one."""
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


class StoredTables(Mapping[str, pd.DataFrame]):
    """The tables in the folder of a run, each ``<name>.csv`` read and checked when it is first asked for.

    Parameters
    ----------
    scenario
        The scenario of the run.
    folder
        Folder of the tables.
    """

    def __init__(self, scenario: Scenario, folder: Path) -> None:
        self._scenario, self._folder, self._read = scenario, folder, dict[str, pd.DataFrame]()
        self._columns: dict[str, Columns] = dict(BESIDE_FIGURES)
        for drawing in drawings(scenario):
            self._columns |= drawing.tables

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._read:
            if name not in self._names():
                raise UnknownTable(name, self._names())
            found = read_table(self._folder / f"{name}.csv", self._columns[name])
            self._read[name] = _with_units(self._scenario, name, found)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def _names(self) -> list[str]:
        return [name for name in self._columns if (self._folder / f"{name}.csv").is_file()]


def read_table(path: Path, columns: Columns) -> pd.DataFrame:
    """Read a table from a CSV file and check it.

    Parameters
    ----------
    path
        The file.
    columns
        What the table must hold. Other columns are flags or numbers where every cell is one, or nothing, else
        words.

    Returns
    -------
    DataFrame
        The table, with numbers as floats and flags as booleans.

    Raises
    ------
    InvalidInput
        If the file cannot be read as CSV, has no rows, lacks a column, or a cell is not what it should be.
    """
    frame = _read(path)
    present = [str(name) for name in frame.columns]
    refuse(
        Fault(str(path), name, "no such column", ", ".join(present), nearest_name(name, present))
        for name in columns.cells
        if name not in present
    )
    faults: list[Fault] = []
    cells: dict[str, CellKind] = dict(columns.cells)
    if columns.rest is not None:
        cells |= {str(name): columns.rest for name in frame.columns if name not in cells}
    for name, cell in cells.items():
        words = name in columns.words and pd.to_numeric(frame[name], errors="coerce").isna().any()
        wanted: CellKind = "text" if words else cell
        converted = _converted(frame[name], wanted)
        bad = _bad(frame[name], converted, wanted)
        faults += [
            Fault(str(path), f"line {row + 2}, {name}", f"{frame[name].iloc[row]!r}", EXPECTED[wanted])
            for row in np.flatnonzero(bad)[:3]
        ]
        frame[name] = converted
    refuse(faults)
    for name in frame.columns.difference([*cells]):
        frame[name] = _inferred(frame[name])
    return frame


def _inferred(column: pd.Series) -> pd.Series:
    if column.name in WORDS:
        return column
    flags, numbers = column.map(FLAGS), _converted(column, "optional")
    if flags.notna().all():
        return flags.astype(bool)
    return column if _bad(column, numbers, "optional").any() else numbers


def _read(path: Path) -> pd.DataFrame:
    content = read_input(path, "a CSV file", MAX_TABLE_BYTES)
    try:
        refuse_too_wide(content)
        frame = pd.read_csv(BytesIO(content), dtype=str, keep_default_na=False, encoding="utf-8")
    except (OSError, ValueError) as error:  # pandas' parser errors and bad UTF-8 are ValueErrors
        reason = str(error).strip().splitlines()[0]
        raise InvalidInput([Fault(str(path), "", f"cannot be read as CSV: {reason}")]) from None
    if not isinstance(frame.index, pd.RangeIndex):  # pandas takes surplus cells for row labels
        raise InvalidInput([Fault(str(path), "", "rows have more cells than there are columns")])
    if frame.isna().to_numpy().any():
        row = int(np.flatnonzero(frame.isna().any(axis=1))[0])
        raise InvalidInput([Fault(str(path), f"line {row + 2}", "fewer cells than columns")])
    return frame


def _converted(column: pd.Series, cell: CellKind) -> pd.Series:
    if cell == "text":
        return column
    if cell == "flag":
        return column.map(FLAGS)
    stated = column[column != ""]
    if len(stated) and stated.str.fullmatch(WHOLE).all():  # counts, ranks and years, as they were in memory
        return pd.to_numeric(column).astype("Int64" if len(stated) < len(column) else "int64")
    return pd.to_numeric(column, errors="coerce").astype(float)


def _bad(stated: pd.Series, converted: pd.Series, cell: CellKind) -> np.ndarray:
    """Return which cells are not what they should be."""
    if cell == "text":
        return (stated == "").to_numpy()
    if cell == "flag":
        return converted.isna().to_numpy()
    finite = np.isfinite(converted.to_numpy(dtype=float, na_value=np.nan))
    nothing = stated.str.strip().str.lower().isin(["", "nan"]).to_numpy()
    return ~finite & ~nothing if cell == "optional" else ~finite


def read_summary(path: Path, scenario: Scenario) -> Summary:
    """Read the summary of a run and check it.

    Parameters
    ----------
    path
        The file, ``summary.json``.
    scenario
        The scenario that it is the summary of.

    Returns
    -------
    Summary
        The summary, with its rows.

    Raises
    ------
    InvalidInput
        If the file cannot be used, or is of another scenario or seed.
    """
    try:
        content = json.loads(read_input(path, "a summary", MAX_SUMMARY_BYTES))
        rows = [Row(**dict.fromkeys(NUMBERS, math.nan) | row) for row in content["rows"]]
        summary, _, seed = Summary(rows), int(content["n_draws"]), content["seed"]
        summary.find(scenario.report.outcome, "median")
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        problem = f"not the summary of {scenario.name}: {type(error).__name__} {error}"
        raise InvalidInput([Fault(str(path), "", problem, "as `python -m sim run` wrote it")]) from None
    if seed != scenario.seed:
        problem = f"{seed}, but scenario.toml has {scenario.seed}: not of one run"
        raise InvalidInput([Fault(str(path), "seed", problem)])
    return summary
