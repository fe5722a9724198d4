"""Families of positive quantities with an exponential tail: exponential, gamma."""

import math
from typing import ClassVar, Literal

from sim.distributions.base import Positive, QuantileFamily, family, require_computable
from sim.distributions.frozen import ScipyLaw
from sim.distributions.law import ContinuousLaw
from sim.distributions.orders import Orders
from sim.distributions.solving import gamma_from_quantiles
from sim.distributions.statements import Statement


@family
class Gamma(QuantileFamily):
    """A positive quantity with density ``x**(shape - 1) * exp(-x / scale)``, up to a factor.

    ``rate`` is ``1 / scale``. The mean is ``shape * scale`` and the variance ``shape * scale**2``.

    Parameters
    ----------
    shape, scale
        As in the density above.
    rate
        ``1 / scale``.
    mean, sd
        Mean and standard deviation.

    Examples
    --------
    >>> Gamma(distribution="gamma", mean=6, sd=3).shape_and_scale()
    (4.0, 1.5)
    """

    statements: ClassVar[tuple[Statement, ...]] = (
        Statement(("shape", "scale")),
        Statement(("shape", "rate")),
        Statement(("mean", "sd")),
        Statement(n_quantiles=2),
    )
    distribution: Literal["gamma"]
    shape: Positive | None = None
    scale: Positive | None = None
    rate: Positive | None = None
    mean: Positive | None = None
    sd: Positive | None = None

    def _check_values(self) -> None:
        shape, scale = self.shape_and_scale()
        require_computable(self._given(), shape=shape, scale=scale)

    def shape_and_scale(self) -> tuple[float, float]:
        """Return the shape and the scale."""
        if self.mean is not None and self.sd is not None:
            ratio = self.mean / self.sd
            return ratio * ratio, self.sd / ratio
        if self.shape is not None:
            return self.shape, (self.scale or 1 / (self.rate or math.nan))
        return gamma_from_quantiles(*self.points_between(0, math.inf))

    def stated_law(self) -> ContinuousLaw:
        """Return the law."""
        from scipy.stats import gamma

        shape, scale = self.shape_and_scale()
        return ScipyLaw(gamma(shape, scale=scale), Orders(zero=shape, above=1.0 / scale))


@family
class Exponential(QuantileFamily):
    """The time to an event that is as likely at any time: ``P(X > x) = exp(-x / mean)``, ``rate = 1 / mean``.

    Parameters
    ----------
    mean
        Mean.
    rate
        Events per unit of the quantity, ``1 / mean``.

    Examples
    --------
    >>> round(Exponential(distribution="exponential", median=1).scale(), 6)  # 1 / log(2)
    1.442695
    """

    statements: ClassVar[tuple[Statement, ...]] = (
        Statement(("mean",)),
        Statement(("rate",)),
        Statement(n_quantiles=1),
    )
    distribution: Literal["exponential"]
    mean: Positive | None = None
    rate: Positive | None = None

    def _check_values(self) -> None:
        require_computable(self._given(), mean=self.scale())

    def scale(self) -> float:
        """Return the mean."""
        if self.mean is not None:
            return self.mean
        if self.rate is not None:
            return 1 / self.rate
        (point,) = self.points_between(0, math.inf)
        return point.value / -math.log1p(-point.level)

    def stated_law(self) -> ContinuousLaw:
        """Return the law."""
        from scipy.stats import expon

        return ScipyLaw(expon(scale=self.scale()), Orders(zero=1.0, above=1.0 / self.scale()))
