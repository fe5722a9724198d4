"""The statistics of one point of a sweep."""

from dataclasses import dataclass
from math import isnan

from pydantic import ConfigDict

from sim.engine.variants import Variants
from sim.scenario.schema import Scenario
from sim.summary.estimated import Found as Statistic
from sim.summary.estimated import statistics_of
from sim.summary.wanted import Wanted

NAN_KEPT = ConfigDict(ser_json_inf_nan="constants")
"""A statistic that does not exist is NaN, in JSON too."""


@dataclass(frozen=True)
class Value:
    """One statistic of one outcome at one point.

    Parameters
    ----------
    outcome
        Name.
    statistic
        ``median``, ``low``, ``high``, ``mean``, or ``p_above``.
    at
        Probability of the interval, or threshold; else ``None``.
    value, mc_error
        Estimate and its Monte Carlo error, in `unit`.
    unit
        In pint's notation.
    note
        As in :class:`sim.summary.row.Row`.
    """

    __pydantic_config__ = NAN_KEPT

    outcome: str
    statistic: str
    at: float | None
    value: float
    mc_error: float
    unit: str
    note: str = ""


@dataclass(frozen=True)
class Found:
    """What a point gives.

    Parameters
    ----------
    digest
        Of the point's scenario.
    version
        Of the program that found it.
    values
        Every statistic of every outcome.
    """

    __pydantic_config__ = NAN_KEPT

    digest: str
    version: str
    values: tuple[Value, ...]


def values_of(scenario: Scenario, variants: Variants) -> tuple[Value, ...]:
    """Return the statistics of every outcome, as ``sim run`` gives them; P above of the reported one.

    Raises
    ------
    InvalidInputError
        If an outcome is not finite in some draw.
    """
    estimated = variants.estimated(scenario)
    return tuple(
        _value(wanted, estimated.of(wanted))
        for name, outcome in scenario.outcomes.items()
        for wanted in statistics_of(scenario.report, name, outcome.unit)
    )


def _value(wanted: Wanted, found: Statistic) -> Value:
    at = None if isnan(wanted.at) else wanted.at
    value, error = found.statistic.value, found.statistic.error
    return Value(wanted.quantity, wanted.statistic, at, value, error, wanted.unit, found.note)
