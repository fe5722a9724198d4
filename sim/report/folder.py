"""The folder of a run: resolved scenario, results, summary, tables, figures, provenance."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from sim.folder import complete_or_absent, write_json
from sim.report.figures import figure_tables, write_figures
from sim.results import Results, stamped, write
from sim.scenario.resolved import resolved_toml
from sim.scenario.schema import Scenario
from sim.summary.lookup import Summary
from sim.summary.rows import summarise

Step = Callable[[str], None]


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
    """

    folder: Path
    names: tuple[str, ...]
    summary: Summary


def write_results(
    scenario: Scenario, results: Results, out: Path, command: Sequence[str], step: Step
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
        Told in words what begins now.

    Raises
    ------
    InvalidInputError
        If the folder cannot be written.
    """
    step("summarising")
    summary = Summary(summarise(scenario, results))
    folder = out / f"{scenario.name}-{results.tree.attrs['scenario_digest'][:8]}"
    stamp = {"command": " ".join(command), "created": datetime.now(UTC).isoformat(timespec="seconds")}
    results = stamped(results, stamp)
    with complete_or_absent(folder) as part:
        step("writing results")
        # paths inside the resolved scenario must hold where the folder will stand, beside `part`
        (part / "scenario.toml").write_text(resolved_toml(scenario, folder.resolve()), encoding="utf-8")
        write(results, part / "results.nc")
        _write_summary(scenario, results, summary, part)
        write_json(part / "provenance.json", {key: str(value) for key, value in results.tree.attrs.items()})
        step("drawing figures")
        tables = figure_tables(scenario, results, summary)
        for name, table in tables.items():
            (part / "tables").mkdir(exist_ok=True)
            table.to_csv(part / "tables" / f"{name}.csv", index=False, lineterminator="\n")
        write_figures(scenario, tables, summary, part / "figures")
        names = tuple(sorted(entry.name + "/" * entry.is_dir() for entry in part.iterdir()))
    return Written(folder, names, summary)


def _write_summary(scenario: Scenario, results: Results, summary: Summary, part: Path) -> None:
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
        "notes": [note for note in (scenario.report.note, *results.notes) if note],
        "rows": [_without_nan(asdict(row)) for row in summary.rows],
    }
    write_json(part / "summary.json", content)


def _without_nan(row: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in row.items() if not (isinstance(value, float) and np.isnan(value))}
