"""What is wrong with the years of a scenario: the horizon, and streams that do not fit it."""

from collections.abc import Iterator, Mapping

from sim.faults import nearest_name
from sim.formulas import FormulaError
from sim.formulas.stream_calls import FormulaOverYears
from sim.formulas.stream_functions import TIME_NAMES
from sim.scenario.definitions import formula_of, stream_formula_of
from sim.scenario.findings import Finding, formula_texts
from sim.scenario.schema import Scenario
from sim.scenario.stream_tables import missing_years, n_years, shortest_and_longest, stated_years
from sim.scenario.streams import MOST_YEARS, Stream

WHOLE = f"a parameter of whole numbers from 1 to {MOST_YEARS:,}"


def horizon_findings(scenario: Scenario, excused: frozenset[str]) -> Iterator[Finding]:
    """Yield what is wrong with the horizon and the streams of a scenario.

    Parameters
    ----------
    scenario, excused
        Validated by the schema; names whose own statement is broken and reported already.

    Yields
    ------
    Finding
        Each with the key path it concerns.
    """
    if scenario.horizon is None:
        if scenario.streams:
            problem = f"streams without years: {', '.join(scenario.streams)}"
            yield Finding(("streams",), problem, "[horizon] with start, years and discounting")
        return
    for name in TIME_NAMES:
        for section in ("parameters", "choices", "outcomes", "streams"):
            if name in getattr(scenario, section):
                problem = f"{name!r} stands for time where there is a [horizon], and cannot be a name"
                yield Finding((section, name), problem, "another name")
    found = list(_years(scenario, excused))
    yield from found
    if found or scenario.horizon.parameter in excused:
        return
    n, start = n_years(scenario), scenario.horizon.start
    for name, stream in scenario.streams.items():
        yield from _values(name, stream, range(start, start + n))
    yield from _calls(scenario, range(start, start + n))


def _years(scenario: Scenario, excused: frozenset[str]) -> Iterator[Finding]:
    """Yield why a parameter cannot be the number of years."""
    assert scenario.horizon is not None
    name, path = scenario.horizon.parameter, ("horizon", "years")
    if not name or name in excused:
        return
    if name not in scenario.parameters:
        nearest = nearest_name(name, scenario.parameters)
        yield Finding(path, f"there is no parameter {name!r}", ", ".join(scenario.parameters), nearest)
        return
    parameter = scenario.parameters[name]
    if parameter.parts or parameter.has_density:
        yield Finding(path, f"{name!r} is a {parameter.distribution}, which is not of whole numbers", WHOLE)
        return
    low, high = shortest_and_longest(scenario)
    stated = [low, high, *parameter.masses()]
    bad = next((each for each in stated if each != int(each) or not 1 <= each <= MOST_YEARS), None)
    if bad is not None:
        yield Finding(path, f"{name!r} can be {bad:g}", WHOLE)


def _values(name: str, stream: Stream, years: range) -> Iterator[Finding]:
    """Yield years that the values of a stream lack."""
    if stream.values is None:
        return
    path = ("streams", name, "values")
    if isinstance(stream.values, Mapping):
        missing = missing_years([*stated_years(stream)], stream.interpolate, years)
        if missing:
            yield Finding(path, *missing)
    elif len(stream.values) != len(years):
        problem = f"{len(stream.values):,} values, where the horizon has {len(years):,} years"
        yield Finding(path, problem, f"one for each year from {years[0]} to {years[-1]}")


def _calls(scenario: Scenario, years: range) -> Iterator[Finding]:
    """Yield calls that ask for years which the horizon does not have."""
    for path, text, is_stream in formula_texts(scenario):
        try:
            formula = (stream_formula_of if is_stream else formula_of)(scenario, text)
        except FormulaError:
            continue  # reported with the other faults of formulas
        for call in formula.calls.values() if isinstance(formula, FormulaOverYears) else ():
            problem = call.refused_years(years)
            if problem:
                yield Finding(path, *problem)
