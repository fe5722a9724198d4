"""Tables as CSV, JSON, Markdown, and HTML whose rows a page can sort; the files of a table."""

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
from markupsafe import Markup, escape

from sim.digits import SUFFIXES
from sim.files import frame_csv
from sim.tables.latex import as_latex
from sim.tables.table import Cell, Column, Table

MARKDOWN_SPECIAL = re.compile(r"[\\`*_\[\]<>|~$&]|^[#+-](?=[\s#])|(?:(?<=^\d)|(?<=^\d\d))[.)](?=\s)")
NUMBER = re.compile(r"^(?:≈ |over |under )?([-−]?[\d,]*\.?\d+(?:e[-+]?\d+)?)(?: ?([KMBT])\b)?")
MOST_NARROW = 3
"""Columns that fit side by side on a telephone; rows of more stand one below the other there."""
POWERS = {suffix: power for power, suffix in SUFFIXES.items()}


def write_table(table: Table, folder: Path) -> tuple[str, ...]:
    """Write a table as ``<name>.csv``, ``<name>.md`` and ``<name>.tex``.

    Parameters
    ----------
    table
        The table to write.
    folder
        Folder to write to, which must be there.

    Returns
    -------
    tuple of str
        Names of the files.
    """
    texts = {"csv": as_csv(table), "md": as_markdown(table), "tex": as_latex(table)}
    for ending, text in texts.items():
        (folder / f"{table.name}.{ending}").write_text(text, encoding="utf-8", newline="\n")
    return tuple(f"{table.name}.{ending}" for ending in texts)


def as_csv(table: Table) -> str:
    """Return the frame behind a table as CSV."""
    return frame_csv(table.frame)


def as_json(parts: "Mapping[str, pd.DataFrame | float | str]") -> str:
    """Return frames, each a list of records, and single values as one JSON document, at full precision.

    What is not a number is null; what is infinite is text.
    """
    document = {
        name: [
            {str(key): _plain(value) for key, value in record.items()}
            for record in part.astype(object).to_dict("records")
        ]
        if isinstance(part, pd.DataFrame)
        else _plain(part)
        for name, part in parts.items()
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def as_markdown(table: Table) -> str:
    """Return a table as a pipe table, its caption above and its notes below."""
    rule = ["---:" if column.kind == "number" else ":---" for column in table.columns]
    lines = [f"**{markdown(table.caption)}**", ""]
    lines += [_piped([markdown(column.head) for column in table.columns]), _piped(rule)]
    for section in table.sections:
        if section.title:
            lines.append(_piped([f"*{markdown(section.title)}*", *[""] * (len(table.columns) - 1)]))
        lines += [_piped([markdown(cell) for cell in row]) for row in section.rows]
    lines += [line for note in table.notes for line in ("", markdown(note))]
    return "\n".join(lines) + "\n"


def markdown(text: str) -> str:
    """Return any text as Markdown that shows it, in one line."""
    return MARKDOWN_SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))


def _piped(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    return value


def as_html(table: Table) -> Markup:
    """Return a table with a body for each section; the first cell of a row is its head."""
    kind = "sortable rows" if len(table.columns) > MOST_NARROW else "sortable"
    lines = [
        f'<div class="scroll" role="region" aria-labelledby="{table.name}-caption" tabindex="0">',
        f'<table class="{kind}" id="{table.name}-table">',
        f'<caption id="{table.name}-caption">{escape(table.caption)}</caption>',
        "<thead><tr>",
        *map(_head, table.columns),
        "</tr></thead>",
    ]
    for section in table.sections:
        lines.append("<tbody>")
        if section.title:
            n_columns, title = len(table.columns), escape(section.title)
            lines.append(f'<tr class="group"><th scope="rowgroup" colspan="{n_columns}">{title}</th></tr>')
        for row in section.rows:
            cells = zip(table.columns, row, strict=True)
            lines += ["<tr>", *(_cell(*pair, place == 0) for place, pair in enumerate(cells)), "</tr>"]
        lines.append("</tbody>")
    lines += ["</table>", "</div>", *(f'<p class="note">{escape(note)}</p>' for note in table.notes)]
    return Markup("\n".join(lines) + "\n")


def sort_number(text: str) -> str:
    """Return the number that a cell sorts by, the first in it; empty where it has none.

    Examples
    --------
    >>> [sort_number(text) for text in ("25.8 B", "10 to 1,200", "≈ 0.3", "over 99.9 %", "none")]
    ['25800000000', '10', '0.3', '99.9', '']
    """
    found = NUMBER.match(text)
    if not found:
        return ""
    digits, suffix = found.groups()
    value = float(digits.replace(",", "").replace("−", "-")) * 10.0 ** POWERS.get(suffix, 0)
    return f"{value:.12g}"


def _head(column: Column) -> str:
    kind = ' class="number"' if column.kind == "number" else ""
    return f'<th scope="col"{kind}>{escape(column.head)}</th>'


def _cell(column: Column, text: str, is_head: bool) -> str:
    tag, words = "th" if is_head else "td", escape(str(text))
    number = sort_number(text) if column.kind == "number" else ""
    sort = f' data-sort="{number}"' if number else ""
    # by its name a cell tells its column where rows stand one below the other
    named = " scope=row" if is_head else f' data-head="{escape(column.head)}"'
    kind = "" if column.kind == "text" else f' class="{column.kind}"'
    opening, beneath = f"<{tag}{named}{kind}{sort}>", _beneath(text)
    return (
        "\n".join([opening, str(words), *beneath, f"</{tag}>"]) if words or beneath else f"{opening}</{tag}>"
    )


def _beneath(text: str) -> list[str]:
    """Return the lines under the words of a cell."""
    if not isinstance(text, Cell):
        return []
    below = escape(text.below)
    if text.url:
        below = Markup('<a href="{}" rel="noreferrer">{}</a>').format(text.url, text.below)
    lines = [f'<span class="below">{below}</span>'] if text.below else []
    return lines + ([f"<details><summary>Why</summary>{escape(text.more)}</details>"] if text.more else [])
