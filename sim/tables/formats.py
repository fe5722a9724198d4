"""Tables as CSV, JSON and Markdown, and the files of a table."""

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from sim.tables.latex_table import as_latex
from sim.tables.table import Table

MARKDOWN_SPECIAL = re.compile(r"[\\`*_\[\]<>|~$&]|^[#+-](?=[\s#])|(?:(?<=^\d)|(?<=^\d\d))[.)](?=\s)")


def write_table(table: Table, folder: Path) -> tuple[str, ...]:
    """Write a table as ``<name>.csv``, ``<name>.md`` and ``<name>.tex``; return the file names.

    Parameters
    ----------
    table
        What to write.
    folder
        Where; it must be there.

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
    return str(table.frame.to_csv(index=False, lineterminator="\n"))


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
