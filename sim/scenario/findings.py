"""What is wrong with formulas, shares and years, before the file is known that states them."""

import ast
import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError
from typing import NamedTuple

from sim.distributions import implied_quantiles
from sim.faults import Fault, nearest_name
from sim.formulas import Formula, FormulaError
from sim.formulas.functions import TIME_NAMES
from sim.formulas.unit_check import check_unit
from sim.formulas.units import ONE, describe, parse_unit
from sim.scenario.graph import Quantities, formula_of, ordered
from sim.scenario.overlays import KeyPath, Locate
from sim.scenario.schema import Scenario
from sim.scenario.stream_tables import missing_years, n_years, shortest_and_longest, stated_years
from sim.scenario.streams import MOST_YEARS, Stream


class Finding(NamedTuple):
    """Something wrong at a key path of a scenario.

    Parameters
    ----------
    path
        Key path of what is wrong.
    problem
        What is wrong, with the bad value in it.
    allowed
        What would be accepted there.
    nearest
        Valid name nearest to a mistyped one.
    """

    path: KeyPath
    problem: str
    allowed: str = ""
    nearest: str = ""

    def fault(self, locate: Locate) -> Fault:
        """Return the fault, in the file that set the key."""
        return Fault(locate(self.path), ".".join(self.path), self.problem, self.allowed, self.nearest)


CALLED_SHARE = re.compile(
    r"(?:^|[\W_])(?:shares?|fractions?|probabilit\w+|proportions?|percent\w*)(?:[\W_]|$)", re.IGNORECASE
)
"""Words in the name or title of a parameter that is a share."""


def share_findings(scenario: Scenario) -> Iterator[Finding]:
    """Yield the parameters with unit 1 that are used as shares, and whose values are not those of shares.

    A parameter is used as a share where a formula takes it from 1 (``1 - x``), or discounts or depreciates by
    it, and it is above 1 more often than not; or where its name or title calls it a share, fraction,
    probability, proportion or percentage and its 5 and 95 % quantiles are not within 0 to 1.
    """
    complements = _complements(scenario)
    for name, parameter in scenario.parameters.items():
        if parameter.parts or describe(parse_unit(parameter.unit)) != "1":
            continue
        low, middle, high = implied_quantiles(parameter.law())
        called = CALLED_SHARE.search(f"{name} {parameter.title or ''}") is not None
        if (called and (low < 0.0 or high > 1.0)) or (name in complements and middle > 1.0):
            use = f"it is used as {complements[name]}" if name in complements else "it is called a share"
            problem = f"values of about {middle:.3g} in unit 1, where {use}"
            allowed = f"values from 0 to 1, such as {middle / 100.0:.3g} for {middle:.3g} %"
            otherwise = "" if name in complements else ', or unit = "percent"'
            yield Finding(("parameters", name, "unit"), problem, allowed + otherwise)


def share_notes(scenario: Scenario) -> tuple[str, ...]:
    """Return what :func:`share_findings` yields, in words."""
    return tuple(f"{found.path[1]}: {found.problem}; {found.allowed}?" for found in share_findings(scenario))


def _complements(scenario: Scenario) -> dict[str, str]:
    """Return the names that a formula takes from 1, or discounts by, each with the part that does."""
    found: dict[str, str] = {}
    for _, text, is_stream in _formula_texts(scenario):
        try:
            formula = formula_of(scenario, text, is_stream)
        except FormulaError:
            continue
        bodies = [formula.body]
        for call in (formula.calls or {}).values():
            found |= dict.fromkeys(call.rates, call.text)
            bodies += call.arguments
        for node in (part for body in bodies for part in ast.walk(body)):
            match node:
                case ast.BinOp(left=ast.Constant(value=1.0), op=ast.Sub(), right=ast.Name(id=name)):
                    found[name] = f"1 - {name}"
    return found


FormulasByKey = dict[KeyPath, Formula]


