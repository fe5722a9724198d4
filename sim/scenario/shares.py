"""Shares that are stated as percentages: values beyond 0 to 1 where the scenario takes them for shares."""

import ast
import re
from collections.abc import Iterator

from sim.distributions import implied
from sim.formulas import FormulaError, parse
from sim.formulas.units import describe, parse_unit
from sim.scenario.findings import Finding
from sim.scenario.schema import Scenario

CALLED_SHARE = re.compile(
    r"(?:^|[\W_])(?:shares?|fractions?|probabilit\w+|proportions?|percent\w*)(?:[\W_]|$)", re.IGNORECASE
)
"""Words in the name or title of a parameter that is a share."""


def share_findings(scenario: Scenario) -> Iterator[Finding]:
    """Yield the parameters with unit 1 that are used as shares, and whose values are not those of shares.

    A parameter is used as a share where a formula takes it from 1 (``1 - x``) and it is above 1 more often
    than not; or where its name or title calls it a share, fraction, probability, proportion or percentage
    and its 5 and 95 % quantiles are not within 0 to 1.
    """
    complements = _complements(scenario)
    for name, parameter in scenario.parameters.items():
        if parameter.parts or describe(parse_unit(parameter.unit)) != "1":
            continue
        low, middle, high = implied(parameter.law())
        called = CALLED_SHARE.search(f"{name} {parameter.title or ''}") is not None
        if (called and (low < 0.0 or high > 1.0)) or (name in complements and middle > 1.0):
            use = f"it is used as {complements[name]}" if name in complements else "it is called a share"
            problem = f"values of about {middle:.3g} in unit 1, where {use}"
            yield Finding(("parameters", name, "unit"), problem, 'values from 0 to 1, or unit = "percent"')


def share_notes(scenario: Scenario) -> tuple[str, ...]:
    """Return what :func:`share_findings` yields, in words."""
    return tuple(f"{found.path[1]}: {found.problem}; {found.allowed}?" for found in share_findings(scenario))


def _complements(scenario: Scenario) -> dict[str, str]:
    """Return the names that a formula takes from 1, each with the part that does."""
    found: dict[str, str] = {}
    for text in (text for each in scenario.outcomes.values() for text in each.formulas.values()):
        try:
            body = parse(text).body
        except FormulaError:
            continue
        for node in ast.walk(body):
            match node:
                case ast.BinOp(left=ast.Constant(value=1.0), op=ast.Sub(), right=ast.Name(id=name)):
                    found[name] = f"1 - {name}"
    return found
