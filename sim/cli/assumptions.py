"""Echoing what a valid scenario assumes."""

from pathlib import Path

from sim.digits import cut
from sim.scenario.schema import Scenario
from sim.tables.stated import Assumption, assumptions
from sim.tables.table import plain_table
from sim.tables.terminal import console, show


def print_assumptions(file: Path, scenario: Scenario) -> None:
    """Print a line for the file and one for each parameter, with the quantiles its statement implies."""
    on = console()
    rows = assumptions(scenario)
    on.print(f"{file}: valid ({len(rows)} parameters, {len(scenario.outcomes)} outcomes)")
    if rows:
        heads = ("parameter", "distribution", "unit", "kind", "5 %", "50 %", "95 %")
        show(plain_table("", heads, map(_cells, rows), n_text=4, n_whole=1), on)


def _cells(row: Assumption) -> tuple[str, ...]:
    quantiles = (cut(value, 0.0) for value in (row.p05, row.p50, row.p95))
    return row.name, row.distribution, row.unit, row.kind, *quantiles
