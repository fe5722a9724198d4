"""The figures of a run: the tables they are drawn from, and the drawing of them all."""

import math
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from sim.figures.forest import ANY_BY_WEIGHT
from sim.report.catalogue import planned
from sim.report.manner import Manner
from sim.report.plot import draw, in_memory
from sim.report.plot_run import run_of
from sim.results import Results
from sim.scenario.schema import Scenario
from sim.summary.density import outcome_density, prior_and_posterior
from sim.summary.lookup import Summary

Tables = Mapping[str, pd.DataFrame]


def figure_tables(scenario: Scenario, results: Results, summary: Summary) -> dict[str, pd.DataFrame]:
    """Return the table behind each figure, by the name of the figure."""
    reported = scenario.report.outcome
    tables = {f"{reported}_distribution": outcome_density(scenario, results)}
    for name, outcome in scenario.outcomes.items():
        if outcome.by is not None:
            tables[f"{name}_by_{outcome.by}"] = _by_alternative(scenario, summary, name, outcome.by)
    for name in scenario.evidence.observations if scenario.evidence else ():
        prior = scenario.parameters[name].continuous_law()
        tables[f"{name}_prior_posterior"] = prior_and_posterior(
            results.variable(name), prior, prior.support()[0] >= 0
        )
    return tables


def write_figures(scenario: Scenario, tables: Tables, summary: Summary, folder: Path) -> None:
    """Draw every figure that the tables of a run suffice for into a folder, each as PDF and PNG.

    Raises
    ------
    InvalidInputError
        If the folder cannot be written.
    """
    run = run_of(scenario, summary)
    draw(in_memory(planned(scenario), tables), run, Manner(), folder)


def _by_alternative(scenario: Scenario, summary: Summary, name: str, choice: str) -> pd.DataFrame:
    published = scenario.report.published.values.get(name, {}) if scenario.report.published else {}
    values = published if isinstance(published, dict) else {}
    keys = {alternative: f"{choice}={alternative}" for alternative in scenario.outcomes[name].formulas}
    rows = [
        {
            "label": words.replace("_", " "),
            **{key: summary.find(name, key, alternative).value for key in ("low", "median", "high")},
            "published": values.get(words, math.nan),
        }
        for words, alternative in {**keys, ANY_BY_WEIGHT: ""}.items()
    ]
    return pd.DataFrame(rows)
