"""Calls of functions of streams, taken out of formulas: what is left is over quantities by name.

``present_value(benefit - cost, rate) / 2`` becomes ``x / 2``, where x is a quantity whose name is the text of
the call, and the call is kept beside it. So everything that follows formulas meets names alone.
"""

import ast
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from sim.formulas.functions import STREAM_FUNCTIONS, TIME_NAMES, Role, StreamFunction
from sim.formulas.tree import Formula, FormulaError, names_in, parse, write, written_number
from sim.formulas.years import in_steps
from sim.types import Array

WHOLE = re.compile(r"(?<![\w.])(\d+)\.0(?![\w.])")
"""A whole number as the parser keeps it."""
RATES: tuple[Role, ...] = ("rate", "one rate")
SCHEDULE = "schedule"
"""Stands for a function whose value is what a schedule states."""


@dataclass(frozen=True)
class StreamCall:
    """A call of a function of streams, or a schedule.

    Parameters
    ----------
    text
        The call as written: its name among quantities.
    function
        Name of the function; ``schedule`` for a schedule.
    arguments
        Trees over names, those of other calls among them.
    steps
        Steps of a schedule: t and value of each.
    """

    text: str
    function: str
    arguments: tuple[ast.expr, ...] = ()
    steps: tuple[tuple[float, float], ...] = ()

    @property
    def stated(self) -> StreamFunction:
        """The function."""
        return STREAM_FUNCTIONS[self.function]

    @property
    def gives_stream(self) -> bool:
        """Whether its value is a stream."""
        return self.function == SCHEDULE or self.stated.gives == "stream"

    @property
    def rates(self) -> tuple[str, ...]:
        """Names that stand as its rate, of discount or depreciation."""
        roles = () if self.function == SCHEDULE else self.stated.roles
        pairs = zip(self.arguments, roles, strict=False)
        return tuple(each.id for each, role in pairs if isinstance(each, ast.Name) and role in RATES)

    def values(self, n_years: int) -> Array:
        """Return the values of a schedule, (year,)."""
        return in_steps(self.steps, n_years)

    def refused_years(self, years: range) -> tuple[str, ...]:
        """Return what is wrong with a year or a lag that it states, and what is allowed; or nothing."""
        roles = () if self.function == SCHEDULE else self.stated.roles
        for argument, role in zip(self.arguments, roles, strict=False):
            value = written_number(argument)
            if role == "year" and value not in years:
                return f"'{self.text}': {value:g} is not in the horizon", f"{years[0]} to {years[-1]}"
            if role == "whole" and value not in range(len(years)):
                return f"'{self.text}': {value:g} years back", f"0 to {len(years) - 1}"
        return ()

    @property
    def names(self) -> frozenset[str]:
        """Names that its arguments read, those of other calls among them."""
        return frozenset(name for argument in self.arguments for name in names_in(argument))


@lru_cache(maxsize=4096)
def parse_over_years(text: str, streams: frozenset[str], gives_stream: bool = False) -> Formula:
    """Parse a formula of a scenario with streams.

    Parameters
    ----------
    text
        The formula.
    streams
        Names of the streams.
    gives_stream
        Whether its value may be a stream.

    Returns
    -------
    Formula
        The formula, with its calls apart.

    Raises
    ------
    FormulaError
        If it cannot be parsed, as :func:`sim.formulas.tree.parse` says; for a call that is not as its
        function wants it, and for a stream where a number is wanted.

    Examples
    --------
    >>> found = parse_over_years("present_value(gain - loss, r) / 2", frozenset({"gain", "loss"}))
    >>> found.names, found.reads
    (('present_value(gain - loss, r)',), ('gain', 'loss', 'r'))
    """
    finder = _CallFinder(streams)
    body, stream = finder.take(parse(text, over_years=True).body)
    if stream and not gives_stream:
        raise FormulaError(
            f"'{stream}' is a stream, one value a year, where a number is wanted; write "
            f"present_value({stream}, rate), sum({stream}), mean({stream}) or at({stream}, year)"
        )
    return Formula(text, body, finder.calls)


