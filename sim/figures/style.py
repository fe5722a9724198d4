"""How every figure looks, the one place that writes figures, and the fonts that PDF files embed.

For each figure matplotlib reads and cuts the whole font anew, which takes most of the time of a small PDF.
Figures share nearly all their letters: so the cut holds every letter of ASCII, and the next figure has it.
"""

import io
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO
from unittest.mock import patch

import matplotlib as mpl
from cycler import cycler
from matplotlib import style as mpl_style
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.fold import fold_labels
from sim.figures.look import DEFAULT_FORMATS, TYPE_POINTS, Look, StyleName
from sim.files import write_whole

PanelGrid = tuple[tuple[Axes, ...], ...]

CM_PER_INCH = 2.54
ROW_CM = 0.62
"""Height of a row whose label has one line."""
BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, YELLOW, BLACK = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "#000000",
)  # fmt: skip
"""Okabe and Ito (2008), Color Universal Design: told apart by people with any colour vision."""
DARK, LIGHT, GREY = BLUE, "#BFE0F5", "0.35"
"""A pair that differs in lightness, so in grey print too (CIE L* 46 and 87); the grey of thin lines."""
WHITE, HATCH = "#FFFFFF", "////"
COLOUR_MAP = "cividis"
"""Colours from dark to light, in order of lightness in grey too."""
LEAST_VISIBLE = 0.02
"""Share of an axis: a line of 1 pt hides most of what is narrower."""
TWO_ERRORS = 2.0
"""Half the width of a band, in Monte Carlo errors."""

STYLE: dict[str, Any] = {
    "font.size": TYPE_POINTS["paper"],
    "axes.titlesize": 8,
    "axes.labelsize": 8,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "legend.fontsize": 7,
    "legend.frameon": False,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.minor.width": 0.4,
    "ytick.minor.width": 0.4,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "lines.linewidth": 1.0,
    "lines.markersize": 4.0,
    "lines.markeredgewidth": 1.0,
    "patch.linewidth": 1.0,
    "hatch.linewidth": 0.5,
    "axes.prop_cycle": cycler(color=[BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, BLACK, YELLOW]),
    "pdf.fonttype": 42,
    "ps.fonttype": 42,
    "svg.fonttype": "none",
    "svg.hashsalt": "sim",
    "text.parse_math": False,
}
SLIDES: dict[str, Any] = {
    "font.size": TYPE_POINTS["slides"],
    "axes.titlesize": 14,
    "axes.labelsize": 14,
    "xtick.labelsize": 12,
    "ytick.labelsize": 12,
    "legend.fontsize": 12,
    "axes.linewidth": 1.2,
    "xtick.major.width": 1.2,
    "ytick.major.width": 1.2,
    "xtick.minor.width": 0.8,
    "ytick.minor.width": 0.8,
    "lines.linewidth": 2.2,
    "lines.markersize": 7.0,
    "lines.markeredgewidth": 1.8,
    "patch.linewidth": 2.0,
    "hatch.linewidth": 0.9,
}
STYLES: dict[str, dict[str, Any]] = {"paper": STYLE, "slides": STYLE | SLIDES}
DPI = 300
METADATA: dict[str, dict[str, str | None]] = {"pdf": {"CreationDate": None}, "svg": {"Date": None}, "png": {}}
"""Metadata by format; a date in it would make the bytes of equal figures differ."""
NO_GLYPH = "Glyph .* missing from"

SHARED = "".join(map(chr, range(0x20, 0x7F)))
FEW = 8
"""So few letters are signs that matplotlib embeds apart, and stay alone."""
UNUSED = ("GSUB", "GPOS", "GDEF", "kern")
"""Tables by which letters are replaced and moved: matplotlib has done it by then."""


def is_visible(width: float, span: float) -> bool:
    """Tell whether a band is wider than the line it stands behind: a fiftieth of the axis or more.

    Parameters
    ----------
    width
        Width of the band where it is widest.
    span
        Length of the axis, in the same unit.

    Returns
    -------
    bool
        False for a band of no width.

    Examples
    --------
    >>> is_visible(0.02, 1.0), is_visible(0.004, 1.0), is_visible(0.0, 0.0)
    (True, False, False)
    """
    return width > 0 and width >= LEAST_VISIBLE * span


def rows_cm(labels: Sequence[str]) -> float:
    """Return the height of rows named by labels, some of several lines."""
    return ROW_CM * sum(max(1.0, 0.7 * (1 + label.count("\n"))) for label in labels)


def apply(style: StyleName = "paper") -> None:
    """Set matplotlib to a style for the process, whatever the user's own settings are."""
    mpl.rcdefaults()
    mpl_style.use(STYLES[style])


def line_width(points: float) -> float:
    """Return a line width that is so many points thick on paper, in the style set now."""
    return points * float(mpl.rcParams["lines.linewidth"]) / float(STYLE["lines.linewidth"])


def outlined() -> dict[str, Any]:
    """Return the outline of bars."""
    return {"edgecolor": BLACK, "linewidth": line_width(0.5)}


def error_bars() -> dict[str, Any]:
    """Return the look of error bars that stand without a mark in their middle."""
    return {"fmt": "none", "ecolor": BLACK, "elinewidth": line_width(0.8)}


