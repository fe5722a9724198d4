r"""What functions of streams make of values by year: present values, sums, stocks.

With t the years since the start and x the part of a year by which the first flow is discounted (0 at the
start of the year, 1/2 in the middle, 1 at the end), a flow :math:`f_t` is worth

.. math:: f_t \, (1 + r_0)^{-x} \prod_{s=1}^{t} (1 + r_s)^{-1}

today: :math:`f_t (1 + r)^{-(t + x)}` where the rate is the same in all years. Perpetual inventory is
:math:`K_t = (1 - d_t) K_{t-1} + I_t` from :math:`K_{-1} = 0` (OECD 2009, Measuring Capital, 2nd ed., ch. 10).

Arrays are (year, draw), of one draw where all are alike; what is no stream is (draw,).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.types import Array


@dataclass(frozen=True, eq=False)
class Years:
    """The years over which streams go.

    Parameters
    ----------
    start, n
        First year, and how many there are at most.
    delay
        Part of a year by which the first flow is discounted.
    lasting
        Years that each draw has, (draw,); ``None`` where all have all.
    """

    start: int
    n: int
    delay: float
    lasting: Array | None = None

    @property
    def t(self) -> Array:
        """Years since the start, (year, 1)."""
        return np.arange(self.n, dtype=np.float64)[:, np.newaxis]

    def within(self, stream: Array) -> Array:
        """Return a stream that is 0 in years that a draw does not have."""
        every = by_year(stream, self.n)
        return every if self.lasting is None else np.where(self.t < self.lasting, every, 0.0)


def by_year(values: Array, n_years: int) -> Array:
    """Return values as a stream, (year, draw): a number is the same each year.

    Parameters
    ----------
    values, n_years
        A stream or a number, (draw,); how many years there are.

    Returns
    -------
    Array
        (year, draw), without a copy.
    """
    values = np.atleast_1d(values)
    return values if values.ndim == 2 else np.broadcast_to(values, (n_years, *values.shape))


def present_value(years: Years, stream: Array, rate: Array) -> Array:
    """Return present values, from the last year back; nan where a rate is at or below -1.

    Parameters
    ----------
    years
        Over which streams go.
    stream, rate
        A flow; what its years are discounted by, one rate or one a year.

    Returns
    -------
    Array
        (draw,).
    """
    flows, rates = years.within(stream), np.atleast_1d(rate)
    with np.errstate(divide="ignore"):
        factors = by_year(np.where(rates > -1.0, 1.0 / (1.0 + rates), np.nan), years.n)
    found = np.empty(np.broadcast_shapes(flows.shape[1:], factors.shape[1:]))
    found[...] = flows[-1]
    for t in range(years.n - 1, 0, -1):
        found *= factors[t]
        found += flows[t - 1]
    return np.asarray(found * factors[0] ** years.delay)


def total(years: Years, stream: Array) -> Array:
    """Return the sum over years.

    Parameters
    ----------
    years
        Over which streams go.
    stream
        A flow.

    Returns
    -------
    Array
        (draw,).
    """
    flows = years.within(stream)
    found = np.array(flows[0])
    for flow in flows[1:]:
        found += flow
    return found


def mean(years: Years, stream: Array) -> Array:
    """Return the mean over the years that each draw has.

    Parameters
    ----------
    years
        Over which streams go.
    stream
        Of which.

    Returns
    -------
    Array
        (draw,).
    """
    n: Array | int = years.n if years.lasting is None else years.lasting
    return np.asarray(total(years, stream) / n)


def at(years: Years, stream: Array, year: Array) -> Array:
    """Return the value of one year.

    Parameters
    ----------
    years
        Over which streams go.
    stream, year
        Of which; the year of the calendar.

    Returns
    -------
    Array
        (draw,).
    """
    return np.asarray(years.within(stream)[int(year.item()) - years.start])


def payback(years: Years, stream: Array) -> Array:
    """Return t of the first year in which the sum so far is above 0; the number of years where none is.

    Parameters
    ----------
    years
        Over which streams go.
    stream
        A flow.

    Returns
    -------
    Array
        (draw,).
    """
    above = cumulative(years, stream) > 0.0
    never: Array | int = years.n if years.lasting is None else years.lasting
    return np.where(above.any(axis=0), np.argmax(above, axis=0).astype(np.float64), never)


def lag(years: Years, stream: Array, n: Array) -> Array:
    """Return the values of some years before; 0 before the first year.

    Parameters
    ----------
    years
        Over which streams go.
    stream, n
        Of which; how many years before.

    Returns
    -------
    Array
        (year, draw).
    """
    flows, back = by_year(stream, years.n), int(n.item())
    found = np.zeros_like(flows)
    found[back:] = flows[: max(0, years.n - back)]
    return found


def cumulative(years: Years, stream: Array) -> Array:
    """Return the sum up to each year.

    Parameters
    ----------
    years
        Over which streams go.
    stream
        A flow.

    Returns
    -------
    Array
        (year, draw).
    """
    return np.cumsum(years.within(stream), axis=0)


def stock(years: Years, stream: Array, depreciation: Array) -> Array:
    """Return what is left of all years' flows, by perpetual inventory.

    Parameters
    ----------
    years
        Over which streams go.
    stream, depreciation
        What is added each year; part of the stock lost in a year, the same or by year.

    Returns
    -------
    Array
        (year, draw).
    """
    flows, rates = years.within(stream), by_year(depreciation, years.n)
    found = np.empty(np.broadcast_shapes(flows.shape, rates.shape))
    found[0] = flows[0]
    for t in range(1, years.n):
        np.multiply(found[t - 1], 1.0 - rates[t], out=found[t])
        found[t] += flows[t]
    return found


def annuity(years: Years, rate: Array, n: Array) -> Array:
    """Return the present value of 1 in each of the first n years; nan where the rate is at or below -1.

    Parameters
    ----------
    years
        Over which streams go.
    rate, n
        Of discount; number of years.

    Returns
    -------
    Array
        (draw,).
    """
    with np.errstate(all="ignore"):
        known = np.where(rate > -1.0, rate, np.nan)
        grown = (1.0 + known) ** (1.0 - years.delay)
        return np.asarray(np.where(rate == 0.0, n, -np.expm1(-n * np.log1p(known)) / known * grown))


def in_steps(steps: Sequence[tuple[float, float]], n: int) -> Array:
    """Return the values of a schedule.

    Parameters
    ----------
    steps, n
        Pairs of t and the value from then on; number of years.

    Returns
    -------
    Array
        (year,).

    Examples
    --------
    >>> in_steps([(0, 0.035), (2, 0.03)], 4).tolist()
    [0.035, 0.035, 0.03, 0.03]
    """
    times, values = (np.array(column, dtype=np.float64) for column in zip(*steps, strict=True))
    return np.asarray(values[np.searchsorted(times, np.arange(n), side="right") - 1])
