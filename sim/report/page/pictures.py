"""The figures of the page, from the catalogue that every other figure comes from."""

import re
from dataclasses import dataclass

from markupsafe import Markup, escape
from matplotlib.figure import Figure

from sim.figures.catalogue import drawings
from sim.figures.look import Look
from sim.figures.style import render
from sim.report.plot import in_memory
from sim.run_record import Run

METADATA = re.compile(r"<metadata>.*?</metadata>\s*", re.DOTALL)
GLOBAL_STYLE = re.compile(r"<defs>\s*<style[^>]*>[^<]*</style>\s*</defs>\s*", re.DOTALL)
TAG = re.compile(r"<[^>]*>", re.DOTALL)
FONT_FAMILY = re.compile(r"\s*font-family:[^;\"]*;?")
LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}(?![\de])")
REFERENCE = re.compile(r"(\bid=\"|\bhref=\"#|url\(#)")
HEX = re.compile(r"#[0-9a-fA-F]{6}\b")
SIZE = re.compile(r"\s(?:width|height)=\"[\d.]+pt\"")
LOOK = Look(10.0)
"""So wide that its type can be read on 320 pixels, and is no larger than the text where there is room."""


@dataclass(frozen=True)
class Picture:
    """A figure of the page.

    Parameters
    ----------
    name
        Name of the drawing.
    svg
        The figure as SVG to stand in HTML.
    caption
        Caption, which names every mark.
    """

    name: str
    svg: Markup
    caption: str


def pictures(run: Run) -> tuple[Picture, ...]:
    """Return the figures of a run that its tables suffice for."""
    possible = [drawing for drawing in drawings(run.scenario) if drawing.figure.on_page]
    selection = in_memory(possible, run.tables)
    shown = []
    for place, drawing in enumerate(selection.drawings):
        table, figure = run.tables[drawing.table], drawing.figure
        subject = drawing.subject(run.scenario, run.statistics, run.n_draws, run.tables)
        caption = figure.caption(table, subject)
        svg = inline(figure.draw(table, subject, LOOK), f"f{place}", subject.outcome, caption)
        shown.append(Picture(figure.name, svg, caption))
    return tuple(shown)


def inline(figure: Figure, key: str, title: str, description: str) -> Markup:
    """Return a figure as an SVG element to stand in HTML.

    Its ids start with `key`; it has no fonts, no size and no styles of its own; each colour is a custom
    property such as ``--c-0072b2``, which falls back to the colour itself.

    Parameters
    ----------
    figure
        The figure, from :mod:`sim.figures`, whose text matplotlib has escaped.
    key
        Word that is unique in the page.
    title
        Title that is read aloud.
    description
        Description that is read aloud.

    Returns
    -------
    Markup
        The element, safe to put in HTML as it is.
    """
    text = render(figure, ("svg",))["svg"].decode("utf-8")
    text = METADATA.sub("", text[text.index("<svg") :])
    text = GLOBAL_STYLE.sub("", text)
    text = TAG.sub(lambda tag: _tag(tag.group(), key), text).strip()
    head, _, body = text.partition(">")
    named = f' role="img" aria-labelledby="{key}-title {key}-desc" focusable="false">'
    words = (
        f'<title id="{key}-title">{escape(title)}</title><desc id="{key}-desc">{escape(description)}</desc>'
    )
    return Markup(f"{SIZE.sub('', head)}{named}{words}{body}")


def _tag(tag: str, key: str) -> str:
    tag = tag.replace("xlink:href", "href").replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "")
    tag = FONT_FAMILY.sub("", tag)
    tag = REFERENCE.sub(rf"\g<1>{key}-", tag)
    tag = HEX.sub(lambda colour: f"var(--c-{colour.group()[1:].lower()},{colour.group()})", tag)
    return LONG_NUMBER.sub(lambda number: f"{float(number.group()):.2f}", tag)