def new_panels(
    look: Look, height_cm: float, n_rows: int = 1, n_columns: int = 1, width_ratios: Sequence[float] = ()
) -> tuple[Figure, PanelGrid]:
    """Make an empty figure in a look, which matplotlib keeps for what is drawn on it.

    Parameters
    ----------
    look
        Width and style.
    height_cm
        Height of the whole figure.
    n_rows
        Number of rows of panels.
    n_columns
        Number of columns of panels.
    width_ratios
        Widths of the columns relative to each other; all are equal if none are given.

    Returns
    -------
    figure
        The empty figure.
    panels
        Its axes, by row and column.
    """
    apply(look.style)
    figure = Figure(figsize=(look.width_cm / CM_PER_INCH, height_cm / CM_PER_INCH), layout="constrained")
    ratios = {"width_ratios": list(width_ratios) or None}
    panels = figure.subplots(n_rows, n_columns, squeeze=False, gridspec_kw=ratios)
    return figure, tuple(tuple(row) for row in panels)


def lay_out(figure: Figure) -> None:
    """Fold long labels and fix the places of everything in a figure."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=NO_GLYPH, category=UserWarning)
        fold_labels(figure)
        if (layout := figure.get_layout_engine()) is not None:
            layout.execute(figure)
        figure.set_layout_engine(None)  # with "none" matplotlib draws twice for each format


def render(figure: Figure, formats: Sequence[str] = DEFAULT_FORMATS) -> dict[str, bytes]:
    """Return the bytes of a figure in each format; the same figure gives the same bytes.

    The layout is found once and kept: it is what takes the time. Letters that the font lacks are drawn as
    empty boxes; the text of an SVG is text, which its reader sets in fonts of their own.

    Parameters
    ----------
    figure
        The figure, whose long labels are folded.
    formats
        Endings among ``pdf``, ``svg``, ``png``.

    Returns
    -------
    dict of str to bytes
        Content of the file by format.
    """
    rendered = {}
    lay_out(figure)
    with warnings.catch_warnings(), _shared_fonts() if "pdf" in formats else nullcontext():
        warnings.filterwarnings("ignore", message=NO_GLYPH, category=UserWarning)
        for ending in formats:
            content = io.BytesIO()
            figure.savefig(content, format=ending, dpi=DPI, metadata=METADATA[ending])
            rendered[ending] = content.getvalue()
    return rendered


def save(figure: Figure, folder: Path, name: str, formats: Sequence[str] = DEFAULT_FORMATS) -> list[Path]:
    """Write a figure in each format; the same figure gives the same bytes.

    Parameters
    ----------
    figure
        The figure.
    folder
        Folder to write to, made if need be.
    name
        File name without ending.
    formats
        Endings among ``pdf``, ``svg``, ``png``.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    InvalidInput
        If the folder cannot be written.
    """
    rendered = {folder / f"{name}.{ending}": each for ending, each in render(figure, formats).items()}
    for path, content in rendered.items():
        write_whole(path, content)
    return [*rendered]


@dataclass(frozen=True)
class _Cut:
    """Part of a font, as matplotlib takes it: a file, and the new number of each glyph."""

    content: bytes
    glyph_index_map: Mapping[int, int]

    @property
    def font(self) -> "_Cut":
        """What writes the file."""
        return self

    def save(self, file: BinaryIO, **_: Any) -> None:
        """Write the font file.

        Parameters
        ----------
        file
            The file to write to.
        **_
            What matplotlib says besides, which does not matter.
        """
        file.write(self.content)


@contextmanager
def _shared_fonts() -> Iterator[None]:
    """Let figures that are written as PDF share what they embed of a font."""
    from fontTools.subset import Options
    from matplotlib.backends import _backend_pdf_ps as backend

    fewer = patch.object(Options, "_drop_tables_default", [*Options._drop_tables_default, *UNUSED])
    if not hasattr(backend, "SubsetResults"):  # another matplotlib: it embeds what it thinks right
        with fewer:
            yield
        return
    cut = backend.get_glyphs_subset

    def shared(fontfile: Any, glyphs: Iterable[int]) -> AbstractContextManager[_Cut]:
        wanted = frozenset(glyphs)
        return nullcontext(_cut(cut, fontfile, wanted if len(wanted) < FEW else wanted | _ascii(fontfile)))

    with fewer, patch.object(backend, "get_glyphs_subset", shared):
        yield


@lru_cache(maxsize=32)
def _cut(cut: Callable[..., Any], fontfile: Any, glyphs: frozenset[int]) -> _Cut:
    from matplotlib.backends._backend_pdf_ps import font_as_file

    with cut(fontfile, glyphs) as subset:
        content = font_as_file(subset.font)  # type: ignore[no-untyped-call]
        return _Cut(content.getvalue(), dict(subset.glyph_index_map))


@lru_cache(maxsize=8)
def _ascii(fontfile: Any) -> frozenset[int]:
    """Return the numbers of the glyphs of ASCII that a font has."""
    from matplotlib.font_manager import get_font

    font = get_font(fontfile)
    return frozenset(font.get_char_index(ord(letter)) for letter in SHARED)
