r"""What functions of streams make of values by year: present values, sums, stocks, rates of return.

With t the years since the start and x the part of a year by which the first flow is discounted (0 at the
start of the year, 1/2 in the middle, 1 at the end), a flow :math:`f_t` is worth

.. math:: f_t \, (1 + r_0)^{-x} \prod_{s=1}^{t} (1 + r_s)^{-1}

today: :math:`f_t (1 + r)^{-(t + x)}` where the rate is the same in all years. Perpetual inventory is
:math:`K_t = (1 - d_t) K_{t-1} + I_t` from :math:`K_{-1} = 0` (OECD 2009, Measuring Capital, 2nd ed., ch. 10).

The internal rate of return is the rate i at which the present value is 0. With :math:`x = -\ln(1 + i)` it is
a root of :math:`g(x) = \sum_t f_t e^{xt}`, of which there are no more than the flows change sign, and as many
but for an even number (Descartes). One change of sign means one rate; where there are more, roots are counted
by the signs of g on a grid.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.types import Array

FARTHEST = 700.0
"""Largest -ln(1 + i) at which a rate of return is looked for: as far as rates are numbers."""
GRID = np.linspace(-3.0, 3.0, 241)
"""Values of -ln(1 + i) at which signs are taken to count roots: rates from 1,900 % down to -95 %."""


@dataclass(frozen=True, eq=False)
class Years:
    """The years over which streams go, and what functions of streams make of these.

    A stream is (year, draw), of one draw where all are alike; what is no stream is (draw,).

    Parameters
    ----------
    start
        First year.
    n
        Number of years there are at most.
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

    def present_value(self, stream: Array, rate: Array) -> Array:
        """Return present values, from the last year back; nan where a rate is at or below -1.

        Parameters
        ----------
        stream
            A flow, (year, draw).
        rate
            Rate by which its years are discounted, the same or one a year.

        Returns
        -------
        Array
            Present values, (draw,).
        """
        flows, rates = self.within(stream), np.atleast_1d(rate)
        with np.errstate(divide="ignore"):
            factors = by_year(np.where(rates > -1.0, 1.0 / (1.0 + rates), np.nan), self.n)
        found = np.empty(np.broadcast_shapes(flows.shape[1:], factors.shape[1:]))
        found[...] = flows[-1]
        for t in range(self.n - 1, 0, -1):
            found *= factors[t]
            found += flows[t - 1]
        return np.asarray(found * factors[0] ** self.delay)

    def total(self, stream: Array) -> Array:
        """Return the sum of a flow over years, (draw,)."""
        flows = self.within(stream)
        found = np.array(flows[0])
        for flow in flows[1:]:
            found += flow
        return found

    def mean(self, stream: Array) -> Array:
        """Return the mean over the years that each draw has, (draw,)."""
        return np.asarray(self.total(stream) / self._number)

    def at(self, stream: Array, year: Array) -> Array:
        """Return the value of one year.

        Parameters
        ----------
        stream
            The stream, (year, draw).
        year
            Year of the calendar.

        Returns
        -------
        Array
            Values in that year, (draw,).
        """
        return np.asarray(self.within(stream)[int(year.item()) - self.start])

    def payback(self, stream: Array) -> Array:
        """Return t of the first year in which a flow's sum so far is above 0, else the number of years."""
        above = self.cumulative(stream) > 0.0
        return np.where(above.any(axis=0), np.argmax(above, axis=0).astype(np.float64), self._number)

    def lag(self, stream: Array, n: Array) -> Array:
        """Return the values of some years before; 0 before the first year.

        Parameters
        ----------
        stream
            The stream, (year, draw).
        n
            Number of years before.

        Returns
        -------
        Array
            The stream of earlier values, (year, draw).
        """
        flows, back = by_year(stream, self.n), int(n.item())
        found = np.zeros_like(flows)
        found[back:] = flows[: max(0, self.n - back)]
        return found

    def cumulative(self, stream: Array) -> Array:
        """Return the sum of a flow up to each year, (year, draw)."""
        return np.cumsum(self.within(stream), axis=0)

    def stock(self, stream: Array, depreciation: Array) -> Array:
        """Return what is left of all years' flows, by perpetual inventory.

        Parameters
        ----------
        stream
            What is added each year, (year, draw).
        depreciation
            Part of the stock that is lost in a year, the same or by year.

        Returns
        -------
        Array
            The stock, (year, draw).
        """
        flows, rates = self.within(stream), by_year(depreciation, self.n)
        found = np.empty(np.broadcast_shapes(flows.shape, rates.shape))
        found[0] = flows[0]
        for t in range(1, self.n):
            np.multiply(found[t - 1], 1.0 - rates[t], out=found[t])
            found[t] += flows[t]
        return found

    def annuity(self, rate: Array, n: Array) -> Array:
        """Return the present value of 1 in each of the first n years; nan where the rate is at or below -1.

        Parameters
        ----------
        rate
            Rate of discount.
        n
            Number of years.

        Returns
        -------
        Array
            Present values, (draw,).
        """
        with np.errstate(all="ignore"):
            known = np.where(rate > -1.0, rate, np.nan)
            grown = (1.0 + known) ** (1.0 - self.delay)
            return np.asarray(np.where(rate == 0.0, n, -np.expm1(-n * np.log1p(known)) / known * grown))

    def irr(self, stream: Array) -> Array:
        """Return internal rates of return, (draw,); nan where there is none, infinite where there are more.

        Examples
        --------
        >>> flows = np.array([[-100.0, 1.0], [110.0, 1.0]])
        >>> Years(2025, 2, 0.0).irr(flows).round(12).tolist()
        [0.1, nan]
        """
        flows = self.within(stream)
        n_changes = _changes(np.sign(flows))
        many = np.flatnonzero(n_changes > 1)
        if many.size:
            some = flows[:, many]
            inner = [np.sign(_scaled(some, np.full(many.shape, x))) for x in GRID]
            n_changes[many] = _changes(np.array([_first_sign(some), *inner, _first_sign(some[::-1])]))
        found = np.where(n_changes == 0, np.nan, np.inf)
        single = np.flatnonzero(n_changes == 1)
        if single.size:
            found[single] = _roots(flows[:, single])
        return found

    @property
    def _number(self) -> Array | int:
        """How many years a draw has, (draw,), or all have."""
        return self.n if self.lasting is None else self.lasting


