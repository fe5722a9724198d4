"""What makes a figure legible, as checks that any figure can be put through."""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb, to_rgba
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text
from matplotlib.transforms import Bbox

SMALLEST_PT = 6.5
LIGHTNESS_APART = 20.0
"""Difference in CIE L* (0 to 100) that a grey print keeps; marks less far apart must differ in form."""


def texts(figure: Figure) -> Iterator[Text]:
    """Yield every text that is drawn; ticks out of view have none."""
    figure.draw_without_rendering()
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        if text.get_visible() and text.get_text().strip() and not _hidden_tick(text, figure):
            yield text


def overlapping(figure: Figure) -> list[str]:
    """Return the pairs of texts whose boxes overlap, and the texts that leave the figure."""
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts(figure)]
    page = figure.bbox
    found = [f"outside the figure: {words!r}" for words, box in boxes if not _inside(box, page)]
    for (one, box), (two, other) in combinations(boxes, 2):
        if box.shrunk(0.98, 0.9).overlaps(other.shrunk(0.98, 0.9)):
            found.append(f"{one!r} on {two!r}")
    return found


def too_small(figure: Figure) -> list[str]:
    """Return texts under the smallest size."""
    return [text.get_text() for text in texts(figure) if text.get_fontsize() < SMALLEST_PT]


def alike_in_grey(figure: Figure) -> list[str]:
    """Return pairs of entries of a legend that look alike in grey: lightness, hatch, line and marker."""
    found = []
    for legend in figure.findobj(Legend):
        assert isinstance(legend, Legend)
        looks = [(_form(handle), lightness(_colour(handle))) for handle in _handles(legend)]
        for (form, light), (other_form, other_light) in combinations(looks, 2):
            if form == other_form and abs(light - other_light) < LIGHTNESS_APART:
                found.append(f"{form} at {light:.0f} and {other_light:.0f}")
    return found


def lightness(colour: Sequence[float] | str) -> float:
    """Return CIE L* of an sRGB colour (IEC 61966-2-1, CIE 15)."""
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    y = float(linear @ [0.2126, 0.7152, 0.0722])
    return 116 * np.cbrt(y) - 16 if y > 216 / 24389 else y * 24389 / 27


def _inside(box: Bbox, page: Bbox) -> bool:
    return bool(
        box.x0 >= page.x0 - 0.5
        and box.x1 <= page.x1 + 0.5
        and box.y0 >= page.y0 - 0.5
        and box.y1 <= page.y1 + 0.5
    )


def _hidden_tick(text: Text, figure: Figure) -> bool:
    for ax in figure.axes:
        if not ax.axison and text in ax.findobj(Text):
            return text not in ax.texts
        for axis in (ax.xaxis, ax.yaxis):
            for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
                if text in (tick.label1, tick.label2):
                    shown = tick.label1.get_visible() if text is tick.label1 else tick.label2.get_visible()
                    return not shown or not _in_view(tick.get_loc(), axis.get_view_interval())
    return False


def _in_view(place: float, view: Sequence[float]) -> bool:
    low, high = sorted(view)
    room = 1e-9 * (high - low)
    return low - room <= place <= high + room


def _handles(legend: Legend) -> list[Artist]:
    return [
        handle
        for handle, text in zip(legend.legend_handles, legend.get_texts(), strict=True)
        if handle is not None and not text.get_text().startswith("†")
    ]


def _form(artist: Artist) -> tuple[object, ...]:
    if isinstance(artist, Line2D):
        return ("line", artist.get_linestyle(), artist.get_marker(), artist.get_fillstyle())
    assert isinstance(artist, Patch)
    return ("patch", artist.get_hatch() or "")


def _colour(artist: Artist) -> tuple[float, ...]:
    if isinstance(artist, Line2D):
        return to_rgba(artist.get_color())[:3]
    assert isinstance(artist, Patch)
    return to_rgba(artist.get_facecolor())[:3]


def axes_of(figure: Figure) -> list[Axes]:
    """Return the axes that are drawn."""
    return [ax for ax in figure.axes if ax.axison]
