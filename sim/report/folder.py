"""The folder of a run: resolved scenario, results, summary, tables, figures, report page, provenance."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from sim.figures.catalogue import drawings
from sim.figures.look import FORMATS, Look
from sim.files import as_json, complete_or_absent, frame_csv, write_csv, write_json, write_whole
from sim.report.plot import Selection, draw, in_memory
from sim.run_record import RESULTS, SCENARIO, SUMMARY, TABLES, Run
from sim.scenario.data_files import resolved_toml
from sim.tables.table import Tables
from sim.types import Step

FIGURES, PAGE = "figures", "report.html"
ON_PAGE = ("png",)
"""Formats of the figures that the report page shows, where no other are asked for."""


def write_run(
    run: Run,
    out: Path,
    command: Sequence[str],
    step: Step,
    started: float | None = None,
    formats: Sequence[str] | None = None,
) -> Run:
    """Write everything a run leaves behind; the folder appears complete or not at all.

    Parameters
    ----------
    run
        The run, complete.
    out
        Parent of the folder.
    command
        Command line, which is kept in the provenance.
    step
        Called with a short description when a step begins.
    started
        What ``time.perf_counter()`` gave when the command began; the runtime kept with the results is the
        time from then until all but they are written. Without it none is kept.
    formats
        Formats of every figure; none of them for no figure. Unless stated, the figures that the report page
        shows are drawn, as PNG: ``sim plot`` draws any other when it is wanted.

    Returns
    -------
    Run
        The same run as it stands in ``<out>/<scenario>-<first eight digits of the digest>``, with time and
        command in its stamp.

    Raises
    ------
    InvalidInput
        If the folder cannot be written.
    """
    from sim.replication.machine import run_stamp  # here and below: drawing a figure needs none of it
    from sim.report.page import write_report
    from sim.report.paper import write_paper
    from sim.results_file import write

    scenario, folder = run.scenario, out / run.name
    with complete_or_absent(folder) as part:
        _write_tables(run.tables, part / TABLES)
        write_paper(run, run.tables, part / TABLES)
        step("drawing figures")
        _write_figures(run, part / FIGURES, formats)
        step("writing results")
        # paths inside the resolved scenario must hold where the folder will stand, beside `part`
        (part / SCENARIO).write_text(resolved_toml(scenario, folder.resolve()), encoding="utf-8")
        (part / SUMMARY).write_text(summary_text(run), encoding="utf-8", newline="\n")
        write_csv(part / "summary.csv", run.summary)
        created = datetime.now(UTC).isoformat(timespec="seconds")
        stamp = {"command": " ".join(command), "created": created, **run_stamp(started)}
        run = run.replace(folder, stamp)
        write(run.content, part / RESULTS)
        step("writing the report page")
        write_report(part / PAGE, [run])
        write_json(part / "provenance.json", {key: str(value) for key, value in run.attributes.items()})
    return run


def add_tables(run: Run, tables: Tables) -> None:
    """Add tables to the folder of a run, and write again what a paper takes from all of them.

    Where one takes the place of another that it differs from, the figures that stand in the folder and its
    page are drawn and written again too: the folder never says two things.

    Parameters
    ----------
    run
        The run whose folder it is.
    tables
        New tables by name, which take the place of those of the same names.

    Raises
    ------
    InvalidInput
        If the folder cannot be written, or a table in it cannot be read.
    """
    from sim.report.paper import write_paper

    replaced = _write_tables(tables, run.folder / TABLES)
    whole = run.replace(run.folder, tables={**run.tables, **tables})
    write_paper(whole, whole.tables, run.folder / TABLES)
    if replaced:
        _renew(whole)


def write_analysis(run: Run, tables: Tables, folder: Path) -> None:
    """Write an analysis of a run that is not the one its folder tells of: tables, papers' tables, figures.

    Parameters
    ----------
    run
        The run that is analysed, whose own folder stays as it is.
    tables
        Tables that came out, by name.
    folder
        Folder to write to, made if need be.

    Raises
    ------
    InvalidInput
        If the folder cannot be written.
    """
    from sim.report.paper import write_paper

    whole = {**run.tables, **tables}
    _write_tables(tables, folder / TABLES)
    write_paper(run, whole, folder / TABLES)
    drawn = [each for each in drawings(run.scenario) if each.table in tables]
    draw(in_memory(drawn, whole), run, Look(), folder / FIGURES)


def add_figures(run: Run, selection: Selection, look: Look) -> list[Path]:
    """Draw figures into the folder of a run, and in the look of the run never apart from the others there.

    Parameters
    ----------
    run
        The run whose folder it is.
    selection
        Figures and their tables.
    look
        Width, style and formats. A look other than the run draws in has a folder of its own below
        ``figures``.

    Returns
    -------
    list of Path
        The files, in the order drawn.

    Raises
    ------
    InvalidInput
        If the folder cannot be written.
    """
    folder = run.folder / FIGURES
    if not look.is_default:
        return draw(selection, run, look, folder / look.name)
    before = {path: path.read_bytes() for each in FORMATS for path in folder.glob(f"*.{each}")}
    written = draw(selection, run, look, folder)
    if any(path in before and path.read_bytes() != before[path] for path in written):
        _renew(run)
    return written


def _renew(run: Run) -> None:
    """Draw the figures that stand in the folder of a run again from its tables, and write its page again."""
    folder = run.folder / FIGURES
    for ending in FORMATS:
        standing = {path.stem: path for path in folder.glob(f"*.{ending}")}
        wanted = [each for each in drawings(run.scenario) if each.name in standing]
        selection = in_memory(wanted, run.tables)
        draw(selection, run, Look(formats=(ending,)), folder)
        for name in selection.left_out:
            standing[name].unlink()
    if (run.folder / PAGE).is_file():
        from sim.report.page import write_report

        write_report(run.folder / PAGE, [run])


def _write_tables(tables: Tables, folder: Path) -> tuple[str, ...]:
    """Write tables as CSV, each file whole or not at all; return which took the place of others."""
    replaced = []
    for name, table in tables.items():
        path, content = folder / f"{name}.csv", frame_csv(table).encode()
        if path.is_file() and path.read_bytes() != content:
            replaced.append(name)
        write_whole(path, content)
    return tuple(replaced)


def summary_text(run: Run) -> str:
    """Return the summary as JSON, which repeats exactly: it holds neither the time nor the command."""
    scenario, attributes, further = run.scenario, run.attributes, run.scenario.report.intervals
    content = {
        "title": scenario.title,
        "scenario": scenario.name,
        "seed": scenario.seed,
        "n_draws": attributes["n_draws"],
        "sampler": scenario.sampling.sampler,
        "scenario_digest": attributes["scenario_digest"],
        "numbers_digest": attributes["numbers_digest"],
        "interval": scenario.report.interval.model_dump(),
        **({} if further is None else {"intervals": [interval.model_dump() for interval in further]}),
        **({} if run.support is None else {"support": asdict(run.support)}),
        "notes": [note for note in (scenario.report.note, *run.notes) if note],
        "rows": [_without_nan(asdict(row)) for row in run.statistics.rows],
    }
    return as_json(content)


def _without_nan(row: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in row.items() if not (isinstance(value, float) and np.isnan(value))}


def _write_figures(run: Run, folder: Path, formats: Sequence[str] | None = None) -> None:
    """Draw figures of a run that its tables suffice for."""
    wanted = [each for each in drawings(run.scenario) if each.figure.on_page or formats is not None]
    look = Look(formats=ON_PAGE if formats is None else formats)
    if look.formats:
        draw(in_memory(wanted, run.tables), run, look, folder)
