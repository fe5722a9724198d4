"""Where calls of functions of streams can lead, from where their arguments can go in each year."""

import math
from collections.abc import Callable, Sequence
from functools import reduce
from itertools import accumulate, product

import numpy as np

from sim.formulas.ranges import ANYWHERE, Range, add, either, multiply
from sim.formulas.stream_calls import SCHEDULE, StreamCall
from sim.formulas.years import Years, annuity

NOTHING = Range(0.0, 0.0, zero=True, steps=True)
Ranges = Sequence[Range]
"""Of a stream, one for each year; of a number, the same for each."""


def ranges_of_call(call: StreamCall, parts: Sequence[Ranges], years: Years) -> tuple[list[Range], str]:
    """Return where a call can lead in each year, and in words what can go wrong.

    Parameters
    ----------
    call, parts
        The call; ranges of each of its arguments.
    years
        The years over which streams go.

    Returns
    -------
    list of Range and str
        Too wide, never too narrow, and the same for each year where the call gives a number; what can go
        wrong, empty where nothing can.

    Examples
    --------
    >>> from sim.formulas.stream_calls import parse_over_years
    >>> (call,) = parse_over_years("sum(cost)", frozenset({"cost"})).calls.values()
    >>> found, _ = ranges_of_call(call, [[Range(1.0, 2.0)] * 10], Years(2025, 10, 0.0))
    >>> found[0].low, found[0].high
    (10.0, 20.0)
    """
    if call.function == SCHEDULE:
        values = call.values(years.n)
        return [Range(value, value, value == 0.0, steps=True) for value in values.tolist()], ""
    for part, role in zip(parts, call.stated.roles, strict=True):
        if role in ("rate", "one rate") and min(each.low for each in part) <= -1.0:
            return [ANYWHERE] * years.n, f"{call.text}, where the rate can be -1 or less"
    found = _found(call, parts, years)
    return (found if isinstance(found, list) else [found] * years.n), ""


def _found(call: StreamCall, parts: Sequence[Ranges], years: Years) -> list[Range] | Range:
    flows = parts[0]
    rules: dict[str, Callable[[], list[Range] | Range]] = {
        "sum": lambda: reduce(add, flows),
        "mean": lambda: either([*flows]),
        "at": lambda: flows[int(parts[1][0].low) - years.start],
        "lag": lambda: [NOTHING] * int(parts[1][0].low) + [*flows[: years.n - int(parts[1][0].low)]],
        "cumulative": lambda: [*accumulate(flows, add)],
        "stock": lambda: _stock(flows, parts[1]),
        "present_value": lambda: _discounted(flows, parts[1], years.delay),
        "annuity": lambda: _annuity(flows[0], parts[1][0], years),
    }
    return rules[call.function]() if call.function in rules else ANYWHERE


def _stock(flows: Ranges, depreciation: Ranges) -> list[Range]:
    found = [flows[0]]
    for flow, rate in zip(flows[1:], depreciation[1:], strict=True):
        kept = add(Range(1.0, 1.0, steps=True), multiply(rate, Range(-1.0, -1.0, steps=True)))
        found.append(add(multiply(found[-1], kept), flow))
    return found


def _discounted(flows: Ranges, rates: Ranges, delay: float) -> Range:
    factors = [Range(1.0 / (1.0 + rate.high), 1.0 / (1.0 + rate.low), steps=rate.steps) for rate in rates]
    found = flows[-1]
    for flow, factor in zip(reversed(flows[:-1]), reversed(factors[1:]), strict=True):
        found = add(multiply(found, factor), flow)
    first = factors[0]
    return multiply(found, Range(first.low**delay, first.high**delay, steps=first.steps))


def _annuity(rate: Range, n: Range, years: Years) -> Range:
    pairs = product((rate.low, rate.high), (n.low, n.high))
    ends = [float(annuity(years, np.array(each), np.array(long))) for each, long in pairs]
    return Range(min(ends), max(ends), zero=n.zero) if all(map(math.isfinite, ends)) else ANYWHERE
