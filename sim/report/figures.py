"""The figures of a run: the tables they are drawn from, and the drawing of them all."""

import math
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from sim.distributions import ContinuousFamily, ContinuousLaw
from sim.figures.distribution import Marks, distribution
from sim.figures.forest import forest
from sim.figures.prior_posterior import prior_posterior
from sim.figures.style import SINGLE_COLUMN_CM, new_axes, save
from sim.results import Results
from sim.scenario.schema import Scenario
from sim.summary.density import log_density, prior_and_posterior
from sim.summary.lookup import Summary

Tables = Mapping[str, pd.DataFrame]


def figure_tables(scenario: Scenario, results: Results, summary: Summary) -> Tables:
    """Return the table behind each figure, by the name of the figure."""
    reported = scenario.report.outcome
    tables = {f"{reported}_distribution": log_density(results.variable(reported))}
    for name, outcome in scenario.outcomes.items():
        if outcome.by is not None:
            tables[_forest_name(name, outcome.by)] = _by_alternative(scenario, summary, name, outcome.by)
    for name in _observed(scenario):
        prior = _prior(scenario, name)
        tables[f"{name}_prior_posterior"] = prior_and_posterior(
            results.variable(name), prior, prior.support()[0] >= 0
        )
    return tables


def write_figures(scenario: Scenario, tables: Tables, summary: Summary, folder: Path) -> None:
    """Draw every figure of a run into a folder, each as PDF and PNG."""
    reported = scenario.report.outcome
    if len(tables[f"{reported}_distribution"]):
        figure, ax = new_axes(SINGLE_COLUMN_CM, 6.5)
        distribution(
            tables[f"{reported}_distribution"], _marks(scenario, summary), _axis_label(scenario, reported), ax
        )
        save(figure, folder, f"{reported}_distribution")
    for name, outcome in scenario.outcomes.items():
        if outcome.by is not None:
            table = tables[_forest_name(name, outcome.by)]
            figure, ax = new_axes(SINGLE_COLUMN_CM, 2.8 + 0.55 * len(table))
            label = f"{_axis_label(scenario, name)}\nmedian and {_interval_words(scenario)}"
            forest(table, label, _published_label(scenario), ax)
            save(figure, folder, _forest_name(name, outcome.by))

    for name in _observed(scenario):
        parameter = scenario.parameters[name]
        label = parameter.title or name
        log = _prior(scenario, name).support()[0] >= 0
        figure, ax = new_axes(SINGLE_COLUMN_CM, 5.5)
        values = scenario.evidence.observations[name].values if scenario.evidence else ()
        table = tables[f"{name}_prior_posterior"]
        prior_posterior(
            table, values, label if parameter.unit == "1" else f"{label},\n{parameter.unit}", log, ax
        )
        save(figure, folder, f"{name}_prior_posterior")


def _observed(scenario: Scenario) -> tuple[str, ...]:
    return tuple(scenario.evidence.observations) if scenario.evidence else ()


def _prior(scenario: Scenario, name: str) -> ContinuousLaw:
    parameter = scenario.parameters[name]
    assert isinstance(parameter, ContinuousFamily)
    return parameter.law()


def _forest_name(outcome: str, choice: str) -> str:
    return f"{outcome}_by_{choice}"


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
        for words, alternative in {**keys, "any, by weight": ""}.items()
    ]
    return pd.DataFrame(rows)


def _marks(scenario: Scenario, summary: Summary) -> Marks:
    reported = scenario.report.outcome
    median, low, high = (summary.find(reported, key).value for key in ("median", "low", "high"))
    published = scenario.report.published.values.get(reported) if scenario.report.published else None
    return Marks(
        median,
        low,
        high,
        _interval_words(scenario),
        scenario.report.thresholds,
        published if isinstance(published, float) else None,
    )


def _interval_words(scenario: Scenario) -> str:
    interval = scenario.report.interval
    return f"{100 * interval.probability:g} % credible interval ({interval.kind})"


def _published_label(scenario: Scenario) -> str:
    return scenario.report.published.source if scenario.report.published else ""


def _axis_label(scenario: Scenario, name: str) -> str:
    outcome = scenario.outcomes[name]
    words = outcome.title or name
    return words if outcome.unit == "1" else f"{words},\n{outcome.unit}"
