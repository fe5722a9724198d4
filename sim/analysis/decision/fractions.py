"""The reported outcome as one fraction N / D in what moves, its poles being the zeros of D.

Sums, products, quotients, whole powers, ``where``, ``min``, ``max`` and ``abs`` are brought over one
denominator, with named outcomes put in their places; anything else, and what does not move, stays as it is
written.
"""

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import chain, islice

from sim.formulas import Formula
from sim.formulas.tree import names_in, write, written_number
from sim.scenario.graph import definitions, names_below
from sim.scenario.schema import Scenario

MOST_NODES = 2000
"""Most nodes of numerator and denominator together; a longer fraction is left alone."""
MOST_POWER = 12.0
ONE = ast.Constant(1.0)
Powers = Mapping[str, tuple[ast.expr, int]]


def taken_name(choice: str) -> str:
    """Return the name under which a fraction reads the place of the alternative that a choice takes."""
    return f"choice {choice}"  # no name of a scenario holds a space


@dataclass(frozen=True)
class Fraction:
    """An outcome as a fraction, over the scenario's names and the places of its choices.

    Parameters
    ----------
    numerator
        The numerator as a formula.
    denominator
        The denominator as a formula.
    """

    numerator: Formula
    denominator: Formula


@dataclass(frozen=True)
class _Term:
    """rest * product of base**power; bases by their text."""

    rest: ast.expr
    powers: Powers = field(default_factory=dict)

    @property
    def top(self) -> ast.expr:
        """All but the negative powers."""
        return _times([self.rest, *(_power(base, k) for base, k in self.powers.values() if k > 0)])

    @property
    def below(self) -> Powers:
        """The negative powers, as positive ones."""
        return {text: (base, -k) for text, (base, k) in self.powers.items() if k < 0}

    @property
    def bottom(self) -> ast.expr:
        """The product of :attr:`below`."""
        return _times([_power(base, k) for base, k in self.below.values()])


Terms = Mapping[str, _Term]
"""Terms by the name of what moves: columns, and outcomes that read them."""


def fraction_in(scenario: Scenario, order: Sequence[str], moving: Iterable[str]) -> Fraction | None:
    """Return an outcome as a fraction whose denominator moves; ``None`` where it has none, or is too long.

    Parameters
    ----------
    scenario
        A checked scenario.
    order
        Names of outcomes so that each comes after those it reads; the last is the one that is wanted.
    moving
        Names of the parameters, components and survey columns that move.

    Returns
    -------
    Fraction or None
        The fraction; ``None`` where the outcome is none with a denominator that moves.
    """
    moving = {*moving}
    defined = {each.name: each for each in definitions(scenario)}
    calls = (name for name, each in defined.items() if each.call is not None)
    moving |= {name for name in calls if names_below(scenario, name) & moving}
    terms = {name: _Term(ONE, {name: (ast.Name(name), 1)}) for name in moving}
    for name in order:
        if not terms.keys() & defined[name].reads:
            continue
        by, bodies = scenario.outcomes[name].by, defined[name].bodies
        keys = bodies if by is None else scenario.choices[by].weights
        alternatives = [_term(bodies[key], terms) for key in keys]
        terms[name] = alternatives[0] if by is None else _chosen(by, alternatives)
        nodes = chain(ast.walk(terms[name].top), ast.walk(terms[name].bottom))
        if next(islice(nodes, MOST_NODES, None), None) is not None:
            return None
    found = terms[order[-1]]
    if not found.below:
        return None
    top, bottom = found.top, found.bottom
    return Fraction(Formula(write(top), top), Formula(write(bottom), bottom))


def _term(node: ast.expr, terms: Terms) -> _Term:
    return _of_moving(node, terms) if terms.keys() & set(names_in(node)) else _Term(node)


def _of_moving(node: ast.expr, terms: Terms) -> _Term:
    match node:
        case ast.Name(id=name):
            return terms[name]
        case ast.UnaryOp(op=op, operand=operand):
            inner = _term(operand, terms)
            return _Term(ast.UnaryOp(op, inner.rest), inner.powers)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _raised(node, _term(left, terms), written_number(right))
        case ast.BinOp(left=left, op=op, right=right):
            return _of_two(op, _term(left, terms), _term(right, terms))
        case ast.Call(func=ast.Constant(value=function), args=arguments):
            return _of_call(node, str(function), arguments, terms)
    return _Term(node)


def _of_two(op: ast.operator, left: _Term, right: _Term) -> _Term:
    match op:
        case ast.Mult():
            return _product(left, right)
        case ast.Div():
            return _product(left, _inverse(right))
        case ast.Sub():
            return _sum(left, _Term(ast.UnaryOp(ast.USub(), right.rest), right.powers))
        case _:
            return _sum(left, right)


