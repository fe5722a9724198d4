"""The columns whose values a decision may hang on: what they are called, and where they can lie."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.analysis.decision.response import Response
from sim.distributions import Law
from sim.engine.inputs import SURVEY
from sim.scenario.graph import quantities, summarised
from sim.scenario.power_form import degree
from sim.scenario.titles import title_of
from sim.types import Array

DECADES = (1, 2, 3, 6, 9)


@dataclass(frozen=True, eq=False)
class InputColumn:
    """A column that varies and that the reported outcome reads.

    Parameters
    ----------
    name
        Such as ``salary``, ``attribution.algorithms``, ``commits_per_year``.
    title, unit, group
        In words; in pint's notation; the group of inputs it belongs to.
    law
        Its exact law (after observations it is conditioned on), or ``None`` for a column of the survey.
    support
        Least and largest value it can have; of the law before observations where there are some, of a column
        of the survey from 0.
    is_continuous
        Whether values between those of the law make sense: all but of families of separate values.
    draws
        (randomisation, draw).
    """

    name: str
    title: str
    unit: str
    group: str
    law: Law | None
    support: tuple[float, float]
    is_continuous: bool
    draws: Array

    def quantiles(self, levels: Array) -> Array:
        """Return its quantiles, exact where it has a law, else of its draws."""
        found = np.quantile(self.draws, levels) if self.law is None else self.law.ppf(levels)
        return np.asarray(found, dtype=np.float64)

    def level(self, value: float) -> float:
        """Return the probability of at most a value, exact where it has a law, else among its draws."""
        if self.law is None:
            return float(np.mean(self.draws <= value))
        return float(self.law.cdf(np.array([value]))[0])

    def holds(self, values: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        """Tell which values are positive and within its support, elementwise."""
        low, high = self.support
        return (values > 0) & (values >= low) & (values <= high)

    def from_median(self, values: Array) -> Array:
        """Return how far values are above its median; in logarithms where no value can be negative."""
        middle = self.quantiles(np.array([0.5]))
        if self.support[0] >= 0 and middle[0] > 0 and np.all(values > 0):
            return np.asarray(np.log(values / middle), dtype=np.float64)
        return np.asarray(values - middle, dtype=np.float64)

    def exponent_in(self, response: Response) -> float | None:
        """Return k where the outcome is r * p**k in every draw, r free of this column p; else ``None``.

        ``None`` too where p can be zero or negative, or the outcome reads another share of p's whole, which
        moves when p does.
        """
        others = set(response.siblings(self.name)) - {self.name}
        if others & set(response.columns) or self.support[0] < 0 or not np.min(self.draws) > 0:
            return None
        return degree(response.scenario, response.outcome, self.name) or None

    def grid(self) -> Array:
        r"""Return values from one end of its support to the other, ascending, to look for crossings on.

        Between its 0.1 and 99.9 % points :math:`q`: 23 quantiles. Beyond them, towards a finite end e of the
        support: :math:`e + (q - e)\,10^{-k}`, k = 1, 2, 3, 6, 9. Towards an infinite end: :math:`q\,10^k`
        where the support has no negative value, else the distance from the median times :math:`10^k`. So the
        finite bracket is nine powers of ten wide on either side, and stops just inside an end. Where 0 is
        within the support, which is where formulas have their poles and jumps, 0 itself and on either side
        :math:`w\,10^{-k}`, w the distance between those two points.
        """
        inner = self.quantiles(np.array([0.001, 0.01, *np.arange(0.05, 0.96, 0.05), 0.99, 0.999]))
        middle = float(self.quantiles(np.array([0.5]))[0])
        low, high = self.support
        tails = [*_tail(inner[0], low, middle, low), *_tail(inner[-1], high, middle, low)]
        about_zero = (inner[-1] - inner[0]) * 10.0 ** -np.array(DECADES) if low < 0 < high else np.zeros(0)
        grid = np.concatenate([tails, inner, -about_zero, np.zeros(min(1, about_zero.size)), about_zero])
        return np.unique(grid[(grid >= low) & (grid <= high) & np.isfinite(grid)])


def columns_read(response: Response) -> tuple[InputColumn, ...]:
    """Return the columns that vary and that the reported outcome reads, in the scenario's order.

    A stream with one draw a year is none: no one value of it is what a decision hangs on.
    """
    drivers = response.experiment.drivers
    single = summarised(response.scenario, drivers)
    return tuple(_column(response, name, drivers[name].name) for name in single)


def _tail(last: float, end: float, middle: float, low: float) -> Iterator[float]:
    for power in DECADES:
        if math.isfinite(end):
            yield end + (last - end) * 10.0**-power
        elif low >= 0:
            yield last * 10.0**power
        else:
            yield middle + (last - middle) * 10.0**power


def _column(response: Response, name: str, group: str) -> InputColumn:
    scenario, experiment = response.scenario, response.experiment
    title, unit = title_of(scenario, name), quantities(scenario).units[name]
    draws, whole = experiment.first.columns[name], name.partition(".")[0]
    if whole not in scenario.parameters:
        return InputColumn(name, f"{SURVEY}: {title}", unit, group, None, (0.0, math.inf), True, draws)
    parameter = scenario.parameters[whole]
    law = parameter.marginals(whole)[name]
    low, high = law.support()
    law = experiment.posteriors.get(whole, law)
    support = float(low), float(high)
    return InputColumn(name, title, unit, group, law, support, not parameter.masses(), draws)
