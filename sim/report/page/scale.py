r"""Scales on which a continuous law is moved without leaving its support."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.types import Array

Form = Literal["log", "mirrored log", "logit", "value"]


@dataclass(frozen=True)
class Scale:
    r"""The one-to-one map :math:`y = g(x)` from a support to the real line, by which a law is shifted.

    With a lower end a and an upper end b of the support:

    - ``log``, where only a is finite: :math:`y = \ln(x - a)`;
    - ``mirrored log``, where only b is: :math:`y = -\ln(b - x)`;
    - ``logit``, where both are: :math:`y = \ln((x - a) / (b - x))`;
    - ``value``, where neither is: :math:`y = x`.

    For positive laws, shares on (0, 1) and laws of the whole line these are the scales of
    :mod:`sim.analysis.decision.tipping`.

    Parameters
    ----------
    form
        Which of the four.
    low, high
        a and b.
    """

    form: Form
    low: float
    high: float

    def to(self, x: Array) -> Array:
        """Return g(x)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            match self.form:
                case "log":
                    return np.asarray(np.log(x - self.low))
                case "mirrored log":
                    return np.asarray(-np.log(self.high - x))
                case "logit":
                    return np.asarray(np.log((x - self.low) / (self.high - x)))
                case "value":
                    return np.asarray(x)

    def back(self, y: Array) -> Array:
        """Return x with g(x) = y."""
        match self.form:
            case "log":
                return np.asarray(self.low + np.exp(y))
            case "mirrored log":
                return np.asarray(self.high - np.exp(-y))
            case "logit":
                return np.asarray(self.low + (self.high - self.low) / (1.0 + np.exp(-y)))
            case "value":
                return np.asarray(y)

    def log_slope(self, y: Array) -> Array:
        r"""Return :math:`\ln |dx / dy|`, up to a constant."""
        match self.form:
            case "log":
                return np.asarray(y)
            case "mirrored log":
                return np.asarray(-y)
            case "logit":
                return np.asarray(-np.logaddexp(0.0, y) - np.logaddexp(0.0, -y))
            case "value":
                return np.zeros_like(y)


def scale_of(support: tuple[float, float]) -> Scale:
    """Return the scale of a support.

    Examples
    --------
    >>> scale_of((0.0, math.inf)).form, scale_of((0.0, 1.0)).form, scale_of((-math.inf, math.inf)).form
    ('log', 'logit', 'value')
    """
    low, high = support
    forms: dict[tuple[bool, bool], Form] = {
        (True, False): "log",
        (False, True): "mirrored log",
        (True, True): "logit",
        (False, False): "value",
    }
    return Scale(forms[math.isfinite(low), math.isfinite(high)], low, high)
