"""``sim table1``: Table 1 as printed, as recomputed from the public file, and in another reading."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sim.cli.options import BotsRead, DuplicatesRead, LinesRead, Salary, SurveyFile, WeeksRead, survey_file
from sim.tables.table import plain_table
from sim.tables.terminal import console, show

if TYPE_CHECKING:
    import pandas as pd

    from sim.evidence.periods import PeriodTable
    from sim.evidence.readings import Reading

Table1Format = Literal["text", "csv", "latex"]
TEXTS = ("row", "quantity", "reading")
"""Columns of text."""


def table1(  # noqa: PLR0913 - one argument for each option of the command
    data: SurveyFile = None,
    salary: Salary = 300_000.0,
    lines: LinesRead = "corrected",
    duplicates: DuplicatesRead = "listed",
    weeks: WeeksRead = "as-dated",
    bots: BotsRead = "kept",
    format: Annotated[Table1Format, typer.Option(help="Form of the table.")] = "text",
    all_readings: Annotated[
        bool, typer.Option("--all-readings", help="Every switch's effect on every row and on the BCR.")
    ] = False,
) -> None:
    """Print Table 1 of the paper: as printed, as recomputed, as corrected, and why they differ."""
    from sim.evidence.periods import read_periods
    from sim.evidence.readings import Reading

    table = read_periods(survey_file(data))
    if all_readings:
        _print_effects(table, salary, format)
    else:
        _print_side_by_side(table, Reading(lines, duplicates, weeks, bots), salary, format)


def _print_side_by_side(
    table: "PeriodTable", reading: "Reading", salary: float, format: Table1Format
) -> None:
    from sim.evidence import paper_table as text
    from sim.evidence.paper_table import AS_RECOMPUTED, CITATION, SALARY, notes
    from sim.evidence.paper_table import table1 as compute
    from sim.evidence.readings import read_as
    from sim.files import frame_csv

    public = read_as(table, AS_RECOMPUTED)
    recomputed = compute(public, salary)
    numbers = text.side_by_side(recomputed, compute(read_as(table, reading), salary))
    title = f"Table 1 at {salary:,.0f} USD per person and year (as printed: {SALARY:,.0f})"
    if format == "csv":
        typer.echo(frame_csv(numbers), nl=False)
        return
    title += f". As printed: {CITATION}" if format == "latex" else ""
    _print_cells(text.side_by_side_text(numbers), title, "table1", format)
    if format == "text":
        typer.echo(f"as printed: {CITATION}")
        for note in notes(public, recomputed, reading):
            typer.echo(note)


def _print_effects(table: "PeriodTable", salary: float, format: Table1Format) -> None:
    from sim.evidence import paper_table as text
    from sim.evidence.paper_table import BENEFIT, all_readings
    from sim.files import frame_csv

    numbers = text.effects(all_readings(table, salary))
    titles = {
        "cost_per_year": "Cost per year, million USD",
        "to_recomputed": "Cost per year, ratio to the row as recomputed",
        "bcr": f"Benefit-cost ratio at a benefit of {BENEFIT:,.0f} USD per year",
    }
    if format == "csv":
        typer.echo(frame_csv(numbers), nl=False)
        return
    for quantity, title in titles.items():
        cells = text.effects_text(numbers, quantity)
        _print_cells(cells, title, f"table1-{quantity}", format)


def _print_cells(cells: "pd.DataFrame", title: str, name: str, format: Table1Format) -> None:
    """Print a frame of text as a table, on the terminal or as LaTeX with a label of this name."""
    heads = [str(head) for head in cells.columns]
    n_text = sum(head in TEXTS for head in heads)
    rows = cells.astype(str).to_numpy().tolist()
    table = replace(plain_table(title, heads, rows, n_text=n_text, n_whole=len(heads)), name=name)
    if format == "latex":
        from sim.tables.latex import as_latex

        typer.echo(as_latex(table), nl=False)
    else:
        show(table, console())
