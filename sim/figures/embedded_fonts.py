"""Fonts in PDF files: the letters that readers of papers see, cut out of a font once for all figures.

matplotlib reads and cuts the whole font anew for each figure, which takes most of the time of a small PDF.
Figures share nearly all their letters: so the cut holds every letter of ASCII, and the next figure has it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, BinaryIO
from unittest.mock import patch

SHARED = "".join(map(chr, range(0x20, 0x7F)))
FEW = 8
"""So few letters are signs that matplotlib embeds apart, and stay alone."""
UNUSED = ("GSUB", "GPOS", "GDEF", "kern")
"""Tables by which letters are replaced and moved: matplotlib has done it by then."""


@dataclass(frozen=True)
class Cut:
    """Part of a font, as matplotlib takes it: a file, and the new number of each glyph."""

    content: bytes
    glyph_index_map: Mapping[int, int]

    @property
    def font(self) -> "Cut":
        """What writes the file."""
        return self

    def save(self, file: BinaryIO, **_: Any) -> None:
        """Write the font file."""
        file.write(self.content)


@contextmanager
def shared_fonts() -> Iterator[None]:
    """Let figures that are written as PDF share what they embed of a font."""
    from fontTools.subset import Options
    from matplotlib.backends import _backend_pdf_ps as backend

    fewer = patch.object(Options, "_drop_tables_default", [*Options._drop_tables_default, *UNUSED])
    if not hasattr(backend, "SubsetResults"):  # another matplotlib: it embeds what it thinks right
        with fewer:
            yield
        return
    cut = backend.get_glyphs_subset

    def shared(fontfile: Any, glyphs: Iterable[int]) -> AbstractContextManager[Cut]:
        wanted = frozenset(glyphs)
        return nullcontext(_cut(cut, fontfile, wanted if len(wanted) < FEW else wanted | _ascii(fontfile)))

    with fewer, patch.object(backend, "get_glyphs_subset", shared):
        yield


@lru_cache(maxsize=32)
def _cut(cut: Callable[..., Any], fontfile: Any, glyphs: frozenset[int]) -> Cut:
    from matplotlib.backends._backend_pdf_ps import font_as_file

    with cut(fontfile, glyphs) as subset:
        content = font_as_file(subset.font)  # type: ignore[no-untyped-call]
        return Cut(content.getvalue(), dict(subset.glyph_index_map))


@lru_cache(maxsize=8)
def _ascii(fontfile: Any) -> frozenset[int]:
    """Return the numbers of the glyphs of ASCII that a font has."""
    from matplotlib.font_manager import get_font

    font = get_font(fontfile)
    return frozenset(font.get_char_index(ord(letter)) for letter in SHARED)
