"""A quantity of a run, its numbers, which know their Monte Carlo error, and conditions on draws."""

import ast
import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np

from sim.digits import with_error
from sim.draws.draw import Draws
from sim.faults import Fault, InvalidInput, nearest_name, refuse
from sim.formulas import FormulaError, evaluate, parse
from sim.scenario.graph import quantities
from sim.scenario.schema import Interval, Report, Scenario
from sim.scenario.titles import title_of
from sim.summary.estimate import Estimate
from sim.summary.outcome_estimates import statistics_of
from sim.summary.row import Row, Summary
from sim.summary.statistic import NAN, Statistic, of_draws, share_above
from sim.types import Array


class Condition:
    """A condition on the quantities of a draw, made of comparisons.

    Parameters
    ----------
    text
        A comparison in the language of formulas, or several joined by ``*``.
    names
        Names of the quantities there are.

    Raises
    ------
    InvalidInput
        If it is no formula, or reads a quantity that there is not.

    Examples
    --------
    >>> Condition("bcr > 100", ["bcr"]).exceedance.at
    100.0
    """

    def __init__(self, text: str, names: Collection[str]) -> None:
        self.text = text
        try:
            self._formula = parse(text)
        except (FormulaError, TypeError, AttributeError) as error:
            problem = str(error) if isinstance(error, FormulaError) else f"{text!r} is not text"
            raise InvalidInput([self._fault(problem, "such as bcr > 100")]) from None
        refuse(
            self._fault(f"there is no quantity {name!r}", ", ".join(names), nearest_name(name, names))
            for name in self.names
            if name not in names
        )

    def _fault(self, problem: str, allowed: str, nearest: str = "") -> Fault:
        return Fault("probability", str(self.text), problem, allowed, nearest)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the quantities that it reads."""
        return self._formula.names

    @property
    def exceedance(self) -> Statistic | None:
        """The statistic that the condition asks for, if all it says is that a quantity is above a number."""
        match self._formula.body:
            case ast.Compare(
                left=ast.Name(id=name), ops=[ast.Gt()], comparators=[ast.Constant(value=float() as at)]
            ):
                return Statistic(name, "", "p_above", at, "1", ((name, ""),))
        return None

    def row(self, values: Mapping[str, Array]) -> Row:
        """Return the share of draws in which it holds, with its Monte Carlo error.

        Raises
        ------
        InvalidInput
            If it is not a condition: true or false in every draw.
        """
        shape = next((each.shape for each in values.values()), (1, 1))
        try:
            holds = evaluate(self._formula, values, shape)
        except FormulaError as error:
            raise InvalidInput([self._fault(str(error), "such as bcr > 100")]) from None
        if not values or not np.isin(holds, (0.0, 1.0)).all():
            allowed = "a comparison, such as bcr > 100"
            raise InvalidInput([self._fault("not a condition on the draws", allowed)])
        found = share_above(holds, 0.5).estimate()
        return Row(self.text, "", "probability", math.nan, found.value, found.error, "1")


class Number(float):
    """A number with its Monte Carlo error: a float to reckon with, cut to what the error supports when shown.

    It is made of a row of a summary: the value with error, unit and note.

    Examples
    --------
    >>> median = Number(Row("bcr", "", "median", float("nan"), 119.3082, 0.6021, "1"))
    >>> median, f"{median}", median / 2
    (119.3 ± 0.6, '120', 59.6541)
    """

    row: Row

    def __new__(cls, row: Row) -> "Number":
        """Return the number."""
        made = super().__new__(cls, row.value)
        made.row = row
        return made

    @property
    def mc_error(self) -> float:
        """Monte Carlo error of the number, in its unit."""
        return self.row.mc_error

    @property
    def unit(self) -> str:
        """Unit in pint's notation; ``1`` where the number has none."""
        return self.row.unit

    @property
    def note(self) -> str:
        """What must be known before it is quoted; empty where nothing is against it."""
        return self.row.note

    def __str__(self) -> str:
        return self.row.text

    def __repr__(self) -> str:
        return self.row.text if self.row.status else with_error(self.row.value, self.row.mc_error)

    def __reduce__(self) -> tuple[type["Number"], tuple[Row]]:
        """Keep the error where the number is copied or sent to another process."""
        return type(self), (self.row,)


