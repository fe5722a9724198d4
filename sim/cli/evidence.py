"""``sim evidence``: take or import a survey, show its shape, defects, figure, and what methods make of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

import typer

from sim.cli.app import CommandGroup
from sim.cli.options import Settings
from sim.digits import cut
from sim.faults import Fault, nearest_name, refuse
from sim.tables.table import Column, Table, plain_table
from sim.tables.terminal import console, say
from sim.tables.terminal import show as show_table

if TYPE_CHECKING:
    import pandas as pd

    from sim.evidence.survey_description import CountSummary, SurveyShape


class EvidenceCommands(CommandGroup):
    """The commands of ``sim evidence``."""

    places: ClassVar = {
        "collect": "sim.cli.collect:collect",
        "recount": "sim.cli.collect:recount",
        "fit": "sim.cli.fit:fit",
        "methods": "sim.cli.evidence:methods",
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
    from sim.scenario.shipped_files import shipped_survey

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

    from sim.cli.scenario_file import new_file
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
    refuse(faults)
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


def methods(
    file: Annotated[Path, typer.Argument(help="Scenario file.", metavar="FILE")],
    method: Annotated[
        list[str] | None, typer.Option(help="An evidence method; repeatable; default all.", metavar="NAME")
    ] = None,
    out: Annotated[Path, typer.Option(help="Parent folder of table and figure.")] = Path("results"),
    settings: Settings = None,
) -> None:
    """Run a scenario with every evidence method; print and draw what each makes of the survey."""
    from sim.evidence.methods import METHODS
    from sim.scenario.evidence import replicating_methods
    from sim.scenario.load import load

    scenario = load(file, settings or [])
    allowed = (
        replicating_methods() if scenario.evidence and not scenario.evidence.is_sample else tuple(METHODS)
    )
    chosen = tuple(method or allowed)
    refuse(
        Fault("--method", "", f"{name!r} {problem}", ", ".join(allowed), nearest_name(name, allowed))
        for name in chosen
        if name not in allowed
        for problem in ["reads no histories" if name in METHODS else "is not a method"]
    )

    from sim.analysis.compare.comparison import methods_side_by_side
    from sim.cli.progress import delayed_progress
    from sim.figures.intervals import methods_figure
    from sim.figures.style import save
    from sim.files import complete_or_absent, write_csv

    with delayed_progress(silent=False) as step:
        table = methods_side_by_side(scenario, chosen, step)
        folder = out / f"{scenario.name}-methods"
        with complete_or_absent(folder) as part:
            write_csv(part / "methods.csv", table)
            save(methods_figure(scenario, table), part, "methods")
    show_table(_methods_table(table), console())
    typer.echo(f"files: {folder}")


def _methods_table(table: "pd.DataFrame") -> Table:
    shown = []
    for (quantity, alternative), rows in table.groupby(["quantity", "alternative"], sort=False):
        numbers = rows[["median", "low", "high", "mc_error"]].to_numpy(dtype=float)
        cells = [
            f"{cut(median, error)}\n{cut(low, error)} to {cut(high, error)}"
            for median, low, high, error in numbers
        ]
        shown.append((f"{quantity} {str(alternative).partition('=')[2]}".strip(), *cells))
    return plain_table("", ["", *dict.fromkeys(table["method"])], shown)
