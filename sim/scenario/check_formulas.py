"""Outcomes: formulas parse, read names that exist, do not go in circles, and come out in their unit."""

from collections.abc import Iterator
from graphlib import CycleError

from sim.faults import nearest_name
from sim.formulas import Formula, FormulaError, parse
from sim.formulas.units import check_unit, parse_unit
from sim.scenario.findings import Finding
from sim.scenario.graph import Quantities, ordered
from sim.scenario.merge import KeyPath
from sim.scenario.schema import Scenario

Parsed = dict[KeyPath, Formula]


def formula_findings(scenario: Scenario, known: Quantities, excused: frozenset[str]) -> Iterator[Finding]:
    """Yield what is wrong with the formulas of a scenario.

    Parameters
    ----------
    scenario
        Validated by the schema.
    known
        What formulas can read.
    excused
        Names not to complain of: their own statement is broken and reported already.

    Yields
    ------
    Finding
        Each with the key path it concerns.
    """
    parsed: Parsed = {}
    for name, outcome in scenario.outcomes.items():
        for key, text in outcome.formulas.items():
            path = ("outcomes", name, key)
            try:
                parsed[path] = parse(text)
            except FormulaError as error:
                yield Finding(path, f"{error}; given: {text if len(text) < 60 else text[:57] + '...'}")
    unknown = list(_unknown_names(scenario, parsed, known, excused))
    yield from unknown
    yield from _circle(scenario, parsed)
    sound = {path: parsed[path] for path in parsed.keys() - {finding.path for finding in unknown}}
    yield from _unfit_units(scenario, sound, known, excused)


def _unknown_names(
    scenario: Scenario, parsed: Parsed, known: Quantities, excused: frozenset[str]
) -> Iterator[Finding]:
    valid = sorted(known.units)
    for path, formula in parsed.items():
        for name in formula.names:
            if name in known.units or name.split(".")[0] in excused:
                continue
            if name in known.wholes:
                problem = f"{name!r} has components; write one of them"
                yield Finding(path, problem, ", ".join(known.wholes[name]))
            elif name in scenario.choices:
                problem = f"{name!r} is a choice, not a number"
                yield Finding(path, problem, f'by = "{name}" with a formula for each alternative')
            else:
                yield Finding(path, f"unknown name {name!r}", ", ".join(valid), nearest_name(name, valid))


def _circle(scenario: Scenario, parsed: Parsed) -> Iterator[Finding]:
    reads: dict[str, set[str]] = {name: set() for name in scenario.outcomes}
    for path, formula in parsed.items():
        reads[path[1]] |= {*formula.names}
    try:
        ordered(reads)
    except CycleError as error:
        names = list(reversed(error.args[1]))
        yield Finding(("outcomes", names[0]), f"formulas go in a circle: {' reads '.join(names)}")


def _unfit_units(
    scenario: Scenario, sound: Parsed, known: Quantities, excused: frozenset[str]
) -> Iterator[Finding]:
    for path, formula in sound.items():
        if any(name.split(".")[0] in excused for name in formula.names):
            continue
        try:
            units = {name: parse_unit(known.units[name]) for name in formula.names}
            declared = parse_unit(scenario.outcomes[path[1]].unit)
        except FormulaError:
            continue  # reported once, where the unit is stated
        try:
            check_unit(formula, units, declared)
        except FormulaError as error:
            yield Finding(path, str(error))