def _of_call(node: ast.expr, function: str, arguments: Sequence[ast.expr], terms: Terms) -> _Term:
    if function == "where":
        return _where(arguments[0], _term(arguments[1], terms), _term(arguments[2], terms))
    parts = [_term(argument, terms) for argument in arguments]
    if function == "sum":
        return reduce(_sum, parts)
    if not any(part.below for part in parts):
        return _Term(node)
    if function in ("min", "max"):
        return _extreme(ast.Lt() if function == "min" else ast.Gt(), arguments, parts)
    if function == "abs":
        size = ast.Call(ast.Constant(function), [parts[0].bottom], [])
        return _product(_Term(ast.Call(ast.Constant(function), [parts[0].top], [])), _inverse(_Term(size)))
    return _Term(node)


def _product(left: _Term, right: _Term) -> _Term:
    powers = dict(left.powers)
    for text, (base, k) in right.powers.items():
        powers[text] = (base, powers.get(text, (base, 0))[1] + k)
    return _Term(_times([left.rest, right.rest]), {text: each for text, each in powers.items() if each[1]})


def _inverse(term: _Term) -> _Term:
    powers = {text: (base, -k) for text, (base, k) in term.powers.items()}
    if isinstance(term.rest, ast.Constant):
        return _Term(ONE if term.rest.value == 1.0 else ast.BinOp(ONE, ast.Div(), term.rest), powers)
    return _product(_Term(ONE, {write(term.rest): (term.rest, -1)}), _Term(ONE, powers))


def _sum(left: _Term, right: _Term) -> _Term:
    """Add over the least common denominator."""
    below = {
        text: (base, max(k, right.below.get(text, (base, 0))[1]))
        for text, (base, k) in {**right.below, **left.below}.items()
    }
    wider = _Term(ONE, below)
    top = ast.BinOp(_product(left, wider).top, ast.Add(), _product(right, wider).top)
    return _product(_Term(top), _inverse(wider))


def _where(condition: ast.expr, yes: _Term, no: _Term) -> _Term:
    """Return one of two terms by a condition, which stays as it is written."""
    top = ast.Call(ast.Constant("where"), [condition, yes.top, no.top], [])
    if {text: k for text, (_, k) in yes.below.items()} == {text: k for text, (_, k) in no.below.items()}:
        return _Term(top, {text: (base, -k) for text, (base, k) in yes.below.items()})
    bottom = ast.Call(ast.Constant("where"), [condition, yes.bottom, no.bottom], [])
    return _product(_Term(top), _inverse(_Term(bottom)))


def _extreme(op: ast.cmpop, arguments: Sequence[ast.expr], parts: Sequence[_Term]) -> _Term:
    found, value = parts[0], arguments[0]
    for argument, part in zip(arguments[1:], parts[1:], strict=True):
        condition = ast.Compare(value, [op], [argument])
        found = _where(condition, found, part)
        value = ast.Call(ast.Constant("where"), [condition, value, argument], [])
    return found


def _chosen(choice: str, alternatives: Sequence[_Term]) -> _Term:
    """Return the term of the alternative taken."""
    found = alternatives[-1]
    for place, term in reversed(list(enumerate(alternatives[:-1]))):
        taken = ast.Compare(ast.Name(taken_name(choice)), [ast.Eq()], [ast.Constant(float(place))])
        found = _where(taken, term, found)
    return found


def _raised(node: ast.expr, base: _Term, exponent: float | None) -> _Term:
    if not exponent:
        return _Term(node)
    if exponent == int(exponent) and abs(exponent) <= MOST_POWER:
        k = int(exponent)
        whole = _Term(
            _power(base.rest, abs(k)), {text: (b, n * abs(k)) for text, (b, n) in base.powers.items()}
        )
        return whole if k > 0 else _inverse(whole)
    if exponent < 0 and not base.below:
        return _inverse(_Term(_power(base.top, -exponent)))
    return _Term(node)


def _power(base: ast.expr, k: float) -> ast.expr:
    return base if k == 1 else ast.BinOp(base, ast.Pow(), ast.Constant(float(k)))


def _times(factors: Sequence[ast.expr]) -> ast.expr:
    """Return a product, without the ones in it."""
    others = [each for each in factors if not (isinstance(each, ast.Constant) and each.value == 1.0)]
    return reduce(lambda a, b: ast.BinOp(a, ast.Mult(), b), others) if others else ONE
