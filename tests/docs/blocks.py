"""The fenced blocks of a page, and the marks in HTML comments before them."""

import re
from dataclasses import dataclass
from pathlib import Path

from sybil import Document
from sybil.parsers.markdown.lexers import RawFencedCodeBlockLexer

ROOT = Path(__file__).parents[2]
FENCES = RawFencedCodeBlockLexer(re.compile(r"(?P<info>[^\n]*)\n"))
MARKED = re.compile(r"(?:<!--(?P<marks>(?:(?!-->).)*)-->\s*)\Z", re.DOTALL)
MARKS = ("slow", "file", "base", "output", "not run")


@dataclass(frozen=True)
class Block:
    """A fenced block: where it stands, its language, its text, and what its marks ask for."""

    page: Path
    line: int
    language: str
    text: str
    marks: dict[str, str]

    @property
    def slow(self) -> bool:
        """Whether it is left to ``make test-slow``."""
        return "slow" in self.marks

    @property
    def where(self) -> str:
        """Page and line, as an error message names them."""
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def pages() -> list[Path]:
    """Return every page whose blocks are run."""
    written = sorted((ROOT / "docs").rglob("*.md"))
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "data" / "README.md", *written]


def blocks_of(page: Path) -> list[Block]:
    """Return the blocks of a page from top to bottom; directives of Sphinx are prose."""
    text = page.read_text(encoding="utf-8")
    document = Document(text, str(page))
    found = []
    for region in FENCES(document):
        info = region.lexemes["info"].strip()
        if info.startswith("{"):
            continue
        line = text.count("\n", 0, region.start) + 1
        marks = _marks(text[: region.start], f"{page.name}:{line}")
        found.append(Block(page, line, info, str(region.lexemes["source"]), marks))
    return found


def _marks(before: str, where: str) -> dict[str, str]:
    """Read the comments that end the text before a fence."""
    marks: dict[str, str] = {}
    while match := MARKED.search(before):
        for stated in match["marks"].split(";"):
            name, _, value = stated.strip().partition(":")
            if name not in MARKS:
                raise AssertionError(f"{where}: unknown mark {name!r}; allowed: {', '.join(MARKS)}")
            marks[name] = value.strip()
        before = before[: match.start()]
    return marks
