"""What a scenario with years gives in each of them: its streams, and its net value so far."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from sim.draws.draw import Draws
from sim.outcomes import evaluate_anywhere
from sim.scenario.graph import definitions, names_below, outcomes_below
from sim.scenario.schema import Scenario
from sim.scenario.stream_tables import n_years
from sim.summary.estimate import standard_error
from sim.summary.ratio import ratio_of
from sim.types import Array, Groups, Variable

MOST_DRAWS = 2**13
"""Draws looked at, evenly from all randomisations: more move no line of a figure."""
GROUP, DIMENSIONS = "/by_year", ("statistic", "year")
"""Group of a run's file that holds the table, and the dimensions of its numbers."""
STREAM, SO_FAR = "stream", "so far"
ADDS_UP = {"present_value", "sum", "lag", "cumulative", "stock", "schedule"}
"""Functions of streams whose value over the first years is a part of that over all."""
OF_A_YEAR = ("mean", "mean_error", "low", "p25", "median", "p75", "high", "above_zero")
"""Statistics, in their order."""
COLUMNS = ["quantity", "role", "year", *OF_A_YEAR, "unit"]


def _quantities(scenario: Scenario, draws: Draws) -> Iterator[tuple[str, str, str, Array]]:
    """Yield name, role, unit and draws, (year, randomisation, draw)."""
    from sim.stream_values import evaluate_streams  # a run without a horizon does not wait for it

    outcomes = evaluate_anywhere(scenario, draws, outcomes_below(scenario, scenario.report.outcome))
    for name, values in evaluate_streams(scenario, outcomes, draws.shape).items():
        yield name, STREAM, scenario.streams[name].unit, values
    yield from _so_far(scenario, draws)


def _so_far(scenario: Scenario, draws: Draws) -> Iterator[tuple[str, str, str, Array]]:
    outcome, ratio = scenario.report.outcome, ratio_of(scenario)
    calls = {each.name: each.call for each in definitions(scenario) if each.call is not None}
    read = {calls[name].function for name in names_below(scenario, outcome) if name in calls}
    if not read & {"present_value", "sum"} or read - ADDS_UP:
        return
    order = outcomes_below(scenario, outcome)
    values: list[Array] = []
    for n in range(1, n_years(scenario) + 1):
        found = evaluate_anywhere(scenario, draws, order, n)
        if ratio is None:
            values.append(found[outcome])
        else:
            values.append(np.asarray(found[ratio.numerator] - found[ratio.denominator]))
    if ratio is None:
        yield outcome, SO_FAR, scenario.outcomes[outcome].unit, np.stack(values)
    else:
        yield ratio.difference, SO_FAR, ratio.unit, np.stack(values)


def _statistics(draws: Array, probability: float) -> tuple[float, ...]:
    tail = (1.0 - probability) / 2.0
    low, lower, median, upper, high = np.quantile(draws, [tail, 0.25, 0.5, 0.75, 1.0 - tail])
    error = float(standard_error(np.mean(draws, axis=1)))
    above = float(np.mean(draws > 0.0))
    return tuple(map(float, (np.mean(draws), error, low, lower, median, upper, high, above)))


def stored_by_year(scenario: Scenario, groups: Groups) -> pd.DataFrame:
    """Return the streams of a scenario by year, and what has come together up to each year.

    Parameters
    ----------
    scenario
        The scenario of the run.
    groups
        Variables of the run's file, by group.

    Returns
    -------
    DataFrame
        A row for each quantity and year: ``quantity``; its ``role``, ``stream`` for the value of a year,
        ``so far`` for the difference of both sides of the reported ratio (the reported outcome where it is
        none) were the years to end with this one; ``year``; ``mean`` with its Monte Carlo error as
        ``mean_error``; quartiles and ``median``; ``low`` and ``high``, the ends of the credible interval
        with equal tails; ``above_zero``, the share of draws above 0; ``unit``. From at most 8,192 draws.
        Without rows where there is no horizon.
    """
    if scenario.horizon is None:
        return pd.DataFrame(columns=COLUMNS)
    group = groups[GROUP]
    years = group["year"][1]
    parts = [
        pd.DataFrame(
            {
                "quantity": name,
                "role": attributes["role"],
                "year": years,
                **dict(zip(OF_A_YEAR, values, strict=True)),
                "unit": attributes["unit"],
            },
            columns=COLUMNS,
        )
        for name, (dimensions, values, attributes) in group.items()
        if dimensions == DIMENSIONS
    ]
    return pd.concat(parts, ignore_index=True)


def group_by_year(scenario: Scenario, draws: Draws) -> dict[str, Variable]:
    """Return the table of :func:`stored_by_year` as variables of a file, each (statistic, year).

    Parameters
    ----------
    scenario
        The scenario of the run, with a horizon.
    draws
        Its draws with their outcomes.

    Returns
    -------
    dict
        Variables by name of stream, and of what has come together; with both coordinates.
    """
    assert scenario.horizon is not None
    start, probability = scenario.horizon.start, scenario.report.interval.probability
    found: dict[str, Variable] = {}
    n_found = 0
    for quantity, role, unit, values in _quantities(
        scenario, draws.thinned(max(1, MOST_DRAWS // draws.shape[0]))
    ):
        statistics = np.array([_statistics(each, probability) for each in values])
        found[quantity] = (DIMENSIONS, np.ascontiguousarray(statistics.T), {"unit": unit, "role": role})
        n_found = len(values)
    return {
        "statistic": (("statistic",), np.array(OF_A_YEAR, dtype=object), {}),
        "year": (("year",), np.arange(start, start + n_found), {}),
        **found,
    }
