"""How many years a scenario has, and the values of streams that are stated by year."""

from collections import Counter
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np

from sim.faults import Fault, InvalidInput
from sim.formulas.years import in_steps
from sim.scenario.schema import Scenario
from sim.scenario.streams import Stream
from sim.types import Array

YEAR_COLUMN = "year"
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
    scenario
        A checked scenario.
    name
        Name of a stream of values, a schedule, or a file.
    n
        Number of years.

    Returns
    -------
    Array
        Values by year, (year,).

    Raises
    ------
    InvalidInput
        If a file cannot be used, or lacks years.
    """
    stated = scenario.streams[name]
    assert scenario.horizon is not None
    if stated.schedule is not None:
        return in_steps(stated.schedule, n)
    if stated.values is not None and not isinstance(stated.values, Mapping):
        return np.array(stated.values, dtype=np.float64)
    known = stated_years(stated)
    years = range(scenario.horizon.start, scenario.horizon.start + n)
    missing = missing_years(known, stated.interpolate, years)
    if missing:
        raise InvalidInput([Fault(str(stated.file), str(stated.column), *missing)])
    return np.asarray(np.interp(np.array(years), [*known], [*known.values()]))


def stated_years(stated: Stream) -> dict[int, float]:
    """Return the values that a stream states by year, in order of years.

    Raises
    ------
    InvalidInput
        If a file cannot be used, a year in it is no whole number, or stands there twice.
    """
    if isinstance(stated.values, Mapping):
        return {int(year): value for year, value in sorted(stated.values.items())}
    assert stated.file is not None
    assert stated.column is not None
    path = Path(stated.file)
    return _read(path, stated.column, stated.year_column or YEAR_COLUMN, _state(path))


def missing_years(known: Collection[int], interpolate: bool, years: range) -> tuple[str, ...]:
    """Return what is wrong with years that are not stated, and what is allowed; or nothing.

    Parameters
    ----------
    known
        Years that are stated.
    interpolate
        Whether other years lie on lines between them.
    years
        Years of the horizon.

    Returns
    -------
    tuple of str
        Problem and what is allowed, or nothing.
    """
    missing = [year for year in years if year not in known]
    if interpolate and known:
        missing = [year for year in missing if not min(known) <= year <= max(known)]
    if not missing:
        return ()
    few = ", ".join(map(str, missing[:5])) + (f" and {len(missing) - 5} more" if len(missing) > 5 else "")
    cure = "" if interpolate else ", or interpolate = true"
    return f"no value for {few}", f"every year from {years[0]} to {years[-1]}{cure}"


def _state(path: Path) -> tuple[int, int]:
    """Return what tells whether a file has changed; of one that is not there, nothing."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=64)
def _read(path: Path, column: str, year_column: str, state: tuple[int, int]) -> dict[int, float]:
    """Read a file; asked anew for every block of draws."""
    del state
    from sim.distributions.empirical import number_columns

    columns = number_columns(path, [year_column, column])
    years = columns[year_column]
    bad = next((year for year in years if year != int(year)), None)
    if bad is not None:
        raise InvalidInput([Fault(str(path), year_column, f"{bad:g} is not a year", "whole numbers")])
    twice = [int(year) for year, count in Counter(years.tolist()).items() if count > 1]
    if twice:
        problem = f"{twice[0]} stands there {np.count_nonzero(years == twice[0])} times"
        raise InvalidInput([Fault(str(path), year_column, problem, "each year once")])
    order = np.argsort(years)
    return dict(zip(years[order].astype(int).tolist(), columns[column][order].tolist(), strict=True))


def with_values(scenario: Scenario) -> Scenario:
    """Return the scenario with the values of its streams in place of files, which others may not have.

    Raises
    ------
    InvalidInput
        If a file cannot be used, or lacks years.
    """
    if scenario.horizon is None or not any(stream.file for stream in scenario.streams.values()):
        return scenario
    read = {
        name: stream.model_copy(
            update={
                "values": tuple(table_of(scenario, name, n_years(scenario)).tolist()),
                **dict.fromkeys(("file", "column", "year_column")),
                "interpolate": False,
            }
        )
        for name, stream in scenario.streams.items()
        if stream.file is not None
    }
    return scenario.model_copy(update={"streams": {**scenario.streams, **read}})
