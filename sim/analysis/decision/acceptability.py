r"""The acceptability curve: how probable it is that the outcome exceeds a threshold.

:math:`P(Y > t)` as the share of draws, over thresholds t (van Hout et al. 1994, Health Econ. 3:309).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.analysis.decision.response import Response
from sim.engine.experiment import Experiment
from sim.scenario.schema import Scenario
from sim.summary.scale import along, linear_within, values_at
from sim.types import Array


def thresholds_of(scenario: Scenario, response: Response, stated: Sequence[float] = ()) -> tuple[float, ...]:
    """Return the thresholds stated, or else the report's, or else 1 for a ratio and 0 for another outcome.

    Parameters
    ----------
    scenario
        Loaded scenario.
    response
        Its reported outcome.
    stated
        By the user; may be none.

    Returns
    -------
    tuple
        In the outcome's unit.
    """
    found = tuple(stated) or scenario.report.thresholds
    return found or ((0.0,) if response.ratio_unit is None else (1.0,))


def undecided(thresholds: Sequence[float], outcome: Array) -> float:
    """Return the threshold that the outcome exceeds with the probability nearest to one half.

    Parameters
    ----------
    thresholds
        One or more.
    outcome
        (randomisation, draw).

    Returns
    -------
    float
        One of the thresholds.

    Examples
    --------
    >>> undecided((1.0, 3.0), np.array([2.0, 3.0, 4.0, 5.0]))
    3.0
    """
    return min(thresholds, key=lambda threshold: abs(float(np.mean(outcome > threshold)) - 0.5))


N_THRESHOLDS = 120
COVERED = (0.001, 0.999)


def acceptability(experiment: Experiment, thresholds: Sequence[float]) -> pd.DataFrame:
    """Return the acceptability curve of the reported outcome.

    Parameters
    ----------
    experiment
        Of a run.
    thresholds
        Always on the curve, as is the published value of the outcome.

    Returns
    -------
    DataFrame
        ``threshold`` (in the outcome's unit), ``probability``, ``error`` (Monte Carlo error, from the spread
        over randomisations). From the 0.1 to the 99.9 % point of the outcome, in equal steps along the axis
        that shows it (:func:`sim.summary.scale.linear_within`), a log axis where all draws are positive.
    """
    outcome = experiment.outcome
    marks = [*thresholds, *_published(experiment)]
    grid = np.unique(np.concatenate([_grid(outcome, marks), marks]))
    ordered = np.sort(outcome, axis=1)
    n_draws = ordered.shape[1]
    shares = np.stack([1.0 - np.searchsorted(row, grid, side="right") / n_draws for row in ordered])
    errors = np.std(shares, axis=0, ddof=1) / np.sqrt(len(shares))
    return pd.DataFrame({"threshold": grid, "probability": shares.mean(axis=0), "error": errors})


def _grid(outcome: Array, marks: Sequence[float]) -> Array:
    within = linear_within(outcome, marks)
    ends = np.quantile(outcome, COVERED)
    if ends[0] == ends[1]:  # rounding along the axis would make several of one value
        return ends[:1]
    low, high = along(ends, within)
    return values_at(np.linspace(low, high, N_THRESHOLDS), within)


def _published(experiment: Experiment) -> list[float]:
    report = experiment.scenario.report
    value = report.published.values.get(report.outcome) if report.published else None
    return [value] if isinstance(value, float) else []
