"""The folder of a run: resolved scenario, results, summary, tables, figures, report page, provenance."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from sim.files import as_json, complete_or_absent, write_json, write_whole
from sim.replication.machine import run_stamp
from sim.report.page import write_report
from sim.report.paper import write_paper
from sim.report.plot import write_figures
from sim.results import with_stamp, write
from sim.run_record import RESULTS, SCENARIO, SUMMARY, TABLES, Run
from sim.run_tables import Tables
from sim.scenario.data_files import resolved_toml
from sim.scenario.schema import Scenario
from sim.types import Step


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
        What was run, and what came out.
    out
        Parent folder.
    command
        The command line, kept in the provenance.
    step
        Called with a short description when a step begins.
    started
        What ``time.perf_counter()`` gave when the command began; the runtime kept with the results is the
        time from then until all but they are written. Without it none is kept.
    formats
        As for :func:`sim.report.plot.write_figures`.

    Returns
    -------
    Run
        The same as it stands in ``<out>/<scenario>-<first eight digits of the digest>``, with time and
        command in its stamp.

    Raises
    ------
    InvalidInput
        If the folder cannot be written.
    """
    run.complete()
    scenario, folder = run.scenario, out / run.name
    with complete_or_absent(folder) as part:
        write_tables(run.tables, part / TABLES)
        write_paper(run, run.tables, part / TABLES)
        step("drawing figures")
        write_figures(run, part / "figures", formats)
        step("writing results")
        # paths inside the resolved scenario must hold where the folder will stand, beside `part`
        (part / SCENARIO).write_text(resolved_toml(scenario, folder.resolve()), encoding="utf-8")
        (part / SUMMARY).write_text(summary_text(run), encoding="utf-8", newline="\n")
        run.summary.to_csv(part / "summary.csv", index=False, lineterminator="\n")
        created = datetime.now(UTC).isoformat(timespec="seconds")
        stamp = {"command": " ".join(command), "created": created, **run_stamp(started)}
        run = run.replace(folder, with_stamp(run.results, stamp))
        write(run.results, part / RESULTS)
        step("writing the report page")
        write_report(part / "report.html", [run])
        write_json(part / "provenance.json", {key: str(value) for key, value in run.attributes.items()})
    return run


def add_tables(run: Run, tables: Tables) -> None:
    """Add tables to the folder of a run, and write again what a paper takes from all of them.

    Parameters
    ----------
    run
        Whose folder it is.
    tables
        New ones, which take the place of those of the same names.

    Raises
    ------
    InvalidInput
        If the folder cannot be written, or a table in it cannot be read.
    """
    write_tables(tables, run.folder / TABLES)
    write_paper(run, {**run.tables, **tables}, run.folder / TABLES)


def write_tables(tables: Tables, folder: Path) -> None:
    """Write tables as CSV, each file whole or not at all.

    Parameters
    ----------
    tables
        By name.
    folder
        Made if need be.

    Raises
    ------
    InvalidInput
        If the folder cannot be written.
    """
    for name, table in tables.items():
        text = table.to_csv(index=False, lineterminator="\n")
        write_whole(folder / f"{name}.csv", text.encode("utf-8"))


def summary_text(run: Run) -> str:
    """Return the summary as JSON, which repeats exactly: it holds neither the time nor the command."""
    scenario, attributes = run.scenario, run.attributes
    content = {
        "title": scenario.title,
        "scenario": scenario.name,
        "seed": scenario.seed,
        "n_draws": attributes["n_draws"],
        "sampler": scenario.sampling.sampler,
        "scenario_digest": attributes["scenario_digest"],
        "numbers_digest": attributes["numbers_digest"],
        "interval": scenario.report.interval.model_dump(),
        **_further_intervals(scenario),
        **({} if run.support is None else {"support": asdict(run.support)}),
        "notes": [note for note in (scenario.report.note, *run.notes) if note],
        "rows": [_without_nan(asdict(row)) for row in run.statistics.rows],
    }
    return as_json(content)


def _further_intervals(scenario: Scenario) -> dict[str, list[dict[str, object]]]:
    stated = scenario.report.intervals
    return {} if stated is None else {"intervals": [interval.model_dump() for interval in stated]}


def _without_nan(row: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in row.items() if not (isinstance(value, float) and np.isnan(value))}
