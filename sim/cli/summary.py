"""Printing the summary of a run."""

from rich.text import Text

from sim.cli.terminal import console, new_table, show
from sim.report.folder import Written
from sim.report.lines import summary_notes, table_lines
from sim.results import Results
from sim.scenario.schema import Scenario


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
    table = new_table(("", "estimate", credible, "Monte Carlo error", ""), 1, 2)
    for column in table.columns[2:]:
        column.justify = "left"
    rests_on = written.support.words(scenario.report.outcome) if written.support else ""
    for place, line in enumerate(table_lines(scenario, written.summary, len(notes))):
        table.add_row(line.what, line.estimate, line.interval, line.error, line.beside if place else rests_on)
    show(table, on)
    if written.support and written.support.names:
        on.print(Text.assemble(("without a source:", "dim"), f" {', '.join(written.support.names)}"))
    for note in notes:
        on.print(Text.assemble(("note:", "dim"), f" {note}"))
    on.print(f"files: {written.folder} ({', '.join(written.names)})")