def by_year(values: Array, n_years: int) -> Array:
    """Return values as a stream, (year, draw): a number is the same each year.

    Parameters
    ----------
    values
        A stream, (year, draw), or a number, (draw,).
    n_years
        Number of years.

    Returns
    -------
    Array
        The stream, (year, draw), without a copy.
    """
    values = np.atleast_1d(values)
    return values if values.ndim == 2 else np.broadcast_to(values, (n_years, *values.shape))


def in_steps(steps: Sequence[tuple[float, float]], n: int) -> Array:
    """Return the values of a schedule.

    Parameters
    ----------
    steps
        Pairs of t and the value from then on.
    n
        Number of years.

    Returns
    -------
    Array
        Values by year, (year,).

    Examples
    --------
    >>> in_steps([(0, 0.035), (2, 0.03)], 4).tolist()
    [0.035, 0.035, 0.03, 0.03]
    """
    times, values = (np.array(column, dtype=np.float64) for column in zip(*steps, strict=True))
    return np.asarray(values[np.searchsorted(times, np.arange(n), side="right") - 1])


def _changes(signs: Array) -> Array:
    """Return how often signs change along the first axis, zeros left out."""
    last, found = np.zeros(signs.shape[1]), np.zeros(signs.shape[1])
    for sign in signs:
        found += (sign * last) < 0.0
        last = np.where(sign == 0.0, last, sign)
    return found


def _first_sign(flows: Array) -> Array:
    """Return the sign of the first flow that is not 0, (draw,)."""
    first = np.argmax(flows != 0.0, axis=0)
    return np.asarray(np.sign(np.take_along_axis(flows, first[np.newaxis], axis=0)[0]))


def _scaled(flows: Array, x: Array) -> Array:
    """Return g(x), above x = 0 divided by exp(x (n - 1)), which keeps its sign and is never too large."""
    forwards, backwards = np.exp(np.minimum(x, 0.0)), np.exp(-np.maximum(x, 0.0))
    early, late = np.array(flows[-1]), np.array(flows[0])
    for flow in flows[-2::-1]:
        early = early * forwards + flow
    for flow in flows[1:]:
        late = late * backwards + flow
    return np.where(x <= 0.0, early, late)


def _roots(flows: Array) -> Array:
    from scipy.optimize.elementwise import find_root  # here: scenarios without an irr do not wait for it

    def present(x: Array, *draw: Array) -> Array:
        return _scaled(flows[:, draw[0]], x)

    draws = np.arange(flows.shape[1])
    ends = np.full(draws.shape, -FARTHEST), np.full(draws.shape, FARTHEST)
    found = find_root(
        present,
        ends,
        args=(draws,),
        tolerances={"xatol": 0.0, "xrtol": 4e-16, "fatol": 0.0, "frtol": 0.0},
    )
    return np.where(found.status == 0, np.expm1(-found.x), np.nan)
