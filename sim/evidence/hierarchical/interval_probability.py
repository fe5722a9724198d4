r"""Log probabilities of intervals, in PyTensor, with their gradients in closed form.

The gradient of the log probability of an interval, :math:`\ell = \log(F(b) - F(a))`, is given in closed form,
:math:`\partial\ell / \partial a = -f(a) e^{-\ell}`, :math:`\partial\ell / \partial b = f(b) e^{-\ell}`, not
derived by the graph: that saves half of the time, and no branch that is not taken can spoil it.
"""

from typing import Any

import numpy as np
import pytensor.tensor as pt
from pytensor.gradient import disconnected_grad

Tensor = Any
ROOT_HALF = float(np.sqrt(0.5))
LOG_ROOT_2PI = float(0.5 * np.log(2 * np.pi))
LARGEST_EXPONENT = 300.0


def normal_interval(lower: Tensor, upper: Tensor) -> Tensor:
    r"""Return :math:`\log(\Phi(b) - \Phi(a))` for a < b.

    By symmetry the interval is turned to lie mostly below zero. Wholly below, with
    :math:`\mathrm{erfcx}(x) = e^{x^2} \mathrm{erfc}(x)`,

    .. math::

        \ell = -b^2/2 + \log\tfrac12\bigl[\mathrm{erfcx}(-b/\sqrt2)
        - e^{(b^2 - a^2)/2}\, \mathrm{erfcx}(-a/\sqrt2)\bigr]

    which neither underflows nor cancels; around zero, one less both tails.

    Parameters
    ----------
    lower
        Lower end a, on the standard scale.
    upper
        Upper end b, elementwise above a.

    Returns
    -------
    Tensor
        Log probability, elementwise.
    """
    flip = pt.gt(lower + upper, 0.0)
    low, high = pt.switch(flip, -upper, lower), pt.switch(flip, -lower, upper)
    below = pt.minimum(high, 0.0)
    scaled = pt.erfcx(-low * ROOT_HALF)
    tail = -0.5 * below**2 + pt.log(
        0.5 * (pt.erfcx(-below * ROOT_HALF) - pt.exp(0.5 * (below**2 - low**2)) * scaled)
    )
    around = pt.log1p(-0.5 * (pt.erfc(high * ROOT_HALF) + pt.exp(-0.5 * low**2) * scaled))
    value = pt.switch(pt.le(high, 0.0), tail, around)
    return _with_gradient(
        value,
        (lower, -pt.exp(-0.5 * lower**2 - LOG_ROOT_2PI - value)),
        (upper, pt.exp(-0.5 * upper**2 - LOG_ROOT_2PI - value)),
    )


def logistic_interval(lower: Tensor, upper: Tensor) -> Tensor:
    r"""Return :math:`\log(F(b) - F(a))`, F(x) = 1 / (1 + exp(-x)), as a product of three factors.

    Parameters
    ----------
    lower
        Lower end a, on the standard scale.
    upper
        Upper end b, elementwise above a.

    Returns
    -------
    Tensor
        Log probability, elementwise.
    """
    return -pt.softplus(-upper) - pt.softplus(lower) + pt.log1mexp(lower - upper)


def least_extreme_interval(lower: Tensor, upper: Tensor) -> Tensor:
    r"""Return :math:`\log(F(b) - F(a))`, F(x) = 1 - exp(-exp(x)): the log of a Weibull variable.

    Parameters
    ----------
    lower
        Lower end a, on the standard scale.
    upper
        Upper end b, elementwise above a.

    Returns
    -------
    Tensor
        Log probability, elementwise.
    """
    from_low = pt.exp(pt.minimum(lower, LARGEST_EXPONENT))
    from_high = pt.exp(pt.minimum(upper, LARGEST_EXPONENT))
    return -from_low + pt.log1mexp(from_low - from_high)


def _with_gradient(value: Tensor, *partials: tuple[Tensor, Tensor]) -> Tensor:
    """Return a value whose gradient by each argument is the one given: all else is held constant."""
    total = _held(value)
    for argument, partial in partials:
        total += _held(partial) * (argument - _held(argument))
    return total


def _held(value: Tensor) -> Tensor:
    return disconnected_grad(value)  # type: ignore[no-untyped-call]
