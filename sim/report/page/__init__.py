"""The report page: one HTML file that says what a run found, to a reader who has never seen the program."""

import base64
import hashlib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sim.figures.moving_histogram import panel_of
from sim.files import write_whole
from sim.report.page.answer import answer_of
from sim.report.page.appendix import assumed, error_table, facts, notes_of, settling_table
from sim.report.page.drivers import chance_table, driver_sentences, driver_table, switching_table
from sim.report.page.pictures import pictures
from sim.report.page.script_data import STEPS, document, page_draws
from sim.run_record import Run
from sim.scenario.data_files import resolved_toml
from sim.tables.formats import as_html

TEMPLATES = "templates"


def write_report(path: Path, runs: Sequence[Run]) -> None:
    """Write :func:`render_report` of runs to an HTML file, whole or not at all.

    Parameters
    ----------
    path
        The file to write.
    runs
        Runs that the page tells of.

    Raises
    ------
    InvalidInput
        If the runs cannot stand on one page, or the file cannot be written.
    """
    write_whole(path, render_report(runs).encode("utf-8"))


def render_report(runs: Sequence[Run]) -> str:
    """Return the page as HTML, which needs no network and no other file.

    The first of the runs, of which there is one at least, is told in full, the others beside it. The same
    runs give the same text; the only time in it is the one they carry.

    Raises
    ------
    InvalidInput
        If a run has no outcome of the first one's name and unit, or a file that its scenario names cannot
        be used.
    """
    run = runs[0]
    held = page_draws(run)
    panel = panel_of(held.values)
    drawn = pictures(run)
    names = sorted({each.name for each in drawn})
    script, side_by_side = _asset("page.js"), None
    if len(runs) > 1:
        from sim.report.page.comparison import comparison_of  # here: one run takes no comparison to import

        side_by_side = comparison_of(runs)
    return _environment().get_template("page.html").render(
        run=run,
        answer=answer_of(run),
        figures={name: [each for each in drawn if each.name == name] for name in names},
        side_by_side=side_by_side,
        driven=driver_sentences(run),
        drivers=driver_table(run),
        chances=chance_table(run),
        switching=switching_table(run),
        assumptions=assumed(run),
        notes=notes_of(run),
        errors=error_table(run),
        settling=settling_table(run),
        facts=facts(run),
        resolved=resolved_toml(run.scenario, run.folder.resolve()),
        embedded=held,
        panel=panel,
        steps=STEPS,
        thresholds=run.scenario.report.thresholds,
        document=document(run, held, panel),
        style=Markup(_asset("page.css")),
        script=Markup(script),
        # by which the page's own policy lets this script run, and no other
        script_digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii"),
    )  # fmt: skip


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("sim.report", TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["table"] = as_html
    environment.policies["json.dumps_kwargs"] = {"sort_keys": True, "allow_nan": False}
    return environment


def _asset(name: str) -> str:
    return (files("sim.report") / TEMPLATES / name).read_text(encoding="utf-8")
