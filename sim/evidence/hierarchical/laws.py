r"""Log probability of an interval under the laws of ln X, in NumPy."""

import numpy as np
from scipy.special import log_expit, log_ndtr, ndtr

from sim.evidence.hierarchical.choices import MarksModel
from sim.types import Array

SMALLEST = 1e-290
LARGEST_EXPONENT = 300.0


def log_interval(model: MarksModel, lower: Array, upper: Array) -> Array:
    r"""Return :math:`\log(F(b) - F(a))` for a < b, F the standard law of a model's ln X.

    Parameters
    ----------
    model
        ``log-logistic``: logistic; ``weibull``: F(x) = 1 - exp(-exp(x)); the others: normal.
    lower, upper
        a and b, of one shape.

    Examples
    --------
    >>> log_interval("lognormal", np.array([38.0]), np.array([39.0])).round(2).tolist()
    [-726.56]
    """
    if model == "log-logistic":
        return np.asarray(log_expit(upper) + log_expit(-lower) + np.log(-np.expm1(lower - upper)))
    if model == "weibull":
        low, high = (np.exp(np.minimum(end, LARGEST_EXPONENT)) for end in (lower, upper))
        return np.asarray(np.log(np.maximum(-np.expm1(low - high), SMALLEST)) - low)
    return _normal(lower, upper)


def _normal(lower: Array, upper: Array) -> Array:
    flip = lower + upper > 0
    low, high = np.where(flip, -upper, lower), np.where(flip, -lower, upper)
    probability = ndtr(high) - ndtr(low)
    far = probability < SMALLEST
    value = np.log(np.where(far, 1.0, probability))
    at = log_ndtr(high[far])
    value[far] = at + np.log(-np.expm1(np.minimum(log_ndtr(low[far]) - at, -SMALLEST)))
    return np.asarray(value)
