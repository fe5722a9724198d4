"""Moments of laws without a closed form, by numerical integration of the inverse cdf."""

import math

import numpy as np

from sim.distributions.law import ContinuousLaw
from sim.types import Array

FARTHEST = 700.0
"""Logarithm of a probability, beyond which floating point has nothing of it."""


def integrate_moment(law: ContinuousLaw, centre: float, power: int) -> float:
    r"""Return :math:`E (X - c)^k`.

    Parameters
    ----------
    law
        The law; one whose moment does not exist has an infinite one at the end that is open.
    centre, power
        c; k, 1 or 2.

    Returns
    -------
    float
        The moment.

    Raises
    ------
    ArithmeticError
        If it cannot be integrated to 1e-11.

    Notes
    -----
    The integral of the inverse cdf over each half, with :math:`u = e^{-y}` and :math:`1 - u = e^{-y}`, so
    that a long tail is a smooth, falling integrand. Beyond ``y = 700`` floating point has nothing of it; of
    a tail of powers with index a, :math:`x \sim e^{y/a}`, what lies beyond is known.
    """
    from scipy.integrate import cubature

    index = law.orders().tail
    if index <= power:
        return sum(bound**power for bound in law.support() if math.isinf(bound))

    def both_tails(y: Array) -> Array:
        u = np.exp(-y[:, 0])
        return ((law.ppf(u) - centre) ** power + (law.isf(u) - centre) ** power) * u

    lower, upper = law.ppf(np.array([0.25, 0.75]))
    absolute = 1e-13 * max(float(upper - lower), abs(float(upper)) * (power == 1)) ** power
    parts = [(math.log(2), 5.0), (5.0, 40.0), (40.0, FARTHEST)]
    found = [cubature(both_tails, [a], [b], rtol=1e-11, atol=absolute) for a, b in parts]
    if not all(part.status == "converged" for part in found):
        raise ArithmeticError(f"a moment of {law} could not be integrated to 1e-11")
    beyond = both_tails(np.array([[FARTHEST]]))[0] / (1 - power / index) if math.isfinite(index) else 0.0
    return float(sum(part.estimate for part in found) + beyond)
