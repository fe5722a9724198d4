"""The summary of a run: one row for each statistic of each quantity."""

from collections.abc import Iterable, Iterator

import numpy as np

from sim.distributions import implied_quantiles
from sim.draws.draw import Draws
from sim.scenario.graph import quantities
from sim.scenario.priors import summary_columns
from sim.scenario.schema import Scenario
from sim.summary.outcome_estimates import OutcomeEstimates
from sim.summary.row import Row
from sim.summary.statistic import (
    INPUT_LEVELS,
    Key,
    Statistic,
    input_statistics,
    keyed_draws,
    outcome_statistics,
    without_idle,
)


def summarise(scenario: Scenario, draws: Draws) -> tuple[Row, ...]:
    """Return the summary of a run whose draws are all kept.

    Statistics of outcomes come first (:func:`sim.summary.statistic.outcome_statistics`), then those of the
    parameters and the survey's columns: mean, and quantiles at 5, 50 and 95 %.

    Means, medians, ends of equal-tailed intervals and probabilities of outcomes are by conditional Monte
    Carlo (:mod:`sim.summary.conditional_outcome`) where the formula has a factor that can be integrated out,
    else of the draws; all others are of the draws.

    Parameters
    ----------
    scenario
        The scenario of the run.
    draws
        Its draws with their outcomes.

    Returns
    -------
    tuple
        Rows of outcomes, then of parameters and survey columns.
    """
    units = quantities(scenario).units
    columns = [(name, units[name]) for name in summary_columns(scenario, draws.columns)]
    of_outcomes, of_inputs = list(outcome_statistics(scenario)), list(input_statistics(columns))
    rows = rows_of(scenario, draws, [*of_outcomes, *of_inputs])
    n_outcomes = len(rows) - len(of_inputs)
    return (*rows[:n_outcomes], *prior_rows(scenario), *rows[n_outcomes:])


def rows_of(scenario: Scenario, draws: Draws, wanted: Iterable[Statistic]) -> tuple[Row, ...]:
    """Return some statistics of a run whose draws are all kept, without those that are idle.

    Parameters
    ----------
    scenario
        The scenario of the run.
    draws
        Its draws with their outcomes.
    wanted
        Statistics to report.

    Returns
    -------
    tuple
        Rows, in the order of the statistics.
    """
    keyed = keyed_draws(scenario, draws)
    estimates = OutcomeEstimates(scenario, draws, keyed)

    def has_both_signs(key: Key) -> bool:
        return bool(np.min(keyed[key]) <= 0.0 < np.max(keyed[key]))

    found = ((each, estimates.of(each).statistic) for each in without_idle(wanted, has_both_signs))
    return tuple(each.row(judged) for each, judged in found)


def prior_rows(scenario: Scenario) -> Iterator[Row]:
    """Yield the quantiles that parameters conditioned on observed values had before."""
    for name in scenario.evidence.observations if scenario.evidence else ():
        parameter = scenario.parameters[name]
        for level, value in zip(INPUT_LEVELS, implied_quantiles(parameter.law()), strict=True):
            yield Row(name, "prior", "quantile", level, value, 0.0, parameter.unit)
