"""``python -m tests.errors``: rewrite docs/errors.md."""

from typing import Annotated

import typer

from tests.errors.document import PATH, document
from tests.errors.panel import panel
from tests.errors.spread import Plan, spreads

FEW = 20
"""Seeds on which samplers are compared."""


def main(
    seeds: Annotated[int, typer.Option(help="Seeds of each scenario.", min=2)] = 60,
    scenarios: Annotated[int, typer.Option(help="Scenarios of the panel, evenly from all.", min=1)] = 40,
    draws: Annotated[int, typer.Option(help="Draws of each run.", min=256)] = 4096,
    workers: Annotated[int, typer.Option(help="Processes.", min=1)] = 2,
) -> None:
    """Hold printed errors against the spread over seeds, and write docs/errors.md."""
    entries = panel()[:: max(1, 40 // scenarios)][:scenarios]
    plan = Plan(range(1, 1 + seeds), draws)
    found = spreads(entries, plan, workers)
    random = spreads(entries, Plan(plan.seeds[:FEW], draws, "random"), workers)
    PATH.write_text(document(found, plan, random), encoding="utf-8")
    typer.echo(f"written: {PATH}")


if __name__ == "__main__":
    typer.run(main)
