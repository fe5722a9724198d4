"""The family of stated quantiles: three or more, met exactly, by a metalog or a monotone curve."""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, Literal, override

import numpy as np
from pydantic import ValidationError

from sim.distributions.base import Number, family, require_less
from sim.distributions.law import ContinuousLaw
from sim.distributions.quantile_family import QuantileFamily
from sim.distributions.solving import TOLERANCE
from sim.distributions.statements import Point, Statement

if TYPE_CHECKING:
    from sim.distributions.curve_law import CurveLaw, ValueScale
    from sim.distributions.curves import Curve

WORDS = {"metalog": "metalog", "monotone": "monotone curve"}


@family
class Quantiles(QuantileFamily):
    """Three or more quantiles as they are, all met exactly, with a least and a largest value where stated.

    The law is the metalog through the quantiles (Keelin 2016) where its density is positive everywhere, and
    else a monotone curve through their normal scores; what is printed of the parameter says which. Bounds
    make it the curve of ``log(x - low)``, ``-log(high - x)``, or ``log((x - low) / (high - x))``. Beyond the
    outermost quantiles a metalog goes on as a logistic does, a monotone curve as a normal; with one bound
    a metalog has a tail of powers, so that its mean may not exist, and a monotone curve that of a lognormal.

    Parameters
    ----------
    low, high
        Least and largest value; none where left out.
    curve
        ``metalog`` or ``monotone``, to have this one in any case.

    Examples
    --------
    >>> stated = {"p10": 2.0, "p50": 3.0, "p90": 9.0}
    >>> law = Quantiles(distribution="quantiles", low=0.0, **stated).law()
    >>> law.ppf(np.array([0.1, 0.5, 0.9])).round(9)
    array([2., 3., 9.])
    >>> Quantiles(distribution="quantiles", low=0.0, **stated).chosen_curve()
    'metalog'
    """

    statements: ClassVar[tuple[Statement, ...]] = (Statement(n_quantiles=3, or_more=True),)
    in_label: ClassVar[tuple[str, ...]] = ("distribution", "curve")
    distribution: Literal["quantiles"]
    low: Number | None = None
    high: Number | None = None
    curve: Literal["metalog", "monotone"] | None = None

    def _check_values(self) -> None:
        if self.low is not None and self.high is not None:
            require_less(self.low, self.high)
        self.stated_law()

    @override
    @property
    def law_name(self) -> str:
        """Which curve goes through the quantiles, in words."""
        return WORDS[self.chosen_curve()]

    def chosen_curve(self) -> str:
        """Return which curve goes through the quantiles: ``metalog`` or ``monotone``."""
        return self._fitted()[0]

    def stated_law(self) -> ContinuousLaw:
        """Return the law."""
        return self._fitted()[1]

    def _fitted(self) -> "tuple[str, CurveLaw]":
        from sim.distributions.curve_law import ValueScale  # here: few scenarios state a curve

        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        return _fit(self.points_between(low, high), ValueScale(low, high), self.curve)

    @override
    @classmethod
    def label_of(cls, stated: Mapping[str, object]) -> str:
        """Return which curve it is, where what is stated makes one."""
        keys = {key: value for key, value in stated.items() if key in cls.model_fields}
        try:
            return cls.model_validate(keys).law_name
        except ValidationError:
            return super().label_of(stated)


@lru_cache(maxsize=256)
def _fit(points: Sequence[Point], scale: "ValueScale", wanted: str | None) -> "tuple[str, CurveLaw]":
    """Return the word of the curve through some quantiles, in order of level, and the law that it makes.

    Where no curve is wanted it is whichever is in order; ValueError if none meets the quantiles with a
    positive density.
    """
    from sim.distributions.curve_law import CurveLaw
    from sim.distributions.curves import MonotoneCurve, metalog

    levels = np.array([point.level for point in points])
    stated = np.array([point.value for point in points])
    with np.errstate(over="ignore", divide="ignore"):
        values = scale.to_line(stated)
    for word, fit in (("metalog", metalog), ("monotone", MonotoneCurve.through)):
        curve: Curve | None = fit(levels, values) if wanted in (word, None) else None
        if curve is None:
            continue
        law = CurveLaw(curve, scale)
        allowed = TOLERANCE * np.maximum(np.abs(stated), stated[-1] - stated[0])
        if np.all(np.abs(law.ppf(levels) - stated) <= allowed):
            return word, law
    listed = ", ".join(map(str, points))
    if wanted == "metalog":
        raise ValueError(
            f"curve = 'metalog': none through {listed} has a positive density; a 'monotone' one has"
        )
    raise ValueError(f"{listed} are met by no curve that can be computed to {TOLERANCE:g}")