def formula_findings(scenario: Scenario, known: Quantities, excused: frozenset[str]) -> Iterator[Finding]:
    """Yield what is wrong with the formulas of a scenario.

    Parameters
    ----------
    scenario
        A scenario that the schema has validated.
    known
        Quantities that formulas can read.
    excused
        Names not to complain of: their own statement is broken and reported already.

    Yields
    ------
    Finding
        Each finding, with the key path it concerns.
    """
    parsed: FormulasByKey = {}
    for path, text, is_stream in _formula_texts(scenario):
        try:
            parsed[path] = formula_of(scenario, text, is_stream)
        except FormulaError as error:
            yield Finding(path, f"{error}; given: {text if len(text) < 60 else text[:57] + '...'}")
    unknown = list(_unknown_names(scenario, parsed, known, excused))
    yield from unknown
    yield from _circle(scenario, parsed)
    sound = {path: parsed[path] for path in parsed.keys() - {finding.path for finding in unknown}}
    yield from _unfit_units(scenario, sound, known, excused)


def _formula_texts(scenario: Scenario) -> Iterator[tuple[KeyPath, str, bool]]:
    """Yield the path of each formula, its text, and whether it is a stream's."""
    for name, outcome in scenario.outcomes.items():
        for key, text in outcome.formulas.items():
            yield ("outcomes", name, key), text, False
    for name, stream in scenario.streams.items() if scenario.horizon is not None else ():
        for key, text in stream.formulas.items():
            yield ("streams", name, key), text, True


def _unknown_names(
    scenario: Scenario, parsed: FormulasByKey, known: Quantities, excused: frozenset[str]
) -> Iterator[Finding]:
    valid = sorted([*known.units, *scenario.streams])
    for path, formula in parsed.items():
        for name in formula.reads:
            if name in valid or name.split(".")[0] in excused:
                continue
            if name in known.wholes:
                problem = f"{name!r} has components; write one of them"
                yield Finding(path, problem, ", ".join(known.wholes[name]))
            elif name in scenario.choices:
                problem = f"{name!r} is a choice, not a number"
                yield Finding(path, problem, f'by = "{name}" with a formula for each alternative')
            else:
                yield Finding(path, f"unknown name {name!r}", ", ".join(valid), nearest_name(name, valid))


def _circle(scenario: Scenario, parsed: FormulasByKey) -> Iterator[Finding]:
    sections = {**dict.fromkeys(scenario.outcomes, "outcomes"), **dict.fromkeys(scenario.streams, "streams")}
    reads: dict[str, set[str]] = {name: set() for name in sections}
    for path, formula in parsed.items():
        reads[path[1]] |= {*formula.reads}
    try:
        ordered(reads)
    except CycleError as error:
        names = list(reversed(error.args[1]))
        allowed = "cumulative or stock for what adds up over years: a lag does not break a circle"
        problem = f"formulas go in a circle: {' reads '.join(names)}"
        over_years = any(sections[name] == "streams" for name in names)
        yield Finding((sections[names[0]], names[0]), problem, allowed if over_years else "")


def _unfit_units(
    scenario: Scenario, sound: FormulasByKey, known: Quantities, excused: frozenset[str]
) -> Iterator[Finding]:
    texts = {**known.units, **{name: stream.unit for name, stream in scenario.streams.items()}}
    for path, formula in sound.items():
        if any(name.split(".")[0] in excused for name in formula.reads):
            continue
        try:
            units = {name: parse_unit(texts[name]) for name in formula.reads} | dict.fromkeys(TIME_NAMES, ONE)
            declared = parse_unit(texts[path[1]])
        except FormulaError:
            continue  # reported once, where the unit is stated
        try:
            check_unit(formula, units, declared)
        except FormulaError as error:
            yield Finding(path, str(error))


WHOLE = f"a parameter of whole numbers from 1 to {MOST_YEARS:,}"


def horizon_findings(scenario: Scenario, excused: frozenset[str]) -> Iterator[Finding]:
    """Yield what is wrong with the horizon and the streams of a scenario.

    Parameters
    ----------
    scenario
        A scenario that the schema has validated.
    excused
        Names whose own statement is broken and reported already.

    Yields
    ------
    Finding
        Each finding, with the key path it concerns.
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
    for path, text, is_stream in _formula_texts(scenario):
        try:
            formula = formula_of(scenario, text, is_stream)
        except FormulaError:
            continue  # reported with the other faults of formulas
        for call in (formula.calls or {}).values():
            problem = call.refused_years(years)
            if problem:
                yield Finding(path, *problem)
