"""A quantity of a run, and its numbers: floats that know their Monte Carlo error."""

import math
from collections.abc import Callable

from sim.digits import with_error
from sim.faults import Fault, InvalidInput, nearest_name
from sim.results import Results
from sim.scenario.graph import quantities
from sim.scenario.schema import Interval, Report, Scenario
from sim.scenario.titles import title_of
from sim.summary.estimate import Estimate
from sim.summary.outcome_estimates import statistics_of
from sim.summary.row import Row, Summary, stored_rows
from sim.summary.rows import rows_of
from sim.summary.statistic import NAN, Statistic, of_draws
from sim.types import Array


class Number(float):
    """A number with its Monte Carlo error: a float to reckon with, cut to what the error supports when shown.

    Parameters
    ----------
    row
        Of a summary: the value with error, unit and note.

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
        """Its Monte Carlo error, in its unit."""
        return self.row.mc_error

    @property
    def unit(self) -> str:
        """Its unit in pint's notation; ``1`` where it has none."""
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


class Quantity:
    """A parameter, a column of the survey or an outcome of a run.

    Parameters
    ----------
    name, title, unit
        In the scenario; the unit in pint's notation.
    draws
        (randomisation, draw), those that were kept.
    stated
        The credible interval that is reported.
    find
        Finds the row of a statistic.
    """

    def __init__(
        self,
        name: str,
        title: str,
        unit: str,
        draws: Array,
        stated: Interval,
        find: Callable[[Statistic], Row],
    ) -> None:
        self.name, self.title, self.unit, self.draws = name, title, unit, draws
        self._stated, self._find = stated, find

    def __repr__(self) -> str:
        low, high = self.interval
        unit = "" if self.unit == "1" else f" {self.unit}"
        return f"<{self.name}: median {self.median}, {self._stated.words} {low} to {high}{unit}>"

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
        return self._number("low", self._stated.probability)

    @property
    def high(self) -> Number:
        """Upper end of the credible interval that the scenario reports."""
        return self._number("high", self._stated.probability)

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
        kind = "eti" if math.isnan(at) else self._stated.kind
        wanted = Statistic(self.name, "", statistic, at, self.unit, ((self.name, ""),), kind)
        return Number(self._find(wanted))


def quantity_of(
    scenario: Scenario, results: Results, name: str, find: Callable[[Statistic], Row]
) -> Quantity:
    """Return a parameter, a column of the survey or an outcome.

    Parameters
    ----------
    scenario, results
        What was run, and what came out.
    name
        Of the quantity.
    find
        Finds the row of a statistic.

    Returns
    -------
    Quantity
        With its draws.

    Raises
    ------
    InvalidInput
        If there is none of this name.
    """
    units = quantities(scenario).units
    if name not in units:
        problem, known = f"the run has no quantity {name!r}", ", ".join(units)
        raise InvalidInput([Fault(scenario.name, "", problem, known, nearest_name(str(name), units))])
    draws, stated = results.variable(name).view(), scenario.report.interval
    draws.setflags(write=False)  # other runs may share them
    return Quantity(name, title_of(scenario, name), units[name], draws, stated, find)


def row_of(scenario: Scenario, results: Results, wanted: Statistic, summary: Summary | None) -> Row:
    """Return the row of a statistic from the summary, or from the draws where that does not have it.

    Parameters
    ----------
    scenario, results
        What was run, and what came out.
    wanted
        The statistic.
    summary
        ``None`` where it has not been made.

    Returns
    -------
    Row
        Of the draws kept, where it is not in the summary.
    """
    kept = stored_rows(results) if summary is None else None
    there = Summary(kept) if kept is not None else summary
    name, at = wanted.statistic, None if math.isnan(wanted.at) else wanted.at
    if there is not None and there.has(wanted.quantity, name):
        try:
            return there.find(wanted.quantity, name, at=at)
        except KeyError:  # of this statistic, but not at this number
            pass
    return rows_of(scenario, results, [wanted])[0]


def reported_estimates(
    scenario: Scenario, results: Results, summary: Summary, report: Report
) -> dict[Statistic, Estimate]:
    """Return what a report states of its outcome: from the summary, or from the draws where it lacks it.

    Parameters
    ----------
    scenario, results, summary
        What was run, and what came out.
    report
        Of this scenario, or of another whose outcome it has.

    Returns
    -------
    dict
        Estimate by statistic.
    """
    found: dict[Statistic, Estimate] = {}
    for each in statistics_of(report, report.outcome, scenario.outcomes[report.outcome].unit):
        if _is_reported(each, scenario.report):
            row = summary.find(each.quantity, each.statistic, at=None if math.isnan(each.at) else each.at)
            found[each] = Estimate(row.value, row.mc_error)
        else:
            found[each] = of_draws(each, [results.variable(report.outcome)]).estimate()
    return found


def _is_reported(statistic: Statistic, own: Report) -> bool:
    """Tell whether a run's own summary has a statistic of another's."""
    match statistic.statistic:
        case "low" | "high":
            return (statistic.at, statistic.kind) == (own.interval.probability, own.interval.kind)
        case "p_above":
            return own.outcome == statistic.quantity and statistic.at in own.thresholds
        case _:
            return True
