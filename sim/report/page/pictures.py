"""The figures of the page, from the catalogue that every other figure comes from."""

from dataclasses import dataclass

from markupsafe import Markup

from sim.figures.catalogue import drawings
from sim.figures.style import Look
from sim.report.page.svg import inline
from sim.report.plot import in_memory
from sim.run_record import Run

LOOK = Look(16.0)


@dataclass(frozen=True)
class Picture:
    """A figure in the page.

    Parameters
    ----------
    name
        That of the figure in :mod:`sim.figures.catalogue`.
    svg
        To stand in HTML.
    caption
        What it shows, every mark of it.
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
        subject = drawing.subject(run.scenario, run.summary, run.n_draws, run.tables)
        caption = figure.caption(table, subject)
        svg = inline(figure.draw(table, subject, LOOK), f"f{place}", subject.outcome, caption)
        shown.append(Picture(figure.name, svg, caption))
    return tuple(shown)
