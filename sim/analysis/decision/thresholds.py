"""The thresholds a decision turns on."""

from collections.abc import Sequence

import numpy as np

from sim.analysis.decision.response import Response
from sim.scenario.schema import Scenario
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
