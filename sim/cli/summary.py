"""Printing the summary of a run."""

from rich.text import Text

from sim.report.folder import Written
from sim.report.lines import summary_notes, table_lines
from sim.results import Results
from sim.scenario.schema import Scenario
from sim.tables.table import Column, plain_table
from sim.tables.terminal import console, show


def print_summary(scenario: Scenario, results: Results, written: Written) -> None:
    """Print title, run, the table of numbers, inputs without a source, notes, and where the files are."""
    attributes = results.tree.attrs
    total, n_randomisations = int(attributes["n_draws"]), scenario.sampling.n_randomisations
    interval = scenario.report.interval
    notes = summary_notes(scenario, written.summary, results.notes)
    on = console()
    on.print(Text(scenario.title, style="bold"))
    on.print(
        f"{scenario.name}  digest {attributes['scenario_digest'][:8]}  seed {scenario.seed}  "
        f"{total:,} draws ({n_randomisations} x {total // n_randomisations:,} {scenario.sampling.sampler})"
    )
    credible = f"{100 * interval.probability:g} % credible interval ({interval.kind})"
    heads = ("", "estimate", Column(credible), Column("Monte Carlo error"), Column(""))
    rests_on = written.support.words(scenario.report.outcome) if written.support else ""
    rows = [
        (line.what, line.estimate, line.interval, line.error, line.beside if place else rests_on)
        for place, line in enumerate(table_lines(scenario, written.summary, len(notes)))
    ]
    show(plain_table("", heads, rows, n_whole=2), on)
    if written.support and written.support.names:
        on.print(Text.assemble(("without a source:", "dim"), f" {', '.join(written.support.names)}"))
    for note in notes:
        on.print(Text.assemble(("note:", "dim"), f" {note}"))
    on.print(f"files: {written.folder} ({', '.join(written.names)})")
