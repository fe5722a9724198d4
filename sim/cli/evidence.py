"""``sim evidence``: import a survey, show its shape, its defects and its figure."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.fit import fit
from sim.cli.methods import methods
from sim.cli.studies import EvidenceCommands

if TYPE_CHECKING:
    from sim.evidence.survey_description import CountSummary, SurveyShape
    from sim.tables.table import Table

app = typer.Typer(
    cls=EvidenceCommands, help="The survey: import it, show its shape and defects.", no_args_is_help=True
)
app.command()(fit)
app.command()(methods)

Data = Annotated[
    Path | None,
    typer.Option(
        help="Folder with periods.csv, frequencies.csv and quantiles.csv; default the shipped survey.",
        metavar="DIR",
    ),
]


@app.command()
def show(
    data: Data = None,
    out: Annotated[Path, typer.Option(help="Folder for the figure.")] = Path("results/evidence"),
) -> None:
    """Print the survey's shape and defects, and draw what contributors and repositories do in a period."""
    from sim.evidence.histograms import contribution_histograms
    from sim.evidence.survey_description import survey_counts, survey_defects, survey_shape
    from sim.evidence.survey_files import read_survey_files
    from sim.figures.contributions import NAME, contributions_figure
    from sim.figures.style import save
    from sim.scenario.shipped import shipped_survey
    from sim.tables.terminal import console
    from sim.tables.terminal import show as show_table

    shipped = read_survey_files(data or shipped_survey())
    written = save(contributions_figure(contribution_histograms(shipped)), out, NAME)
    on = console()
    if shipped.about:
        on.print(shipped.about.title, style="bold")
        on.print(f"{shipped.about.citation}. {shipped.about.licence}.")
    show_table(_shape_table(survey_shape(shipped)), on)
    show_table(_counts_table(survey_counts(shipped)), on)
    on.print("Defects", style="bold")
    for number, words in enumerate(survey_defects(shipped), start=1):
        on.print(f"{number}. {words}")
    on.print(f"figure: {', '.join(str(path) for path in written)}")


def _shape_table(shape: "SurveyShape") -> "Table":
    from sim.tables.table import Column, plain_table

    repositories, idle = f"{shape.n_repositories:,} repositories", f"{len(shape.idle_tools)} tools"
    rows = (
        ("listed tools", f"{shape.n_tools:,}", f"in {repositories}"),
        ("sampled periods", f"{shape.n_periods:,}", f"{shape.first} to {shape.last}"),
        ("  of them empty", f"{shape.n_empty_periods:,}", f"{idle} have no others"),
        ("contributor-periods", f"{shape.n_contributor_periods:,}", f"{shape.n_automation} by automation"),
    )
    return plain_table("", ("", "", Column("")), rows)


def _counts_table(rows: "tuple[CountSummary, ...]") -> "Table":
    from sim.tables.table import plain_table

    heads = ("", "sampled", "per year", "automation", "median", "99 %", "largest")
    cells = [
        (
            row.name,
            f"{row.sampled:,}",
            f"{row.per_year:,.0f}",
            f"{row.automation_share:.1%}",
            *(f"{value:,.0f}" for value in (row.median, row.q99, row.largest)),
        )
        for row in rows
    ]
    return plain_table("", heads, cells, n_whole=len(heads))
