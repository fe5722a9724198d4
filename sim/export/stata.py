"""Frames as Stata reads them: short names, labels with units, choices as labelled numbers."""

import io
import re
from typing import Final

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from sim.export.sheets import Sheet

LONGEST_NAME, LONGEST_LABEL, LONGEST_TEXT = 32, 80, 2045
LARGEST = 8.9e307
"""Number above which Stata has none, nor infinities: they are missing."""
VERSION: Final = 118
"""Stata 14 and later, which read UTF-8."""
RESERVED = {
    *("_all", "_b", "_coef", "_cons", "_n", "_N", "_pi", "_pred", "_rc", "_skip", "byte", "double", "float"),
    *("if", "in", "int", "long", "strL", "using", "with"),
}


def as_dta(sheet: Sheet) -> bytes:
    """Return a sheet as Stata's ``dta``; the label of a variable has its title or full name, and its unit."""
    frame = sheet.frame
    names = dict(zip(frame.columns, _variable_names(list(map(str, frame.columns))), strict=True))
    labels = {names[column]: _label(sheet, str(column)) for column in frame.columns}
    columns = {names[column]: _column(frame[column]) for column in frame.columns}
    lengths = {
        name: each.map(lambda text: len(text.encode()))
        for name, each in columns.items()
        if each.dtype == object
    }
    long = [name for name, each in lengths.items() if each.max() > LONGEST_TEXT]
    content = io.BytesIO()
    pd.DataFrame(columns).to_stata(
        content,
        write_index=False,
        version=VERSION,
        data_label=sheet.name[:LONGEST_LABEL],
        variable_labels=labels,
        convert_strl=long,
    )
    return content.getvalue()


def _variable_names(names: list[str]) -> list[str]:
    """Return names that Stata takes: letters, digits and underscores, at most 32, no two alike.

    Examples
    --------
    >>> _variable_names(["attribution.algorithms", "in", "a.b", "a_b"])
    ['attribution_algorithms', 'in_', 'a_b', 'a_b_2']
    """
    found: list[str] = []
    for name in names:
        plain = re.sub(r"\W", "_", name, flags=re.ASCII)
        plain = f"_{plain}" if not plain or plain[0].isdigit() else plain
        plain = f"{plain}_" if plain in RESERVED or re.fullmatch(r"str\d+", plain) else plain
        plain, n_before = plain[:LONGEST_NAME], 1
        unique = plain
        while unique in found:
            n_before += 1
            unique = f"{plain[: LONGEST_NAME - len(str(n_before)) - 1]}_{n_before}"
        found.append(unique)
    return found


def _label(sheet: Sheet, column: str) -> str:
    unit = sheet.units.get(column, "1")
    words = sheet.titles.get(column, column)
    room = LONGEST_LABEL - (0 if unit == "1" else len(unit) + 2)
    return words[:LONGEST_LABEL] if unit == "1" or room < 1 else f"{words[:room]}, {unit}"


def _column(column: pd.Series) -> pd.Series:
    """Return a column as Stata has it: flags are 0 and 1, what is no number is text."""
    if is_bool_dtype(column):
        return column.astype(np.int8)
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column  # numbers with the words as value labels
    if is_numeric_dtype(column):
        numbers = column.astype(float)
        return numbers.where(numbers.abs() < LARGEST)
    return column.astype(object).where(column.notna(), "").map(str)
