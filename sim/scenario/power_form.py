"""How one positive quantity enters an outcome: y = r p^k + c, with r and c that do not depend on it."""

import ast
from dataclasses import dataclass
from functools import reduce

from sim.formulas import parse
from sim.formulas.functions import OF_ONE
from sim.scenario.graph import evaluation_order
from sim.scenario.schema import Scenario


@dataclass(frozen=True)
class PowerForm:
    """An outcome as a function of one positive quantity p: y = r p^k + c.

    Parameters
    ----------
    exponent
        k; 0 where the outcome does not depend on p (then c = 0).
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
Form = PowerForm | None


def power_form(scenario: Scenario, outcome: str, name: str) -> PowerForm | None:
    """Return how a quantity enters an outcome, or ``None`` where it enters in no such form.

    Parameters
    ----------
    scenario, outcome
        Checked scenario; name of an outcome.
    name
        A parameter, component, or column of the survey; taken to be positive.

    Returns
    -------
    PowerForm or None
        The same for every alternative of every choice; ``None`` where they differ.
    """
    forms: dict[str, Form] = {name: PowerForm(1.0)}
    for each in evaluation_order(scenario):
        found = [_form(parse(text).body, forms) for text in scenario.outcomes[each].formulas.values()]
        forms[each] = _common(found)
    return forms[outcome]


def degree(scenario: Scenario, outcome: str, name: str) -> float | None:
    """Return k where outcome = r * name**k for all positive `name`; ``None`` where it enters otherwise.

    Parameters
    ----------
    scenario, outcome
        Checked scenario; name of an outcome.
    name
        A parameter, component, or column of the survey.

    Returns
    -------
    float or None
        k; zero where the outcome does not depend on it.
    """
    form = power_form(scenario, outcome, name)
    return form.exponent if form is not None and form.pure else None


def _form(node: ast.expr, forms: dict[str, Form]) -> Form:
    match node:
        case ast.Constant():
            return FREE
        case ast.Name(id=name):
            return forms.get(name, FREE)
        case ast.UnaryOp(operand=operand):
            return _form(operand, forms)
        case ast.BinOp(left=left, op=op, right=right):
            return _of_operation(op, _form(left, forms), _form(right, forms), right)
        case ast.Compare(left=left, comparators=[right]):
            return _only_free([_form(left, forms), _form(right, forms)])
        case ast.Call(func=ast.Constant(value=function), args=arguments):
            return _of_call(str(function), [_form(argument, forms) for argument in arguments])
    raise AssertionError(f"not admitted by the parser: {ast.dump(node)}")


def _of_operation(op: ast.operator, left: Form, right: Form, exponent: ast.expr) -> Form:
    if left is None or right is None:
        return None
    match op:
        case ast.Mult():
            return _product(left, right)
        case ast.Div():
            return _product(left, _power(right, -1.0))
        case ast.Pow():
            return _power(left, _number(exponent)) if right.free else None
        case _:
            return _sum(left, right)


def _product(left: Form, right: Form) -> Form:
    if left is None or right is None:
        return None
    if left.free:
        return right
    if right.free:
        return left
    return PowerForm(left.exponent + right.exponent) if left.pure and right.pure else None


def _power(base: PowerForm, power: float | None) -> Form:
    if base.free:
        return FREE
    if power is None or not base.pure:
        return base if power == 1.0 else None
    return PowerForm(base.exponent * power)


def _sum(left: Form, right: Form) -> Form:
    if left is None or right is None:
        return None
    if left.free or right.free:
        of_p = right if left.free else left
        return FREE if of_p.free else PowerForm(of_p.exponent, shifted=True)
    if left.exponent != right.exponent:
        return None
    return PowerForm(left.exponent, left.shifted or right.shifted)


def _number(exponent: ast.expr) -> float | None:
    match exponent:
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return -float(value)
    return None


def _of_call(function: str, parts: list[Form]) -> Form:
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


def _common(parts: list[Form]) -> Form:
    """Return what all parts have in common: one exponent, and a c where any has one."""
    exponents = {None if part is None else part.exponent for part in parts}
    if None in exponents or len(exponents) > 1:
        return None
    known = [part for part in parts if part is not None]
    return PowerForm(known[0].exponent, any(part.shifted for part in known))


def _only_free(parts: list[Form]) -> Form:
    return FREE if all(part == FREE for part in parts) else None
