"""The runs that a folder of results holds: what each was, and its answer."""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sim.faults import Fault, Faults, InvalidInput
from sim.input_file import read_input
from sim.run_record import RESULTS, SCENARIO, SUMMARY
from sim.scenario.load import read_toml
from sim.stored_tables import MAX_SUMMARY_BYTES, NUMBERS
from sim.summary.row import Row, interval_text

PROVENANCE = "provenance.json"
ENDS = ("median", "low", "high")


@dataclass(frozen=True)
class RunEntry:
    """A run in a list of them.

    Parameters
    ----------
    folder
        Folder of the run.
    scenario
        Name of its scenario.
    title
        Title of its scenario.
    created
        When it was made, UTC.
    n_draws
        Number of draws.
    outcome
        Name of the reported outcome.
    unit
        Its unit in pint's notation.
    median
        Its median; ``None`` where there is no number to quote.
    low
        Lower end of its credible interval, likewise.
    high
        Upper end of its credible interval, likewise.
    answer
        The three in words, cut to their Monte Carlo errors.
    command
        Command line that made the run.
    """

    folder: str
    scenario: str
    title: str
    created: str
    n_draws: int
    outcome: str
    unit: str
    median: float | None
    low: float | None
    high: float | None
    answer: str
    command: str


def runs_in(parent: Path) -> tuple[list[RunEntry], list[Fault]]:
    """Return the runs in a folder, the newest first, and what is wrong with those that cannot be read.

    Raises
    ------
    InvalidInput
        If there is no such folder.
    """
    if not parent.is_dir():
        problem = "is not a folder" if parent.exists() else "no such folder"
        raise InvalidInput([Fault(str(parent), "", problem, "the folder that runs were written into")])
    found: list[RunEntry] = []
    faults = Faults()
    for folder in sorted(parent.iterdir()):
        if not folder.name.startswith(".") and (folder / RESULTS).is_file():
            with faults.kept():
                found.append(_entry(folder))
    return sorted(found, key=lambda entry: (entry.created, entry.folder), reverse=True), faults


def _entry(folder: Path) -> RunEntry:
    provenance, summary = (_read_json(folder / name) for name in (PROVENANCE, SUMMARY))
    table = read_toml(folder / SCENARIO)
    try:
        outcome = str(table["report"]["outcome"])
        rows = {
            row["statistic"]: Row(**dict.fromkeys(NUMBERS, math.nan) | row)
            for row in summary["rows"]
            if (row["quantity"], row["alternative"]) == (outcome, "") and row["statistic"] in ENDS
        }
        median, low, high = (rows[name] for name in ENDS)
        values = {name: row.value if row.is_quotable else None for name, row in rows.items()}
        unit = "" if median.unit == "1" else f" {median.unit}"
        return RunEntry(
            folder=folder.name,
            scenario=str(table["name"]),
            title=str(table["title"]),
            created=datetime.fromisoformat(provenance["created"]).isoformat(),
            n_draws=int(provenance["n_draws"]),
            outcome=outcome,
            unit=median.unit,
            **values,
            answer=f"{outcome} {median.text}{unit}, {interval_text(low, high)}",
            command=str(provenance["command"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        problem = f"not as a run left it: {type(error).__name__} {error}"
        raise InvalidInput([Fault(str(folder), "", problem)]) from None


def _read_json(path: Path) -> dict[str, Any]:
    content = read_input(path, "a file that `sim run` wrote", MAX_SUMMARY_BYTES)
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InvalidInput([Fault(str(path), "", f"not JSON: {error}", "as a run left it")]) from None
    if not isinstance(found, dict):
        raise InvalidInput([Fault(str(path), "", "not a table", "as a run left it")])
    return found


def run_lines(entry: RunEntry) -> tuple[str, ...]:
    """Return what a terminal says of a run: which and when, its answer, its title, its command."""
    when = datetime.fromisoformat(entry.created).strftime("%Y-%m-%d %H:%M UTC")
    return (
        f"{entry.folder}  {when}  {entry.n_draws:,} draws",
        f"    {entry.answer}",
        f"    {entry.title}",
        f"    {entry.command}",
    )


def run_records(entries: Sequence[RunEntry]) -> list[dict[str, object]]:
    """Return runs as records for JSON."""
    return [asdict(entry) for entry in entries]
