"""The years of a scenario, and its streams, in words."""

from sim.digits import stated_number
from sim.distributions.words import family_words
from sim.scenario.schema import Scenario
from sim.scenario.stream_tables import n_years, table_of
from sim.scenario.streams import Horizon


def horizon_words(horizon: Horizon) -> str:
    """Return a horizon in words.

    Examples
    --------
    >>> horizon_words(Horizon(start=2025, years=30, discounting="middle"))
    '30 years from 2025, discounted from the middle of each year'
    """
    long = horizon.parameter or f"{horizon.years} year{'s' * (horizon.years != 1)}"
    return f"{long} from {horizon.start}, discounted from the {horizon.discounting} of each year"


def stream_words(scenario: Scenario, name: str) -> str:
    """Return in words what a stream is stated by.

    Parameters
    ----------
    scenario, name
        Checked scenario; the stream.

    Returns
    -------
    str
        Its formula, or its first and last values.
    """
    stated = scenario.streams[name]
    if stated.formula is not None:
        return f"= {stated.formula}"
    if stated.schedule is not None:
        return ", ".join(f"{stated_number(value)} from year {t:g} on" for t, value in stated.schedule)
    if stated.law is not None:
        tied = f", correlation {stated_number(stated.correlation)}" if stated.correlation is not None else ""
        return f"{family_words(stated.law)}; by year: {stated.by_year}{tied}"
    assert scenario.horizon is not None
    values = table_of(scenario, name, n_years(scenario))
    first, last = (stated_number(float(value)) for value in (values[0], values[-1]))
    lines = ", on straight lines between the years stated" if stated.interpolate else ""
    start = scenario.horizon.start
    return f"by year, {first} in {start} to {last} in {start + len(values) - 1}{lines}"
