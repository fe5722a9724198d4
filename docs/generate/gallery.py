"""The gallery: its page from ``figures.toml``, and its pictures from the commands that stand there."""

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from docs.generate.markdown import code, page
from sim.figures.catalogue import drawings, run_figures
from sim.figures.run_figure import Drawing
from sim.scenario.load import load

PICTURES = "images/gallery"
SCENARIO = Path(__file__).parents[2] / "priors" / "default.toml"
INTRODUCTION = """# Gallery

Every kind of figure, with the command that draws it and how to read it. Commands that draw write PDF and
PNG; `sim plot` also SVG (`--format`), in the width of a column or page (`--width`) and for slides
(`--style`), and a caption for each figure in `captions.md` and `captions.tex`. Colours are told apart by all
eyes and in grey print. The pictures here are small copies; `python -m docs.generate.pictures` makes them
anew."""


class Frozen(BaseModel):
    """A table of ``figures.toml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Shown(Frozen):
    """A kind of figure: the command that draws it (else its section's last), the file taken, and words."""

    name: str
    command: str = ""
    file: str
    words: str = ""


class Section(Frozen):
    """Figures that the same commands make; an overlay to write first; how the tests treat the commands."""

    title: str
    commands: Annotated[tuple[str, ...], Field(min_length=1)]
    mark: str
    overlay: str = ""
    text: str = ""
    figures: tuple[Shown, ...] = ()


class Gallery(Frozen):
    """All of ``figures.toml``."""

    sections: tuple[Section, ...]


def read_gallery() -> Gallery:
    """Return the gallery as stated, with every figure of a run."""
    text = Path(__file__).with_name("figures.toml").read_text(encoding="utf-8")
    of_one_run, *others = Gallery(**tomllib.loads(text)).sections
    elsewhere = {shown.name for section in others for shown in section.figures}
    shown = {drawing.figure.name: _of_run(drawing) for drawing in drawings(load(SCENARIO))}
    figures = tuple(figure for name, figure in shown.items() if name not in elsewhere)
    return Gallery(sections=(of_one_run.model_copy(update={"figures": figures}), *others))


def _of_run(drawing: Drawing) -> Shown:
    """Return a figure of the first section, whose commands run the shipped scenario."""
    name = drawing.figure.name
    return Shown(
        name=name,
        command=f"sim plot results/default-* --figure {name}",
        file=f"results/default-*/figures/{drawing.name}.png",
    )


def gallery_page() -> str:
    """Return the page."""
    return page(INTRODUCTION, *(_section(section) for section in read_gallery().sections))


def _section(section: Section) -> str:
    mark = f"<!-- {section.mark} -->\n" if section.mark else ""
    commands = "\n".join(section.commands)
    overlay = f"<!-- file: {section.overlay} -->\n```toml\n{section.text}```\n\n" if section.overlay else ""
    head = f"## {section.title}\n\n{overlay}{mark}```sh\n{commands}\n```\n\n"
    return head + "\n\n".join(_figure(shown, section) for shown in section.figures)


def _figure(shown: Shown, section: Section) -> str:
    readings = {figure.name: figure.reading for figure in run_figures()}
    words = " ".join((shown.words or readings[shown.name]).split())
    picture = f"![{shown.name}]({PICTURES}/{shown.name}.png)"
    return f"### {code(shown.name)}\n\n{picture}\n\n{code(shown.command or section.commands[-1])}\n\n{words}"
