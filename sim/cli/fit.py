"""``sim evidence fit``: the survey read by a hierarchical model."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sim.cli.options import BotsRead, DuplicatesRead, LinesRead, Salary, SurveyFile, WeeksRead, survey_file
from sim.digits import cut
from sim.tables.table import plain_table
from sim.tables.terminal import console, show

if TYPE_CHECKING:
    import pandas as pd

    from sim.evidence.hierarchical.diagnostics import Diagnostics
    from sim.evidence.hierarchical.model_survey import ModelSurvey
    from sim.evidence.hierarchical.settings import FitSettings
    from sim.evidence.hierarchical.survey_fit import SurveyFit
    from sim.types import RngFor


def fit(  # noqa: PLR0913 - one argument for each option of the command
    data: SurveyFile = None,
    models: Annotated[
        list[str] | None,
        typer.Option(
            "--model", help="contributors=poisson, commits=without-activity, ...", metavar="UNIT=NAME"
        ),
    ] = None,
    draws: Annotated[int, typer.Option(help="Draws of each chain.", metavar="N")] = 1000,
    tune: Annotated[int, typer.Option(help="Draws before them, to adapt.", metavar="N")] = 500,
    chains: Annotated[int, typer.Option(help="Number of chains.", metavar="N")] = 4,
    cores: Annotated[int, typer.Option(help="Chains at the same time.", metavar="N")] = 2,
    sampler: Annotated[Literal["nutpie", "pymc"], typer.Option(help="Sampler.")] = "nutpie",
    target_accept: Annotated[
        float, typer.Option(help="Acceptance aimed at; larger, smaller steps.", metavar="P")
    ] = 0.8,
    seed: Annotated[
        int | None, typer.Option(help="Seed; default that of the fit that runs use.", min=0, metavar="N")
    ] = None,
    lines: LinesRead = "capped",
    duplicates: DuplicatesRead = "listed",
    weeks: WeeksRead = "as-dated",
    bots: BotsRead = "kept",
    references: Annotated[
        list[str] | None,
        typer.Option(
            "--reference",
            help="Short name and org/project; default pytorch, tensorflow.",
            metavar="NAME=REPO",
        ),
    ] = None,
    salary: Salary = 300_000.0,
    accept_diagnostics: Annotated[
        bool, typer.Option("--accept-diagnostics", help="Use a posterior that its diagnostics refuse.")
    ] = False,
    compare: Annotated[
        bool, typer.Option("--compare", help="Fit every candidate model and compare them; minutes.")
    ] = False,
    figures: Annotated[
        bool, typer.Option("--figures", help="Draw the chains' ranks and intervals as well.")
    ] = False,
    keep_beside: Annotated[
        bool, typer.Option("--keep-beside", help="Keep the posterior beside FILE, where runs find it.")
    ] = False,
    out: Annotated[Path, typer.Option(help="Folder to write to.")] = Path("results/evidence/fit"),
) -> None:
    """Fit the hierarchical model to a survey; print the estimands beside those of the design.

    Fits are kept in the folder SIM_CACHE_DIR, by default .cache/sim. A posterior that its diagnostics do not
    support is refused, with the numbers.
    """
    from functools import partial

    from sim.cli.progress import delayed_progress
    from sim.engine.coverage import STUDIED_REFERENCES
    from sim.evidence.estimands import parse_references
    from sim.evidence.hierarchical.cache import default_cache
    from sim.evidence.hierarchical.model_survey import read_model_survey
    from sim.evidence.hierarchical.settings import FIT_SEED, FitSettings, parse_choice
    from sim.evidence.hierarchical.survey_fit import fit_survey
    from sim.evidence.methods import METHODS
    from sim.evidence.readings import Reading
    from sim.figures.fit_figures import SHRINKAGE, shrinkage_figure
    from sim.figures.style import save
    from sim.samplers.base import stream

    periods = survey_file(data)
    chosen = parse_choice(models or [])
    settings = FitSettings(draws, tune, chains, cores, sampler, target_accept, chosen, accept_diagnostics)
    asked = parse_references(references or []) or dict(STUDIED_REFERENCES)
    survey = read_model_survey(periods, Reading(lines, duplicates, weeks, bots))
    METHODS["hierarchical"].check_periods(survey.sample, asked)
    rng_for = partial(stream, FIT_SEED if seed is None else seed)
    with delayed_progress(False) as step:
        found = fit_survey(survey, asked, settings, salary, rng_for, default_cache(), step)
        written = found.write(out)
        if keep_beside:
            written += _keep_beside(found, survey, asked, settings, rng_for, periods)
    _print_estimands(found.estimands)
    _print_diagnostics(found.posterior.diagnostics)
    written += save(shrinkage_figure(found.strata), out, SHRINKAGE)
    if figures:
        written += _draw_sampling(found, chains, out)
    if compare:
        written += _compare(survey, settings, rng_for, out)
    typer.echo(f"written to {out}: {', '.join(path.name for path in written if path.parent == out)}")
    if keep_beside:
        typer.echo(f"kept beside {periods}: {', '.join(path.name for path in written if path.parent != out)}")


def _keep_beside(
    found: "SurveyFit",
    survey: "ModelSurvey",
    references: dict[str, str],
    settings: "FitSettings",
    rng_for: "RngFor",
    data: Path,
) -> list[Path]:
    from sim.evidence.hierarchical.cache import keep_beside, posterior_digest

    digest = posterior_digest(survey, references, settings, rng_for)
    return list(keep_beside(found.posterior, digest, settings.draws, data.parent))


def _draw_sampling(found: "SurveyFit", n_chains: int, out: Path) -> list[Path]:
    from sim.evidence.hierarchical.posterior import relative_tree
    from sim.figures.fit_figures import sampling_figures
    from sim.figures.style import save

    drawn = sampling_figures(relative_tree(found.posterior, n_chains), found.trees["contributors"])
    return [path for name, figure in drawn.items() for path in save(figure, out, name)]


def _compare(survey: "ModelSurvey", settings: "FitSettings", rng_for: "RngFor", out: Path) -> list[Path]:
    from sim.cli.progress import delayed_progress
    from sim.evidence.hierarchical.checks import compare_models
    from sim.evidence.hierarchical.survey_fit import write_fit
    from sim.figures.fit_figures import MODEL_CHECKS, model_checks_figure
    from sim.figures.style import save

    with delayed_progress(False) as step:
        step("fitting every candidate model")
        checks = compare_models(survey, settings, rng_for)
    _print_frame(checks.leave_one_out, "Leaving one period out (PSIS-LOO)")
    _print_frame(checks.predictive, "Surveys drawn anew from each model: 95 % intervals (eti)")
    tables = {"leave-one-out": checks.leave_one_out, "predictive-checks": checks.predictive}
    return write_fit(out, {}, tables) + save(model_checks_figure(checks.predictive), out, MODEL_CHECKS)


def _print_estimands(table: "pd.DataFrame") -> None:
    cells = table.drop(columns=["ess_bulk", "ess_tail"]).astype(object)
    for name in ("design", "median", "low", "high"):
        cells[name] = [cut(float(value), 0.0) for value in table[name]]
    cells["r_hat"] = [f"{value:.3f}" for value in table["r_hat"]]
    cells["ess"] = [f"{value:,.0f}" for value in table[["ess_bulk", "ess_tail"]].min(axis=1)]
    _print_frame(cells, "Estimands: by design, and posterior median with 95 % credible interval (eti)")


def _print_diagnostics(diagnostics: "Diagnostics") -> None:
    worst = max(diagnostics.quantities, key=lambda each: each.r_hat)
    fewest = min(diagnostics.quantities, key=lambda each: min(each.ess_bulk, each.ess_tail))
    typer.echo(
        f"largest r-hat {worst.r_hat:.4f} ({worst.name}); fewest effective draws "
        f"{min(fewest.ess_bulk, fewest.ess_tail):.0f} ({fewest.name})"
    )
    for unit in diagnostics.units:
        typer.echo(
            f"{unit.unit} ({unit.model}): {unit.n_divergent} divergences, elpd {unit.elpd:.1f} ± "
            f"{unit.elpd_se:.1f}, Pareto k above 0.7 in {unit.n_high_pareto_k} of {unit.n_periods} periods"
        )
    for fault in diagnostics.faults():
        typer.echo(f"accepted although: {fault}")


def _print_frame(table: "pd.DataFrame", title: str) -> None:
    numeric = table.select_dtypes("number").columns
    heads = [str(name) for name in table.columns]
    n_text = sum(head in ("estimand", "unit", "model", "statistic") for head in heads)
    rows = [
        [f"{value:.4g}" if name in numeric else str(value) for name, value in record.items()]
        for record in table.to_dict("records")
    ]
    show(plain_table(title, heads, rows, n_text=n_text, n_whole=len(heads)), console())
