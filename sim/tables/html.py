"""A table as HTML whose rows a page can sort."""

import re

from markupsafe import Markup, escape

from sim.digits import SUFFIXES
from sim.tables.table import Cell, Column, Table

NUMBER = re.compile(r"^(?:≈ |over |under )?([-−]?[\d,]*\.?\d+(?:e[-+]?\d+)?)(?: ?([KMBT])\b)?")
MOST_NARROW = 3
"""Columns that fit side by side on a telephone; rows of more stand one below the other there."""
POWERS = {suffix: power for power, suffix in SUFFIXES.items()}


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


def _named(column: Column) -> str:
    """Return the attribute by which a cell names its column where rows stand one below the other."""
    return f' data-head="{escape(column.head)}"'


def _head(column: Column) -> str:
    kind = ' class="number"' if column.kind == "number" else ""
    return f'<th scope="col"{kind}>{escape(column.head)}</th>'


def _kind(column: Column) -> str:
    return "" if column.kind == "text" else f' class="{column.kind}"'


def _cell(column: Column, text: str, is_head: bool) -> str:
    tag, words = "th" if is_head else "td", escape(str(text))
    number = sort_number(text) if column.kind == "number" else ""
    sort = f' data-sort="{number}"' if number else ""
    named = " scope=row" if is_head else _named(column)
    opening, beneath = f"<{tag}{named}{_kind(column)}{sort}>", _beneath(text)
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
