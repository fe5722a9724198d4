"""Printing the summary of a run."""

from rich.text import Text

from sim.cli.terminal import console, new_table, show
from sim.report.folder import Written
from sim.report.lines import summary_notes, table_lines
from sim.results import Results
from sim.scenario.schema import Scenario


def print_summary(scenario: Scenario, results: Results, written: Written) -> None:
    """Print title, run, the table of numbers, what they rest on, notes, and where the files are."""
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
    table = new_table(("", "estimate", credible, "Monte Carlo error", ""), 1, 2)
    for column in table.columns[2:]:
        column.justify = "left"
    for line in table_lines(scenario, written.summary, len(notes)):
        table.add_row(line.what, line.estimate, line.interval, line.error, line.beside)
    show(table, on)
    if written.support:
        on.print(written.support.words(scenario.report.outcome))
    for note in notes:
        on.print(Text.assemble(("note:", "dim"), f" {note}"))
    on.print(f"files: {written.folder} ({', '.join(written.names)})")
