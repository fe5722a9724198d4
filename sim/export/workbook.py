"""One Excel workbook of all sheets."""

import io
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.export.sheets import Sheet

MOST_ROWS = 2**20 - 1
"""Rows of a sheet below its heads."""
LONGEST_NAME = 31
WIDEST = 60
LARGEST = 9.9e307
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def as_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """Return sheets as a workbook: heads in bold that stay in view, each with its unit as a comment.

    A frame of more rows than Excel has goes on in a sheet of its own.
    """
    from xlsxwriter import Workbook  # here: an extra, which not everybody has

    content = io.BytesIO()
    with Workbook(content, {"in_memory": True, **OPTIONS}) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        taken: list[str] = []
        for sheet in sheets:
            for start in range(0, max(1, len(sheet.frame)), MOST_ROWS):
                taken.append(_sheet_name(sheet.name, taken))
                part = sheet.frame.iloc[start : start + MOST_ROWS]
                _write(book.add_worksheet(taken[-1]), part, sheet, head)
    return content.getvalue()


def _write(page: Any, frame: pd.DataFrame, sheet: Sheet, head: Any) -> None:
    page.freeze_panes(1, 0)
    for place, column in enumerate(map(str, frame.columns)):
        page.write_string(0, place, column, head)
        note = ", ".join(filter(None, (sheet.titles.get(column, ""), sheet.units.get(column, ""))))
        if note:
            page.write_comment(0, place, note)
        cells = _cells(frame.iloc[:, place])
        page.write_column(1, place, cells)
        longest = max([len(column), *(len(str(cell)) for cell in cells[:100])])
        page.set_column(place, place, min(longest + 2, WIDEST))


def _cells(column: pd.Series) -> list[object]:
    """Return cells as Excel has them: what is missing is empty, what is infinite is text."""
    found = column.astype(object).where(column.notna(), None).tolist()
    plain = (cell.item() if isinstance(cell, np.generic) else cell for cell in found)
    return [str(cell) if isinstance(cell, float) and not abs(cell) < LARGEST else cell for cell in plain]


def _sheet_name(name: str, taken: Sequence[str]) -> str:
    """Return a name that Excel takes: at most 31 letters, no two alike, capitals or not."""
    plain = re.sub(r"[\[\]:*?/\\']", "_", name)[:LONGEST_NAME]
    unique, n_before = plain, 1
    while unique.lower() in [each.lower() for each in taken]:
        n_before += 1
        unique = f"{plain[: LONGEST_NAME - len(str(n_before)) - 1]} {n_before}"
    return unique
