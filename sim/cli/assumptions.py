"""Echoing what a valid scenario assumes."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from sim.scenario.schema import Scenario
from sim.summary.digits import cut
from sim.tables.stated import assumptions

WIDTH = 120


def print_assumptions(file: Path, scenario: Scenario) -> None:
    """Print a line for the file and one for each parameter, with the quantiles its statement implies."""
    console = Console(highlight=False, width=WIDTH)
    rows = assumptions(scenario)
    console.print(
        f"{file}: valid ({len(rows)} parameters, {len(scenario.outcomes)} outcomes)", soft_wrap=True
    )
    table = Table(box=None, pad_edge=False)
    for head in ("parameter", "distribution", "unit", "kind"):
        table.add_column(head, no_wrap=True)
    for head in ("5 %", "50 %", "95 %"):
        table.add_column(head, justify="right", no_wrap=True)
    for row in rows:
        quantiles = (cut(value, 0.0) for value in (row.p05, row.p50, row.p95))
        table.add_row(row.name, row.distribution, row.unit, row.kind, *quantiles)
    if rows:
        console.print(table)