@dataclass
class _CallFinder:
    """Takes the calls out of one formula, and keeps them by their text, each after those that it reads."""

    streams: Collection[str]
    calls: dict[str, StreamCall] = field(default_factory=dict)

    def take(self, node: ast.expr) -> tuple[ast.expr, str]:
        """Return a tree without calls, and a stream that it holds; empty where it is a number."""
        match node:
            case ast.Name(id=name):
                return node, name if name in self.streams or name in TIME_NAMES else ""
            case ast.List():
                return self._keep(StreamCall(ast.unparse(node), SCHEDULE, (), _steps_of(node)))
            case ast.Call(func=ast.Constant(value=str(name)), args=arguments):
                parts = [self.take(argument) for argument in arguments]
                is_ordinary = name not in STREAM_FUNCTIONS or (name == "sum" and not parts[0][1])
                if not is_ordinary and len(parts) == len(STREAM_FUNCTIONS[name].roles):
                    return self._call(name, node, parts)
                return ast.Call(node.func, [part for part, _ in parts], []), _first(parts)
        return self._operation(node)

    def _operation(self, node: ast.expr) -> tuple[ast.expr, str]:
        match node:
            case ast.UnaryOp(op=unary, operand=operand):
                inner, stream = self.take(operand)
                return ast.UnaryOp(unary, inner), stream
            case ast.BinOp(left=left, op=op, right=right):
                sides = self.take(left), self.take(right)
                return ast.BinOp(sides[0][0], op, sides[1][0]), _first(sides)
            case ast.Compare(left=left, ops=ops, comparators=[right]):
                sides = self.take(left), self.take(right)
                return ast.Compare(sides[0][0], ops, [sides[1][0]]), _first(sides)
        return node, ""

    def _call(self, name: str, node: ast.expr, parts: list[tuple[ast.expr, str]]) -> tuple[ast.expr, str]:
        function, text = STREAM_FUNCTIONS[name], WHOLE.sub(r"\1", write(node))
        for (part, stream), role in zip(parts, function.roles, strict=True):
            _refuse_unfit(text, part, stream, role)
        return self._keep(StreamCall(text, name, tuple(part for part, _ in parts)))

    def _keep(self, call: StreamCall) -> tuple[ast.expr, str]:
        self.calls[call.text] = call
        return ast.Name(call.text), call.text if call.gives_stream else ""


def _first(parts: Iterable[tuple[ast.expr, str]]) -> str:
    """Return the first stream that parts hold; empty where they hold none."""
    return next((stream for _, stream in parts if stream), "")


def _steps_of(node: ast.List) -> tuple[tuple[float, float], ...]:
    """Return the steps of a schedule, pairs of t and the value from then on; refuse what is none."""
    steps: list[tuple[float, float]] = []
    for pair in node.elts:
        match pair:
            case ast.List(elts=[first, second]):
                steps.append((_number(first), _number(second)))
            case _:
                raise FormulaError(
                    f"{ast.unparse(node)[:60]} is not a schedule: write [[0, 0.035], [31, 0.03]]"
                )
    problem = schedule_problem(steps)
    if problem:
        raise FormulaError(f"the schedule {ast.unparse(node)[:60]} {problem}")
    return tuple(steps)


def schedule_problem(steps: Collection[tuple[float, float]]) -> str:
    """Return what is wrong with a schedule, as a verb; empty where nothing is."""
    times = [t for t, _ in steps]
    if not times or times[0] != 0.0:
        return "does not begin at t = 0"
    if any(t != int(t) for t in times):
        return "has a step that is not a whole number of years after the start"
    if any(later <= t for t, later in pairwise(times)):
        return "has a step that does not come after the one before"
    return ""


def _number(node: ast.expr) -> float:
    value = written_number(node)
    if value is None:
        raise FormulaError(f"'{ast.unparse(node)[:60]}' in a schedule is not a number written out")
    return value


def _refuse_unfit(text: str, part: ast.expr, stream: str, role: Role) -> None:
    """Refuse an argument that is not of its role."""
    if role in ("number", "one rate") and stream:
        raise FormulaError(f"'{text}': '{stream}' is a stream, where a number is wanted")
    value = written_number(part)
    if role in ("year", "whole") and (value is None or value != int(value)):
        wanted = "a year of the horizon" if role == "year" else "a whole number of years"
        raise FormulaError(f"'{text}': '{ast.unparse(part)[:60]}' is not {wanted}, written out")
    if role in RATES and value is not None and value <= -1.0:
        raise FormulaError(f"'{text}': a rate of {value:g}; allowed: above -1")
