r"""How precise the figures of the reported outcome are, and how precise they are asked to be.

JCGM 101:2008, 7.9.2: a standard uncertainty written :math:`u(y) = c \times 10^l` with an integer c of n
digits has the numerical tolerance :math:`\delta = \tfrac12 10^l`. The figures of a run are settled when twice
the Monte Carlo error s of each is at most its tolerance.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sim.draws.draw import Draws
from sim.scenario.schema import Scenario
from sim.special_functions import ndtri
from sim.summary.conditional_outcome import integrate_out
from sim.summary.estimate import estimate
from sim.summary.intervals import interval
from sim.summary.row import DOES_NOT_EXIST, UNTRUSTED, Row, status_of
from sim.summary.rows import rows_of
from sim.summary.statistic import NAN, Statistic, keyed_draws, outcome_statistics
from sim.summary.trust import trust_of

if TYPE_CHECKING:
    import pandas as pd

TRACKED = ("mean", "sd", "median", "low", "high", "p_above")
"""Statistics that are asked to settle; ``low`` and ``high`` are the ends of the credible interval."""
SMALLEST = 16


@dataclass(frozen=True)
class Precision:
    """What precision is asked for.

    Parameters
    ----------
    n_digits
        Significant digits of every figure; ``None`` where `rel_error` is stated.
    rel_error
        Twice the Monte Carlo error over the figure.
    """

    n_digits: int | None = None
    rel_error: float | None = None

    def tolerances(self, rows: Iterable[Row], one_sign: bool) -> list[float]:
        r"""Return the tolerance of each of the rows of one outcome.

        With digits it is JCGM's :math:`\delta` from u(y) for all; where all draws have one sign, also half a
        unit of the last of the figure's own significant digits, if that is less (a low end of 9.6 with
        u(y) = 400 would else be uncertain by 5); half a unit of the n-th decimal for a probability. With a
        relative error it is that times the figure; times u(y) where draws have both signs, so that a figure
        may be 0; and itself for a probability. Where the standard deviation does not exist or cannot be
        trusted, u(y) is that of the normal law with a credible interval as wide. Nothing waits for a figure
        that does not exist or is printed without digits.

        Parameters
        ----------
        rows
            Rows of the statistics ``TRACKED``, the standard deviation among them.
        one_sign
            Whether all draws are above 0, or all below.

        Returns
        -------
        list
            Tolerances in the order of the rows, in their units.
        """
        figures = list(rows)
        u = _spread(figures)
        return [self._tolerance(row, u, one_sign or row.statistic == "sd") for row in figures]

    def _tolerance(self, row: Row, u: float, relative: bool) -> float:
        if row.status == UNTRUSTED:
            return math.inf
        if row.statistic == "p_above":
            return self.rel_error or numerical_tolerance(0.1, self.n_digits or 1)
        if self.n_digits is None:
            return (self.rel_error or 0.0) * (abs(row.value) if relative else u)
        from_u = numerical_tolerance(u, self.n_digits)
        return min(from_u, numerical_tolerance(row.value, self.n_digits)) if relative else from_u


def _spread(figures: list[Row]) -> float:
    """Return u(y): the standard deviation, or what stands in for it."""
    by_statistic = {row.statistic: row for row in figures}
    sd, low, high = (by_statistic[name] for name in ("sd", "low", "high"))
    if not sd.status:
        return sd.value
    return (high.value - low.value) / float(2.0 * ndtri((1.0 + low.at) / 2.0))


def numerical_tolerance(value: float, n_digits: int) -> float:
    r"""Return :math:`\delta = \tfrac12 10^l`, where the value is :math:`c \times 10^l` with n digits in c.

    Parameters
    ----------
    value
        Any number.
    n_digits
        Number of digits that must hold.

    Returns
    -------
    float
        The tolerance, in the unit of the value.

    Examples
    --------
    >>> numerical_tolerance(0.00035, 2), numerical_tolerance(0.9, 1), numerical_tolerance(0.996, 2)
    (5e-06, 0.05, 0.05)
    >>> numerical_tolerance(0.0, 2)
    0.0
    """
    if value == 0.0 or not math.isfinite(value):
        return 0.0
    exponent = int(f"{abs(value):.{n_digits - 1}e}".partition("e")[2])  # after rounding: 0.996 is 1.0
    return float(f"5e{exponent - n_digits}")


def tracked_rows(scenario: Scenario, draws: Draws, stored: tuple[Row, ...] | None = None) -> tuple[Row, ...]:
    """Return the figures of the reported outcome that are asked to settle, in the order of the summary.

    Parameters
    ----------
    scenario
        The scenario of the run.
    draws
        Its draws with their outcomes.
    stored
        Rows of the summary of all draws, where not all are kept.

    Returns
    -------
    tuple
        Rows of the reported outcome whose precision is asked for.
    """
    wanted = list(_tracked(scenario))
    if stored is None:
        return rows_of(scenario, draws, wanted)
    keys = {(each.quantity, each.alternative, each.statistic, str(each.at)) for each in wanted}
    return tuple(row for row in stored if (row.quantity, row.alternative, row.statistic, str(row.at)) in keys)


def _tracked(scenario: Scenario) -> Iterator[Statistic]:
    for wanted in outcome_statistics(scenario):
        reported = (wanted.quantity, wanted.alternative) == (scenario.report.outcome, "")
        if reported and wanted.statistic in TRACKED:
            yield wanted


def convergence(scenario: Scenario, draws: Draws) -> "pd.DataFrame":
    """Return statistics of the first draws of every randomisation, at doubling numbers of draws.

    Parameters
    ----------
    scenario
        The scenario of the run.
    draws
        Its draws with their outcomes.

    Returns
    -------
    DataFrame
        ``statistic`` (``median``, ``low``, ``high``, ``mean``), ``n_draws`` in all, ``value`` and its Monte
        Carlo ``error``, in the outcome's unit, each taken as in the summary; the last number of draws is
        that of the run. A mean that does not exist settles nowhere, and is left out.
    """
    values = draws.variable(scenario.report.outcome)
    stated = scenario.report.interval
    ends = partial(interval, probability=stated.probability, kind=stated.kind)
    smooth = integrate_out(scenario, draws, scenario.report.outcome, values)
    tail = (1.0 - stated.probability) / 2.0
    levels = {"median": 0.5} | ({"low": tail, "high": 1.0 - tail} if stated.kind == "eti" else {})
    statistics: dict[str, Callable[..., float]] = {
        "median": lambda values: float(np.median(values)),
        "low": lambda values: ends(values)[0],
        "high": lambda values: ends(values)[1],
        "mean": lambda values: float(np.mean(values)),
    }
    key = (scenario.report.outcome, "")
    trust = trust_of(scenario, keyed_draws(scenario, draws))
    note = trust.note(Statistic(*key, "mean", NAN, "", (key,)))
    if status_of(note) == DOES_NOT_EXIST:
        del statistics["mean"]
    rows = []
    for name, statistic in statistics.items():
        for n_each in _numbers(values.shape[1]):
            first = values[:, :n_each]
            if smooth is not None and name in levels:
                found = smooth.thinned(n_each).quantile(levels[name], first).estimate()
            else:
                found = estimate(statistic, first)
            rows.append((name, n_each * len(values), found.value, found.error))
    import pandas as pd

    return pd.DataFrame(rows, columns=["statistic", "n_draws", "value", "error"])


def _numbers(n: int) -> Iterator[int]:
    """Yield doubling numbers up to `n`, `n` itself last."""
    each = min(SMALLEST, n)
    while each < n:
        yield each
        each *= 2
    yield n
