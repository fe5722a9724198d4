r"""A table as LaTeX: a whole float to be read with ``\input``.

It needs the packages array, booktabs and longtable, and the T1 font encoding.
"""

import math
from collections.abc import Iterable

from sim.tables import latex
from sim.tables.table import Column, Table

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
    form = "".join(map(_format, table.columns))
    caption, label = latex.escape(table.caption), f"tab:sim-{table.name.replace('_', '-')}"
    notes = [rf"\par\smallskip\noindent\parbox{{\linewidth}}{{{latex.escape(note)}}}" for note in table.notes]
    heads = [r"\toprule", _line([latex.escape(column.head) for column in table.columns]), r"\midrule"]
    if n_lines(table) > LINES_OF_A_PAGE:
        lines = [
            r"\begingroup",
            r"\setlength{\LTcapwidth}{\linewidth}",
            *SIZE,
            rf"\begin{{longtable}}{{{form}}}",
            rf"\caption{{{caption}}} \label{{{label}}} \\",
            *heads,
            r"\endfirsthead",
            rf"\caption[]{{{caption}}} \\",
            *heads,
            r"\endhead",
            r"\midrule",
            rf"\multicolumn{{{len(table.columns)}}}{{r}}{{Continued on next page}} \\",
            r"\midrule",
            r"\endfoot",
            r"\bottomrule",
            r"\endlastfoot",
            *_rows(table),
            r"\end{longtable}",
            *notes,
            r"\par\endgroup",
        ]
    else:
        lines = [
            r"\begin{table}[htbp]",
            r"\centering",
            SPACE_BELOW_CAPTION,
            rf"\caption{{{caption}}}",
            rf"\label{{{label}}}",
            *SIZE,
            rf"\begin{{tabular}}{{{form}}}",
            *heads,
            *_rows(table),
            r"\bottomrule",
            r"\end{tabular}",
            *notes,
            r"\end{table}",
        ]
    return "\n".join(lines) + "\n"


def n_lines(table: Table) -> int:
    """Return about how many lines a table takes, with cells folded at the width of their columns."""
    widths = [column.width * CHARACTERS_OF_A_LINE for column in table.columns]
    folded = [
        max(math.ceil(len(cell) / width) if width else 1 for cell, width in zip(row, widths, strict=True))
        for row in table.rows
    ]
    return sum(folded) + sum(bool(section.title) for section in table.sections)


def _rows(table: Table) -> list[str]:
    """Return the lines of the sections, with a rule between them and a title above each that has one."""
    lines = []
    for place, section in enumerate(table.sections):
        lines += [r"\midrule"] if place else []
        if section.title:
            form = r"p{0.9\linewidth}" if len(section.title) > LONGEST_LINE else "l"
            title = latex.escape(section.title)
            lines.append(rf"\multicolumn{{{len(table.columns)}}}{{{form}}}{{\emph{{{title}}}}} \\")
        lines += [
            _line([_cell(table, column, cell) for column, cell in zip(table.columns, row, strict=True)])
            for row in section.rows
        ]
    return lines


def _line(cells: Iterable[str]) -> str:
    return rf"{' & '.join(cells)} \\"


def _cell(table: Table, column: Column, cell: str) -> str:
    key = table.citations.get(cell, "")
    text = CELLS[column.kind](cell)
    return rf"{text}~\cite{{{key}}}" if key and text else text


def _format(column: Column) -> str:
    if column.width:
        return rf">{{\raggedright\arraybackslash}}p{{{column.width:g}\linewidth}}"
    return "r" if column.kind == "number" else "l"
