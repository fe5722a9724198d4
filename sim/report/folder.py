"""The folder of a run: resolved scenario, results, summary, tables, figures, report page, provenance."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from sim.files import complete_or_absent, write_json
from sim.replication.machine import run_stamp
from sim.report.page import Told, write_report
from sim.report.paper import write_paper
from sim.report.plot import write_figures
from sim.report.run_tables import run_tables, with_trace, write_tables
from sim.report.support import Support, support
from sim.results import Results, stamped, write
from sim.scenario.resolved import resolved_toml
from sim.scenario.schema import Scenario
from sim.summary.lookup import Summary
from sim.summary.rows import summarise
from sim.types import Step


@dataclass(frozen=True)
class Written:
    """What a run left on disk.

    Parameters
    ----------
    folder
        ``<out>/<scenario>-<first eight digits of the digest>``.
    names
        Files and folders in it.
    summary
        The numbers in ``summary.csv``.
    support
        What the variance of the reported outcome rests on, if it varies.
    """

    folder: Path
    names: tuple[str, ...]
    summary: Summary
    support: Support | None


def write_results(
    scenario: Scenario,
    results: Results,
    out: Path,
    command: Sequence[str],
    step: Step,
    started: float | None = None,
    trace: pd.DataFrame | None = None,
) -> Written:
    """Write everything a run leaves behind; the folder appears complete or not at all.

    Parameters
    ----------
    scenario, results
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
    trace
        Of a run that drew until its figures had settled (:class:`sim.engine.adaptive.Adapted`); written as
        ``tables/adaptive.csv``, its tolerances shown in the figure of convergence.

    Raises
    ------
    InvalidInputError
        If the folder cannot be written.
    """
    step("summarising")
    summary = Summary(summarise(scenario, results))
    folder = out / f"{scenario.name}-{results.tree.attrs['scenario_digest'][:8]}"
    with complete_or_absent(folder) as part:
        tables = with_trace(run_tables(scenario, results, summary, step), trace)
        found = support(scenario, tables)
        write_tables(tables, part / "tables")
        write_paper(scenario, results, summary, tables, part / "tables")
        step("drawing figures")
        write_figures(scenario, tables, summary, part / "figures")
        step("writing results")
        # paths inside the resolved scenario must hold where the folder will stand, beside `part`
        (part / "scenario.toml").write_text(resolved_toml(scenario, folder.resolve()), encoding="utf-8")
        _write_summary(scenario, results, summary, found, part)
        created = datetime.now(UTC).isoformat(timespec="seconds")
        stamp = {"command": " ".join(command), "created": created, **run_stamp(started)}
        results = stamped(results, stamp)
        write(results, part / "results.nc")
        step("writing the report page")
        write_report(part / "report.html", [Told(scenario, results, summary, tables, folder)])
        write_json(part / "provenance.json", {key: str(value) for key, value in results.tree.attrs.items()})
        names = tuple(sorted(entry.name + "/" * entry.is_dir() for entry in part.iterdir()))
    return Written(folder, names, summary, found)


def _write_summary(
    scenario: Scenario, results: Results, summary: Summary, found: Support | None, part: Path
) -> None:
    """Write the summary as CSV and JSON; neither holds the time or the command, so both repeat exactly."""
    frame = pd.DataFrame([asdict(row) for row in summary.rows])
    frame.to_csv(part / "summary.csv", index=False, lineterminator="\n")
    attributes = results.tree.attrs
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
        **({} if found is None else {"support": asdict(found)}),
        "notes": [note for note in (scenario.report.note, *results.notes) if note],
        "rows": [_without_nan(asdict(row)) for row in summary.rows],
    }
    write_json(part / "summary.json", content)


def _further_intervals(scenario: Scenario) -> dict[str, list[dict[str, object]]]:
    stated = scenario.report.intervals
    return {} if stated is None else {"intervals": [interval.model_dump() for interval in stated]}


def _without_nan(row: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in row.items() if not (isinstance(value, float) and np.isnan(value))}
