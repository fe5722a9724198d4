"""What each figure of a run says about it: names, units, interval, marks."""

from collections.abc import Mapping

import pandas as pd

from sim.figures.about import About, readable_name, sentence_case
from sim.figures.indices import scales_of
from sim.figures.words import Words
from sim.report.catalogue import PRIOR_POSTERIOR, TORNADO, Planned
from sim.report.plot_run import Run
from sim.scenario.schema import Scenario
from sim.summary.rows import Row


def about(run: Run, figure: Planned, tables: Mapping[str, pd.DataFrame], words: Words) -> About:
    """Return what one figure says about a run, in the language of `words`."""
    scenario = run.scenario
    interval, published = scenario.report.interval, scenario.report.published
    value = published.values.get(figure.subject) if published else None
    reported = figure.subject == scenario.report.outcome
    is_outcome = figure.subject in scenario.outcomes and figure.family is not PRIOR_POSTERIOR
    subject = (scenario.outcomes if is_outcome else scenario.parameters)[figure.subject]
    rows = _statistics(run, figure.subject) if is_outcome else {}
    beside = [tables[name] for name in figure.family.beside]
    return About(
        outcome=subject.title or sentence_case(figure.subject.replace("_", " ")),
        unit=subject.unit,
        probability=interval.probability,
        kind=interval.kind,
        n_draws=run.n_draws,
        seed=scenario.seed,
        **{name: row.value for name, row in rows.items()},
        pieces=rows["low"].pieces if rows else (),
        errors={name: row.mc_error for name, row in rows.items()},
        thresholds=scenario.report.thresholds if reported else (),
        published=value if isinstance(value, float) else None,
        source=published.source if published else "",
        log_variance=figure.family is not TORNADO or "log" in scales_of(beside[0]),
        observed=_observed(scenario, figure.subject),
        names=_names(scenario),
        units={row.quantity: row.unit for row in run.summary.rows},
        words=words,
    )


def _statistics(run: Run, outcome: str) -> dict[str, Row]:
    return {name: run.summary.find(outcome, name) for name in ("median", "low", "high")}


def _observed(scenario: Scenario, parameter: str) -> tuple[float, ...]:
    evidence = scenario.evidence
    return evidence.observations[parameter].values if evidence and parameter in evidence.observations else ()


def _names(scenario: Scenario) -> dict[str, str]:
    """Return short labels of parameters, their components and choices, abbreviations as in their titles."""
    titles = {name: parameter.title or "" for name, parameter in scenario.parameters.items()}
    titles |= {name: choice.title or "" for name, choice in scenario.choices.items()}
    names = {name: readable_name(name, title) for name, title in titles.items()}
    for name, parameter in scenario.parameters.items():
        if parameter.parts:
            names |= {column: readable_name(column, titles[name]) for column in parameter.columns(name)}
    return names
