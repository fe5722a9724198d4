"""How one positive quantity enters an outcome: y = r p^k + c, with r and c that do not depend on it."""

import ast
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from sim.formulas.functions import OF_ONE
from sim.formulas.stream_calls import SCHEDULE, StreamCall
from sim.formulas.tree import written_number
from sim.scenario.graph import definitions
from sim.scenario.schema import Scenario


@dataclass(frozen=True)
class PowerForm:
    """An outcome as a function of one positive quantity p: y = r p^k + c.

    Parameters
    ----------
    exponent
        The power k; 0 where the outcome does not depend on p (then c = 0).
    shifted
        Whether there is a c.
    """

    exponent: float
    shifted: bool = False

    @property
    def free(self) -> bool:
        """Whether p does not enter."""
        return self.exponent == 0.0

    @property
    def pure(self) -> bool:
        """Whether p enters as a factor alone, or not at all."""
        return not self.shifted


FREE = PowerForm(0.0)
NOTHING = PowerForm(math.nan)
"""The number 0 in a stream: of every form, such as in years before a benefit begins."""
OptionalForm = PowerForm | None


def power_form(scenario: Scenario, outcome: str, name: str) -> PowerForm | None:
    """Return how a quantity enters an outcome, or ``None`` where it enters in no such form.

    Parameters
    ----------
    scenario
        A checked scenario.
    outcome
        Name of an outcome.
    name
        A parameter, component, or column of the survey; taken to be positive.

    Returns
    -------
    PowerForm or None
        The form, the same for every alternative of every choice; ``None`` where they differ.
    """
    forms: dict[str, OptionalForm] = {name: PowerForm(1.0)}
    for each in definitions(scenario):
        if each.call is not None:
            lasts = scenario.horizon is not None and scenario.horizon.parameter == name
            parts = [_form(body, forms, NOTHING) for body in each.bodies.values()]
            forms[each.name] = None if lasts else _of_stream_call(each.call, parts)
        elif not each.bodies:
            forms[each.name] = None if name in each.reads else FREE
        else:
            zero = NOTHING if each.sort == "stream" else FREE
            forms[each.name] = _common([_form(body, forms, zero) for body in each.bodies.values()])
    return forms[outcome]


def degree(scenario: Scenario, outcome: str, name: str) -> float | None:
    """Return k where outcome = r * name**k for all positive `name`; ``None`` where it enters otherwise.

    Parameters
    ----------
    scenario
        A checked scenario.
    outcome
        Name of an outcome.
    name
        A parameter, component, or column of the survey.

    Returns
    -------
    float or None
        The power k; zero where the outcome does not depend on the quantity.
    """
    form = power_form(scenario, outcome, name)
    return form.exponent if form is not None and form.pure else None


def _form(node: ast.expr, forms: Mapping[str, OptionalForm], zero: PowerForm) -> OptionalForm:
    """Return how p enters a tree, in which the number 0 is of the form `zero`."""
    match node:
        case ast.Constant(value=value):
            return zero if value == 0.0 else FREE
        case ast.Name(id=name):
            return forms.get(name, FREE)
        case ast.UnaryOp(operand=operand):
            return _form(operand, forms, zero)
        case ast.BinOp(left=left, op=op, right=right):
            return _of_operation(op, _form(left, forms, zero), _form(right, forms, zero), right)
        case ast.Compare(left=left, comparators=[right]):
            return _only_free([_form(left, forms, FREE), _form(right, forms, FREE)])
        case ast.Call(func=ast.Constant(value=function), args=arguments):
            return _of_call(str(function), [_form(argument, forms, zero) for argument in arguments])
    raise AssertionError(f"not admitted by the parser: {ast.dump(node)}")


def _of_operation(
    op: ast.operator, left: OptionalForm, right: OptionalForm, exponent: ast.expr
) -> OptionalForm:
    if left is None or right is None:
        return None
    match op:
        case ast.Mult():
            return _product(left, right)
        case ast.Div():
            return _product(left, _power(right, -1.0))
        case ast.Pow():
            return _power(left, written_number(exponent)) if right in (FREE, NOTHING) else None
        case _:
            return _sum(left, right)


def _product(left: OptionalForm, right: OptionalForm) -> OptionalForm:
    if left is None or right is None:
        return None
    if left is NOTHING or right is NOTHING:
        return NOTHING
    if left.free:
        return right
    if right.free:
        return left
    return PowerForm(left.exponent + right.exponent) if left.pure and right.pure else None


def _power(base: PowerForm, power: float | None) -> OptionalForm:
    if base.free or base is NOTHING:
        return FREE
    if power is None or not base.pure:
        return base if power == 1.0 else None
    return PowerForm(base.exponent * power)


def _sum(left: OptionalForm, right: OptionalForm) -> OptionalForm:
    if left is None or right is None:
        return None
    if left is NOTHING or right is NOTHING:
        return right if left is NOTHING else left
    if left.free or right.free:
        of_p = right if left.free else left
        return FREE if of_p.free else PowerForm(of_p.exponent, shifted=True)
    if left.exponent != right.exponent:
        return None
    return PowerForm(left.exponent, left.shifted or right.shifted)


def _of_call(function: str, parts: list[OptionalForm]) -> OptionalForm:
    match function:
        case "sum":
            return reduce(_sum, parts)
        case "min" | "max":
            found = _common(parts)
            return found if found is not None and found.pure else None
        case "where":
            return _common(parts[1:]) if parts[0] == FREE else None
    power, inner = OF_ONE[function].power, parts[0]
    if power is None:
        return _only_free(parts)
    return None if inner is None or not inner.pure else _power(inner, power)


def _of_stream_call(call: StreamCall, parts: list[OptionalForm]) -> OptionalForm:
    """Return how p enters a function of streams; most are linear in the stream, and in nothing else."""
    if call.function == SCHEDULE:
        return FREE
    if call.stated.roles[0] != "stream" or _only_free(parts[1:]) is None:
        return _only_free(parts)
    flow = parts[0]
    if call.stated.of_flow == "linear" or flow is None:
        return FREE if flow is NOTHING and call.stated.gives == "number" else flow
    return FREE if flow.pure or flow is NOTHING else None


def _common(parts: Sequence[OptionalForm]) -> OptionalForm:
    """Return what all parts have in common: one exponent, and a c where any has one."""
    some = [part for part in parts if part is not NOTHING] or [NOTHING]
    exponents = {None if part is None else part.exponent for part in some}
    if None in exponents or len(exponents) > 1:
        return None
    known = [part for part in some if part is not None]
    return replace(known[0], shifted=any(part.shifted for part in known)) if len(known) > 1 else known[0]


def _only_free(parts: Sequence[OptionalForm]) -> OptionalForm:
    return FREE if all(part is NOTHING or part == FREE for part in parts) else None
