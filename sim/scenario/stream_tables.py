"""How many years a scenario has, and the values of streams that are stated by year."""

from collections.abc import Mapping

import numpy as np

from sim.formulas.years import in_steps
from sim.scenario.schema import Scenario
from sim.types import Array

LIKELIEST = 2.0**-53
"""Least uniform that is drawn; 1 less it is the largest."""


def n_years(scenario: Scenario) -> int:
    """Return how many years a scenario with a horizon has, at most."""
    assert scenario.horizon is not None
    if not scenario.horizon.parameter:
        return int(scenario.horizon.years)
    return int(shortest_and_longest(scenario)[1])


def shortest_and_longest(scenario: Scenario) -> tuple[float, float]:
    """Return the fewest and the most years of a scenario whose number of years is a parameter."""
    assert scenario.horizon is not None
    law = scenario.parameters[scenario.horizon.parameter].law()
    low, high = law.ppf(np.array([LIKELIEST, 1.0 - LIKELIEST]))
    return float(low), float(high)


def table_of(scenario: Scenario, name: str, n: int) -> Array:
    """Return the values of a stream that is stated by year.

    Parameters
    ----------
    scenario, name
        Checked scenario; a stream of values or a schedule.
    n
        Number of years.

    Returns
    -------
    Array
        (year,).
    """
    stated = scenario.streams[name]
    assert scenario.horizon is not None
    if stated.schedule is not None:
        return in_steps(stated.schedule, n)
    if isinstance(stated.values, Mapping):
        years = np.arange(scenario.horizon.start, scenario.horizon.start + n, dtype=np.float64)
        known = {float(year): value for year, value in sorted(stated.values.items())}
        return np.interp(years, [*known], [*known.values()])
    return np.array(stated.values, dtype=np.float64)
