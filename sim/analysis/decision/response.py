"""The reported outcome as a function of its inputs, anywhere these might be taken; columns it may hang on."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.analysis.decision.fractions import Fraction, fraction_in, taken_name
from sim.distributions import Law
from sim.draws.draw import Draws
from sim.engine.experiment import Experiment
from sim.engine.inputs import SURVEY
from sim.formulas import evaluate
from sim.outcomes import evaluate_anywhere
from sim.scenario.graph import names_below, outcomes_below, quantities
from sim.scenario.power_form import degree
from sim.scenario.priors import summary_columns
from sim.scenario.titles import title_of
from sim.summary.ratio import ratio_of
from sim.types import Array, Flags

DECADES = (1, 2, 3, 6, 9)
LEAST = float(np.finfo(np.float64).tiny)


def medians(outcomes: Array) -> Array:
    """Return medians along the last axis; nan where infinities of both signs meet in the middle.

    Examples
    --------
    >>> medians(np.array([[1.0, 3.0], [-np.inf, np.inf]])).tolist()
    [2.0, nan]
    """
    with np.errstate(invalid="ignore", over="ignore"):
        found: Array = np.median(outcomes, axis=-1)
    return found


class Response:
    """The reported outcome of any draws; where a formula is not finite there, neither is the outcome.

    A run refuses such draws. Here a parameter is moved over all of its support, and what lies outside a
    formula's domain is an answer too: no value there.
    """

    def __init__(self, experiment: Experiment) -> None:
        self.experiment, self.scenario = experiment, experiment.scenario
        self.outcome = self.scenario.report.outcome
        self._order = outcomes_below(self.scenario, self.outcome)
        below = names_below(self.scenario, self.outcome)
        self.columns = tuple(sorted(below & set(experiment.first.columns)))
        self.choices = tuple(sorted(below & set(self.scenario.choices)))
        self.ratio = ratio_of(self.scenario)
        self.unit = self.scenario.outcomes[self.outcome].unit if self.ratio is None else self.ratio.unit

    def __call__(self, draws: Draws) -> Array:
        """Return the reported outcome, (randomisation, draw)."""
        return evaluate_anywhere(self.scenario, draws, self._order)[self.outcome]

    @cached_property
    def first(self) -> Draws:
        """Draws of the run."""
        return self.needed(self.experiment.first)

    def fraction(self, moving: Iterable[str]) -> Fraction | None:
        """Return the outcome as a fraction whose denominator moves with some columns, if there is one."""
        return fraction_in(self.scenario, self._order, moving)

    def both(self, draws: Draws, fraction: Fraction) -> tuple[Array, Array]:
        """Return numerator and denominator of a fraction, each (randomisation, draw).

        Parameters
        ----------
        draws
            Draws of what the fraction reads.
        fraction
            The fraction, from :meth:`fraction`.

        Returns
        -------
        tuple
            Numerator and denominator.
        """
        values = evaluate_anywhere(self.scenario, draws, self._order)
        values |= {taken_name(name): places.astype(np.float64) for name, places in draws.choices.items()}
        with np.errstate(all="ignore"):
            top, bottom = (
                evaluate(side, values, draws.shape) for side in (fraction.numerator, fraction.denominator)
            )
        return top, bottom

    def sides(self, draws: Draws) -> tuple[Array, Array]:
        """Return numerator and denominator of the reported ratio; the outcome and 1 where it is none."""
        if self.ratio is None:
            return self(draws), np.ones(draws.shape)
        values = evaluate_anywhere(self.scenario, draws, self._order[:-1])  # the last is the ratio itself
        top, bottom = (np.broadcast_to(values[side], draws.shape) for side in self.ratio.sides)
        return top, bottom

    def sides_never_negative(self, supports: Mapping[str, tuple[float, float]]) -> bool:
        """Tell whether neither of :meth:`sides` can be negative, given where the varying columns can lie."""
        from sim.formulas.ranges import Range
        from sim.scenario.outcome_ranges import OutcomeRanges

        drawn = {name: self.experiment.first.columns[name] for name in self.columns}
        constants = {name: float(np.min(x)) for name, x in drawn.items() if np.ptp(x) == 0}
        ranges = {name: Range(value, value, value == 0.0, True) for name, value in constants.items()}
        # a support from 0 on is one above 0 here: a quotient of two such has a sign, or no value
        ranges |= {name: Range(low or LEAST, high) for name, (low, high) in supports.items()}
        ranges = OutcomeRanges(self.scenario, ranges, self.outcome).numbers
        if self.ratio is None:
            return ranges[self.outcome].low >= 0
        return all(ranges[side].low >= 0 for side in self.ratio.sides)

    def needed(self, draws: Draws) -> Draws:
        """Return draws without the columns and choices that the reported outcome does not read."""
        return draws.only(self.columns, self.choices)

    def thinned(self, n_draws: int) -> Draws:
        """Return at most `n_draws` of the run's draws in all, evenly from all randomisations."""
        return self.first.thinned(max(1, n_draws // self.first.shape[0]))

    def siblings(self, name: str) -> tuple[str, ...]:
        """Return the shares that add to one with a column, itself included; nothing where it is no share."""
        parameter = self.scenario.parameters.get(whole := name.partition(".")[0])
        return parameter.columns(whole) if parameter is not None and parameter.is_whole else ()

    def with_fixed(self, draws: Draws, values: Mapping[str, Array]) -> Draws:
        r"""Return draws with some columns set, all else as drawn.

        The other shares of a Dirichlet make room in proportion, draw by draw: with set shares v that were u,
        each other is multiplied by :math:`(1 - \sum v) / (1 - \sum u)`. Parameters tied by a copula stay.

        Parameters
        ----------
        draws
            Draws, (randomisation, draw).
        values
            Values of the columns that are set, each broadcastable to the draws. Shares of one Dirichlet must
            add to at most 1.

        Returns
        -------
        Draws
            The draws, in the same shape.
        """
        columns = {name: np.broadcast_to(value, draws.shape) for name, value in values.items()}
        for whole in dict.fromkeys(self.siblings(name) for name in values):
            fixed = [name for name in whole if name in values]
            rest = [name for name in whole if name not in values and name in draws.columns]
            left = 1.0 - np.sum([draws.columns[name] for name in fixed], axis=0)
            wanted = 1.0 - np.sum([columns[name] for name in fixed], axis=0)
            even = 1.0 / max(1, len(whole) - len(fixed))  # where nothing was left to be in proportion to
            for name in rest:
                part = np.divide(draws.columns[name], left, out=np.full(draws.shape, even), where=left > 0)
                columns[name] = wanted * part
        return draws.replace(columns, {})


def flatten(draws: Draws) -> Draws:
    """Return draws whose randomisations stand in one row, (1, randomisation x draw)."""
    return draws.mapped(lambda array: array.reshape(1, -1))


def repeat(draws: Draws, n_rows: int) -> Draws:
    """Return draws of one row, (1, draw), as several equal rows that share its memory.

    Parameters
    ----------
    draws
        The row of draws.
    n_rows
        Number of rows.

    Returns
    -------
    Draws
        The same draws in every row, (row, draw).
    """
    return draws.mapped(lambda array: np.broadcast_to(array, (n_rows, draws.shape[1])))


@dataclass(frozen=True, eq=False)
class InputColumn:
    """A column that varies and that the reported outcome reads.

    Parameters
    ----------
    name
        Name, such as ``salary``, ``attribution.algorithms``, ``commits_per_year``.
    title
        Title in words.
    unit
        Unit in pint's notation.
    group
        The group of inputs it belongs to.
    law
        Its exact law (after observations it is conditioned on), or ``None`` for a column of the survey.
    support
        Least and largest value it can have; of the law before observations where there are some, of a column
        of the survey from 0.
    is_continuous
        Whether values between those of the law make sense: all but of families of separate values.
    draws
        Its draws, (randomisation, draw).
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

    def holds(self, values: Array) -> Flags:
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
    single = summary_columns(response.scenario, drivers)
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
