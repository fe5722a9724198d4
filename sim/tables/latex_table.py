r"""A table as LaTeX: a whole float to be read with ``\input``.

It needs the packages array, booktabs and longtable, and the T1 font encoding.
"""

import math

import pandas as pd

from sim.tables import latex
from sim.tables.table import Column, Section, Table

CELLS = {"text": latex.folded, "number": latex.number, "unit": latex.unit}
SIZE = (r"\footnotesize", r"\setlength{\tabcolsep}{4pt}")
SPACE_BELOW_CAPTION = r"\setlength{\belowcaptionskip}{4pt}"
LINES_OF_A_PAGE = 45
CHARACTERS_OF_A_LINE = 110
LONGEST_LINE = 80


def as_latex(table: Table) -> str:
    r"""Return a table as LaTeX: caption and label above, booktabs rules, notes below.

    One that may be longer than a page is a ``longtable``, which breaks over pages; others float.
    """
    frame = pd.DataFrame(_rows(table), columns=range(len(table.columns)), dtype=object)
    heads = [latex.escape(column.head) for column in table.columns]
    styler = frame.style.hide(axis="index").relabel_index(heads, axis="columns")
    form = "".join(map(_format, table.columns))
    caption, label = latex.escape(table.caption), f"tab:sim-{table.name.replace('_', '-')}"
    notes = [rf"\par\smallskip\noindent\parbox{{\linewidth}}{{{latex.escape(note)}}}" for note in table.notes]
    if n_lines(table) > LINES_OF_A_PAGE:
        body = styler.to_latex(
            hrules=True, column_format=form, environment="longtable", caption=caption, label=label
        )
        lines = [
            r"\begingroup",
            r"\setlength{\LTcapwidth}{\linewidth}",
            *SIZE,
            body.rstrip("\n"),
            *notes,
            r"\par\endgroup",
        ]
    else:
        body = styler.to_latex(hrules=True, column_format=form)
        head = [r"\begin{table}[htbp]", r"\centering", SPACE_BELOW_CAPTION]
        head += [rf"\caption{{{caption}}}", rf"\label{{{label}}}"]
        lines = [*head, *SIZE, body.rstrip("\n"), *notes, r"\end{table}"]
    return "\n".join(lines) + "\n"


def n_lines(table: Table) -> int:
    """Return about how many lines a table takes, with cells folded at the width of their columns."""
    widths = [column.width * CHARACTERS_OF_A_LINE for column in table.columns]
    folded = [
        max(math.ceil(len(cell) / width) if width else 1 for cell, width in zip(row, widths, strict=True))
        for row in table.rows
    ]
    return sum(folded) + sum(bool(section.title) for section in table.sections)


def _rows(table: Table) -> list[list[str]]:
    return [row for place, section in enumerate(table.sections) for row in _section(table, section, place)]


def _section(table: Table, section: Section, place: int) -> list[list[str]]:
    r"""Return the cells of a section; rule and title stand in the first cell, as lines of their own above it.

    pandas writes one line a row and no line across the columns.
    """
    cells = [[_cell(table, column, cell) for column, cell in _pairs(table, row)] for row in section.rows]
    above = "\\midrule\n" if place else ""
    if section.title:
        form = r"p{0.9\linewidth}" if len(section.title) > LONGEST_LINE else "l"
        title = latex.escape(section.title)
        above += rf"\multicolumn{{{len(table.columns)}}}{{{form}}}{{\emph{{{title}}}}} \\" + "\n"
    if cells:
        cells[0][0] = above + cells[0][0]
    return cells


def _pairs(table: Table, row: tuple[str, ...]) -> list[tuple[Column, str]]:
    return list(zip(table.columns, row, strict=True))


def _cell(table: Table, column: Column, cell: str) -> str:
    key = table.citations.get(cell, "")
    text = CELLS[column.kind](cell)
    return rf"{text}~\cite{{{key}}}" if key and text else text


def _format(column: Column) -> str:
    if column.width:
        return rf">{{\raggedright\arraybackslash}}p{{{column.width:g}\linewidth}}"
    return "r" if column.kind == "number" else "l"
