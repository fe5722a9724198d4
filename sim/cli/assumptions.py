"""Echoing what a valid scenario assumes."""

from pathlib import Path

from sim.cli.terminal import console, new_table, show
from sim.scenario.schema import Scenario
from sim.summary.digits import cut
from sim.tables.stated import assumptions


def print_assumptions(file: Path, scenario: Scenario) -> None:
    """Print a line for the file and one for each parameter, with the quantiles its statement implies."""
    on = console()
    rows = assumptions(scenario)
    on.print(f"{file}: valid ({len(rows)} parameters, {len(scenario.outcomes)} outcomes)")
    table = new_table(("parameter", "distribution", "unit", "kind", "5 %", "50 %", "95 %"), 4, 1)
    for row in rows:
        quantiles = (cut(value, 0.0) for value in (row.p05, row.p50, row.p95))
        table.add_row(row.name, row.distribution, row.unit, row.kind, *quantiles)
    if rows:
        show(table, on)
