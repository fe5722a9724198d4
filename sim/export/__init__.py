"""Draws, summary and tables of a run as files for other programs; pandas, PyArrow, XlsxWriter write them."""

import io
import json
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from sim.export.sheets import Sheet, contents
from sim.export.stata import as_dta
from sim.export.workbook import as_xlsx
from sim.faults import Fault, nearest_name, refuse
from sim.files import frame_csv, write_whole

__all__ = ["FORMATS", "Sheet", "contents", "export", "require_formats"]

WORKBOOK = "run.xlsx"


def as_parquet(sheet: Sheet) -> bytes:
    """Return a sheet as Parquet: each field has its unit and title, pandas finds the units in ``attrs``."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(sheet.frame, preserve_index=False)
    for place, name in enumerate(table.column_names):
        stated = {"unit": sheet.units.get(name, ""), "title": sheet.titles.get(name, "")}
        known = {key: value for key, value in stated.items() if value}
        table = table.set_column(place, table.field(place).with_metadata(known), table.column(place))
    units = {name: unit for name, unit in sheet.units.items() if name in table.column_names}
    attributes = json.dumps({"units": units})
    content = io.BytesIO()
    pq.write_table(
        table.replace_schema_metadata({**table.schema.metadata, b"PANDAS_ATTRS": attributes}), content
    )
    return content.getvalue()


def as_csv(sheet: Sheet) -> bytes:
    """Return a sheet as CSV."""
    return frame_csv(sheet.frame).encode()


def _each(ending: str, write: Callable[[Sheet], bytes]) -> Callable[[Sequence[Sheet]], dict[str, bytes]]:
    return lambda sheets: {f"{sheet.name}.{ending}": write(sheet) for sheet in sheets}


FORMATS: Mapping[str, Callable[[Sequence[Sheet]], dict[str, bytes]]] = {
    "parquet": _each("parquet", as_parquet),
    "csv": _each("csv", as_csv),
    "xlsx": lambda sheets: {WORKBOOK: as_xlsx(sheets)},
    "dta": _each("dta", as_dta),
}
"""Files by name, from sheets, by the name of the format: a new one is a line here."""


def require_formats(to: str) -> tuple[str, ...]:
    """Return formats by name, which can all be written here.

    Raises
    ------
    InvalidInput
        If a format is unknown, or its library is not installed.

    Examples
    --------
    >>> require_formats("csv, DTA")
    ('csv', 'dta')
    """
    asked = tuple(dict.fromkeys(part.strip().lower() for part in str(to).split(",")))
    faults = [
        Fault("--to", "", f"{name!r} is no format", ", ".join(FORMATS), nearest_name(name, FORMATS))
        for name in asked
        if name not in FORMATS
    ]
    if "xlsx" in asked and not _is_there("xlsxwriter"):
        problem = "xlsx needs XlsxWriter, which is not installed"
        faults.append(
            Fault("--to", "", problem, "pip install XlsxWriter, which is what sim's extra excel holds")
        )
    refuse(faults)
    return asked


def _is_there(library: str) -> bool:
    try:
        return find_spec(library) is not None
    except ValueError:  # kept from being imported
        return False


def export(sheets: Sequence[Sheet], to: str, folder: Path) -> tuple[Path, ...]:
    """Write sheets in one format or several; nothing is written before all is made.

    Parameters
    ----------
    sheets
        The sheets, from :func:`sim.export.sheets.contents`.
    to
        Names of formats with commas between.
    folder
        Folder to write to, made if need be.

    Returns
    -------
    tuple of Path
        The files.

    Raises
    ------
    InvalidInput
        If a format is unknown or its library is not installed, or the folder cannot be written.
    """
    files = {name: content for each in require_formats(to) for name, content in FORMATS[each](sheets).items()}
    for name, content in files.items():
        write_whole(folder / name, content)
    return tuple(folder / name for name in files)
