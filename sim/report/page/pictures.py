"""The figures of the page, from the catalogue that every other figure comes from."""

from dataclasses import dataclass

from markupsafe import Markup

from sim.figures.style import Look
from sim.figures.words import ENGLISH
from sim.report.about import about
from sim.report.catalogue import BY_CHOICE, DISTRIBUTION, PRIOR_POSTERIOR, TORNADO, planned
from sim.report.page.svg import inline
from sim.report.page.told import Told
from sim.report.plot import in_memory
from sim.report.plot_run import run_of

LOOK = Look(16.0)
FAMILIES = (DISTRIBUTION, TORNADO, BY_CHOICE, PRIOR_POSTERIOR)


@dataclass(frozen=True)
class Picture:
    """A figure in the page.

    Parameters
    ----------
    family
        What sort of figure it is, as the catalogue names it.
    svg
        To stand in HTML.
    caption
        What it shows, every mark of it.
    """

    family: str
    svg: Markup
    caption: str


def pictures(told: Told) -> tuple[Picture, ...]:
    """Return the figures of a run that its tables suffice for."""
    run = run_of(told.scenario, told.summary)
    chosen = in_memory([each for each in planned(told.scenario) if each.family in FAMILIES], told.tables)
    found = []
    for place, figure in enumerate(chosen.figures):
        table = told.tables[figure.table]
        said = about(run, figure, told.tables, ENGLISH)
        caption = figure.family.caption(table, said)
        drawn = figure.family.draw(table, said, LOOK)
        found.append(Picture(figure.family.name, inline(drawn, f"f{place}", said.outcome, caption), caption))
    return tuple(found)
