"""The commands of the studies: of ``python -m studies``, and of ``sim`` (:mod:`sim.cli.app`)."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args

import typer

from sim.cli.options import SurveyFile, survey_file
from sim.evidence.survey_format import Bots, Duplicates, LineReading, Weeks

if TYPE_CHECKING:
    from sim.parallel import Executor
    from studies.coverage.scores import Scores
    from studies.coverage.simulators import SimulatorName
    from studies.coverage.study import Study
    from studies.coverage.trials import Trial, TrialKey

ScoresFormat = Literal["text", "csv", "markdown"]
INTERRUPTED = 130

app = typer.Typer(
    help="Studies around sim: coverage of the evidence methods, import of a survey, the page of scenarios.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.command()
def coverage(  # noqa: PLR0913 - one argument for each option of the command
    survey: SurveyFile = None,
    methods: Annotated[
        list[str] | None,
        typer.Option(
            "--method",
            help="point, naive, rescaled, bayesian, calibrated, pivotal, hierarchical, hybrid; repeatable.",
            metavar="NAME",
        ),
    ] = None,
    references: Annotated[
        list[str] | None,
        typer.Option(
            "--reference",
            help="Short name and org/project; repeatable; default pytorch, tensorflow where FILE has them.",
            metavar="NAME=REPO",
        ),
    ] = None,
    lines: Annotated[LineReading, typer.Option(help="How lines are read.")] = "capped",
    duplicates: Annotated[
        Duplicates, typer.Option(help="Tools as listed, or merged by repository.")
    ] = "listed",
    weeks: Annotated[Weeks, typer.Option(help="Periods as dated, or Sunday starts scaled.")] = "as-dated",
    bots: Annotated[Bots, typer.Option(help="Automation accounts.")] = "kept",
    simulations: Annotated[int, typer.Option(help="Surveys of each simulator.", min=1, metavar="N")] = 200,
    simulators: Annotated[
        list[str] | None,
        typer.Option(
            "--simulator",
            help="model, resampled (default both), or histories, of whole git histories; repeatable.",
            metavar="NAME",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed, zero or larger.", min=0, metavar="N")] = 2022,
    workers: Annotated[
        int | None, typer.Option(help="Processes; default one for each core.", min=1, metavar="N")
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(help="Dask cluster that runs the trials instead, tcp://HOST:PORT.", metavar="ADDRESS"),
    ] = None,
    sizes: Annotated[
        Literal["surveyed", "drawn"],
        typer.Option(help="Model: mean contributors as surveyed, or drawn anew."),
    ] = "surveyed",
    like: Annotated[
        int, typer.Option(help="Resampled: strata of like size that share periods.", min=1, metavar="N")
    ] = 10,
    draws: Annotated[int, typer.Option(help="Draws of a method.", min=100, metavar="N")] = 2000,
    out: Annotated[Path, typer.Option(help="Folder that keeps finished trials.")] = Path("results/coverage"),
    format: Annotated[ScoresFormat, typer.Option(help="Form of the table.")] = "text",
) -> None:
    """Simulate surveys like FILE; report coverage and width of each method's intervals.

    Any survey will do, with its own references, read as a scenario would. With --simulator histories FILE has
    whole histories, by default those that are shipped, each surveyed five random fortnights at a time; their
    40 largest repositories are the references in turn. A finished trial is kept at once in the folder of
    --out: the same command goes on where it stopped.
    """
    from functools import partial

    from sim.evidence.estimands import parse_references
    from sim.evidence.readings import Reading
    from sim.parallel import executor_for
    from sim.samplers.base import stream
    from studies.coverage.scores import score
    from studies.coverage.simulators import SimulatorName
    from studies.coverage.study import StudySettings, set_up, set_up_histories
    from studies.coverage.trials import FILE_NAME, StudyMethod, read_trials

    by_name: dict[str, SimulatorName] = {name: name for name in get_args(SimulatorName)}
    chosen = _named("--simulator", simulators or ["model", "resampled"], by_name)
    valid: dict[str, StudyMethod] = {name: name for name in get_args(StudyMethod)}
    studied = _named("--method", methods or ["calibrated"], valid)
    reading = Reading(lines, duplicates, weeks, bots)
    asked = parse_references(references or [])
    of_histories = _of_histories(chosen)
    file = survey or shipped_histories() if of_histories else survey_file(survey)
    settings = StudySettings(file, reading, asked, sizes, like, draws)
    make = set_up_histories if of_histories else set_up
    study = make(settings, studied, seed, partial(stream, seed, "coverage"))
    keys = study.keys(chosen, studied, simulations)
    store = out / FILE_NAME
    wanted = set(keys)
    found = {key: trial for key, trial in read_trials(store).items() if key in wanted}
    missing = [key for key in keys if key not in found]
    if found:
        typer.echo(f"{len(found)} of {len(keys)} trials were in {store}", err=True)
    n_workers = workers or (1 if scheduler else os.cpu_count() or 1)
    if missing:
        with executor_for(n_workers, scheduler) as executor:
            found |= {trial.key: trial for trial in _run(executor, study, missing, store)}
    _print(score([found[key] for key in keys]), format)


@app.command()
def pivots(
    survey: Annotated[
        Path | None,
        typer.Argument(
            help="Period file of whole histories; default those that are shipped.", metavar="FILE"
        ),
    ] = None,
    surveys: Annotated[
        int, typer.Option(help="Surveys of each number of periods.", min=10, metavar="N")
    ] = 1000,
    seed: Annotated[int, typer.Option(help="Seed, zero or larger.", min=0, metavar="N")] = 2022,
    out: Annotated[
        Path | None, typer.Option(help="Write to this file instead of the terminal.", metavar="FILE")
    ] = None,
) -> None:
    """Learn from whole histories how far a ratio lies from few of its periods: the law of method pivotal.

    Prints quantiles of the logarithm of truth over estimate, in standard deviations, by number of periods.
    """
    from functools import partial

    from sim.evidence.periods import read_periods
    from sim.evidence.readings import Reading, read_as
    from sim.samplers.base import stream
    from studies.coverage.pivots import as_csv, histories_of, learn_tables
    from studies.coverage.study import check_whole

    table = read_periods(survey or shipped_histories())
    samples = {
        "lines_capped": read_as(table, Reading(lines="capped")),
        "lines": read_as(table, Reading(lines="corrected")),
    }
    check_whole(samples["lines"])
    found = learn_tables(histories_of(samples), partial(stream, seed, "pivots"), n_surveys=surveys)[""]
    _give(as_csv(found), out)


@app.command("import")
def import_survey(
    source: Annotated[
        Path, typer.Argument(help="Folder with the survey's source file.", metavar="SURVEY_DIR")
    ],
    out: Annotated[Path, typer.Option(help="Folder to write to.")] = Path("data/mloss-2022"),
) -> None:
    """Read the survey's source and write the files that are shipped: no names, no row per person."""
    from sim.evidence.survey_tables import write_survey
    from studies.survey_import import read_survey

    for path in write_survey(read_survey(source), out):
        typer.echo(f"written: {path}")


