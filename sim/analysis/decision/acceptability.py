r"""The acceptability curve: how probable it is that the outcome exceeds a threshold.

:math:`P(Y > t)` as the share of draws, over thresholds t (van Hout et al. 1994, Health Econ. 3:309).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.engine.experiment import Experiment
from sim.summary.scale import along, linear_within, values_at
from sim.types import Array

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
