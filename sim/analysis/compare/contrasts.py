r"""Differences and ratios of two scenarios, with paired Monte Carlo errors.

On one seed the draws of two scenarios belong together. The error of a difference :math:`T(A) - T(B)` is then
that of the differences within each randomisation,

.. math::

    e = \operatorname{sd}_r\left(T(A_r) - T(B_r)\right) / \sqrt{R},

from which the noise that both share has gone. Without a common seed it is
:math:`\sqrt{e_A^2 + e_B^2}`, and for a ratio that of its logarithm times the ratio.

T is what ``sim run`` reports, by conditional Monte Carlo where a parameter can be integrated out, so that the
difference of two medians or means is that of the values shown, and adds up in the waterfall. Where an edit
makes a tail lighter, its noise falls with it, and what is left of the heavier one's pairs with nothing.
Differences and ratios of interval ends and of probabilities, and ratios of medians, are therefore taken with
all that can be integrated out of both outcomes (:mod:`sim.summary.product_outcome`); they can be off those of
the values shown by the errors of those. Where a parameter can be integrated out of one outcome only, both are
taken from their draws: what integration leaves of the noise of one would pair with nothing in the other.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd

from sim.analysis.compare.differences import are_paired, shared_outcomes
from sim.analysis.compare.sources import ScenarioSource
from sim.scenario.schema import Report
from sim.summary.estimate import ByRandomisation, Estimate, estimate
from sim.summary.outcome_estimates import OutcomeEstimates, statistics_of
from sim.summary.statistic import NAN, Statistic, of_draws
from sim.types import Array

COLUMNS = [
    "scenario", "baseline", "outcome", "measure", "statistic", "at", "value", "mc_error", "unit", "estimator",
    "note", "paired",
]  # fmt: skip
JOINTLY = {"difference": ("low", "high", "p_above"), "ratio": ("median", "low", "high", "p_above")}
"""Statistics, by measure, that are taken with all integrated out that can be."""
ContrastRow = tuple[str, str, float, float, float, str, str, str]


def contrasts(baseline: ScenarioSource, others: Sequence[ScenarioSource], report: Report) -> pd.DataFrame:
    """Return how scenarios differ from a baseline.

    Parameters
    ----------
    baseline
        The scenario that the others are compared with.
    others
        The other scenarios.
    report
        The report whose interval and thresholds are used: the baseline's.

    Returns
    -------
    DataFrame
        One row for each ``scenario``, ``outcome``, ``measure`` and ``statistic``; besides ``baseline``,
        ``at``, ``value``, ``mc_error``, ``unit``, ``estimator``, ``note`` (as in
        :class:`sim.summary.row.Row`), ``paired``. Measures are ``difference`` and
        ``ratio`` of a statistic of both, and for paired runs the draw-by-draw ``draw_difference`` and
        ``draw_ratio`` (the latter where the baseline is positive in every draw) and ``probability``, whose
        statistics ``exceeds`` and ``equals`` compare a draw of the scenario with the same draw of the
        baseline, and ``exceeds_independent`` with every draw, as if the two had no draws in common. A ratio
        over zero is left out. ``estimator`` is ``conditional`` where a parameter was integrated out of both,
        ``joint`` where every factor and choice was, else ``draws``; both are named where they differ.

    Raises
    ------
    InvalidInput
        If a scenario shares no outcome with the baseline.
    """
    rows = []
    for other in others:
        together = are_paired(baseline, other)
        for name in shared_outcomes(baseline, other):
            statistics = statistics_of(report, name, baseline.scenario.outcomes[name].unit)
            found = [
                row
                for wanted in statistics
                for row in _of_statistic(other.estimated, baseline.estimated, wanted, together)
            ]
            if together:
                a, b = other.run.variable(name), baseline.run.variable(name)
                found += _draw_by_draw(a, b, statistics[:3])
            rows += [(other.name, baseline.name, name, *row, together) for row in found]
    return pd.DataFrame(rows, columns=COLUMNS)


def _of_statistic(
    one: OutcomeEstimates, other: OutcomeEstimates, wanted: Statistic, together: bool
) -> Iterator[ContrastRow]:
    a, b, estimator, note = _both(one, other, wanted, together, "difference")
    if together:
        differs = a.minus(b).estimate()
    else:
        differs = Estimate(a.value - b.value, float(np.hypot(a.error, b.error)))
    found = (differs.value, differs.error, wanted.unit, estimator, note)
    yield ("difference", wanted.statistic, wanted.at, *found)
    a, b, estimator, note = _both(one, other, wanted, together, "ratio")
    if b.value != 0:
        ratio = a.over(b).estimate() if together else _unpaired_ratio(a, b)
        yield ("ratio", wanted.statistic, wanted.at, ratio.value, ratio.error, "1", estimator, note)


def _both(
    one: OutcomeEstimates, other: OutcomeEstimates, wanted: Statistic, together: bool, measure: str
) -> tuple[ByRandomisation, ByRandomisation, str, str]:
    """Return a statistic of both, by which estimator, and what is to be known of it."""
    if together and wanted.statistic in JOINTLY[measure]:
        a, b = one.joint(wanted), other.joint(wanted)
        if a is not None and b is not None:
            return a, b, "joint", ""
    found, beside = one.refined(wanted), other.refined(wanted)
    if together and found.estimator != beside.estimator:
        found, beside = one.plain(wanted), other.plain(wanted)
    estimators = dict.fromkeys((found.estimator, beside.estimator))
    return (
        found.statistic,
        beside.statistic,
        ", ".join(estimators),
        found.statistic.note or beside.statistic.note,
    )


def _unpaired_ratio(one: ByRandomisation, other: ByRandomisation) -> Estimate:
    ratio = one.value / other.value
    error = float(np.hypot(one.error, ratio * other.error)) / abs(other.value)
    return Estimate(ratio, error)


def _draw_by_draw(a: Array, b: Array, statistics: Sequence[Statistic]) -> Iterator[ContrastRow]:
    compared = [("draw_difference", a - b)]
    if (b > 0).all():
        compared.append(("draw_ratio", a / b))
    for measure, draws in compared:
        for wanted in statistics:
            found = of_draws(wanted, [draws])
            unit = "1" if measure == "draw_ratio" else wanted.unit
            yield (measure, wanted.statistic, wanted.at, found.value, found.error, unit, "draws", "")
    shares: dict[str, Callable[..., float]] = {
        "exceeds": lambda x, y: float(np.mean(x > y)),
        "equals": lambda x, y: float(np.mean(x == y)),
        "exceeds_independent": _exceeds_independently,
    }
    for name, share in shares.items():
        each = estimate(share, a, b)
        yield ("probability", name, NAN, each.value, each.error, "1", "draws", "")


def _exceeds_independently(one: Array, other: Array) -> float:
    """Return the share of all pairs of two sets of draws in which the first exceeds the second.

    Examples
    --------
    >>> _exceeds_independently(np.array([1.0, 3.0]), np.array([1.0, 2.0]))
    0.5
    """
    return float(np.mean(np.searchsorted(np.sort(other), one, side="left")) / len(other))
