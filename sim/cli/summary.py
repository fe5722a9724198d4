"""Printing the summary of a run, and what it left."""

import sys
from pathlib import Path

from sim.report.summary_lines import summary_notes, table_lines
from sim.run_record import Run
from sim.tables.table import Column, plain_table
from sim.tables.terminal import console, say, show


def print_summary(run: Run, as_json: bool = False) -> None:
    """Print title, run, the table of numbers, inputs without a source and notes, at once.

    Parameters
    ----------
    run
        Made or opened.
    as_json
        Print the content of ``summary.json`` instead.
    """
    if as_json:
        from sim.report.folder import summary_text

        sys.stdout.write(summary_text(run))
    else:
        _print_lines(run)
    sys.stdout.flush()  # into a pipe too: what follows takes longer


def _print_lines(run: Run) -> None:
    scenario, support = run.scenario, run.support
    sampling = scenario.sampling
    n_each = run.n_draws // sampling.n_randomisations
    notes = summary_notes(scenario, run.statistics, run.notes)
    on = console()
    say(scenario.title, on, "bold")
    say(
        f"{scenario.name}  digest {run.digest}  seed {scenario.seed}  "
        f"{run.n_draws:,} draws ({sampling.n_randomisations} x {n_each:,} {sampling.sampler})",
        on,
    )
    heads = ("", "estimate", Column(scenario.report.interval.words), Column("Monte Carlo error"), Column(""))
    rests_on = support.words(run.outcome) if support else ""
    rows = [
        (line.what, line.estimate, line.interval, line.error, line.beside if place else rests_on)
        for place, line in enumerate(table_lines(scenario, run.statistics, len(notes)))
    ]
    show(plain_table("", heads, rows, n_whole=2), on)
    if support and support.names:
        say(", ".join(support.names), on, lead="without a source:")
    for note in notes:
        say(note, on, lead="note:")


def print_files(folder: Path) -> None:
    """Print where the files of a run are, and their names."""
    names = sorted(entry.name + "/" * entry.is_dir() for entry in folder.iterdir())
    say(f"files: {folder} ({', '.join(names)})", console())
