r"""Differences and ratios of two scenarios, with paired Monte Carlo errors.

On one seed the draws of two scenarios belong together. The error of a difference :math:`T(A) - T(B)` is then
that of the differences within each randomisation,

.. math::

    e = \operatorname{sd}_r\left(T(A_r) - T(B_r)\right) / \sqrt{R},

from which the noise that both share has gone. Without a common seed it is
:math:`\sqrt{e_A^2 + e_B^2}`, and for a ratio that of its logarithm times the ratio.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from sim.compare.comparability import paired, shared_outcomes
from sim.compare.outcomes import NAN, Statistic, statistics_of
from sim.compare.sources import Compared
from sim.scenario.schema import Report
from sim.summary.estimate import Array, Estimate, estimate

COLUMNS = [
    "scenario", "baseline", "outcome", "measure", "statistic", "at", "value", "mc_error", "unit", "paired",
]  # fmt: skip
Row = tuple[str, str, float, float, float, str]


def contrasts(baseline: Compared, others: Sequence[Compared], report: Report) -> pd.DataFrame:
    """Return how scenarios differ from a baseline.

    Parameters
    ----------
    baseline, others
        Sources.
    report
        Whose interval and thresholds are used: the baseline's.

    Returns
    -------
    DataFrame
        One row for each ``scenario``, ``outcome``, ``measure`` and ``statistic``; besides ``baseline``,
        ``at``, ``value``, ``mc_error``, ``unit``, ``paired``. Measures are ``difference`` and ``ratio`` of a
        statistic of both, and for paired runs the draw-by-draw ``draw_difference`` and ``draw_ratio`` (the
        latter where the baseline is positive in every draw) and ``probability``, whose statistics
        ``exceeds`` and ``equals`` compare a draw of the scenario with the same draw of the baseline.
        A ratio over zero is left out.

    Raises
    ------
    InvalidInputError
        If a scenario shares no outcome with the baseline.
    """
    rows = []
    for other in others:
        together = paired(baseline, other)
        for name in shared_outcomes(baseline, other):
            unit = baseline.scenario.outcomes[name].unit
            a, b = other.results.variable(name), baseline.results.variable(name)
            found = [*_of_statistics(a, b, statistics_of(report, name), unit, together)]
            if together:
                found += _draw_by_draw(a, b, statistics_of(report, name)[:3], unit)
            rows += [(other.name, baseline.name, name, *row, together) for row in found]
    return pd.DataFrame(rows, columns=COLUMNS)


def _of_statistics(
    a: Array, b: Array, statistics: Sequence[Statistic], unit: str, together: bool
) -> Iterator[Row]:
    for statistic in statistics:
        f = statistic.function
        one, other = estimate(f, a), estimate(f, b)
        if together:
            difference = estimate(lambda x, y, f=f: f(x) - f(y), a, b)
        else:
            difference = Estimate(one.value - other.value, float(np.hypot(one.error, other.error)))
        measured = "1" if statistic.name == "p_above" else unit
        yield ("difference", statistic.name, statistic.at, difference.value, difference.error, measured)
        if other.value != 0:
            ratio = _ratio(statistic, a, b) if together else _unpaired_ratio(one, other)
            yield ("ratio", statistic.name, statistic.at, ratio.value, ratio.error, "1")


def _ratio(statistic: Statistic, a: Array, b: Array) -> Estimate:
    """Return the ratio of a statistic; its error is NaN where the baseline's is 0 in some randomisation."""
    f = statistic.function

    def ratio(x: Array, y: Array) -> float:
        below = f(y)
        return f(x) / below if below != 0 else NAN

    return estimate(ratio, a, b)


def _unpaired_ratio(one: Estimate, other: Estimate) -> Estimate:
    ratio = one.value / other.value
    error = float(np.hypot(one.error, ratio * other.error)) / abs(other.value)
    return Estimate(ratio, error)


def _draw_by_draw(a: Array, b: Array, statistics: Sequence[Statistic], unit: str) -> Iterator[Row]:
    compared = [("draw_difference", a - b, unit)]
    if (b > 0).all():
        compared.append(("draw_ratio", a / b, "1"))
    for measure, draws, measured in compared:
        for statistic in statistics:
            found = estimate(statistic.function, draws)
            yield (measure, statistic.name, statistic.at, found.value, found.error, measured)
    exceeds = estimate(lambda x, y: float(np.mean(x > y)), a, b)
    equals = estimate(lambda x, y: float(np.mean(x == y)), a, b)
    yield ("probability", "exceeds", NAN, exceeds.value, exceeds.error, "1")
    yield ("probability", "equals", NAN, equals.value, equals.error, "1")