@dataclass(frozen=True, eq=False, repr=False)
class Quantity:
    """A parameter, a column of the survey or an outcome of a run.

    Parameters
    ----------
    name
        Name of the quantity.
    title
        Title in words.
    unit
        Unit in pint's notation.
    draws
        The draws that were kept, (randomisation, draw).
    stated
        The credible interval that is reported.
    find
        Gives the row of a statistic.
    """

    name: str
    title: str
    unit: str
    draws: Array
    stated: Interval
    find: Callable[[Statistic], Row]

    def __repr__(self) -> str:
        low, high = self.interval
        unit = "" if self.unit == "1" else f" {self.unit}"
        return f"<{self.name}: median {self.median}, {self.stated.words} {low} to {high}{unit}>"

    @property
    def mean(self) -> Number:
        """The mean."""
        return self._number("mean")

    @property
    def sd(self) -> Number:
        """The standard deviation."""
        return self._number("sd")

    @property
    def median(self) -> Number:
        """The median."""
        return self._number("median")

    @property
    def low(self) -> Number:
        """Lower end of the credible interval that the scenario reports."""
        return self._number("low", self.stated.probability)

    @property
    def high(self) -> Number:
        """Upper end of the credible interval that the scenario reports."""
        return self._number("high", self.stated.probability)

    @property
    def interval(self) -> tuple[Number, Number]:
        """Both ends of the credible interval that the scenario reports."""
        return self.low, self.high

    def quantile(self, probability: float) -> Number:
        """Return the value below which the quantity lies with a probability.

        Raises
        ------
        InvalidInput
            If the probability is not above 0 and below 1.
        """
        if not 0.0 < probability < 1.0:
            problem = f"{probability!r} is not the probability of a quantile"
            raise InvalidInput([Fault(self.name, "quantile", problem, "above 0 and below 1")])
        return self._number("quantile", probability)

    def _number(self, statistic: str, at: float = NAN) -> Number:
        kind = "eti" if math.isnan(at) else self.stated.kind
        wanted = Statistic(self.name, "", statistic, at, self.unit, ((self.name, ""),), kind)
        return Number(self.find(wanted))


def quantity_of(scenario: Scenario, draws: Draws, name: str, find: Callable[[Statistic], Row]) -> Quantity:
    """Return a parameter, a column of the survey or an outcome.

    Parameters
    ----------
    scenario
        The scenario of the run.
    draws
        Its draws with their outcomes.
    name
        Name of the quantity.
    find
        Gives the row of a statistic.

    Returns
    -------
    Quantity
        The quantity, with its draws.

    Raises
    ------
    InvalidInput
        If there is no quantity of this name.
    """
    units = quantities(scenario).units
    if name not in units:
        problem, known = f"the run has no quantity {name!r}", ", ".join(units)
        raise InvalidInput([Fault(scenario.name, "", problem, known, nearest_name(str(name), units))])
    values, stated = draws.variable(name).view(), scenario.report.interval
    values.setflags(write=False)  # other runs may share them
    return Quantity(name, title_of(scenario, name), units[name], values, stated, find)


def reported_estimates(
    scenario: Scenario, draws: Draws, summary: Summary, report: Report
) -> dict[Statistic, Estimate]:
    """Return what a report states of its outcome: from the summary, or from the draws where it lacks it.

    Parameters
    ----------
    scenario
        The scenario of the run.
    draws
        Its draws with their outcomes.
    summary
        Its summary.
    report
        What is reported: the report of this scenario, or of another whose outcome it has.

    Returns
    -------
    dict
        Estimates by statistic.
    """
    found, unit = dict[Statistic, Estimate](), scenario.outcomes[report.outcome].unit
    own = statistics_of(scenario.report, report.outcome, unit)
    for each in statistics_of(report, report.outcome, unit):
        if each in own:
            row = summary.find(each.quantity, each.statistic, at=None if math.isnan(each.at) else each.at)
            found[each] = Estimate(row.value, row.mc_error)
        else:
            found[each] = of_draws(each, [draws.variable(report.outcome)]).estimate()
    return found
