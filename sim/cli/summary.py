"""Printing the summary of a run."""

from rich.console import Console
from rich.table import Table

from sim.report.folder import Written
from sim.report.lines import table_lines
from sim.results import Results
from sim.scenario.schema import Scenario

MAX_NOTES = 3
WIDTH = 160
"""Lines are not folded: a row stays a row, whatever the terminal's width."""


def print_summary(scenario: Scenario, results: Results, written: Written) -> None:
    """Print title, run, the table of numbers, notes, and where the files are."""
    console = Console(soft_wrap=True, highlight=False, width=WIDTH)
    attributes = results.tree.attrs
    total, n_randomisations = int(attributes["n_draws"]), scenario.sampling.n_randomisations
    interval = scenario.report.interval
    notes = [note for note in (scenario.report.note, *results.notes) if note]
    shown = notes[:MAX_NOTES]
    if len(notes) > MAX_NOTES:
        shown[-1] += f" (and {len(notes) - MAX_NOTES} more notes in summary.json)"

    console.print(f"[bold]{scenario.title}[/bold]")
    console.print(
        f"{scenario.name}  digest {attributes['scenario_digest'][:8]}  seed {scenario.seed}  "
        f"{total:,} draws ({n_randomisations} x {total // n_randomisations:,} {scenario.sampling.sampler})"
    )
    rests_on = written.support.words(scenario.report.outcome) if written.support else ""
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    table.add_column("estimate", justify="right", no_wrap=True)
    table.add_column(f"{100 * interval.probability:g} % credible interval ({interval.kind})", no_wrap=True)
    table.add_column("Monte Carlo error", no_wrap=True)
    table.add_column("", no_wrap=True)
    for place, line in enumerate(table_lines(scenario, written.summary, len(shown))):
        table.add_row(*(line if place else line._replace(beside=rests_on)))
    console.print(table)
    for note in shown:
        console.print(f"[dim]note:[/dim] {note}")
    console.print(f"files: {written.folder} ({', '.join(written.names)})")
