r"""The acceptability curve: how probable it is that the outcome exceeds a threshold.

:math:`P(Y > t)` as the share of draws, over thresholds t (van Hout et al. 1994, Health Econ. 3:309).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.engine.experiment import Experiment
from sim.outcomes import Array

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
        over randomisations). From the 0.1 to the 99.9 % point of the outcome, in equal steps of its logarithm
        where all draws are positive.
    """
    outcome = experiment.outcome
    grid = np.unique(np.concatenate([_grid(outcome), list(thresholds), _published(experiment)]))
    ordered = np.sort(outcome, axis=1)
    n_draws = ordered.shape[1]
    shares = np.stack([1.0 - np.searchsorted(row, grid, side="right") / n_draws for row in ordered])
    errors = np.std(shares, axis=0, ddof=1) / np.sqrt(len(shares))
    return pd.DataFrame({"threshold": grid, "probability": shares.mean(axis=0), "error": errors})


def _grid(outcome: Array) -> Array:
    low, high = np.quantile(outcome, COVERED)
    spaced = np.geomspace if np.min(outcome) > 0 else np.linspace
    return np.asarray(spaced(low, high, N_THRESHOLDS), dtype=np.float64)


def _published(experiment: Experiment) -> list[float]:
    report = experiment.scenario.report
    value = report.published.values.get(report.outcome) if report.published else None
    return [value] if isinstance(value, float) else []
