"""``sim evidence``: take or import a survey, show its shape, its defects and its figure."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

import typer

from sim.cli.app import CommandGroup
from sim.faults import Fault, InvalidInput
from sim.tables.table import Column, Table, plain_table
from sim.tables.terminal import console, say

if TYPE_CHECKING:
    from sim.evidence.survey_description import CountSummary, SurveyShape


class EvidenceCommands(CommandGroup):
    """The commands of ``sim evidence``."""

    places: ClassVar = {
        "collect": "sim.cli.collect:collect",
        "recount": "sim.cli.collect:recount",
        "fit": "sim.cli.fit:fit",
        "methods": "sim.cli.methods:methods",
        "show": "sim.cli.evidence:show",
        "new": "sim.cli.evidence:new",
        "coverage": "studies.commands:coverage",
        "import": "studies.commands:import_survey",
        "pivots": "studies.commands:pivots",
    }


app = typer.Typer(
    cls=EvidenceCommands,
    help="The survey: take it from histories, import it, show its shape and defects.",
    no_args_is_help=True,
    add_completion=False,
)


@app.callback()
def options() -> None:
    """Hold the options of the group, of which it has none."""


Data = Annotated[
    Path | None,
    typer.Option(
        help="Folder with periods.csv, frequencies.csv and quantiles.csv; default the shipped survey.",
        metavar="DIR",
    ),
]


def show(
    data: Data = None,
    out: Annotated[Path, typer.Option(help="Folder for the figure.")] = Path("results/evidence"),
) -> None:
    """Print the survey's shape and defects, and draw what contributors and repositories do in a period."""
    from sim.evidence.survey_description import survey_counts, survey_defects, survey_shape
    from sim.evidence.survey_files import contribution_histograms, read_survey_files
    from sim.figures.contributions import NAME, contributions_figure
    from sim.figures.style import save
    from sim.scenario.shipped import shipped_survey
    from sim.tables.terminal import show as show_table

    shipped = read_survey_files(data or shipped_survey())
    written = save(contributions_figure(contribution_histograms(shipped)), out, NAME)
    on = console()
    if shipped.about:
        on.print(shipped.about.title, style="bold")
        say(f"{shipped.about.citation}. {shipped.about.licence}.", on)
    shape = survey_shape(shipped)
    show_table(_shape_table(shape), on)
    show_table(_counts_table(survey_counts(shipped), _surveyed(shape)), on)
    on.print("Defects", style="bold")
    for number, words in enumerate(survey_defects(shipped), start=1):
        say(f"{number}. {words}", on)
    say(f"figure: {', '.join(str(path) for path in written)}", on)


def new(
    name: Annotated[str, typer.Argument(help="Name of the survey.", metavar="NAME")] = "survey",
    repositories: Annotated[
        list[str] | None,
        typer.Option("--repository", help="One that is surveyed; repeatable.", metavar="ORG/PROJECT"),
    ] = None,
    periods: Annotated[
        int, typer.Option(help="Periods of each repository.", min=2, max=26, metavar="N")
    ] = 10,
    year: Annotated[
        int | None, typer.Option(help="Year they lie in; default the last one.", min=1970, max=9998)
    ] = None,
    seed: Annotated[int, typer.Option(help="Chooses the periods.", min=0, metavar="N")] = 2022,
    out: Annotated[Path, typer.Option(help="Folder to write it into.", metavar="DIR")] = Path(),
) -> None:
    """Write a blank survey NAME.csv: periods of two weeks chosen at random, their counts to fill in."""
    from datetime import UTC, datetime
    from functools import partial

    from sim.cli.new import new_file
    from sim.evidence.survey_tables import blank_survey
    from sim.files import write_whole
    from sim.samplers.base import stream

    target = new_file(name, ".csv", out)
    named = _repositories(repositories)
    when = year or datetime.now(UTC).year - 1
    text = blank_survey(named, periods, when, partial(stream, seed))
    write_whole(target, text.encode("utf-8"))
    typer.echo(f"written: {target} ({len(named)} repositories, {periods} periods of {when} each)")
    typer.echo(
        "fill in contributors, commits and lines of each period, zeros where nothing happened; then state"
    )
    typer.echo(f'[evidence]\nperiods = "{target.name}"\nlines = "corrected"')


def _repositories(stated: list[str] | None) -> list[str]:
    """Return what is surveyed; a name that is no repository's, or is there twice, is refused."""
    from sim.evidence.period_columns import FORMS

    named = stated or ["org/first", "org/second"]
    faults = [
        Fault("--repository", "", f"{name!r} is not a repository's name", "org/project")
        for name in named
        if not FORMS["repository"].fullmatch(name) or "," in name
    ]
    faults += [
        Fault("--repository", "", f"{name!r} is there {named.count(name)} times", "each once")
        for name in dict.fromkeys(named)
        if named.count(name) > 1
    ]
    if faults:
        raise InvalidInput(faults)
    return named


def _shape_table(shape: "SurveyShape") -> Table:
    repositories, idle = f"{shape.n_repositories:,} repositories", f"{len(shape.idle_tools)} tools"
    whole = ("  observed whole", f"{shape.n_whole:,}", f"of {shape.n_tools:,}, without sampling error")
    rows = (
        ("listed tools", f"{shape.n_tools:,}", f"in {repositories}"),
        *([whole] if shape.n_whole else []),
        (f"{_surveyed(shape)} periods", f"{shape.n_periods:,}", f"{shape.first} to {shape.last}"),
        ("  of them empty", f"{shape.n_empty_periods:,}", f"{idle} have no others"),
        ("contributor-periods", f"{shape.n_contributor_periods:,}", f"{shape.n_automation} by automation"),
    )
    return plain_table("", ("", "", Column("")), rows)


def _surveyed(shape: "SurveyShape") -> str:
    return "surveyed" if shape.n_whole else "sampled"


def _counts_table(rows: "tuple[CountSummary, ...]", surveyed: str) -> Table:
    heads = ("", surveyed, "per year", "automation", "median", "99 %", "largest")
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