@app.command()
def scenarios(
    folder: Annotated[
        Path | None,
        typer.Argument(help="Folder of scenario files; default those that are shipped.", metavar="DIR"),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write to this file instead of the terminal.", metavar="FILE")
    ] = None,
) -> None:
    """Run every scenario of a folder; tabulate what each changes and what it gives, in Markdown."""
    from sim.cli.progress import delayed_progress
    from sim.scenario.shipped_files import shipped_folder
    from studies.scenarios import scenario_rows, scenarios_page

    with delayed_progress(silent=False) as step:
        page = scenarios_page(scenario_rows(folder or shipped_folder(), step))
    _give(page, out)


def _give(text: str, out: Path | None) -> None:
    """Print a text, or write it to a file and say so."""
    from sim.files import write_whole

    if out is None:
        typer.echo(text, nl=False)
    else:
        write_whole(out, text.encode("utf-8"))
        typer.echo(f"written: {out}")


def shipped_histories() -> Path:
    """Return the period file of the whole histories that come with the program."""
    return survey_file(None).parents[1] / "mloss-histories" / "periods.csv"


def _of_histories(simulators: "Sequence[SimulatorName]") -> bool:
    """Tell whether surveys come from whole histories; refuse such beside others."""
    from sim.faults import Fault, InvalidInput

    if "histories" in simulators and len(simulators) > 1:
        problem = "simulator histories has another survey than the others"
        raise InvalidInput([Fault("--simulator", ", ".join(simulators), problem, "histories by itself")])
    return "histories" in simulators


def _named[Name](option: str, names: Sequence[str], valid: Mapping[str, Name]) -> tuple[Name, ...]:
    """Return what a user named, each once."""
    from sim.faults import Fault, nearest_name, refuse

    faults = [
        Fault(option, "", f"no {option.lstrip('-')} {name!r}", ", ".join(valid), nearest_name(name, valid))
        for name in names
        if name not in valid
    ]
    refuse(faults)
    return tuple(dict.fromkeys(valid[name] for name in names))


def _run(executor: "Executor", study: "Study", keys: "Sequence[TrialKey]", store: Path) -> "list[Trial]":
    """Run trials, keep each at once, tell the progress."""
    from sim.cli.progress import counted_progress
    from studies.coverage.runner import run_trials
    from studies.coverage.trials import keep

    finished: list[Trial] = []
    trials = run_trials(executor, study, keys)
    try:
        with counted_progress("trials", len(keys)) as count:
            for trial in trials:
                keep(store, trial)
                finished.append(trial)
                count()
    except KeyboardInterrupt:
        typer.echo(
            f"stopped; {len(finished)} new trials are kept in {store}: the same command goes on", err=True
        )
        raise typer.Exit(INTERRUPTED) from None
    finally:
        trials.close()
    return finished


def _print(scores: "Scores", format: ScoresFormat) -> None:
    from dataclasses import replace

    from studies.coverage import tables

    if format == "csv":
        typer.echo(tables.as_csv(scores), nl=False)
        return
    if format == "markdown":
        typer.echo(tables.as_markdown(scores), nl=False)
        return
    from sim.tables.terminal import console, show

    on = console()
    for grid in tables.grids(scores):
        columns = (replace(column, head=column.head.replace(" / ", " /\n")) for column in grid.columns)
        show(replace(grid, columns=tuple(columns)), on)
    for note in tables.notes(scores):
        on.print(note)
