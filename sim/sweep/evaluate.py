"""The statistics of one point of a sweep."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from sim.engine.variants import Variants
from sim.results import Array
from sim.scenario.schema import Scenario
from sim.summary.estimate import estimate
from sim.summary.intervals import interval


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
    """

    outcome: str
    statistic: str
    at: float | None
    value: float
    mc_error: float
    unit: str


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

    digest: str
    version: str
    values: tuple[Value, ...]


def values_of(scenario: Scenario, variants: Variants) -> tuple[Value, ...]:
    """Return the statistics of every outcome; probabilities of the reported one only.

    Raises
    ------
    InvalidInputError
        If an outcome is not finite in some draw.
    """
    drawn = variants.outcomes(scenario)
    values: list[Value] = []
    for name, outcome in scenario.outcomes.items():
        thresholds = scenario.report.thresholds if name == scenario.report.outcome else ()
        values += _values(scenario, name, drawn[name], outcome.unit, thresholds)
    return tuple(values)


def _values(
    scenario: Scenario, name: str, draws: Array, unit: str, thresholds: tuple[float, ...]
) -> list[Value]:
    stated = scenario.report.interval
    ends = partial(interval, probability=stated.probability, kind=stated.kind)
    found = [
        (name, "median", None, estimate(np.median, draws), unit),
        (name, "low", stated.probability, estimate(lambda each: ends(each)[0], draws), unit),
        (name, "high", stated.probability, estimate(lambda each: ends(each)[1], draws), unit),
        (name, "mean", None, estimate(np.mean, draws), unit),
    ]
    for at in thresholds:
        above = estimate(lambda each, at=at: float(np.mean(each > at)), draws)
        found.append((name, "p_above", at, above, "1"))
    return [
        Value(outcome, statistic, at, each.value, each.error, measured)
        for outcome, statistic, at, each, measured in found
    ]
