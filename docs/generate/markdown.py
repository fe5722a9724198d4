"""Markdown made of strings."""

from collections.abc import Iterable, Sequence

GENERATED = "<!-- written by `python -m docs.generate` (`make docs`) -->"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; bars in cells are escaped, line ends made spaces."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines)


def page(*parts: str) -> str:
    """Return parts with an empty line between, the note of where the page comes from at its start."""
    return "\n\n".join(part.strip("\n") for part in (GENERATED, *parts) if part) + "\n"


def code(text: object) -> str:
    """Return text as code in a line."""
    return f"`{text}`"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", r"\|").split())
