"""Closed forms and numerical solves that fit laws to stated quantiles, or refuse.

Every solve is checked before it is returned: the quantiles of the law found agree with those stated within
:data:`TOLERANCE`, relative to the value; for families with a location, whose values may be near zero,
relative to the spread of the stated quantiles where that is larger.
"""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from sim.distributions.statements import Point
from sim.special_functions import betainc, betaincinv, gammaincinv
from sim.types import Array

TOLERANCE = 1e-9
SMALLEST = 1e-290


def line(lower: Point, upper: Point, z_lower: float, z_upper: float) -> tuple[float, float]:
    """Return location and scale of the law whose standard quantiles are `z_lower` and `z_upper`.

    Parameters
    ----------
    lower
        The quantile of the lower level.
    upper
        The quantile of the higher level.
    z_lower
        Standard quantile at the level of `lower`.
    z_upper
        Standard quantile at the level of `upper`.

    Returns
    -------
    tuple of float
        Location and scale.

    Raises
    ------
    ValueError
        If the scale is too large or too small for floating point.

    Notes
    -----
    ``location + scale * z = value`` at both points, anchored at the one nearer to the location.
    """
    spread = upper.value - lower.value
    scale = spread / (z_upper - z_lower)
    value, z = (lower.value, z_lower) if abs(z_lower) < abs(z_upper) else (upper.value, z_upper)
    location = value - spread * (z / (z_upper - z_lower))
    if not (math.isfinite(location) and math.isfinite(scale) and scale > 0):
        raise ValueError(f"{lower} and {upper} give a scale of {scale:g}, which cannot be computed with")
    return location, scale


@lru_cache(maxsize=512)
def gamma_from_quantiles(points: tuple[Point, ...]) -> tuple[float, float]:
    r"""Return shape and scale of the gamma law with two quantiles, in order of level, both values above 0.

    The ratio of two quantiles depends on the shape :math:`k` alone, and falls from infinity to 1 as the shape
    grows: :math:`P^{-1}(k, p_2) / P^{-1}(k, p_1) = x_2 / x_1`, with :math:`P` the regularised lower
    incomplete gamma function. The scale follows from either quantile. Raises ValueError if no gamma law that
    can be computed with has these quantiles.
    """
    from scipy.optimize import brentq

    lower, upper = points
    wanted = math.log(upper.value / lower.value)

    def excess(log_shape: float) -> float:
        x = gammaincinv(math.exp(log_shape), [lower.level, upper.level])
        return float(math.log(x[1] / x[0])) - wanted

    least = math.log(math.log(lower.level) / math.log(SMALLEST))
    most = math.log(1e8)
    if not excess(least) > 0 > excess(most):
        raise _refusal("gamma", points)
    shape = math.exp(brentq(excess, least, most, xtol=1e-14, rtol=1e-14))
    scale = upper.value / float(gammaincinv(shape, upper.level))
    _require_met("gamma", points, lambda levels: scale * gammaincinv(shape, levels))
    return shape, scale


@lru_cache(maxsize=512)
def beta_from_quantiles(points: tuple[Point, ...]) -> tuple[float, float]:
    r"""Return alpha and beta of the beta law on (0, 1) with two quantiles there, in order of level.

    For every :math:`\alpha` one :math:`\beta(\alpha)` meets the upper quantile, because
    :math:`I_x(\alpha, \beta)` grows with :math:`\beta`. Along that curve :math:`I_{x_1}` falls from
    :math:`p_2` to 0, and crosses :math:`p_1` once: Shih, "Solution to a two-percentile beta prior" (2015).

    Raises
    ------
    ValueError
        If no beta law that can be computed with has these quantiles.
    """
    from scipy.optimize import brentq

    lower, upper = points
    largest = 25.0 - math.log(upper.value)

    def log_beta_of(log_alpha: float) -> float:
        alpha = math.exp(log_alpha)
        return float(
            brentq(
                lambda log_beta: float(betainc(alpha, math.exp(log_beta), upper.value)) - upper.level,
                -30.0,
                largest,
                xtol=1e-14,
                rtol=1e-14,
            )
        )

    def excess(log_alpha: float) -> float:
        beta = math.exp(log_beta_of(log_alpha))
        return float(betainc(math.exp(log_alpha), beta, lower.value)) - lower.level

    try:
        log_alpha = brentq(excess, -14.0, 20.0, xtol=1e-14, rtol=1e-14)
        alpha, beta = _shortened(math.exp(log_alpha)), _shortened(math.exp(log_beta_of(log_alpha)))
    except ValueError as error:  # a bracket without a change of sign
        raise _refusal("beta on (0, 1)", points) from error
    _require_met("beta on (0, 1)", points, lambda levels: betaincinv(alpha, beta, levels))
    return alpha, beta


def shape_from_three(
    family: str,
    points: Sequence[Point],
    standard: Callable[[float, Array], Array],
    between: tuple[float, float],
) -> tuple[float, float, float]:
    """Return location, scale and shape of the law with three quantiles.

    The share of the way from the first quantile to the third at which the second stands,
    :math:`(x_2 - x_1) / (x_3 - x_1)`, depends on the shape alone.

    Parameters
    ----------
    family
        Name of the family, for messages.
    points
        Three quantiles in order of level.
    standard
        Inverse cdf of the standard law: (shape, levels) -> values.
    between
        Interval of shapes on which that share is monotone.

    Returns
    -------
    tuple of float
        Location, scale and shape.

    Raises
    ------
    ValueError
        If no law of the family has these quantiles; the message says between which values the second must be.
    """
    from scipy.optimize import brentq

    levels = np.array([point.level for point in points])
    first, second, third = (point.value for point in points)
    wanted = (second - first) / (third - first)

    def share(shape: float) -> float:
        z = standard(shape, levels)
        return float((z[1] - z[0]) / (z[2] - z[0]))

    ends = sorted(share(shape) for shape in between)
    if not ends[0] < wanted < ends[1]:
        bounds = " and ".join(f"{first + end * (third - first):.12g}" for end in ends)
        raise ValueError(f"{points[1]} must be between {bounds}: no {family} has {_listed(points)}")
    shape = float(brentq(lambda c: share(c) - wanted, *between, xtol=1e-15, rtol=1e-14))
    z = standard(shape, levels)
    scale = (third - first) / float(z[2] - z[0])
    location = first - scale * float(z[0])
    _require_met(family, points, lambda p: location + scale * standard(shape, p), third - first)
    return location, scale, shape


def _shortened(x: float) -> float:
    """Round to 15 digits: scipy 1.18 inverts the cdf wrongly where alpha and beta miss 1 by the last bit."""
    return float(f"{x:.15g}")


def _require_met(
    family: str, points: Sequence[Point], ppf: Callable[[Array], Array], least_size: float = 0.0
) -> None:
    stated = np.array([point.value for point in points])
    found = ppf(np.array([point.level for point in points]))
    allowed = TOLERANCE * np.maximum(np.abs(stated), least_size)
    if not np.all(np.abs(found - stated) <= allowed):
        raise _refusal(family, points)


def _refusal(family: str, points: Sequence[Point]) -> ValueError:
    return ValueError(f"{_listed(points)} belong to no {family} that can be computed to 1e-9")


def _listed(points: Sequence[Point]) -> str:
    *most, last = map(str, points)
    return f"{', '.join(most)} and {last}"
